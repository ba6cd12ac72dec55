/**
 * The lower half of the YAML reader: moves over a text from token to token and reads tags and anchors.
 *
 * It accepts exactly what libyaml accepts, because cfn-guard reads data and test files with libyaml, and because the
 * YAML 1.1 readers of the CloudFormation world (PyYAML in the AWS CLI and cfn-lint, SnakeYAML) share its algorithm. It
 * differs from YAML 1.2 readers where real templates notice: quoted scalars and flow collections may go on at any
 * indentation, a tab may not stand where a key could, a block scalar that ends with the text has no final line break.
 *
 * Tokens are never made: the parser asks for the column and the first character of the next one.
 */
import * as ch from './characters.js';

/** What is wrong with a text: its syntax, or a rule of the dialect that it breaks. */
export type Fault = 'syntax' | 'character' | 'duplicateKey' | 'documents' | 'alias' | 'expansion' | 'depth' | 'key';

/** A text that cannot be read, and where. */
export class ReadError extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly fault: Fault = 'syntax',
  ) {
    super(message);
  }
}

/** How far a key that has no `?` may be from its colon. */
const LONGEST_SIMPLE_KEY = 1024;

/** A tag or an anchor, or both, before a node. */
export interface Properties {
  anchor: string | null;
  /** With its handle resolved: `!Ref`, `tag:yaml.org,2002:str`. */
  tag: string | null;
  readonly start: number;
  tagStart: number;
  tagEnd: number;
}

export class Scanner {
  /** The text and a final NUL, so that looking one character ahead needs no test of the length. */
  protected readonly text: string;
  protected pos = 0;
  /** Where the current line starts. */
  protected lineStart = 0;
  /** The first character of the next token, after {@link peek}. */
  protected code = 0;
  /** The column of the innermost block collection. */
  protected indent = -1;
  /** The number of open brackets and braces. */
  protected flow = 0;
  /** Whether a key may start at the next token, in block context. */
  protected keyAllowed = true;
  /** Where the scalar that was read last ends, without the blanks and line breaks after it. */
  protected scalarEnd = 0;
  protected readonly handles = new Map([
    ['!', '!'],
    ['!!', 'tag:yaml.org,2002:'],
  ]);

  constructor(
    text: string,
    /** Whether two `\u` escapes may make a surrogate pair, as in JSON. */
    protected readonly surrogateEscapes: boolean,
  ) {
    this.text = `${text}\0`;
    if (text.charCodeAt(0) === ch.BYTE_ORDER_MARK) this.pos = this.lineStart = 1;
  }

  protected fail(message: string, offset = this.pos, fault: Fault = 'syntax'): never {
    throw new ReadError(message, Math.min(offset, this.text.length - 1), fault);
  }

  /** Moves past blanks, comments and line breaks. Returns the column of the next token, -1 where the document ends. */
  protected peek(): number {
    const text = this.text;
    let pos = this.pos;
    let code = text.charCodeAt(pos);
    for (;;) {
      while (code === ch.SPACE || (code === ch.TAB && (this.flow > 0 || !this.keyAllowed))) {
        code = text.charCodeAt(++pos);
      }
      if (code === ch.HASH) {
        do code = text.charCodeAt(++pos);
        while (code !== ch.LINE_FEED && code !== ch.END && !ch.isBreak(code));
      }
      if (code !== ch.LINE_FEED && !ch.isBreak(code)) break;
      pos = this.afterBreak(pos);
      this.lineStart = pos;
      this.keyAllowed = true;
      code = text.charCodeAt(pos);
    }
    this.pos = pos;
    this.code = code;
    if (code === ch.END) return -1;
    const column = pos - this.lineStart;
    if (column === 0 && this.isDocumentMarker(pos)) {
      this.code = ch.END;
      return -1;
    }
    return column;
  }

  /** Moves to the next token. Returns its first character. */
  protected next(): number {
    this.peek();
    return this.code;
  }

  /** Whether the character after the next token's first is a blank, which makes indicators of `-`, `?` and `:`. */
  protected blankFollows(): boolean {
    return ch.isBlankOrEnd(this.text.charCodeAt(this.pos + 1));
  }

