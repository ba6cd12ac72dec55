/**
 * The first step of reading: from values to the parts of a description, each with the path at which it is written. What
 * has the wrong form is told and left out; what the parts mean together is the next step's.
 */
import { nearestName } from '../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../findings/index.js';
import { Float, get, isList, isMap, keysOf } from '../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../template/index.js';
import { badAccountId, badValue, missingKey, unknownKey } from './diagnostics.js';
import type { OrganizationParameter, OrganizationParameters } from './model.js';

export const ACCOUNT_ID = /^[0-9]{12}$/;
export const ROOT_ID = /^r-[0-9a-z]{4,32}$/;
export const UNIT_ID = /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/;
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
export const SERVICE_PRINCIPAL = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/;
export const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

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

export const NAME: TextForm = { pattern: /^(?=[\s\S]*\S)[\s\S]{1,128}$/, expected: 'a name of 1 to 128 characters' };
export const ANY_TEXT: TextForm = { pattern: /\S/, expected: 'a text' };

/** Looks at the values of one file and collects what is wrong with them. */
export class Shapes {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly source: TemplateSource) {}

  /** Where a value, or its key, is written; of the nearest thing above it when it is not. */
  range(path: Path, which: 'key' | 'value' = 'value'): SourceRange {
    for (let length = path.length; length >= 0; length -= 1) {
      const part = path.slice(0, length);
      const range =
        which === 'key' ? (this.source.keyRangeOf(part) ?? this.source.rangeOf(part)) : this.source.rangeOf(part);
      if (range !== undefined) return range;
    }
    return { file: this.source.file, start: 0, end: 0 };
  }

  tell(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  /**
   * A map with known keys.
   *
   * @param where - What the map is called, such as `an account`.
   * @param open - Which other keys are left alone.
   */
  map(value: Value, path: Path, where: string, keys: readonly string[], open?: RegExp): ValueMap | null {
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

  /** An account id: text of 12 digits. A number is refused, since YAML reads one that starts with a zero as octal. */
  accountId(value: Value, path: Path): string | null {
    if (typeof value === 'string' && ACCOUNT_ID.test(value)) return value;
    const range = this.range(path);
    const written = this.source.text.slice(range.start, range.end);
    const shown = typeof value === 'string' ? value : written.length > 40 ? 'this value' : written;
    this.tell(badAccountId(shown, typeof value === 'string', range));
    return null;
  }

  boolean(map: ValueMap, key: string, path: Path, fallback: boolean): boolean {
    const value = get(map, key);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.tell(badValue(`\`${key}\``, 'true or false', this.range([...path, key])));
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

  /** Parameters by name under the key `parameters`. */
  parameters(map: ValueMap, path: Path): OrganizationParameters {
    const value = get(map, 'parameters');
    if (value === undefined) return {};
    const at = [...path, 'parameters'];
    if (!isMap(value)) {
      this.tell(badValue('`parameters`', 'a map from parameter name to value', this.range(at)));
      return {};
    }
    const entries: [string, OrganizationParameter][] = [];
    for (const key of keysOf(value)) {
      if (!PARAMETER_NAME.test(key)) {
        const expected = 'the name of a parameter, letters and digits';
        this.tell(badValue(`\`${key}\``, expected, this.range([...at, key], 'key')));
        continue;
      }
      const plain = this.plain(value[key]!, [...at, key]);
      if (plain !== undefined) entries.push([key, plain]);
    }
    return Object.fromEntries(entries);
  }

  /** A value as JSON data; `undefined` when JSON has no such value. */
  private plain(value: Value, path: Path): OrganizationParameter | undefined {
    if (value instanceof Float) return value.value + 0;
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
      this.tell(badValue('this number', 'a number of up to 15 digits, or a text in quotes', this.range(path)));
      return undefined;
    }
    if (typeof value === 'number') return value + 0;
    if (isList(value)) {
      const items = value.map((item, index) => this.plain(item, [...path, index]));
      return items.filter((item) => item !== undefined);
    }
    if (isMap(value)) {
      const entries = keysOf(value).map((key) => [key, this.plain(value[key]!, [...path, key])] as const);
      return Object.fromEntries(
        entries.filter((entry): entry is readonly [string, OrganizationParameter] => entry[1] !== undefined),
      );
    }
    return value;
  }
}
