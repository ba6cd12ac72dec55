/** Places inside of policies that a template holds as text. */
import { lineCounter } from '../../findings/index.js';
import type { Location, SourceRange } from '../../findings/index.js';
import { isMap, keysOf, readJsonSource } from '../../template/index.js';
import type { Path, TemplateSource } from '../../template/index.js';
import { valueAt } from './values.js';
import { writtenOffsets } from './written-text.js';

/**
 * Where a part of a JSON document is written that the template holds as text: in a scalar of any kind, put together by
 * `Fn::Sub` and `Fn::Join`, taken from a Default or a mapping, or made by `Fn::ToJsonString`.
 *
 * @param text - What the template says once it is resolved.
 * @param path - Of the part in the document.
 * @param written - Of the text in the template.
 * @returns `undefined` where nothing of the part is written in the template.
 */
export function placeInText(source: TemplateSource, written: Path, text: string, path: Path): Location | undefined {
  const node = valueAt(source.value, written);
  if (node !== undefined && isMap(node) && keysOf(node).join() === 'Fn::ToJsonString') {
    return source.locationOf([...written, 'Fn::ToJsonString', ...path]);
  }
  const part = readJsonSource(text, source.file).source?.rangeOf(path);
  const offsets = part === undefined ? undefined : writtenOffsets(source, written, text);
  const range = part === undefined || offsets === undefined ? undefined : rangeIn(offsets, part);
  return range === undefined ? undefined : locationAt(source, written, range);
}

/** Characters of a text. */
export type Span = Pick<SourceRange, 'start' | 'end'>;

/** From the first character of a part that is written to the last one behind it. */
export function rangeIn(offsets: readonly number[], { start, end }: Span): Span | undefined {
  const places = offsets.slice(start, Math.max(end, start + 1)).filter((offset) => offset >= 0);
  const [first] = places;
  if (first === undefined) return undefined;
  // A part that is put together of pieces in several places is shown where it begins.
  const last = places.findLast((offset) => offset >= first)!;
  return { start: first, end: last + 1 };
}

/** A template that stands as text in another file, where its places are. */
export interface InsideSource extends TemplateSource {
  /** The place in the file of a span of the template. */
  readonly outside: (span: Span) => Location;
}

/** A place in the file, told as one of the text at a path. */
export function locationAt(source: TemplateSource | InsideSource, written: Path, span: Span): Location {
  if ('outside' in source) return source.outside(span);
  const { start, end } = span;
  const lines = lineCounter(source.text);
  const [from, to] = [lines.positionOf(start), lines.positionOf(end)];
  return {
    file: source.file,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    pointer: source.locationOf(written).pointer,
  };
}