  /** Whether `---` or `...` stands at the start of a line. */
  protected isDocumentMarker(pos: number): boolean {
    const code = this.text.charCodeAt(pos);
    return (
      (code === ch.DASH || code === ch.DOT) &&
      this.text.charCodeAt(pos + 1) === code &&
      this.text.charCodeAt(pos + 2) === code &&
      ch.isBlankOrEnd(this.text.charCodeAt(pos + 3))
    );
  }

  /**
   * Whether a node that was just read is a key: a colon follows on the line on which the node starts.
   * Blanks before the colon are skipped when it is one.
   */
  protected colonFollows(start: number, lineStart: number): boolean {
    if (this.lineStart !== lineStart) return false;
    const text = this.text;
    let pos = this.pos;
    let code = text.charCodeAt(pos);
    while (code === ch.SPACE || code === ch.TAB) code = text.charCodeAt(++pos);
    if (code !== ch.COLON || (this.flow === 0 && !ch.isBlankOrEnd(text.charCodeAt(pos + 1)))) return false;
    if (pos - start > LONGEST_SIMPLE_KEY && Array.from(text.slice(start, pos)).length > LONGEST_SIMPLE_KEY) {
      return false;
    }
    this.pos = pos;
    return true;
  }

  protected afterBreak(pos: number): number {
    const text = this.text;
    return text.charCodeAt(pos) === ch.CARRIAGE_RETURN && text.charCodeAt(pos + 1) === ch.LINE_FEED ? pos + 2 : pos + 1;
  }

  /** Reads the name of an anchor or an alias. */
  protected name(): string {
    const text = this.text;
    const start = this.pos + 1;
    let pos = start;
    while (ch.isWord(text.charCodeAt(pos))) pos++;
    const code = text.charCodeAt(pos);
    if (pos === start || !(ch.isBlankOrEnd(code) || '?:,]}%@`'.includes(text.charAt(pos)))) {
      this.fail('the name of an anchor is made of letters, digits, `-` and `_`', pos);
    }
    this.pos = this.scalarEnd = pos;
    this.keyAllowed = false;
    return text.slice(start, pos);
  }

  /** Reads a tag and resolves its handle. */
  protected tag(): string {
    const text = this.text;
    const start = this.pos;
    this.keyAllowed = false;
    let handle = '!';
    let pos = start + 1;
    let suffix: string;
    if (text.charCodeAt(pos) === ch.LESS) {
      const uri = /[\w\-;/?:@&=+$.!~*'()%,[\]]*/y;
      uri.lastIndex = pos + 1;
      suffix = uri.exec(text)![0];
      pos = uri.lastIndex;
      if (suffix === '' || text.charCodeAt(pos) !== ch.GREATER) this.fail('a tag in `!<…>` is not closed', start);
      pos++;
      handle = '';
    } else {
      while (ch.isWord(text.charCodeAt(pos))) pos++;
      if (text.charCodeAt(pos) === ch.EXCLAMATION) {
        handle = text.slice(start, ++pos);
      } else {
        pos = start + 1;
      }
      const suffixStart = pos;
      const uri = /[\w\-;/?:@&=+$.!~*'()%]*/y;
      uri.lastIndex = pos;
      suffix = uri.exec(text)![0];
      pos = suffixStart + suffix.length;
      if (suffix === '' && handle !== '!') this.fail('a tag has no name', start);
    }
    const code = text.charCodeAt(pos);
    if (!ch.isBlankOrEnd(code) && !(this.flow > 0 && code === ch.COMMA)) {
      this.fail('a blank must follow a tag', pos);
    }
    const prefix = handle === '' ? '' : this.handles.get(handle);
    if (prefix === undefined) this.fail(`the tag handle \`${handle}\` is not declared`, start);
    this.pos = pos;
    this.scalarEnd = pos;
    return prefix + (suffix.includes('%') ? this.unescapeUri(suffix, start) : suffix);
  }

  private unescapeUri(uri: string, start: number): string {
    try {
      return decodeURIComponent(uri);
    } catch {
      return this.fail('a tag has an escape that is no character', start);
    }
  }
}
