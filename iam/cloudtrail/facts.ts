/** What a record says of condition keys: their values, that they were absent, or that it cannot tell. */

/** Keys in lower case, since there are few and they come with every record. */
const lowered = new Map<string, string>();
const MOST_LOWERED = 4_096;

function lowerOf(key: string): string {
  let lower = lowered.get(key);
  if (lower === undefined) {
    lower = key.toLowerCase();
    if (lowered.size < MOST_LOWERED) lowered.set(key, lower);
  }
  return lower;
}

/** The engine itself asks for these: who called, and who owns the resource. */
const ALWAYS = ['aws:principalarn', 'aws:resourceaccount'];

/** Condition keys that somebody asks for, so that nothing is noted of the others. */
export class WantedKeys {
  private readonly keys: ReadonlySet<string>;
  private readonly starts = new Map<string, boolean>();

  /** @param keys - In any case. */
  constructor(keys: Iterable<string>) {
    this.keys = new Set([...ALWAYS, ...[...keys].map((key) => key.toLowerCase())]);
  }

  /** @param lower - A key in lower case; one that ends with `*` stands for all that begin so. */
  has(lower: string): boolean {
    if (!lower.endsWith('*')) return this.keys.has(lower);
    let has = this.starts.get(lower);
    if (has === undefined) {
      const start = lower.slice(0, -1);
      has = [...this.keys].some((key) => key.startsWith(start));
      this.starts.set(lower, has);
    }
    return has;
  }
}

/** Collects the facts of one record. A key that is set is neither absent nor unknown any more. */
export class Facts {
  private readonly values = new Map<string, { key: string; value: string | readonly string[] }>();
  private readonly missing = new Map<string, string>();
  private readonly open = new Map<string, string>();

  /** @param wanted - `@default` every key is. */
  constructor(private readonly wanted?: WantedKeys) {}

  /** Whether anybody asks for a key, or for one of those that begin so when it ends with `*`. */
  wants(key: string): boolean {
    return this.wanted?.has(lowerOf(key)) !== false;
  }

  set(key: string, value: string | readonly string[]): void {
    const lower = lowerOf(key);
    if (this.wanted?.has(lower) === false) return;
    this.values.set(lower, { key, value });
    this.missing.delete(lower);
    this.open.delete(lower);
  }

  /** Keys, or beginnings of keys that end with `*`, that the request did not carry. */
  absent(...keys: readonly string[]): void {
    for (const key of keys) {
      const lower = lowerOf(key);
      if (this.wanted?.has(lower) === false || this.values.has(lower)) continue;
      this.open.delete(lower);
      this.missing.set(lower, key);
    }
  }

  /** Keys, or beginnings of keys that end with `*`, that the request may have carried. */
  unknown(...keys: readonly string[]): void {
    for (const key of keys) {
      const lower = lowerOf(key);
      if (this.wanted?.has(lower) === false || this.values.has(lower) || this.missing.has(lower)) continue;
      this.open.set(lower, key);
    }
  }

  context(): Record<string, string | readonly string[]> {
    return Object.fromEntries([...this.values.values()].map(({ key, value }) => [key, value]));
  }

  absentKeys(): readonly string[] {
    return [...this.missing.values()].sort();
  }

  unknownKeys(): readonly string[] {
    return [...this.open.values()].sort();
  }
}
