/**
 * Texts with policy variables (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html), taken
 * apart once and filled from each request. What is filled in is literal.
 */
import { keyOf, NOT_KNOWN, type Key, type World } from './world.js';
import { ONE, piecesOf, RUN, type Piece } from './pattern.js';

/** A variable, with the text that stands in when the request has no such key. */
interface Variable {
  readonly key: Key;
  readonly otherwise: string | undefined;
}

type Token = Piece | Variable;

/** What a template came to for one request. */
export interface Filled {
  readonly pieces: readonly Piece[];
  /** Whether a variable hangs on an unknown key; it then stands for any text, and a match says only "perhaps". */
  readonly isUnknown: boolean;
}

const VARIABLE = /\$\{(?:([*?$])|\s*([^\s,'{}]+(?: +[^\s,'{}]+)*)\s*(?:,\s*'([^']*)'\s*)?)\}/g;

/** A text that may hold variables. */
export class Template {
  private constructor(private readonly tokens: readonly Token[]) {}

  /**
   * @param hasVariables - Whether `${…}` means something: not in policies of version 2008-10-17.
   * @param hasWildcards - Whether `*` and `?` do.
   */
  static of(text: string, hasVariables: boolean, hasWildcards: boolean): Template {
    const plain = (run: string): Token[] => (run === '' ? [] : hasWildcards ? piecesOf(run) : [run]);
    if (!hasVariables || !text.includes('${')) return new Template(plain(text));
    const tokens: Token[] = [];
    let end = 0;
    for (const match of text.matchAll(VARIABLE)) {
      const [whole, escaped, key = '', otherwise] = match;
      tokens.push(...plain(text.slice(end, match.index)));
      tokens.push(escaped ?? { key: keyOf(key), otherwise });
      end = match.index + whole.length;
    }
    tokens.push(...plain(text.slice(end)));
    return new Template(tokens);
  }

  /** A template with more in front of it. */
  behind(before: readonly Piece[]): Template {
    return new Template([...before, ...this.tokens]);
  }

  /** The literal text that everything filled in starts with. */
  get start(): string {
    let start = '';
    for (const token of this.tokens) {
      if (typeof token !== 'string') break;
      start += token;
    }
    return start;
  }

  /** The pieces, when there is no variable. */
  get fixed(): readonly Piece[] | undefined {
    const pieces: Piece[] = [];
    for (const token of this.tokens) {
      if (typeof token === 'object') return undefined;
      pieces.push(token);
    }
    return pieces;
  }

  /** @returns `undefined` when a variable has no value: the key is absent without a default, or has several values. */
  fill(world: World): Filled | undefined {
    const pieces: Piece[] = [];
    let isUnknown = false;
    for (const token of this.tokens) {
      if (typeof token === 'string' || token === RUN || token === ONE) {
        pieces.push(token);
        continue;
      }
      const values = world.valuesOf(token.key);
      if (values === NOT_KNOWN) {
        isUnknown = true;
        pieces.push(RUN);
        continue;
      }
      const value = typeof values === 'string' ? values : single(values, token.otherwise);
      if (value === undefined) return undefined;
      if (value !== '') pieces.push(value);
    }
    return { pieces, isUnknown };
  }
}

function single(values: readonly string[] | undefined, otherwise: string | undefined): string | undefined {
  if (values === undefined || values.length === 0) return otherwise;
  return values.length === 1 ? values[0] : undefined;
}
