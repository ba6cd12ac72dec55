/** YAML and JSON as `cfn-guard validate` 3.1.1 reads them (measured): libyaml's events, with rules of its own for scalars. */
import type { Dialect, Value } from '../../template/index.js';
import { parseFloat64, parseInteger } from './numbers.js';

/** Short forms on scalars. */
export const SCALAR_SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['Ref', 'Ref'],
  ['Condition', 'Condition'],
  ...['Base64', 'Sub', 'GetAZs', 'ImportValue', 'GetAtt', 'RefAll'].map((name) => [name, `Fn::${name}`] as const),
]);

/** Short forms on lists. */
export const LIST_SHORT_FORMS: ReadonlyMap<string, string> = new Map(
  [
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
  ].map((name) => [name, `Fn::${name}`]),
);

/** The reference implementation overflows its stack at about 6,500 levels; ours may end before. */
const MAX_DEPTH = 6000;

function plain(text: string): Value {
  const first = text.charCodeAt(0);
  // Most texts start with a letter that starts no number and none of the words below.
  if (first > 57) {
    switch (first) {
      case 116:
        return text === 'true' ? true : text;
      case 102:
        return text === 'false' ? false : text;
      case 78:
      case 110:
        if (text.length === 4 && text.toLowerCase() === 'null') return null;
        return (text.length === 3 ? parseFloat64(text) : undefined) ?? text;
      case 73:
      case 105:
        return parseFloat64(text) ?? text;
      case 126:
        return text.length === 1 ? null : text;
      default:
        return text;
    }
  }
  return parseInteger(text) ?? parseFloat64(text) ?? text;
}

export const VALIDATE_DIALECT: Dialect = {
  plain,
  tagged(tag, text) {
    switch (tag) {
      case 'tag:yaml.org,2002:bool':
        return text === 'true' ? true : text === 'false' ? false : text;
      case 'tag:yaml.org,2002:int':
        return parseInteger(text);
      case 'tag:yaml.org,2002:float':
        return parseFloat64(text);
      case 'tag:yaml.org,2002:null':
        return null;
      default: {
        const key = tag.startsWith('!') ? SCALAR_SHORT_FORMS.get(tag.slice(1)) : undefined;
        return key === undefined ? text : { [key]: text };
      }
    }
  },
  wrapper(tag, value) {
    return Array.isArray(value) && tag.startsWith('!') ? LIST_SHORT_FORMS.get(tag.slice(1)) : undefined;
  },
  plainKey(text) {
    return typeof plain(text) === 'string' ? text : undefined;
  },
  empty: '',
  aliases: false,
  mergeKeys: false,
  duplicateKeys: 'last',
  surrogateEscapes: false,
  afterDocument: 'documents',
  taggedKeys: true,
  maxDepth: MAX_DEPTH,
  maxExpanded: Infinity,
};
