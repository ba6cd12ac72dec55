/** Guard's own reader of data files, as `cfn-guard validate` 3.1.1 reads them (measured). */
import { Float, ReadError, compose } from '../../template/index.js';
import type { Dialect, Value } from '../../template/index.js';

const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?$/;
const SCALAR = new Set(['Base64', 'Sub', 'GetAZs', 'ImportValue', 'GetAtt', 'RefAll']);
const SEQUENCE = new Set([
  'GetAtt',
  'Sub',
  'Select',
  'Split',
  'Join',
  'FindInMap',
  'And',
  'Equals',
  'Contains',
  'EachMemberIn',
  'EachMemberEquals',
  'ValueOf',
  'If',
  'Not',
  'Or',
]);

function float(text: string): Value {
  const number = Number(text);
  return Number.isInteger(number) ? new Float(number) : number;
}

const validate: Dialect = {
  plain(text) {
    if (INTEGER.test(text)) {
      const big = BigInt(text.replace('+', ''));
      if (BigInt.asIntN(64, big) !== big) return float(text);
      return Number.isSafeInteger(Number(big)) ? Number(big) : big;
    }
    if (FLOAT.test(text)) return float(text);
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (text === '~' || text.toLowerCase() === 'null') return null;
    return text;
  },
  tagged(tag, text, plain) {
    const name = tag.slice(1);
    if (name === 'Ref' || name === 'Condition') return { [name]: text };
    if (SCALAR.has(name)) return { [`Fn::${name}`]: text };
    return tag.startsWith('!!') && tag !== '!!str' && plain ? validate.plain(text) : text;
  },
  wrap(tag, value) {
    return Array.isArray(value) && SEQUENCE.has(tag.slice(1)) ? { [`Fn::${tag.slice(1)}`]: value } : value;
  },
  key(value) {
    if (typeof value !== 'string') throw new ReadError('non string type detected for key in a map', 0);
    return value;
  },
  empty: '',
  aliases: false,
  mergeKeys: false,
  duplicateKeys: true,
};

/** A document of Guard data, or why it could not be read. */
export type LoadedData =
  | {
      readonly ok: true;
      readonly value: Value;
      /** Zero-based place of the value at a `/`-joined path. */
      locate(path: string): { line: number; column: number };
    }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a data file as `cfn-guard validate` does.
 *
 * @param text - The file's characters.
 * @param name - Its name, for messages.
 */
export function loadData(text: string, name: string): LoadedData {
  if (text.trim() === '') return { ok: false, message: `Unable to parse a template from data file: ${name} is empty` };
  try {
    const value = compose(text, validate, true);
    if (value === undefined) return { ok: false, message: `${name} holds no document` };
    return { ok: true, value, locate: () => ({ line: 0, column: 0 }) };
  } catch (error) {
    if (error instanceof ReadError) return { ok: false, message: error.message };
    throw error;
  }
}

const test: Dialect = {
  plain(text) {
    if (/^(|~|null|Null|NULL)$/.test(text)) return null;
    if (/^(true|True|TRUE)$/.test(text)) return true;
    if (/^(false|False|FALSE)$/.test(text)) return false;
    if (/^[-+]?(0|[1-9]\d*)$/.test(text)) {
      const big = BigInt.asIntN(64, BigInt(text.replace('+', '')));
      return Number.isSafeInteger(Number(big)) ? Number(big) : big;
    }
    if (FLOAT.test(text) && !INTEGER.test(text)) return float(text);
    return text;
  },
  tagged(tag, text, plain) {
    const inner = plain ? test.plain(text) : text;
    return tag.startsWith('!!') ? (tag === '!!str' ? text : inner) : test.wrap(tag, inner as readonly Value[]);
  },
  wrap(tag, value) {
    const name = tag.slice(1);
    if (name === 'Ref' || name === 'Condition') return { [name]: value };
    return SCALAR.has(name) || SEQUENCE.has(name) ? { [`Fn::${name}`]: value } : value;
  },
  key(value) {
    if (typeof value !== 'string') throw new ReadError('a key is not a string', 0);
    return value;
  },
  empty: null,
  aliases: true,
  mergeKeys: false,
  duplicateKeys: false,
};

/** Reads a test input, or the text given to `json_parse`, as `cfn-guard test` does. */
export function loadTestData(
  text: string,
): { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: compose(text, test, false) ?? null };
  } catch (error) {
    if (error instanceof ReadError) return { ok: false, message: error.message };
    throw error;
  }
}
