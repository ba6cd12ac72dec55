/** Reading of YAML text into values: the part that templates, Guard's data files and Guard's test files share. */
import type { Value } from '../../values.js';
import { firstForbidden } from './characters.js';
import type { Dialect } from './dialect.js';
import type { Duplicate, Mark } from './marks.js';
import { Parser } from './parser.js';
import { ReadError } from './scanner.js';

export type { Dialect } from './dialect.js';
export type { Duplicate, EntryMark, Mark } from './marks.js';
export { ReadError } from './scanner.js';
export type { Fault } from './scanner.js';

/**
 * Reads the first document of a text.
 *
 * @param text - YAML 1.1, which includes nearly all JSON.
 * @param dialect - What tags, plain scalars and repeated keys mean.
 * @returns The value; `undefined` when the text holds no document.
 * @throws ReadError when the text is not YAML, or not of the dialect.
 */
export function readYaml(text: string, dialect: Dialect): Value | undefined {
  const { value, duplicates } = parse(text, dialect, false);
  const [duplicate] = duplicates;
  if (duplicate !== undefined) {
    throw new ReadError(`the key \`${duplicate.key}\` stands in the map twice`, duplicate.start, 'duplicateKey');
  }
  return value;
}

/**
 * The places of all values of a text, and the keys that it repeats.
 *
 * @throws ReadError as {@link readYaml} does, but not for repeated keys.
 */
export function markYaml(text: string, dialect: Dialect): { mark: Mark; duplicates: readonly Duplicate[] } {
  return parse(text, dialect, true);
}

function parse(
  text: string,
  dialect: Dialect,
  marking: boolean,
): { value: Value | undefined; mark: Mark; duplicates: readonly Duplicate[] } {
  const forbidden = firstForbidden(text);
  if (forbidden >= 0) {
    const code = text.charCodeAt(forbidden).toString(16).toUpperCase().padStart(4, '0');
    throw new ReadError(`the character U+${code} cannot stand in YAML`, forbidden, 'character');
  }
  const parser = new Parser(text, dialect, marking);
  try {
    const { value, mark } = parser.read();
    return { value, mark, duplicates: parser.duplicates };
  } catch (error) {
    // A caller that has used up most of the stack leaves too little for the depth that the dialect allows.
    if (!(error instanceof RangeError)) throw error;
    throw new ReadError('lists and maps are nested too deep to be read here', 0, 'depth');
  }
}
