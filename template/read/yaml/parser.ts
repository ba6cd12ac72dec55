/**
 * The upper half of the YAML reader: recursive descent over the tokens of the scanner, straight to values.
 *
 * The grammar is that of libyaml's parser. A block collection is known by its column: `indent` is the column of the
 * innermost one, a token to the left of it ends it, and a token to the right of it where a key or a dash must stand is
 * an error. With `marking` the reader also notes where every value stands; without, it makes values only.
 */
import { KEY_ORDER } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { NO_MARK } from './builder.js';
import type { Mutable } from './builder.js';
import * as ch from './characters.js';
import { FlowParser } from './flow.js';
import type { EntryMark, Mark } from './marks.js';
import type { Properties } from './scanner.js';

export class Parser extends FlowParser {
  /** Reads the document. `value` is `undefined` when the text holds none. */
  read(): { value: Value | undefined; mark: Mark } {
    this.peek();
    const explicit = this.directives();
    const start = this.pos;
    if (!explicit && this.code === ch.END && start >= this.text.length - 1) return { value: undefined, mark: NO_MARK };
    let value: Value;
    if (this.code === ch.END && explicit) {
      value = this.empty(null, start);
    } else {
      if (this.code === ch.END) this.fail('a document cannot start with `...`');
      value = this.blockNode(false);
    }
    this.finish();
    return { value, mark: this.mark };
  }

  /** Reads `%` lines and the `---` that starts a document. Returns whether there was one. */
  private directives(): boolean {
    const text = this.text;
    let any = false;
    while (this.atDirective()) {
      any = true;
      const line = /[^\n\r\x85\u2028\u2029\0]*/y;
      line.lastIndex = this.pos;
      this.directive(line.exec(text)![0]);
      this.pos = line.lastIndex;
      this.peek();
    }
    const marker =
      this.pos === this.lineStart && text.charCodeAt(this.pos) === ch.DASH && this.isDocumentMarker(this.pos);
    if (any && !marker) this.fail('`---` must follow the lines that start with `%`');
    if (!marker) return false;
    this.pos += 3;
    this.keyAllowed = false;
    this.peek();
    return true;
  }

