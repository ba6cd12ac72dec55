/** Looks at the values of one declaration and collects what is wrong with them; what has the wrong form is left out. */
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../../template/index.js';
import { badValue, missingKey, unknownKey } from '../diagnostics.js';

/** A value with the path at which it is written. */
export interface At<T> {
  readonly value: T;
  readonly path: Path;
}

/** What a text must look like, and how that is said. */
export interface TextForm {
  readonly pattern: RegExp;
  readonly expected: string;
}

export class Shapes {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly source: TemplateSource) {}

  /** Where a value, or its key, is written; of the nearest thing above it when it is not. */
  range(path: Path, which: 'key' | 'value' = 'value'): SourceRange {
    for (let length = path.length; length >= 0; length -= 1) {
      const part = path.slice(0, length);
      const key = which === 'key' ? this.source.keyRangeOf(part) : undefined;
      const range = key ?? this.source.rangeOf(part);
      if (range !== undefined) return range;
    }
    return { file: this.source.file, start: 0, end: 0 };
  }

  tell(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  /** A map with known keys. @param where - What it is called, such as `a ring`. */
  map(value: Value | undefined, path: Path, where: string, keys: readonly string[], open?: RegExp): ValueMap | null {
    if (!isMap(value)) {
      this.tell(badValue(where, `a map with ${keys.slice(0, 4).join(', ')}`, this.range(path)));
      return null;
    }
    for (const key of keysOf(value)) {
      if (keys.includes(key) || open?.test(key) === true) continue;
      this.tell(unknownKey(key, where, keys, nearestName(key, keys), this.range([...path, key], 'key')));
    }
    return value;
  }

  /** The entries of a map from name to content. @param name - What names look like. */
  entries(map: ValueMap, key: string, path: Path, name: TextForm): readonly (At<Value> & { readonly name: string })[] {
    const value = get(map, key);
    const at = [...path, key];
    if (value === undefined) return [];
    if (!isMap(value)) {
      this.tell(badValue(`\`${key}\``, 'a map from name to content', this.range(at)));
      return [];
    }
    return keysOf(value).flatMap((each) => {
      if (name.pattern.test(each)) return { name: each, value: value[each]!, path: [...at, each] };
      this.tell(badValue(`\`${each}\``, name.expected, this.range([...at, each], 'key')));
      return [];
    });
  }

  /** A text under a key; `null` when the map has no such key or the text has another form. */
  text(map: ValueMap, key: string, path: Path, form: TextForm): string | null {
    const value = get(map, key);
    return value === undefined ? null : this.textAt(value, [...path, key], form);
  }

  textAt(value: Value, path: Path, { pattern, expected }: TextForm): string | null {
    if (typeof value === 'string' && pattern.test(value)) return value;
    const name = path.findLast((step) => typeof step === 'string');
    this.tell(
      badValue(typeof value === 'string' ? `\`${value}\`` : `\`${name ?? 'this'}\``, expected, this.range(path)),
    );
    return null;
  }

  boolean(map: ValueMap, key: string, path: Path, fallback: boolean): boolean {
    const value = get(map, key);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.tell(badValue(`\`${key}\``, 'true or false', this.range([...path, key])));
    return fallback;
  }

  /** A whole number from 0 on. */
  count(map: ValueMap, key: string, path: Path, fallback: number): number {
    const value = get(map, key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    this.tell(badValue(`\`${key}\``, 'a whole number from 0 on', this.range([...path, key])));
    return fallback;
  }

  /** The elements of a list under a key; none when there is no such key. */
  list(map: ValueMap, key: string, path: Path, expected: string): readonly At<Value>[] {
    const value = get(map, key);
    if (value === undefined) return [];
    const at = [...path, key];
    if (isList(value)) return value.map((item, index) => ({ value: item, path: [...at, index] }));
    this.tell(badValue(`\`${key}\``, expected, this.range(at)));
    return [];
  }

  /** The value of a key that must be there. */
  required(map: ValueMap, key: string, path: Path, where: string, expected: string): Value | undefined {
    const value = get(map, key);
    if (value === undefined) this.tell(missingKey(key, where, expected, this.range(path, 'key')));
    return value;
  }

  /** Parameters of a template: texts, numbers and Booleans by name; lists are joined by commas, as CloudFormation has it. */
  parameters(map: ValueMap, path: Path): Readonly<Record<string, string>> {
    const form = { pattern: /^[A-Za-z0-9]{1,255}$/, expected: 'the name of a parameter, letters and digits' };
    const given = this.entries(map, 'parameters', path, form).flatMap(({ name, value, path: at }) => {
      const text = isList(value) ? listText(value) : plainText(value);
      if (text !== null) return [[name, text] as const];
      this.tell(
        badValue(`the parameter \`${name}\``, 'a text, a number, true, false, or a list of these', this.range(at)),
      );
      return [];
    });
    return Object.fromEntries(given);
  }
}

function plainText(value: Value): string | null {
  if (value instanceof Float) return String(value.value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function listText(values: readonly Value[]): string | null {
  const texts = values.map(plainText);
  return texts.some((text) => text === null || text.includes(',')) ? null : texts.join(',');
}
