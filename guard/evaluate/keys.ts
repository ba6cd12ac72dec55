/** How queries read keys and indexes. */
import type { Query, QueryPart } from '../ast.js';
import { isGuardList, keySpellings, own } from '../operators/index.js';
import type { GuardMap, GuardValue, KeySpellings } from '../operators/index.js';
import type { Run } from './scope.js';

const INDEX_KEY = /^[+-]?\d+$/;

/** The index that a key made of digits stands for, or `null`. */
export function indexOfKey(name: string): number | null {
  if (!INDEX_KEY.test(name)) return null;
  const index = Number(name);
  return index >= -(2 ** 31) && index < 2 ** 31 ? index : null;
}

/** A key that begins with `%` is a variable even when it is quoted. */
export function partsOf(query: Query): readonly QueryPart[] {
  return query.parts.map((part) =>
    part.kind === 'key' && part.name.startsWith('%') ? { kind: 'variable', name: part.name.slice(1) } : part,
  );
}

/** A key with its other spellings, which are made when the key is first missing somewhere. */
export class KeyLookup {
  private spellings: KeySpellings | null = null;
  private readonly inherited: boolean;

  constructor(private readonly name: string) {
    this.inherited = name in Object.prototype;
  }

  exact(map: GuardMap): GuardValue | undefined {
    return this.inherited ? own(map, this.name) : map[this.name];
  }

  /** What the map has under another spelling; `found` is the conversion that found it. */
  found = -1;

  other(map: GuardMap, converter: number): GuardValue | undefined {
    const spellings = (this.spellings ??= keySpellings(this.name));
    this.found = converter;
    if (converter >= 0) return own(map, spellings.converted[converter]!);
    for (const alternative of spellings.alternatives) {
      const value = own(map, alternative.key);
      if (value === undefined) continue;
      this.found = alternative.converter;
      return value;
    }
    return undefined;
  }
}
/** The sign of an index has no meaning. */
export function element(value: GuardValue, index: number, run: Run): GuardValue | undefined {
  if (!isGuardList(value)) return undefined;
  const at = Math.abs(index);
  // An element before it that turns out to be absent would move it.
  if (run.taint !== null) for (const each of value.slice(0, at + 1)) run.touch(each);
  return value[at];
}