  private directive(line: string): void {
    const words = line
      .replace(/[ \t]#.*$/, '')
      .split(/[ \t]+/)
      .filter(Boolean);
    if (words[0] === '%YAML') {
      if (words.length !== 2 || !/^1\.[12]$/.test(words[1]!)) this.fail('the document is not YAML 1.1');
    } else if (words[0] === '%TAG') {
      const [, handle, prefix] = words;
      if (words.length !== 3 || !/^!(?:[\w-]*!)?$/.test(handle!)) this.fail('the %TAG line is not well-formed');
      this.handles.set(handle!, prefix!);
    } else {
      this.fail(`\`${words[0]!}\` is neither %YAML nor %TAG`);
    }
  }

  /** Looks at what follows the document. */
  private finish(): void {
    this.peek();
    const text = this.text;
    if (this.dialect.afterDocument === 'documents' && (this.code === ch.END || this.atDirective())) return;
    while (this.code === ch.END && text.charCodeAt(this.pos) === ch.DOT) {
      this.pos += 3;
      this.keyAllowed = false;
      const line = this.lineStart;
      if (this.next() !== ch.END && this.lineStart === line) this.fail('text follows `...`');
    }
    if (this.pos >= text.length - 1) return;
    const at = this.pos;
    if (this.code === ch.END) {
      // A separator with nothing after it starts no document.
      this.pos += 3;
      this.peek();
      const empty = this.pos >= text.length - 1;
      if (!empty || this.dialect.afterDocument === 'nothing') {
        this.fail('the file holds more than one document', at, 'documents');
      }
    } else if (this.atDirective()) {
      this.fail('the file holds more than one document', at, 'documents');
    } else {
      this.fail('unexpected text after the end of the document');
    }
  }

  /** Whether the next token is a line such as `%YAML 1.1`. */
  private atDirective(): boolean {
    return this.code === ch.PERCENT && this.pos === this.lineStart;
  }

  // --- Block context -----------------------------------------------------------------------------------------------

  /** Reads the node at the next token, which stands right of `indent`. */
  private blockNode(indentless: boolean): Value {
    const code = this.code;
    if (code === ch.EXCLAMATION || code === ch.AMPERSAND) return this.blockProperties(indentless);
    return this.blockContent(this.keyAllowed ? this.pos : -1, null, null);
  }

  /**
   * Reads tags and anchors and the node they belong to. Those on the line of an implicit key belong to the key,
   * those on lines before it to the map that the key starts.
   */
  private blockProperties(indentless: boolean): Value {
    let outer: Properties | null = null;
    let keyStart = this.keyAllowed ? this.pos : -1;
    let line: Properties | null = null;
    for (;;) {
      line = this.property(line);
      const lineStart = this.lineStart;
      const column = this.peek();
      if (this.lineStart !== lineStart) {
        outer = this.join(outer, line);
        line = null;
        keyStart = this.pos;
        if (column <= this.indent) return this.emptyOrSibling(column, indentless, outer);
      } else if (this.code === ch.END) {
        return this.empty(this.join(outer, line), this.scalarEnd);
      }
      if (this.code !== ch.EXCLAMATION && this.code !== ch.AMPERSAND) break;
    }
    return this.blockContent(keyStart, outer, line);
  }

  /** The node before a token that stands at `indent` or left of it: mostly an empty one. */
  private emptyOrSibling(column: number, indentless: boolean, properties: Properties | null): Value {
    if (column === this.indent && column >= 0) {
      const code = this.code;
      if (indentless && code === ch.DASH && this.blankFollows()) return this.blockSequence(column, true, properties);
      // libyaml asks for no indentation of the line that starts a block scalar.
      if (code === ch.PIPE || code === ch.GREATER) {
        return this.scalar(properties, this.pos, this.block(), false);
      }
    }
    return this.empty(properties, this.scalarEnd);
  }

  /**
   * Reads the content of a node.
   *
   * @param keyStart - Where the node starts if it can be a key, else -1.
   * @param outer - Properties on earlier lines.
   * @param line - Properties on the line of the content.
   */
  private blockContent(keyStart: number, outer: Properties | null, line: Properties | null): Value {
    const code = this.code;
    const start = this.pos;
    const lineStart = this.lineStart;
    switch (code) {
      case ch.DASH:
        if (!this.blankFollows()) break;
        if (!this.keyAllowed) this.fail('a list cannot start here');
        return this.blockSequence(start - lineStart, false, this.join(outer, line));
      case ch.QUESTION:
        if (!this.blankFollows()) break;
        if (!this.keyAllowed) this.fail('a key cannot start here');
        return this.blockMapping(start - lineStart, null, 0, 0, this.join(outer, line));
      case ch.PIPE:
      case ch.GREATER:
        return this.scalar(this.join(outer, line), start, this.block(), false);
      case ch.DOUBLE_QUOTE:
      case ch.SINGLE_QUOTE: {
        const text = this.quoted();
        const end = this.scalarEnd;
        if (keyStart >= 0 && this.colonFollows(keyStart, lineStart)) {
          const key = line === null ? text : this.taggedKey(line, text, false, start);
          return this.blockMapping(keyStart - lineStart, key, keyStart, end, outer);
        }
        return this.scalar(this.join(outer, line), start, text, false);
      }
      case ch.OPEN_BRACKET:
      case ch.OPEN_BRACE:
      case ch.ASTERISK: {
        const size = this.size;
        const value = code === ch.ASTERISK ? this.alias(line) : this.flowCollection(null);
        const end = this.scalarEnd;
        if (keyStart >= 0 && this.colonFollows(keyStart, lineStart)) {
          return this.blockMapping(keyStart - lineStart, this.complexKey(value, keyStart), keyStart, end, outer);
        }
        const properties = this.join(outer, line);
        if (properties === null) return value;
        if (code === ch.ASTERISK) this.fail('an alias cannot have a tag or an anchor', properties.start);
        return this.collection(properties, value as readonly Value[] | ValueMap, size);
      }
      case ch.COLON:
        if (line === null || keyStart < 0 || !this.blankFollows()) break;
        return this.blockMapping(keyStart - lineStart, this.emptyKey(line, start), keyStart, this.scalarEnd, outer);
      default:
    }
    this.plainStart();
    const text = this.plain();
    const end = this.scalarEnd;
    if (keyStart >= 0 && this.code !== ch.END && this.colonFollows(keyStart, lineStart)) {
      const key = line === null ? this.plainKey(text, keyStart) : this.taggedKey(line, text, true, start);
      return this.blockMapping(keyStart - lineStart, key, keyStart, end, outer);
    }
    return this.scalar(this.join(outer, line), start, text, true);
  }

  private blockSequence(column: number, indentless: boolean, properties: Properties | null): Value {
    this.enter();
    const start = this.pos;
    const outer = this.indent;
    const size = this.size++;
    this.indent = column;
    const list: Value[] = [];
    const items: Mark[] | null = this.marking ? [] : null;
    let end: number;
    for (;;) {
      this.scalarEnd = ++this.pos;
      this.keyAllowed = true;
      let next = this.peek();
      list.push(next > column ? this.blockNode(false) : this.emptyOrSibling(next, false, null));
      items?.push(this.mark);
      end = this.scalarEnd;
      next = this.peek();
      if (next === column) {
        if (this.code === ch.DASH && this.blankFollows()) continue;
        if (indentless) break;
      } else if (next < column) {
        break;
      }
      this.fail('expected `-` before the next element of the list');
    }
    this.scalarEnd = end;
    this.indent = outer;
    this.depth--;
    if (items !== null) this.mark = { start, end, items };
    return properties === null ? list : this.collection(properties, list, size);
  }

  /** Reads a map in block style. The first key, when given, has been read and a colon follows; else `?` follows. */
  private blockMapping(
    column: number,
    first: string | null,
    firstStart: number,
    firstEnd: number,
    properties: Properties | null,
  ): Value {
    this.enter();
    const outer = this.indent;
    const size = this.size++;
    this.indent = column;
    const map: Mutable = {};
    let order: string[] | null = null;
    const entries: Map<string, EntryMark> | null = this.marking ? new Map() : null;
    const start = first === null ? this.pos : firstStart;
    let key = first;
    let keyStart = firstStart;
    let keyEnd = firstEnd;
    let end: number;
    for (;;) {
      let value: Value;
      if (key === null) {
        this.scalarEnd = ++this.pos;
        this.keyAllowed = true;
        const next = this.peek();
        keyStart = this.pos;
        const node = this.blockEntry(next);
        key = this.complexKey(node, keyStart);
        keyEnd = this.scalarEnd;
        if (this.peek() === column && this.code === ch.COLON && this.blankFollows()) {
          this.scalarEnd = ++this.pos;
          this.keyAllowed = true;
          value = this.blockEntry(this.peek());
        } else {
          value = this.empty(null, this.scalarEnd);
        }
      } else {
        this.scalarEnd = ++this.pos;
        this.keyAllowed = false;
        value = this.blockEntry(this.peek());
      }
      end = this.scalarEnd;
      order = this.put(map, order, entries, key, value, keyStart, keyEnd);
      const next = this.peek();
      if (next !== column) {
        if (next < column) break;
        if (this.code === ch.COLON) this.fail('`:` cannot stand here: quote the text, or mend the indentation');
        this.fail(`a key of the map must start in column ${column + 1}, as the keys before it`);
      }
      keyStart = this.pos;
      key = this.blockKey();
      keyEnd = this.scalarEnd;
    }
    if (order !== null) map[KEY_ORDER] = order;
    this.scalarEnd = end;
    this.indent = outer;
    this.depth--;
    if (entries !== null) this.mark = { start, end, entries };
    return properties === null ? map : this.collection(properties, map, size);
  }

  /** Reads what stands after `:` or `?` in a map. */
  private blockEntry(column: number): Value {
    return column > this.indent ? this.blockNode(true) : this.emptyOrSibling(column, true, null);
  }

  /** The key of which only a tag or an anchor is written. */
  private emptyKey(properties: Properties, start: number): string {
    if (properties.tag !== null) this.checkKeyTag(properties.tag, start);
    const value = this.empty(properties, this.scalarEnd);
    return properties.tag === null ? this.plainKey('', start) : this.complexKey(value, start);
  }

  /** Reads the next key of a map up to its colon; `null` when it starts with `?`. */
  private blockKey(): string | null {
    const start = this.pos;
    const lineStart = this.lineStart;
    let code = this.code;
    let properties: Properties | null = null;
    while (code === ch.EXCLAMATION || code === ch.AMPERSAND) {
      properties = this.property(properties);
      this.peek();
      if (this.lineStart !== lineStart) this.fail('expected `:` after a key', start);
      code = this.code;
    }
    let key: string;
    if (code === ch.DOUBLE_QUOTE || code === ch.SINGLE_QUOTE) {
      const text = this.quoted();
      key = properties === null ? text : this.taggedKey(properties, text, false, start);
    } else if (code === ch.OPEN_BRACKET || code === ch.OPEN_BRACE || code === ch.ASTERISK) {
      const value = code === ch.ASTERISK ? this.alias(properties) : this.flowCollection(null);
      key = this.complexKey(value, start);
    } else if (code === ch.COLON && properties !== null && this.blankFollows()) {
      return this.emptyKey(properties, start);
    } else {
      if (code === ch.QUESTION && this.blankFollows() && properties === null) return null;
      if (code === ch.DASH && this.blankFollows()) this.fail('expected a key of the map, found an element of a list');
      this.plainStart();
      const text = this.plain();
      key = properties === null ? this.plainKey(text, start) : this.taggedKey(properties, text, true, start);
    }
    if (!this.colonFollows(start, lineStart)) this.fail('expected `:` after a key', start);
    return key;
  }
}
