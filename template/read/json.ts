/**
 * Reads JSON (ECMA-404), which `JSON.parse` cannot do for us: it tells neither `1.0` from `1` nor the second of two
 * equal keys, changes the order of keys such as "200", and rounds large integers.
 */
import { KEY_ORDER } from '../values.js';
import type { Value } from '../values.js';
import { floatValue, integerValue, MAX_DEPTH } from './cloudformation.js';
import { ReadError } from './yaml/index.js';
import type { Duplicate, EntryMark, Mark } from './yaml/index.js';

type Mutable = Record<string, Value> & { [KEY_ORDER]?: string[] };

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const INTEGER_LIKE = /^(?:0|[1-9]\d{0,9})$/;
const NO_MARK: Mark = { start: 0, end: 0 };

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

class JsonReader {
  private pos = 0;
  private depth = 0;
  private mark: Mark = NO_MARK;
  readonly duplicates: Duplicate[] = [];

  constructor(
    private readonly text: string,
    private readonly marking: boolean,
  ) {
    if (text.startsWith('\ufeff')) this.pos = 1;
  }

  document(): { value: Value; mark: Mark } {
    if (Number.isNaN(this.skip())) this.fail('the document is empty');
    const value = this.value();
    const mark = this.mark;
    this.skip();
    if (this.pos < this.text.length) this.fail('unexpected text after the end of the document');
    return { value, mark };
  }

  private fail(message: string, offset = this.pos): never {
    throw new ReadError(message, Math.min(offset, this.text.length));
  }

  /** Moves to the next token. Returns its first character, NaN at the end. */
  private skip(): number {
    const text = this.text;
    let code = text.charCodeAt(this.pos);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++this.pos);
    return code;
  }

  private value(): Value {
    const start = this.pos;
    const code = this.text.charCodeAt(start);
    let value: Value;
    switch (code) {
      case QUOTE:
        value = this.string();
        break;
      case OPEN_BRACE:
        return this.object();
      case OPEN_BRACKET:
        return this.array();
      case 116:
        value = this.word('true', true);
        break;
      case 102:
        value = this.word('false', false);
        break;
      case 110:
        value = this.word('null', null);
        break;
      default:
        value = this.number();
    }
    if (this.marking) this.mark = { start, end: this.pos };
    return value;
  }

  private word(word: string, value: boolean | null): boolean | null {
    if (!this.text.startsWith(word, this.pos)) this.fail('a value must stand here');
    this.pos += word.length;
    return value;
  }

  private number(): Value {
    NUMBER.lastIndex = this.pos;
    const match = NUMBER.exec(this.text);
    if (match === null) {
      const seen = this.text.charAt(this.pos);
      return this.fail(seen === '' ? 'the document ends too early' : `\`${seen}\` cannot start a value of JSON`);
    }
    this.pos = NUMBER.lastIndex;
    if (match[1] !== undefined || match[2] !== undefined) return floatValue(Number(match[0]));
    const digits = match[0].length;
    if (digits < 16) return Number(match[0]) || 0;
    // To read a longer number exactly would take too long, and no service could take it.
    return digits > 1_000 ? floatValue(Number(match[0])) : integerValue(BigInt(match[0]));
  }

  private string(): string {
    const text = this.text;
    const start = this.pos + 1;
    let escaped = false;
    let pos = start;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        escaped = true;
        pos++;
      } else if (!(code >= 32)) {
        this.fail(pos >= text.length ? 'a text is not closed' : 'a text cannot hold a line break or a tab', pos);
      }
      pos++;
    }
    this.pos = pos + 1;
    if (!escaped) return text.slice(start, pos);
    try {
      return JSON.parse(text.slice(start - 1, pos + 1)) as string;
    } catch {
      return this.fail('a text holds an escape that is not JSON', start - 1);
    }
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) {
      throw new ReadError(`lists and maps are nested more than ${MAX_DEPTH} deep`, this.pos, 'depth');
    }
  }

  private array(): Value {
    this.enter();
    const start = this.pos++;
    const list: Value[] = [];
    const items: Mark[] = [];
    if (this.skip() === CLOSE_BRACKET) {
      this.pos++;
    } else {
      for (;;) {
        list.push(this.value());
        if (this.marking) items.push(this.mark);
        const code = this.skip();
        if (code !== COMMA && code !== CLOSE_BRACKET) this.fail('expected `,` or `]`');
        this.pos++;
        if (code === CLOSE_BRACKET) break;
        this.skip();
      }
    }
    this.depth--;
    if (this.marking) this.mark = { start, end: this.pos, items };
    return list;
  }

  private object(): Value {
    this.enter();
    const start = this.pos++;
    const map: Mutable = {};
    const entries = new Map<string, EntryMark>();
    let order: string[] | null = null;
    if (this.skip() === CLOSE_BRACE) {
      this.pos++;
    } else {
      for (;;) {
        const keyStart = this.pos;
        if (this.text.charCodeAt(keyStart) !== QUOTE) this.fail('expected a key in double quotes');
        const key = this.string();
        const keyEnd = this.pos;
        if (this.skip() !== COLON) this.fail('expected `:` after a key');
        this.pos++;
        this.skip();
        const value = this.value();
        if (Object.hasOwn(map, key)) {
          this.duplicates.push({ key, start: keyStart, end: keyEnd, first: entries.get(key) ?? null });
        } else if (order !== null) {
          order.push(key);
        } else if (key.charCodeAt(0) <= 57 && INTEGER_LIKE.test(key)) {
          order = [...Object.keys(map), key];
        }
        if (key === '__proto__') {
          Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
        } else {
          map[key] = value;
        }
        if (this.marking) entries.set(key, { keyStart, keyEnd, value: this.mark });
        const code = this.skip();
        if (code !== COMMA && code !== CLOSE_BRACE) this.fail('expected `,` or `}`');
        this.pos++;
        if (code === CLOSE_BRACE) break;
        this.skip();
      }
    }
    if (order !== null) map[KEY_ORDER] = order;
    this.depth--;
    if (this.marking) this.mark = { start, end: this.pos, entries };
    return map;
  }
}

/**
 * Reads a JSON document.
 *
 * @param marking - Whether to note where every value stands.
 * @throws ReadError when the text is not JSON.
 */
export function readJson(
  text: string,
  marking: boolean,
): { value: Value; mark: Mark; duplicates: readonly Duplicate[] } {
  const reader = new JsonReader(text, marking);
  const { value, mark } = reader.document();
  return { value, mark, duplicates: reader.duplicates };
}
