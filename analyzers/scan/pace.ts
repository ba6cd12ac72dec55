/**
 * How fast to ask. Each service of an account and Region has a rate of its own, which grows while calls are answered and
 * falls when the service refuses one for coming too soon (additive increase, multiplicative decrease). Nobody is held
 * back before the first refusal.
 */

/** What an error of a call means for the next ones. */
export type ErrorKind = 'throttled' | 'transient' | 'final';

export interface PaceOptions {
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds. */
  readonly now: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly kindOf: (error: unknown) => ErrorKind;
  /** Calls under way at one time for one key. `@default` 16 */
  readonly most?: number;
  /** How often a call is made before its error is thrown. `@default` 12 */
  readonly attempts?: number;
  /** Told of each refusal, with the rate from now on. */
  readonly onThrottle?: (key: string, perSecond: number) => void;
}

/** Asks at the pace that the services allow. */
export class Pace {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly options: PaceOptions) {}

  /**
   * Makes a call when its turn has come, again after a refusal.
   *
   * @param key - Calls of one key share a rate.
   * @throws what the call throws, when it is final or has been made too often.
   */
  async run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const { kindOf, attempts = 12, onThrottle } = this.options;
    const lane = this.laneOf(key);
    for (let attempt = 1; ; attempt++) {
      const stamp = await lane.enter();
      try {
        const answer = await call();
        lane.answered();
        return answer;
      } catch (error) {
        const kind = kindOf(error);
        if (kind === 'throttled') {
          const perSecond = lane.refused(stamp);
          onThrottle?.(key, perSecond);
        }
        if (kind === 'final' || attempt >= attempts) throw error;
      } finally {
        lane.leave();
      }
      await this.backOff(attempt);
    }
  }

  /** Up to a quarter of a second at first, twice as long each time, 20 seconds at most; at random, so that calls part. */
  private backOff(attempt: number): Promise<void> {
    const { sleep, random } = this.options;
    return sleep(Math.min(20_000, 250 * 2 ** (attempt - 1)) * (0.5 + random() / 2));
  }

  private laneOf(key: string): Lane {
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(this.options);
      this.lanes.set(key, lane);
    }
    return lane;
  }
}

/** The slowest pace: one call in five seconds. */
const SLOWEST = 0.2;

/** The least that a lane is taken to bear before its first refusal, in calls a second. */
const FIRST = 4;

/** Milliseconds between two steps down. */
const REACTION = 1000;

/** Calls that share a rate. */
class Lane {
  /** Calls a second; infinite before the first refusal. */
  private rate = Infinity;
  /** When the next call may begin. */
  private nextAt = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Counts refusals that slowed the lane down, so that calls begun before one do not slow it down again. */
  private stamp = 0;
  /** When the answers of the present count began to be counted. */
  private since: number;
  private answers = 0;

  constructor(private readonly options: PaceOptions) {
    this.since = options.now();
  }

  /** Waits for the turn of a call. @returns A stamp to hand to `refused`. */
  async enter(): Promise<number> {
    const { most = 16, now, sleep } = this.options;
    if (this.running >= most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    if (this.rate !== Infinity) {
      const at = Math.max(now(), this.nextAt);
      this.nextAt = at + 1000 / this.rate;
      const wait = at - now();
      if (wait > 0) await sleep(wait);
    }
    return this.stamp;
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running--;
    else next();
  }

  answered(): void {
    this.answers++;
    // Each second of answers adds a call a second, or a twentieth of the rate where that is more.
    if (this.rate !== Infinity) this.rate += Math.max(1, this.rate / 20) / this.rate;
  }

  /** @returns The rate from now on. */
  refused(stamp: number): number {
    const now = this.options.now();
    // A lower rate is given time to show before it is lowered again.
    if (stamp !== this.stamp || (this.stamp > 0 && now - this.since < REACTION)) return this.rate;
    // What was really answered tells more than the rate that was hoped for.
    const measured = this.answers / (Math.max(now - this.since, REACTION / 2) / 1000);
    // A lane that is refused at its first calls has told nothing yet: what is slow by then shows in the next refusals.
    const before = Math.min(this.rate, Math.max(measured, this.stamp === 0 ? FIRST : SLOWEST));
    this.rate = Math.max(SLOWEST, before * 0.85);
    this.nextAt = Math.max(this.nextAt, now + 1000 / this.rate);
    this.stamp++;
    this.since = now;
    this.answers = 0;
    return this.rate;
  }
}
