/** Reads lists in brackets and maps in braces. */
import { KEY_ORDER } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { Builder, NO_MARK } from './builder.js';
import type { Mutable } from './builder.js';
import * as ch from './characters.js';
import type { EntryMark, Mark } from './marks.js';
import type { Properties } from './scanner.js';

export class FlowParser extends Builder {
  protected flowCollection(properties: Properties | null): Value {
    this.enter();
    this.flow++;
    const start = this.pos;
    const size = this.size++;
    const value = this.code === ch.OPEN_BRACE ? this.flowMapping() : this.flowSequence();
    this.scalarEnd = ++this.pos;
    this.mark.start = start;
    this.mark.end = this.pos;
    this.keyAllowed = false;
    this.flow--;
    this.depth--;
    return properties === null ? value : this.collection(properties, value, size);
  }

  /** Moves to the next element. Returns whether there is one. */
  private nextElement(close: number, first: boolean): boolean {
    this.peek();
    if (this.code === close) return false;
    if (!first) {
      if (this.code !== ch.COMMA) {
        const bracket = String.fromCharCode(close);
        this.fail(this.code === ch.END ? `\`${bracket}\` is missing` : `expected \`,\` or \`${bracket}\``);
      }
      this.pos++;
      this.peek();
      if (this.code === close) return false;
    }
    return true;
  }

  private flowMapping(): ValueMap {
    const map: Mutable = {};
    let order: string[] | null = null;
    const entries: Map<string, EntryMark> | null = this.marking ? new Map() : null;
    this.pos++;
    for (let first = true; this.nextElement(ch.CLOSE_BRACE, first); first = false) {
      const keyStart = this.pos;
      const explicit = this.code === ch.QUESTION;
      if (explicit) this.questionMark();
      const key = this.flowKey(explicit);
      const keyEnd = this.scalarEnd;
      const value = this.flowValue(explicit || this.keyFound, ch.CLOSE_BRACE);
      order = this.put(map, order, entries, key, value, keyStart, keyEnd);
    }
    if (order !== null) map[KEY_ORDER] = order;
    this.mark = entries === null ? NO_MARK : { start: 0, end: 0, entries };
    return map;
  }

  private flowSequence(): Value[] {
    const list: Value[] = [];
    const items: Mark[] | null = this.marking ? [] : null;
    this.pos++;
    for (let first = true; this.nextElement(ch.CLOSE_BRACKET, first); first = false) {
      const start = this.pos;
      const explicit = this.code === ch.QUESTION;
      let value: Value;
      let end: number;
      if (explicit) {
        this.questionMark();
        value = this.flowPair(this.flowKey(true), start, this.scalarEnd);
      } else {
        const lineStart = this.lineStart;
        const flowed = this.flowNode();
        end = this.scalarEnd;
        value = this.colonFollows(start, lineStart) ? this.flowPair(this.keyOf(flowed, start), start, end) : flowed;
      }
      list.push(value);
      items?.push(this.mark);
    }
    this.mark = items === null ? NO_MARK : { start: 0, end: 0, items };
    return list;
  }

  private questionMark(): void {
    this.plainText = null;
    this.scalarEnd = ++this.pos;
    this.peek();
  }

  /** A map of one key inside a list, `[key: value]`. */
  private flowPair(key: string, keyStart: number, keyEnd: number): Value {
    this.enter();
    this.size++;
    const map: Mutable = {};
    let order: string[] | null = null;
    const entries: Map<string, EntryMark> | null = this.marking ? new Map() : null;
    const value = this.flowValue(true, ch.CLOSE_BRACKET);
    order = this.put(map, order, entries, key, value, keyStart, keyEnd);
    if (order !== null) map[KEY_ORDER] = order;
    this.depth--;
    if (entries !== null) this.mark = { start: keyStart, end: this.scalarEnd, entries };
    return map;
  }

  /** Whether the key that was read last has its colon on its line. */
  private keyFound = false;

  /** Reads a key in a map in braces. */
  private flowKey(explicit: boolean): string {
    const start = this.pos;
    this.nodeTag = null;
    if (explicit && (this.code === ch.COLON || this.code === ch.COMMA || this.code === ch.CLOSE_BRACE)) {
      return this.plainKey('', start);
    }
    const lineStart = this.lineStart;
    const node = this.flowNode();
    this.keyFound = this.colonFollows(start, lineStart);
    return this.keyOf(node, start);
  }

  /** Reads what follows a key: a colon, if there must be one, and a value. */
  private flowValue(colon: boolean, close: number): Value {
    if (colon) {
      this.peek();
      if (this.code === ch.COLON) {
        this.scalarEnd = ++this.pos;
        const next = this.next();
        if (next !== ch.COMMA && next !== close) return this.flowNode();
      }
    }
    return this.empty(null, this.scalarEnd);
  }

  /** Reads a node inside brackets or braces. */
  private flowNode(): Value {
    let properties: Properties | null = null;
    while (this.code === ch.EXCLAMATION || this.code === ch.AMPERSAND) {
      properties = this.property(properties);
      this.peek();
    }
    const value = this.flowContent(properties);
    this.nodeTag = properties === null ? null : properties.tag;
    return value;
  }

  private flowContent(properties: Properties | null): Value {
    this.plainText = null;
    const start = this.pos;
    switch (this.code) {
      case ch.DOUBLE_QUOTE:
      case ch.SINGLE_QUOTE:
        return this.scalar(properties, start, this.quoted(), false);
      case ch.OPEN_BRACE:
      case ch.OPEN_BRACKET: {
        const value = this.flowCollection(properties);
        this.plainText = null;
        return value;
      }
      case ch.ASTERISK:
        return this.alias(properties);
      case ch.COMMA:
      case ch.COLON:
      case ch.CLOSE_BRACE:
      case ch.CLOSE_BRACKET:
        if (properties !== null) return this.empty(properties, this.scalarEnd);
        break;
      default:
    }
    this.plainStart();
    const text = this.plain();
    const value = this.scalar(properties, start, text, true);
    if ((properties?.tag ?? null) === null) this.plainText = text;
    return value;
  }
}
