/** Places inside of policies that a template holds as text. */
import { lineCounter } from '../../findings/index.js';
import type { Location } from '../../findings/index.js';
import { readJsonSource } from '../../template/index.js';
import type { Path, TemplateSource } from '../../template/index.js';

/** What may stand before a block of text in the value of a property: the tag or the key of `Fn::Sub`, a list's dash. */
const BLOCK = /^(?:!Sub\s+|Fn::Sub:\s*)?(?:-\s+)?\|[-+\d]*[^\n]*\n/;

/**
 * Where a part of a text is written that stands as a block (`|`) in YAML, where its lines are lines of the file.
 *
 * @param text - What the template says once it is resolved; names that are put into it do not change its lines.
 * @param path - Of the part in the text.
 * @param written - Of the text in the template.
 * @returns `undefined` for a text that is written in another way: its lines are not those of the file.
 */
export function placeInBlock(source: TemplateSource, written: Path, text: string, path: Path): Location | undefined {
  const range = source.rangeOf(written);
  const header = range === undefined ? null : BLOCK.exec(source.text.slice(range.start, range.end));
  if (range === undefined || header === null) return undefined;
  const part = readJsonSource(text, source.file).source?.rangeOf(path);
  if (part === undefined) return undefined;
  const lines = source.text.slice(range.start + header[0].length, range.end).split('\n');
  const indent = /^ */.exec(lines[0]!)![0].length;
  const inText = lineCounter(text);
  const [from, to] = [inText.positionOf(part.start), inText.positionOf(part.end)];
  const first = lineCounter(source.text).positionOf(range.start + header[0].length).line;
  return {
    file: source.file,
    line: first + from.line - 1,
    column: from.column + indent,
    endLine: first + to.line - 1,
    endColumn: to.column + indent,
    pointer: source.locationOf(written).pointer,
  };
}
