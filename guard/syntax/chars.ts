/** Character tests of the rule language, on UTF-16 code units. */

export const TAB = 9;
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const BANG = 33;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const PERCENT = 37;
export const SINGLE_QUOTE = 39;
export const OPEN_PARENTHESIS = 40;
export const CLOSE_PARENTHESIS = 41;
export const STAR = 42;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const UNDERSCORE = 95;
export const OPEN_BRACE = 123;
export const PIPE = 124;
export const CLOSE_BRACE = 125;

/** Space, tab, CR and LF are the only blanks: a non-breaking space or a byte-order mark is an error in a rule file. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}

/** Whether the code unit is an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether the code unit is an ASCII letter; names begin with one. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;

/** How many code units the letter or digit at `pos` takes, of any script; 0 when there is none. */
export function alphanumericAt(text: string, pos: number): number {
  const code = text.charCodeAt(pos);
  if (isLetter(code) || isDigit(code)) return 1;
  if (!(code >= 128)) return 0;
  const character = String.fromCodePoint(text.codePointAt(pos)!);
  return ALPHANUMERIC.test(character) ? character.length : 0;
}

/** The end of a name that starts at `pos`: an ASCII letter, then letters and digits of any script and `_`. */
export function nameEnd(text: string, pos: number): number {
  if (!isLetter(text.charCodeAt(pos))) return pos;
  let end = pos + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if (isLetter(code) || isDigit(code) || code === UNDERSCORE) {
      end++;
      continue;
    }
    const width = code >= 128 ? alphanumericAt(text, end) : 0;
    if (width === 0) return end;
    end += width;
  }
}
