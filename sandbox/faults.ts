/** Faults on demand: to see what a client does when AWS throttles, fails or does not answer. */

export interface Fault {
  /** Such as `AttachPolicy`. `@default` every operation. */
  readonly operation?: string;
  /** Such as `access-analyzer`. `@default` every service. */
  readonly service?: string;
  /** Of the caller, twelve digits. `@default` every account. */
  readonly account?: string;
  /** That the request is signed for. `@default` every Region. */
  readonly region?: string;
  /** Which of the next requests for it is hit, from 1. `@default` 1 */
  readonly nth?: number;
  /** How many in a row. `@default` 1 */
  readonly times?: number;
  /**
   * `throttle`, `fail` and `error` answer; `drop` closes the connection before anything is done, `lose` after everything
   * is done.
   */
  readonly kind:
    | 'throttle'
    | 'fail'
    | 'drop'
    | 'lose'
    | { readonly code: string; readonly message: string; readonly status?: number };
}

/** What a request says of itself; nothing of it is verified yet. */
export interface FaultTarget {
  readonly operation: string;
  readonly service: string;
  /** Empty when the key is not known. */
  readonly account: string;
  readonly region: string;
}

/** Faults that wait for their requests. */
export class Faults {
  private readonly waiting: { fault: Fault; seen: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, seen: 0 });
  }

  clear(): void {
    this.waiting.length = 0;
  }

  /** Counts a request. @returns What happens to it; `undefined` for nothing. */
  take(target: FaultTarget): Fault['kind'] | undefined {
    let hit: Fault['kind'] | undefined;
    for (const entry of this.waiting) {
      const { fault } = entry;
      const isOther = (['operation', 'service', 'account', 'region'] as const).some(
        (key) => fault[key] !== undefined && fault[key] !== target[key],
      );
      if (isOther) continue;
      entry.seen += 1;
      const first = fault.nth ?? 1;
      if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) hit ??= fault.kind;
    }
    return hit;
  }
}
