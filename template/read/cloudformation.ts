/**
 * YAML as CloudFormation takes it.
 *
 * "AWS CloudFormation supports the YAML Version 1.1 specification with a few exceptions": the tags binary, omap, pairs,
 * set and timestamp, aliases, and hash merges ("Template formats" in the CloudFormation User Guide,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html). So plain scalars follow the
 * types of YAML 1.1 (https://yaml.org/type/): `yes` and `off` are booleans, `012345670123` is an octal number (see
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/745), `22:30` counts in sixties, and a
 * date stays text. Aliases and merges are read all the same, because `aws cloudformation package` and `sam build`
 * resolve them before CloudFormation sees the template.
 *
 * Keys keep their text: `yes:`, `2010:` and `0123:` are the keys "yes", "2010" and "0123".
 */
import { Float } from '../values.js';
import type { Value } from '../values.js';
import type { Dialect } from './yaml/index.js';

/** The number of lists and maps that may stand in each other in a template. */
export const MAX_DEPTH = 250;
/** The number of values that a template may have once aliases are replaced by what they stand for. */
export const MAX_EXPANDED = 1_000_000;

/** A longer number is none that a service could take; it stays text, since to read it would take too long. */
const MAX_DIGITS = 1_000;

const INTEGER = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*)$/;
const SIXTIES = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;

/** Short forms that have no `Fn::` before their name. */
const BARE = new Set(['Ref', 'Condition']);

/** An integer in the form in which values hold it. */
export function integerValue(big: bigint): number | bigint {
  const number = Number(big);
  return Number.isSafeInteger(number) ? number : big;
}

/** A float in the form in which values hold it. */
export function floatValue(number: number): number | Float {
  return Number.isInteger(number) ? new Float(number) : number;
}

/** What a plain text that starts with a digit, a sign or a dot stands for. */
function numeric(text: string): Value {
  if (INTEGER.test(text)) {
    if (text.length > MAX_DIGITS) return text;
    const digits = text
      .replace(/_/g, '')
      .replace(/^[-+]/, '')
      .replace(/^0(?=\d)/, '0o');
    // `0o` alone comes from `0_`, which is zero.
    const magnitude = digits.length < 3 && digits.startsWith('0') ? 0n : BigInt(digits);
    return integerValue(text.startsWith('-') ? -magnitude : magnitude);
  }
  if (FLOAT.test(text)) return floatValue(Number(text.replace(/_/g, '')));
  if (SIXTIES.test(text)) return sixties(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === '.nan' || text === '.NaN' || text === '.NAN') return NaN;
  return text;
}

function sixties(text: string): Value {
  // A leading zero makes no number of a plain integer, so `08:30` is text.
  if (/^[-+]?0/.test(text) && !text.includes('.')) return text;
  let total = 0;
  for (const part of text.replace(/_/g, '').replace(/^[-+]/, '').split(':')) total = total * 60 + Number(part);
  if (text.startsWith('-')) total = -total;
  return text.includes('.') ? floatValue(total) : total;
}

function plain(text: string): Value {
  const first = text.charCodeAt(0);
  if (first <= 57) return first >= 43 ? numeric(text) : text;
  switch (text) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
    case 'yes':
    case 'Yes':
    case 'YES':
    case 'on':
    case 'On':
    case 'ON':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
    case 'no':
    case 'No':
    case 'NO':
    case 'off':
    case 'Off':
    case 'OFF':
      return false;
    default:
      return text;
  }
}

/** The long form of a short form's tag: `!Sub` → `Fn::Sub`, `!Ref` → `Ref`. */
function longForm(tag: string): string {
  const name = tag.slice(1);
  return BARE.has(name) ? name : `Fn::${name}`;
}

/** A standard type that is asked for by its tag. */
function typed(tag: string, text: string): Value | undefined {
  const value = text === '' ? null : plain(text);
  switch (tag) {
    case 'tag:yaml.org,2002:int':
      return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
    case 'tag:yaml.org,2002:float':
      if (typeof value === 'bigint') return floatValue(Number(value));
      if (typeof value === 'number') return floatValue(value);
      return value instanceof Float ? value : undefined;
    case 'tag:yaml.org,2002:bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'tag:yaml.org,2002:null':
      return value === null ? null : undefined;
    default:
      return text;
  }
}

export const CLOUDFORMATION_DIALECT: Dialect = {
  plain,
  tagged(tag, text) {
    if (!tag.startsWith('!')) return typed(tag, text);
    if (tag === '!') return text;
    if (tag !== '!GetAtt') return { [longForm(tag)]: text };
    const dot = text.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)] };
  },
  wrapper(tag) {
    return tag.startsWith('!') && tag !== '!' ? longForm(tag) : undefined;
  },
  plainKey(text) {
    return text;
  },
  empty: null,
  aliases: true,
  mergeKeys: true,
  duplicateKeys: 'error',
  surrogateEscapes: true,
  afterDocument: 'separators',
  taggedKeys: true,
  maxDepth: MAX_DEPTH,
  maxExpanded: MAX_EXPANDED,
};
