/** Reading of YAML text into values: the part that templates, Guard's data files and Guard's test files share. */
import type { Value } from '../../values.js';
import { firstForbidden } from './characters.js';
import type { Dialect } from './dialect.js';
import type { Mark } from './marks.js';
import { Parser } from './parser.js';
import { ReadError } from './scanner.js';

export type { Dialect } from './dialect.js';
export type { EntryMark, Mark } from './marks.js';
export { ReadError } from './scanner.js';

/**
 * Reads the first document of a text.
 *
 * @param text - YAML 1.1, which includes nearly all JSON.
 * @param dialect - What tags, plain scalars and repeated keys mean.
 * @returns The value; `undefined` when the text holds no document.
 * @throws ReadError when the text is not YAML, or not of the dialect.
 */
export function readYaml(text: string, dialect: Dialect): Value | undefined {
  return parse(text, dialect, false).value;
}

/** The places of all values of a text that {@link readYaml} reads, or would read but for a repeated key. */
export function markYaml(text: string, dialect: Dialect): Mark {
  return parse(text, dialect, true).mark;
}

function parse(text: string, dialect: Dialect, marking: boolean): { value: Value | undefined; mark: Mark } {
  const forbidden = firstForbidden(text);
  if (forbidden >= 0) {
    const code = text.charCodeAt(forbidden).toString(16).toUpperCase().padStart(4, '0');
    throw new ReadError(`the character U+${code} cannot stand in YAML`, forbidden);
  }
  return new Parser(text, dialect, marking).read();
}
