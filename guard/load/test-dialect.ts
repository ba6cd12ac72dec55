/** YAML and JSON as `cfn-guard test` 3.1.1 and its function `json_parse` read them (measured): YAML 1.2, core schema. */
import { Float } from '../../template/index.js';
import type { Dialect, Value } from '../../template/index.js';
import { integer, parseFloat64 } from './numbers.js';
import { LIST_SHORT_FORMS, SCALAR_SHORT_FORMS } from './validate-dialect.js';

const INTEGER = /^[-+]?(?:0|[1-9]\d*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/;
/** Longer integers have more than 128 bits, whatever their base. */
const MAX_LENGTH = 200;
const FLOAT = /^[-+]?(?:(?:0|[1-9]\d*)?\.\d+|(?:0|[1-9]\d*)\.?)(?:[eE][-+]?\d+)?$/;

/** A number that 64 bits can hold, signed or not, is wrapped to a signed one; one that needs up to 128 bits is refused. */
function wholeNumber(text: string): Value | undefined {
  if (text.length > MAX_LENGTH) return finite(text);
  const negative = text.startsWith('-');
  const magnitude = BigInt(negative || text.startsWith('+') ? text.slice(1) : text);
  if (magnitude <= (negative ? 1n << 63n : (1n << 64n) - 1n)) {
    return integer(BigInt.asIntN(64, negative ? -magnitude : magnitude));
  }
  return magnitude <= (negative ? 1n << 127n : (1n << 128n) - 1n) ? undefined : finite(text);
}

/** A decimal number that a 64-bit float can hold; any other text stays text. */
function finite(text: string): Value {
  const number = parseFloat64(text);
  // A float with an integral value is finite.
  return number instanceof Float || Number.isFinite(number) ? number! : text;
}

function plain(text: string): Value | undefined {
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    case '.nan':
    case '.NaN':
    case '.NAN':
      return NaN;
    default:
  }
  const first = text.charCodeAt(0);
  if (first > 57) return text;
  if (INTEGER.test(text)) return wholeNumber(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return FLOAT.test(text) ? finite(text) : text;
}

function longForm(tag: string): string | undefined {
  const name = tag.slice(1);
  return tag.startsWith('!') ? (SCALAR_SHORT_FORMS.get(name) ?? LIST_SHORT_FORMS.get(name)) : undefined;
}

/**
 * Begins the keys of {@link TEST_FILE_DIALECT} that are no text. No text of a file begins so: half a surrogate pair cannot
 * be written in UTF-8, and an escape does not give one.
 */
const OTHER_KEY = '\ud800';

/** The spelling of a key that is no text, such as `1` or `true`; `null` for a key that is text. */
export function otherKey(key: string): string | null {
  return key.startsWith(OTHER_KEY) ? key.slice(1) : null;
}

export const TEST_DIALECT: Dialect = {
  plain,
  tagged(tag, text, isPlain) {
    const value = isPlain ? plain(text) : text;
    if (value === undefined) return undefined;
    switch (tag) {
      case 'tag:yaml.org,2002:str':
        return text;
      case 'tag:yaml.org,2002:bool':
        return typeof value === 'boolean' ? value : undefined;
      case 'tag:yaml.org,2002:int':
        return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
      case 'tag:yaml.org,2002:float':
        return parseFloat64(text);
      case 'tag:yaml.org,2002:null':
        return value === null ? null : undefined;
      default: {
        if (!tag.startsWith('!')) return text;
        const key = longForm(tag);
        return key === undefined ? value : { [key]: value };
      }
    }
  },
  wrapper(tag) {
    return longForm(tag);
  },
  plainKey(text) {
    return typeof plain(text) === 'string' ? text : undefined;
  },
  empty: null,
  aliases: true,
  mergeKeys: false,
  duplicateKeys: 'error',
  surrogateEscapes: false,
  afterDocument: 'nothing',
  taggedKeys: false,
  maxDepth: 128,
  maxExpanded: 1_000_000,
};

/** The same for files of tests, in which a key may be a number, a boolean or null. */
export const TEST_FILE_DIALECT: Dialect = {
  ...TEST_DIALECT,
  plainKey: (text) => TEST_DIALECT.plainKey(text) ?? OTHER_KEY + text,
};
