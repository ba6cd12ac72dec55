/** Texts with wildcards and policy variables. */
import type { World } from './world.js';

export const RUN = Symbol('*');
const ONE = Symbol('?');
/** One character, or a wildcard. */
export type Piece = string | typeof RUN | typeof ONE;

/** Whether a pattern matches a whole text: the numbers of characters that the pattern so far can stand for. */
export function matches(pattern: readonly Piece[], text: readonly Piece[]): boolean {
  let reached = new Set([0]);
  for (const piece of pattern) {
    const next = new Set<number>();
    if (piece === RUN) for (let at = Math.min(...reached); at <= text.length; at++) next.add(at);
    else for (const at of reached) if (at < text.length && (piece === ONE || piece === text[at])) next.add(at + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(text.length);
}

export const letters = (text: string): Piece[] => text.split('');

/** A text with wildcards and without variables. */
export function pieces(text: string): Piece[] {
  return letters(text).map((letter) => (letter === '*' ? RUN : letter === '?' ? ONE : letter));
}

/** Cuts at the first colons into so many parts at most. */
export function parts(list: readonly Piece[], most: number): Piece[][] {
  const colon = list.indexOf(':');
  if (most === 1 || colon < 0) return [[...list]];
  return [list.slice(0, colon), ...parts(list.slice(colon + 1), most - 1)];
}

export const isText = (list: readonly Piece[] | undefined, text: string): boolean =>
  list?.length === text.length && list.every((piece, index) => piece === text[index]);

/**
 * Puts values in the place of variables (reference_policies_variables). What is put in is literal.
 *
 * @returns `undefined` when a variable has no value and no default.
 */
export function substitute(text: string, hasVariables: boolean, wildcards: boolean, world: World): Piece[] | undefined {
  const plain = (run: string): Piece[] => (wildcards ? pieces(run) : letters(run));
  if (!hasVariables) return plain(text);
  const result: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(?:([*?$])|\s*([^\s,'{}]+(?: +[^\s,'{}]+)*)\s*(?:,\s*'([^']*)'\s*)?)\}/g)) {
    const [whole, escaped, key = '', otherwise] = match;
    const values = world.valuesOf(key);
    const value = escaped ?? (values.length === 0 ? otherwise : values.length === 1 ? values[0] : undefined);
    if (value === undefined) return undefined;
    result.push(...plain(text.slice(end, match.index)), ...letters(value));
    end = match.index + whole.length;
  }
  return [...result, ...plain(text.slice(end))];
}
