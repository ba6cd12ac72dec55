import { Float, isList, keysOf, type Value } from '../../template/index.js';
import { isNotFinite, numberText } from './numbers.js';

/** A value that JSON has no text for. */
export class UnprintableError extends Error {}

/**
 * The JSON text of a value: integral floats keep their `.0`, large integers all their digits, maps their written order.
 *
 * @param indent - Blanks per level. `@default` all on one line, without blanks.
 * @param margin - Blanks before every line but the first, for a value inside a longer text.
 * @throws UnprintableError for infinities and NaN, which a YAML document can hold.
 */
export function printJson(value: Value, indent = 0, margin = 0): string {
  return write(value, indent, indent === 0 ? '' : `\n${' '.repeat(margin)}`);
}

function write(value: Value, indent: number, lineStart: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'bigint':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      break;
  }
  if (value === null) return 'null';
  if (value instanceof Float) return number(value);
  const inner = indent === 0 ? '' : lineStart + ' '.repeat(indent);
  if (isList(value)) {
    if (value.length === 0) return '[]';
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      text += (index === 0 ? inner : `,${inner}`) + write(value[index]!, indent, inner);
    }
    return `${text}${lineStart}]`;
  }
  let text = '{';
  const colon = indent === 0 ? ':' : ': ';
  for (const key of keysOf(value)) {
    text += (text.length === 1 ? inner : `,${inner}`) + JSON.stringify(key) + colon + write(value[key]!, indent, inner);
  }
  return text.length === 1 ? '{}' : `${text}${lineStart}}`;
}

function number(value: number | bigint | Float): string {
  if (isNotFinite(value)) {
    throw new UnprintableError(`JSON cannot hold the number ${value instanceof Float ? value.value : value}`);
  }
  return numberText(value);
}
