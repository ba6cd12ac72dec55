/**
 * Wildcard patterns, taken apart once. A pattern is cut at its stars into chunks: the first is anchored at the start of
 * the text, the last at its end, and each between is looked for from left to right, which is right because the leftmost
 * place leaves the most text for the rest. So the time is at most the product of both lengths, whatever the pattern.
 */

/** Any run of characters. */
export const RUN: unique symbol = Symbol('*');
/** Any one character. */
export const ONE: unique symbol = Symbol('?');
/** A literal text or a wildcard. */
export type Piece = string | typeof RUN | typeof ONE;

/** What stands between two stars. */
interface Chunk {
  readonly length: number;
  /** The text, when no `?` is in it. */
  readonly text: string | undefined;
  /** Otherwise codes of UTF-16, -1 for any. */
  readonly codes: readonly number[];
}

const ANY_CODE = -1;

function chunkOf(pieces: readonly Piece[]): Chunk {
  if (!pieces.includes(ONE)) {
    const text = pieces.join('');
    return { length: text.length, text, codes: [] };
  }
  const codes: number[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'string') codes.push(ANY_CODE);
    else for (let index = 0; index < piece.length; index++) codes.push(piece.charCodeAt(index));
  }
  return { length: codes.length, text: undefined, codes };
}

function matchesAt({ text, codes }: Chunk, whole: string, at: number): boolean {
  if (text !== undefined) return whole.startsWith(text, at);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index]!;
    if (code !== ANY_CODE && whole.charCodeAt(at + index) !== code) return false;
  }
  return true;
}

/** The leftmost place from `from` on where the chunk fits and ends at or before `limit`; -1 when there is none. */
function find(chunk: Chunk, whole: string, from: number, limit: number): number {
  const last = limit - chunk.length;
  if (chunk.text !== undefined) {
    const at = whole.indexOf(chunk.text, from);
    return at > last ? -1 : at;
  }
  for (let at = from; at <= last; at++) if (matchesAt(chunk, whole, at)) return at;
  return -1;
}

/** A pattern ready to be matched against whole texts. */
export class Glob {
  private readonly first: Chunk;
  private readonly middle: readonly Chunk[];
  private readonly last: Chunk | undefined;
  private readonly leastLength: number;

  constructor(pieces: readonly Piece[]) {
    const chunks: Chunk[] = [];
    let start = 0;
    for (let index = 0; index <= pieces.length; index++) {
      if (index < pieces.length && pieces[index] !== RUN) continue;
      const chunk = chunkOf(pieces.slice(start, index));
      start = index + 1;
      // Nothing between two stars asks for nothing; the ends stay.
      if (chunk.length > 0 || chunks.length === 0 || index === pieces.length) chunks.push(chunk);
    }
    this.first = chunks[0]!;
    this.last = chunks.length > 1 ? chunks.at(-1) : undefined;
    this.middle = chunks.slice(1, -1);
    this.leastLength = chunks.reduce((sum, { length }) => sum + length, 0);
  }

  /** The text that the pattern stands for, when it has no wildcard. */
  get literal(): string | undefined {
    return this.last === undefined ? this.first.text : undefined;
  }

  /** Whether every text matches. */
  get matchesAll(): boolean {
    return this.last !== undefined && this.leastLength === 0;
  }

  matches(text: string): boolean {
    const { first, last } = this;
    if (last === undefined) {
      return first.text === undefined ? text.length === first.length && matchesAt(first, text, 0) : text === first.text;
    }
    if (text.length < this.leastLength || !matchesAt(first, text, 0)) return false;
    const limit = text.length - last.length;
    if (!matchesAt(last, text, limit)) return false;
    let from = first.length;
    for (const chunk of this.middle) {
      const at = find(chunk, text, from, limit);
      if (at < 0) return false;
      from = at + chunk.length;
    }
    return true;
  }
}

/** Takes a text with wildcards apart. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (at < text.length && letter !== '*' && letter !== '?') continue;
    if (at > start) pieces.push(text.slice(start, at));
    if (letter !== undefined) pieces.push(letter === '*' ? RUN : ONE);
    start = at + 1;
  }
  return pieces;
}

/** Cuts at the first colons of literal text into at most so many parts. */
export function cut(pieces: readonly Piece[], most: number): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      parts.at(-1)!.push(piece);
      continue;
    }
    const texts = piece.split(':');
    const kept = texts.slice(0, most - parts.length + 1);
    const rest = texts.slice(kept.length);
    if (rest.length > 0) kept.push([kept.pop()!, ...rest].join(':'));
    for (const [index, text] of kept.entries()) {
      if (index > 0) parts.push([]);
      if (text !== '') parts.at(-1)!.push(text);
    }
  }
  return parts;
}

/** Cuts a text at its first colons into at most so many parts. */
export function cutText(text: string, most: number): string[] {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < most - 1) {
    const colon = text.indexOf(':', start);
    if (colon < 0) break;
    parts.push(text.slice(start, colon));
    start = colon + 1;
  }
  parts.push(text.slice(start));
  return parts;
}
