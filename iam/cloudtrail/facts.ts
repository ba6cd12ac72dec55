/** What a record says of condition keys: their values, that they were absent, or that it cannot tell. */

/** Collects the facts of one record. A key that is set is neither absent nor unknown any more. */
export class Facts {
  private readonly values = new Map<string, { key: string; value: string | readonly string[] }>();
  private readonly missing = new Map<string, string>();
  private readonly open = new Map<string, string>();

  set(key: string, value: string | readonly string[]): void {
    const lower = key.toLowerCase();
    this.values.set(lower, { key, value });
    this.missing.delete(lower);
    this.open.delete(lower);
  }

  /** Keys, or beginnings of keys that end with `*`, that the request did not carry. */
  absent(...keys: readonly string[]): void {
    for (const key of keys) {
      const lower = key.toLowerCase();
      if (this.values.has(lower)) continue;
      this.open.delete(lower);
      this.missing.set(lower, key);
    }
  }

  /** Keys, or beginnings of keys that end with `*`, that the request may have carried. */
  unknown(...keys: readonly string[]): void {
    for (const key of keys) {
      const lower = key.toLowerCase();
      if (this.values.has(lower) || this.missing.has(lower)) continue;
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
