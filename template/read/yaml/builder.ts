/**
 * Makes values of the nodes that the parser reads: maps, lists, scalars, what tags and anchors do to them, and the
 * places of all that when somebody wants them.
 */
import { Float, KEY_ORDER, isList, isMap, keysOf } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import * as ch from './characters.js';
import type { Dialect } from './dialect.js';
import type { Duplicate, EntryMark, Mark } from './marks.js';
import { ScalarReader } from './scalars.js';
import type { Properties } from './scanner.js';

export type Mutable = Record<string, Value> & { [KEY_ORDER]?: string[] };

interface Anchor {
  readonly value: Value;
  readonly mark: Mark | null;
  /** The number of values in it, itself included. */
  readonly size: number;
  /** How deep lists and maps are nested in it. */
  readonly height: number;
}

export const NO_MARK: Mark = { start: 0, end: 0 };
/** Keys that JavaScript puts before all others. */
const INTEGER_LIKE = /^(?:0|[1-9]\d{0,9})$/;

export class Builder extends ScalarReader {
  protected depth = 0;
  private deepest = 0;
  /** The number of values read, those behind aliases counted each time. */
  protected size = 0;
  private anchors: Map<string, Anchor> | null = null;
  private readonly heights = new Map<object, number>();
  /** The place of the value that was read last. */
  protected mark: Mark = NO_MARK;
  /** The text of the scalar that was read last in brackets, when it was plain and without properties. */
  protected plainText: string | null = null;
  /** The tag of the node that was read last in brackets. */
  protected nodeTag: string | null = null;

  constructor(
    text: string,
    protected readonly dialect: Dialect,
    protected readonly marking: boolean,
  ) {
    super(text, dialect.surrogateEscapes);
  }

  // --- Tokens ------------------------------------------------------------------------------------------------------

  /** Refuses a token that cannot start a plain scalar. */
  protected plainStart(): void {
    const code = this.code;
    switch (code) {
      case ch.DASH:
        if (!this.blankFollows()) return;
        break;
      case ch.QUESTION:
      case ch.COLON:
        if (this.flow === 0 && !this.blankFollows()) return;
        if (code === ch.COLON && this.flow === 0) this.fail('a colon that starts a value cannot stand here');
        break;
      case ch.TAB:
        return this.fail('a tab character cannot be used for indentation');
      case ch.COMMA:
      case ch.OPEN_BRACKET:
      case ch.CLOSE_BRACKET:
      case ch.OPEN_BRACE:
      case ch.CLOSE_BRACE:
      case ch.HASH:
      case ch.AMPERSAND:
      case ch.ASTERISK:
      case ch.EXCLAMATION:
      case ch.PIPE:
      case ch.GREATER:
      case ch.SINGLE_QUOTE:
      case ch.DOUBLE_QUOTE:
      case ch.PERCENT:
      case ch.END:
      case 64:
      case 96:
        break;
      default:
        return;
    }
    this.fail(code === ch.END ? 'a value is missing' : `\`${this.text.charAt(this.pos)}\` cannot start a value here`);
  }

  protected enter(): void {
    if (++this.depth > this.deepest) {
      this.deepest = this.depth;
      if (this.depth > this.dialect.maxDepth) {
        this.fail(`lists and maps are nested more than ${this.dialect.maxDepth} deep`, this.pos, 'depth');
      }
    }
  }

  protected property(to: Properties | null): Properties {
    const start = this.pos;
    const properties = to ?? { anchor: null, tag: null, start, tagStart: 0, tagEnd: 0 };
    if (this.code === ch.AMPERSAND) {
      if (properties.anchor !== null) this.fail('a value cannot have two anchors');
      properties.anchor = this.name();
    } else {
      if (properties.tag !== null) this.fail('a value cannot have two tags');
      properties.tag = this.tag();
      properties.tagStart = start;
      properties.tagEnd = this.pos;
    }
    return properties;
  }

