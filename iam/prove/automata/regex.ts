/**
 * Regular expressions that give the language of a condition key's values. The whole value has to match. Offered are
 * characters, `.`, classes such as `[A-Za-z0-9_-]` and `[^/]`, `\d` `\w` `\s` and their opposites, escaped signs, groups,
 * `|`, and the quantifiers `*` `+` `?` `{n}` `{n,}` `{n,m}`; `^` and `$` may stand at the ends. Anything else is refused,
 * because a look-around or a reference back does not describe a regular language the way it reads.
 */
import { ANY_CHAR, charsOf, complement, normalised, union } from './char-set.js';
import type { CharSet } from './char-set.js';
import { choice, oneOf, sequence } from './language.js';
import type { Language } from './language.js';

/** Thrown for an expression that is not understood; the message says what and where. */
export class RegexError extends Error {}

const DIGIT: CharSet = [[48, 57]];
const WORD = normalised([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
const SPACE = charsOf(
  ' \t\n\r\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
);
const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' };
/** More would make automata larger than any list of values deserves. */
const MOST_REPETITIONS = 2_048;
const MOST_NESTED = 100;

/** @throws RegexError for anything outside the subset. */
export function regexLanguage(text: string): Language {
  return new RegexReader(text).read();
}

class RegexReader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): Language {
    if (this.text.startsWith('^')) this.at = 1;
    const result = this.alternatives(0);
    if (this.at < this.text.length) this.refuse('a closing parenthesis that was never opened');
    return result;
  }

  private refuse(what: string): never {
    throw new RegexError(`${what}, at character ${this.at + 1} of \`${this.text}\``);
  }

  private alternatives(depth: number): Language {
    if (depth > MOST_NESTED) this.refuse(`groups nested deeper than ${MOST_NESTED}`);
    const anchored = this.text.startsWith('^') || this.endsWithAnchor();
    const options = [this.row(depth)];
    while (this.text[this.at] === '|') {
      if (depth === 0 && anchored) this.refuse('`^` or `$` beside an alternative binds to one side only; use a group');
      this.at++;
      options.push(this.row(depth));
    }
    return choice(options);
  }

  private endsWithAnchor(): boolean {
    return /(?:^|[^\\])(?:\\\\)*\$$/.test(this.text);
  }

  private row(depth: number): Language {
    const parts: Language[] = [];
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || character === '|' || character === ')') return sequence(...parts);
      if (character === '$' && this.at === this.text.length - 1 && depth === 0) {
        this.at++;
        return sequence(...parts);
      }
      parts.push(this.quantified(this.atom(depth)));
    }
  }

  private atom(depth: number): Language {
    const character = this.text[this.at]!;
    this.at++;
    switch (character) {
      case '(': {
        if (this.text.startsWith('?:', this.at)) this.at += 2;
        else if (this.text[this.at] === '?') this.refuse('a group of a kind that is not supported');
        const group = this.alternatives(depth + 1);
        if (this.text[this.at] !== ')') this.refuse('a group that is not closed');
        this.at++;
        return group;
      }
      case '[':
        return oneOf(this.characterClass());
      case '.':
        return oneOf(ANY_CHAR);
      case '\\':
        return oneOf(this.escape());
      case '*':
      case '+':
      case '?':
      case '{':
        this.at--;
        return this.refuse(`\`${character}\` with nothing before it to repeat`);
      case '^':
      case '$':
        this.at--;
        return this.refuse(`\`${character}\` inside the expression (the whole value is matched anyway)`);
      default:
        return oneOf(charsOf(character));
    }
  }

  private escape(): CharSet {
    const character = this.text[this.at];
    if (character === undefined) this.refuse('a backslash with nothing after it');
    this.at++;
    const set = CLASSES[character];
    if (set !== undefined) return set;
    const control = CONTROLS[character];
    if (control !== undefined) return charsOf(control);
    if (/[A-Za-z0-9]/.test(character)) {
      this.at--;
      this.refuse(`the escape \`\\${character}\` is not supported`);
    }
    return charsOf(character);
  }

  private characterClass(): CharSet {
    const negated = this.text[this.at] === '^';
    if (negated) this.at++;
    const sets: CharSet[] = [];
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) this.refuse('a character class that is not closed');
      if (character === ']') break;
      const from = this.classMember();
      if (this.text[this.at] !== '-' || this.text[this.at + 1] === ']') {
        sets.push(from);
        continue;
      }
      this.at++;
      const to = this.classMember();
      const [low, high] = [single(from), single(to)];
      if (low === undefined || high === undefined || low > high) this.refuse('a range that goes nowhere');
      sets.push([[low, high]]);
    }
    this.at++;
    if (sets.length === 0) this.refuse('an empty character class');
    return negated ? complement(union(...sets)) : union(...sets);
  }

  private classMember(): CharSet {
    const character = this.text[this.at];
    if (character === undefined) this.refuse('a character class that is not closed');
    this.at++;
    return character === '\\' ? this.escape() : charsOf(character);
  }

  private quantified(of: Language): Language {
    const [min, max] = this.quantifier();
    if (min === 1 && max === 1) return of;
    if (/[*+?{]/.test(this.text[this.at] ?? '')) this.refuse('a quantifier after a quantifier');
    const [token] = of.kind === 'pattern' && of.tokens.length === 1 ? of.tokens : [];
    if (min === 0 && max === null && token !== undefined) {
      return { kind: 'pattern', tokens: [{ ...token, many: true }] };
    }
    return { kind: 'repeat', of, min, max };
  }

  private quantifier(): readonly [number, number | null] {
    const character = this.text[this.at];
    if (character === '*' || character === '+' || character === '?') {
      this.at++;
      return character === '*' ? [0, null] : character === '+' ? [1, null] : [0, 1];
    }
    if (character !== '{') return [1, 1];
    const written = /^\{(\d{1,6})(?:(,)(\d{1,6})?)?\}/.exec(this.text.slice(this.at));
    if (written === null) this.refuse('`{` that starts no quantifier (write `\\{` for the character)');
    const [whole, min, comma, max] = written as unknown as [string, string, string?, string?];
    const low = Number(min);
    const high = comma === undefined ? low : max === undefined ? null : Number(max);
    if (high !== null && high < low) this.refuse('a quantifier whose maximum is below its minimum');
    if (Math.max(low, high ?? 0) > MOST_REPETITIONS) this.refuse(`more than ${MOST_REPETITIONS} repetitions`);
    this.at += whole.length;
    return [low, high];
  }
}

function single(set: CharSet): number | undefined {
  const [only] = set;
  return set.length === 1 && only![0] === only![1] ? only![0] : undefined;
}
