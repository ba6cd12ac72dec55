/**
 * The first step of reading a description in YAML or JSON: from values to parts, each with the path at which it is
 * written. What has the wrong form is told and left out; what the parts mean together is the next step's.
 */
import { nearestName } from '../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../findings/index.js';
import type { TemplateSource } from './read/read-template.js';
import { get, isList, isMap, keysOf, type Path, type Value, type ValueMap } from './values.js';

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

/** How a kind of description says that a value, a key or a text has the wrong form; each has codes of its own. */
export interface ShapeWords {
  /** @param expected - What it must be, such as `a list of Regions`. */
  badValue(what: string, expected: string, location: SourceRange): Diagnostic;
  unknownKey(
    key: string,
    where: string,
    allowed: readonly string[],
    nearest: string | undefined,
    location: SourceRange,
  ): Diagnostic;
  missingKey(key: string, where: string, expected: string, location: SourceRange): Diagnostic;
}

/** Looks at the values of one file and collects what is wrong with them. */
export class Shapes {
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    readonly source: TemplateSource,
    private readonly words: ShapeWords,
  ) {}

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

  /** Tells that what is written at a path is not what it must be. */
  tellBad(what: string, expected: string, path: Path, which: 'key' | 'value' = 'value'): void {
    this.tell(this.words.badValue(what, expected, this.range(path, which)));
  }

  /**
   * A map with known keys.
   *
   * @param where - What the map is called, such as `an account`.
   * @param open - Which other keys are left alone.
   */
  map(value: Value | undefined, path: Path, where: string, keys: readonly string[], open?: RegExp): ValueMap | null {
    if (!isMap(value)) {
      this.tellBad(where, `a map with ${keys.slice(0, 4).join(', ')}`, path);
      return null;
    }
    for (const key of keysOf(value)) {
      if (keys.includes(key) || open?.test(key) === true) continue;
      this.tell(this.words.unknownKey(key, where, keys, nearestName(key, keys), this.range([...path, key], 'key')));
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
    this.tellBad(typeof value === 'string' ? `\`${value}\`` : `\`${name ?? 'this'}\``, expected, path);
    return null;
  }

  boolean(map: ValueMap, key: string, path: Path, fallback: boolean): boolean {
    const value = get(map, key);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.tellBad(`\`${key}\``, 'true or false', [...path, key]);
    return fallback;
  }

  /** The elements of a list under a key; none when there is no such key. */
  list(map: ValueMap, key: string, path: Path, expected: string): readonly At<Value>[] {
    const value = get(map, key);
    if (value === undefined) return [];
    const at = [...path, key];
    if (isList(value)) return value.map((item, index) => ({ value: item, path: [...at, index] }));
    this.tellBad(`\`${key}\``, expected, at);
    return [];
  }

  /** The value of a key that must be there. */
  required(map: ValueMap, key: string, path: Path, where: string, expected: string): Value | undefined {
    const value = get(map, key);
    if (value === undefined) this.tell(this.words.missingKey(key, where, expected, this.range(path, 'key')));
    return value;
  }
}
