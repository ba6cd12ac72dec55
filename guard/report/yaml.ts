/**
 * Values as YAML text, in the very form in which cfn-guard 3.1.1 prints them (measured): block style, lists in maps not
 * indented, strings plain where they can be, texts of several lines as literal blocks.
 */
import { Float, isList, isMap, keysOf, type Value } from '../../template/index.js';
import { isNotFinite, numberText } from './numbers.js';

/** Keys longer than this, in bytes, are written as `? key`. */
const LONGEST_SIMPLE_KEY = 128;

/** The YAML text of a value, with a line end after it. */
export function printYaml(value: Value): string {
  return isCollection(value) ? collection(value, 0) : ended(scalar(value, 0));
}

function isCollection(value: Value): boolean {
  return (isList(value) && value.length > 0) || (isMap(value) && keysOf(value).length > 0);
}

/** A list or map whose first line has its indent written already. */
function collection(value: Value, indent: number): string {
  const pad = ' '.repeat(indent);
  let text = '';
  if (isList(value)) {
    for (const item of value) {
      text += text === '' ? '- ' : `${pad}- `;
      text += isCollection(item) ? collection(item, indent + 2) : ended(scalar(item, indent));
    }
    return text;
  }
  if (!isMap(value)) return text;
  for (const key of keysOf(value)) {
    if (text !== '') text += pad;
    const item = value[key]!;
    const simple = !/[\n\r\u0085\u2028\u2029]/.test(key) && byteLength(key) <= LONGEST_SIMPLE_KEY;
    text += simple ? `${quoted(key, true, indent)}:` : `? ${ended(quoted(key, false, indent))}${pad}:`;
    if (!isCollection(item)) text += ` ${ended(scalar(item, indent))}`;
    else if (!simple) text += ` ${collection(item, indent + 2)}`;
    else if (isList(item)) text += `\n${pad}${collection(item, indent)}`;
    else text += `\n${pad}  ${collection(item, indent + 2)}`;
  }
  return text;
}

/** A text with the end of its line; blocks have theirs, which may be a line end of Unicode. */
function ended(text: string): string {
  return /[\n\u2028\u2029]$/.test(text) ? text : `${text}\n`;
}

function scalar(value: Value, indent: number): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quoted(value, false, indent);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && !(value instanceof Float)) return isList(value) ? '[]' : '{}';
  if (!isNotFinite(value)) return numberText(value);
  const number = Number(value instanceof Float ? value.value : value);
  return Number.isNaN(number) ? '.nan' : number > 0 ? '.inf' : '-.inf';
}

const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NULL = /^(?:null|Null|NULL|~|)$/;
/** What reads back as a number; digits with a leading zero do not. */
const NUMBER =
  /^(?:[-+]?(?:0|[1-9][0-9]*)|[-+]?0x[0-9a-fA-F]+|[-+]?0o[0-7]+|[-+]?0b[01]+|[-+]?(?:0|[1-9][0-9]*|[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** What cannot stand outside double quotes: tabs and other control characters, marks, a blank before a line end. */
const SPECIAL = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]| [\n\u2028\u2029]/u;
/** Signs that begin something else when they stand first, or after a blank, or before one. */
const INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](?=[ \t\n]|$))|:(?=[ \t\n]|$)|[ \t\n]#/;

function quoted(text: string, isKey: boolean, indent: number): string {
  const breaks = text.includes('\n');
  const special = SPECIAL.test(text);
  if (breaks && !special && !isKey && !text.endsWith(' ')) return literal(text, indent + 2);
  if (special || breaks || OTHER_BREAK_AND_BLANK.test(text)) return doubleQuoted(text);
  if (OTHER_BREAKS.test(text)) return brokenQuoted(text, indent + 2);
  const plain = !/^ | $/.test(text) && !INDICATOR.test(text);
  if (plain && !BOOLEAN.test(text) && !NULL.test(text) && !isNumber(text)) return text;
  return `'${text.replaceAll("'", "''")}'`;
}

/** The length of a text in UTF-8. */
function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

function isNumber(text: string): boolean {
  return NUMBER.test(text) && (text.includes('.i') || text.includes('.I') || Number(text) !== Infinity);
}

/** Line ends of Unicode that are printed as they are. What follows them is indented as at the start of a line. */
const OTHER_BREAKS = /([\u2028\u2029]+)/;
const OTHER_BREAK_AND_BLANK = /[\u2028\u2029] /;

/** A text in single quotes that has line ends of Unicode. */
function brokenQuoted(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const parts = text.replaceAll("'", "''").split(OTHER_BREAKS);
  return `'${parts.map((part, index) => (index % 2 === 1 ? part + pad : part)).join('')}'`;
}

/** A block `|` to its last line end, with the number of blanks when the text begins with one, and with the sign for what ends it. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? '2' : '';
  const chomp = /[\n\u2028\u2029]$/.test(text) ? (/^\n$|[\n\u2028\u2029]{2}$/.test(text) ? '+' : '') : '-';
  const pad = ' '.repeat(indent);
  // Each piece of text stands behind the blanks that its line begins with; line ends follow each other without any.
  const lines = text
    .split(/([\n\u2028\u2029]+)/)
    .map((part, index) => (index % 2 === 0 && part !== '' ? pad + part : part));
  const body = lines.join('');
  return `|${hint}${chomp}\n${ended(body)}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  let result = '"';
  for (const character of text) {
    const escape = ESCAPES[character];
    if (escape !== undefined) result += escape;
    else if (SPECIAL.test(character)) {
      const hex = character.codePointAt(0)!.toString(16).toUpperCase();
      result +=
        hex.length <= 2
          ? `\\x${hex.padStart(2, '0')}`
          : hex.length <= 4
            ? `\\u${hex.padStart(4, '0')}`
            : `\\U${hex.padStart(8, '0')}`;
    } else result += character;
  }
  return `${result}"`;
}
