/** Advice in one line, for places that show nothing else: messages of hooks, cells of tables. */
import { readTemplate } from './read/read-template.js';
import { Float, get, isList, isMap, keysOf } from './values.js';
import type { Value, ValueMap } from './values.js';

/** Text that YAML reads as itself inside of `{}` and `[]`. */
const PLAIN = /^[A-Za-z_/$][\w./:$*@+-]*$/;
/** Words of YAML 1.1 that are no text. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/**
 * Puts advice of several lines into one: a line of words, and the YAML below it in flow style, so that it is still YAML.
 *
 * @param text - Such as `add to the bucket\nBucketEncryption:\n  …`.
 * @returns `add to the bucket: BucketEncryption: {…}`. What is not words above a map or list of YAML keeps its words, with
 *   blanks for the ends of lines.
 */
export function inOneLine(text: string): string {
  const trimmed = text.trim();
  const end = trimmed.indexOf('\n');
  if (end < 0) return joined(trimmed);
  const flow = flowOf(trimmed.slice(end + 1));
  return flow === null ? joined(trimmed) : `${joined(trimmed.slice(0, end)).replace(/:$/, '')}: ${flow}`;
}

function joined(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** YAML in flow style; `null` when the text is not a map or list of YAML. */
function flowOf(yaml: string): string | null {
  const value = readTemplate(yaml, 'advice').source?.value;
  if (isMap(value)) return entries(value).join(', ');
  return isList(value) ? flow(value) : null;
}

function flow(value: Value): string {
  if (isMap(value)) return `{${entries(value).join(', ')}}`;
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  if (value instanceof Float) return `${value.value}.0`;
  if (typeof value !== 'string') return String(value);
  // A colon at the end, or before a blank, would make a key of it.
  return PLAIN.test(value) && !WORD.test(value) && !value.endsWith(':') ? value : JSON.stringify(value);
}

function entries(map: ValueMap): readonly string[] {
  return keysOf(map).map((key) => `${flow(key)}: ${flow(get(map, key)!)}`);
}
