/** YAML and JSON as `cfn-guard test` 3.1.1 and its function `json_parse` read them (measured): YAML 1.2, core schema. */
import type { Dialect, Value } from '../../template/index.js';
import { float, integer, parseFloat64 } from './numbers.js';
import { LIST_SHORT_FORMS, SCALAR_SHORT_FORMS } from './validate-dialect.js';

const INTEGER = /^[-+]?(?:0|[1-9]\d*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/;
const FLOAT = /^[-+]?(?:(?:0|[1-9]\d*)?\.\d+|(?:0|[1-9]\d*)\.?)(?:[eE][-+]?\d+)?$/;

function plain(text: string): Value {
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
  if (INTEGER.test(text)) {
    const negative = text.startsWith('-');
    const magnitude = BigInt(negative || text.startsWith('+') ? text.slice(1) : text);
    const big = negative ? -magnitude : magnitude;
    // The reference wraps what fits an unsigned 64-bit integer only.
    if (big >= -(2n ** 63n) && big < 2n ** 64n) return integer(BigInt.asIntN(64, big));
    return float(Number(big));
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return FLOAT.test(text) ? parseFloat64(text)! : text;
}

function longForm(tag: string): string | undefined {
  const name = tag.slice(1);
  return tag.startsWith('!') ? (SCALAR_SHORT_FORMS.get(name) ?? LIST_SHORT_FORMS.get(name)) : undefined;
}

export const TEST_DIALECT: Dialect = {
  plain,
  tagged(tag, text, isPlain) {
    const value = isPlain ? plain(text) : text;
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