  protected join(outer: Properties | null, inner: Properties | null): Properties | null {
    if (outer === null || inner === null) return outer ?? inner;
    if (outer.tag !== null && inner.tag !== null) this.fail('a value cannot have two tags', inner.start);
    if (outer.anchor !== null && inner.anchor !== null) this.fail('a value cannot have two anchors', inner.start);
    const tagged = outer.tag !== null ? outer : inner;
    return {
      anchor: outer.anchor ?? inner.anchor,
      tag: tagged.tag,
      start: outer.start,
      tagStart: tagged.tagStart,
      tagEnd: tagged.tagEnd,
    };
  }

  // --- Values ------------------------------------------------------------------------------------------------------

  /** Puts an entry into a map. Returns the order of its keys once JavaScript would not keep it. */
  protected put(
    map: Mutable,
    order: string[] | null,
    entries: Map<string, EntryMark> | null,
    key: string,
    value: Value,
    keyStart: number,
    keyEnd: number,
  ): string[] | null {
    if (key === '<<' && this.dialect.mergeKeys && this.text.charCodeAt(keyStart) === ch.LESS) {
      return this.merge(map, order, entries, value, keyStart);
    }
    // A key that a merge brought may be written again; that overrides it.
    if (this.dialect.duplicateKeys === 'error' && Object.hasOwn(map, key) && !this.merged?.get(map)?.delete(key)) {
      this.duplicates.push({ key, start: keyStart, end: keyEnd, first: entries?.get(key) ?? null });
    }
    entries?.set(key, { keyStart, keyEnd, value: this.mark });
    return store(map, order, key, value);
  }

  /** Keys that stand in their map a second time. */
  readonly duplicates: Duplicate[] = [];

  /** Keys that stand in a map only because of `<<`. */
  private merged: Map<ValueMap, Set<string>> | null = null;

  private merge(
    map: Mutable,
    order: string[] | null,
    entries: Map<string, EntryMark> | null,
    value: Value,
    keyStart: number,
  ): string[] | null {
    let result = order;
    const sources = isList(value) ? value : [value];
    this.merged ??= new Map();
    const merged = this.merged.get(map) ?? new Set();
    this.merged.set(map, merged);
    for (const [index, source] of sources.entries()) {
      if (!isMap(source)) this.fail('`<<` needs a map, or a list of maps', keyStart);
      const places = isList(value) ? this.mark.items?.[index] : this.mark;
      for (const key of keysOf(source)) {
        if (Object.hasOwn(map, key)) continue;
        const entry = places?.entries?.get(key);
        if (entries !== null && entry !== undefined) entries.set(key, entry);
        result = store(map, result, key, source[key]!);
        merged.add(key);
      }
    }
    return result;
  }

  protected plainKey(text: string, start: number): string {
    return this.dialect.plainKey(text) ?? this.badKey(start);
  }

  protected taggedKey(properties: Properties, text: string, plain: boolean, start: number): string {
    const value = this.scalar(properties, start, text, plain);
    if (properties.tag !== null) this.checkKeyTag(properties.tag, start);
    if (properties.tag === null && plain) return this.plainKey(text, start);
    return this.complexKey(value, start);
  }

  protected checkKeyTag(tag: string, start: number): void {
    if (tag.startsWith('!') && !this.dialect.taggedKeys) this.badKey(start);
  }

  protected complexKey(value: Value, start: number): string {
    if (typeof value === 'string') return value;
    if (value === null || typeof value !== 'object') return this.plainKey(String(value), start);
    return this.badKey(start);
  }

  protected keyOf(value: Value, start: number): string {
    if (this.nodeTag !== null) this.checkKeyTag(this.nodeTag, start);
    return this.plainText === null ? this.complexKey(value, start) : this.plainKey(this.plainText, start);
  }

  private badKey(start: number): never {
    this.fail('a key of a map is not a text', start, 'key');
  }

  protected empty(properties: Properties | null, at: number): Value {
    if (properties !== null && properties.tag !== null) return this.scalar(properties, at, '', true);
    this.size++;
    if (this.marking) this.mark = { start: at, end: at };
    this.remember(properties, this.dialect.empty, this.size - 1);
    this.plainText = '';
    return this.dialect.empty;
  }

