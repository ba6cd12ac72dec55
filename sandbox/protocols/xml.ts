/** Writing XML. */

/** A value that an answer can hold; what is `undefined` is left out, and maps are those of the model. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | null
  | readonly XmlValue[]
  | ReadonlyMap<string, XmlValue>
  | { readonly [key: string]: XmlValue };

/**
 * An element and what is in it.
 *
 * @param item - Name of the elements of lists; with `null` the elements of a list have the list's own name, as S3 has it.
 */
export function element(name: string, value: XmlValue, item: string | null = 'member'): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return `<${name}>${escape(String(value))}</${name}>`;
  if (isList(value)) {
    if (item === null) return value.map((each) => element(name, each, item)).join('');
    return `<${name}>${value.map((each) => element(item, each, item)).join('')}</${name}>`;
  }
  if (isMap(value)) {
    return `<${name}>${[...value].map(([key, each]) => element('entry', { key, value: each }, item)).join('')}</${name}>`;
  }
  return `<${name}>${Object.entries(value)
    .map(([key, each]) => element(key, each, item))
    .join('')}</${name}>`;
}

function isMap(value: object): value is ReadonlyMap<string, XmlValue> {
  return value instanceof Map;
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 cannot hold, however they are written: an answer with one of them could not be read. */
// eslint-disable-next-line no-control-regex -- These are the characters that are meant.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escape(text: string): string {
  return text
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!)
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