  /** The value of a scalar that was just read. */
  protected scalar(properties: Properties | null, start: number, text: string, plain: boolean): Value {
    const size = this.size++;
    if (this.marking) this.mark = { start, end: Math.max(start, this.scalarEnd) };
    const tag = properties === null ? null : properties.tag;
    const value = tag !== null ? this.dialect.tagged(tag, text, plain) : plain ? this.dialect.plain(text) : text;
    if (value === undefined) {
      this.fail(`\`${text}\` is no value of ${tag === null ? 'this reader' : `the tag \`${tag}\``}`, start);
    }
    if (properties === null) return value;
    if (this.marking) this.markTagged(properties, value, isMap(value) ? Object.keys(value)[0] : undefined);
    this.remember(properties, value, size);
    return value;
  }

  /** Gives a node its place with its properties; the inner value of a short form stands under the long form's key. */
  private markTagged(properties: Properties, value: Value, wrapper: string | undefined): void {
    const mark = this.mark;
    if (wrapper === undefined || !isMap(value)) {
      this.mark = { ...mark, start: properties.start };
      return;
    }
    const inner = value[wrapper];
    if (isList(inner) && mark.items === undefined) {
      let from = mark.start;
      mark.items = inner.map((part) => {
        const at = typeof part === 'string' ? this.text.indexOf(part, from) : -1;
        if (typeof part !== 'string' || at < 0 || at + part.length > mark.end) return mark;
        from = at + part.length;
        return { start: at, end: from };
      });
    }
    const entry: EntryMark = { keyStart: properties.tagStart, keyEnd: properties.tagEnd, value: mark };
    this.mark = { start: properties.start, end: mark.end, entries: new Map([[wrapper, entry]]), shortForm: true };
  }

  /** Applies properties to a list or map that was just read. */
  protected collection(properties: Properties, value: readonly Value[] | ValueMap, size: number): Value {
    const wrapper = properties.tag === null ? undefined : this.dialect.wrapper(properties.tag, value);
    const result = wrapper === undefined ? value : { [wrapper]: value };
    if (this.marking) this.markTagged(properties, result, wrapper);
    this.remember(properties, result, size);
    return result;
  }

  private remember(properties: Properties | null, value: Value, size: number): void {
    const name = properties?.anchor;
    if (typeof name !== 'string') return;
    this.anchors ??= new Map();
    this.anchors.set(name, {
      value,
      mark: this.marking ? this.mark : null,
      size: this.size - size,
      height: this.height(value),
    });
  }

  /** How deep lists and maps are nested in a value. */
  private height(value: Value): number {
    if (typeof value !== 'object' || value === null || value instanceof Float) return 0;
    const known = this.heights.get(value);
    if (known !== undefined) return known;
    let height = 0;
    for (const item of Object.values<Value>(value)) height = Math.max(height, this.height(item));
    this.heights.set(value, height + 1);
    return height + 1;
  }

  protected alias(properties: Properties | null): Value {
    const start = this.pos;
    const name = this.name();
    if (properties !== null) this.fail('an alias cannot have a tag or an anchor', properties.start);
    if (!this.dialect.aliases) this.fail(`the alias \`*${name}\` is not supported`, start, 'alias');
    const anchor = this.anchors?.get(name);
    if (anchor === undefined) this.fail(`no value before this alias has the anchor \`&${name}\``, start, 'alias');
    this.size += anchor.size;
    if (this.size > this.dialect.maxExpanded) {
      this.fail(`aliases bring the document to more than ${this.dialect.maxExpanded} values`, start, 'expansion');
    }
    if (this.depth + anchor.height > this.dialect.maxDepth) {
      this.fail(`lists and maps are nested more than ${this.dialect.maxDepth} deep`, start, 'depth');
    }
    if (anchor.mark !== null) this.mark = anchor.mark;
    return anchor.value;
  }
}

/** Sets a key of a map. Returns the order of its keys once JavaScript would not keep it. */
function store(map: Mutable, order: string[] | null, key: string, value: Value): string[] | null {
  let result = order;
  if (order !== null) {
    if (!Object.hasOwn(map, key)) order.push(key);
  } else {
    const first = key.charCodeAt(0);
    if (first >= 48 && first <= 57 && INTEGER_LIKE.test(key)) {
      result = Object.keys(map);
      if (!Object.hasOwn(map, key)) result.push(key);
    }
  }
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
  return result;
}
