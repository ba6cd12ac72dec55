/**
 * Intrinsic functions as they are written: which maps are functions, and what form their arguments must have.
 *
 * Follows "Intrinsic function reference" of the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
 */
import { KEY_ORDER, get, isList, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { malformed, misplaced, unknownFunction } from './diagnostics.js';
import type { Problem } from './diagnostics.js';

export const LOOP_PREFIX = 'Fn::ForEach::';

/** A map that is a function, with the function's name and its arguments. */
export interface Call {
  readonly name: string;
  readonly argument: Value;
}

/** Functions that only conditions and rules may use. */
export const CONDITION_FUNCTIONS: ReadonlySet<string> = new Set(['Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or']);

/** Functions that only the `Rules` section may use. */
export const RULE_FUNCTIONS: ReadonlySet<string> = new Set([
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::RefAll',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
]);

/** The form that the arguments must have, as a predicate and in words. */
const FORMS: ReadonlyMap<string, readonly [well: (argument: Value) => boolean, expected: string]> = new Map([
  ['Ref', [(a) => isName(a) || isCallLike(a), 'it takes the name of a parameter or resource']],
  ['Fn::Base64', [(a) => typeof a === 'string' || isCallLike(a), 'it takes a string']],
  [
    'Fn::Cidr',
    [
      (a) => isListOf(a, 2, 3) || isCallLike(a),
      'it takes a list of an address block, a count and a number of host bits',
    ],
  ],
  [
    'Fn::FindInMap',
    [
      (a) => isListOf(a, 3, 4) && (a.length === 3 || (isMap(a[3]) && Object.hasOwn(a[3], 'DefaultValue'))),
      'it takes a list of a mapping, a top-level key, a second-level key and, at most, a map with `DefaultValue`',
    ],
  ],
  [
    'Fn::GetAtt',
    [
      (a) =>
        (typeof a === 'string' && /^[^.]+\../.test(a)) ||
        (isListOf(a, 2, 2) && a.every((item) => isName(item) || isCallLike(item))),
      'it takes a list of a logical ID and an attribute',
    ],
  ],
  ['Fn::GetAZs', [(a) => typeof a === 'string' || isCallLike(a), 'it takes the name of a Region']],
  [
    'Fn::GetStackOutput',
    [
      (a) =>
        isMap(a) && ['StackName', 'OutputName'].every((key) => Object.hasOwn(a, key)) && keysOf(a).every(isOfOutput),
      'it takes a map of `StackName` and `OutputName`, and at most `Region` and `RoleArn`',
    ],
  ],
  [
    'Fn::If',
    [
      (a) => isListOf(a, 3, 3) && isName(a[0]!),
      'it takes a list of the name of a condition, a value if true and a value if false',
    ],
  ],
  ['Fn::ImportValue', [(a) => isName(a) || isCallLike(a), 'it takes the name of an export']],
  [
    'Fn::Join',
    [
      (a) => isListOf(a, 2, 2) && typeof a[0] === 'string' && (isList(a[1]) || isCallLike(a[1])),
      'it takes a list of a delimiter and a list of values',
    ],
  ],
  ['Fn::Length', [(a) => isList(a) || isCallLike(a), 'it takes a list']],
  [
    'Fn::Select',
    [
      (a) => isListOf(a, 2, 2) && (isList(a[1]) || isCallLike(a[1])) && isIndexLike(a[0]!),
      'it takes a list of an index and a list of values',
    ],
  ],
  [
    'Fn::Split',
    [
      (a) =>
        isListOf(a, 2, 2) && typeof a[0] === 'string' && a[0] !== '' && (typeof a[1] === 'string' || isCallLike(a[1])),
      'it takes a list of a delimiter that is not empty and a string',
    ],
  ],
  [
    'Fn::Sub',
    [
      (a) =>
        typeof a === 'string' || isMadeByMacro(a) || (isListOf(a, 2, 2) && typeof a[0] === 'string' && isMap(a[1])),
      'it takes a string, or a list of a string and a map of variables',
    ],
  ],
  ['Fn::ToJsonString', [(a) => isList(a) || isMap(a), 'it takes a list or a map']],
  ['Fn::Transform', [(a) => isMap(a) && typeof get(a, 'Name') === 'string', 'it takes a map with `Name`']],
]);

/** Whether a macro makes a value: it runs before other functions do. */
export function isMadeByMacro(value: Value): value is ValueMap {
  return isMap(value) && Object.hasOwn(value, 'Fn::Transform');
}

function isOfOutput(key: string): boolean {
  return ['StackName', 'OutputName', 'Region', 'RoleArn'].includes(key);
}

function isName(value: Value): value is string {
  return typeof value === 'string' && value !== '';
}

function isListOf(value: Value, least: number, most: number): value is readonly Value[] {
  return isList(value) && value.length >= least && value.length <= most;
}

function isIndexLike(value: Value): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0;
  return (typeof value === 'string' && /^\s*\d+\s*$/.test(value)) || isCallLike(value);
}

/** Whether a value is a function call, as far as its single key tells. */
export function isCallLike(value: Value | undefined): value is ValueMap {
  return isMap(value) && callOf(value) !== undefined;
}

/**
 * The function that a map calls; `undefined` for an ordinary map.
 *
 * A map with more keys than the function's is a call too, of a function that is malformed: CloudFormation refuses it.
 */
export function callOf(map: ValueMap): Call | undefined {
  if (map[KEY_ORDER] !== undefined) return undefined;
  let first: string | undefined;
  let count = 0;
  let named: string | undefined;
  for (const key in map) {
    if (!Object.hasOwn(map, key)) continue;
    count++;
    first ??= key;
    if (named === undefined && key.startsWith('Fn::') && !key.startsWith(LOOP_PREFIX)) named = key;
  }
  if (named !== undefined) return { name: named, argument: map[named]! };
  return count === 1 && first === 'Ref' ? { name: first, argument: map[first]! } : undefined;
}

/** What is wrong with the form of a call where a value is wanted; `undefined` when nothing is. */
export function formProblem(map: ValueMap, call: Call): Problem | undefined {
  const { name, argument } = call;
  if (CONDITION_FUNCTIONS.has(name)) return misplaced(name, 'under `Conditions` and `Rules`');
  if (RULE_FUNCTIONS.has(name)) return misplaced(name, 'under `Rules`');
  const form = FORMS.get(name);
  if (form === undefined) return unknownFunction(name, FORMS.keys());
  if (keysOf(map).length > 1 && name !== 'Fn::Transform') {
    return malformed(name, 'other keys stand beside it');
  }
  const [well, expected] = form;
  return well(argument) ? undefined : malformed(name, expected);
}

/** The pieces of the text of an `Fn::Sub`: literal text, and the names between `${` and `}`. */
export type SubPart = string | { readonly name: string };

/** Splits the text of an `Fn::Sub`; `${!Literal}` is the text `${Literal}`. Cost: the length of the text. */
export function subParts(text: string): readonly SubPart[] {
  const parts: SubPart[] = [];
  let literal = '';
  let end = 0;
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', end)) {
    const close = text.indexOf('}', start);
    if (close < 0) break;
    literal += text.slice(end, start);
    end = close + 1;
    const name = text.slice(start + 2, close);
    if (name.startsWith('!')) {
      literal += `\${${name.slice(1)}}`;
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ name });
  }
  literal += text.slice(end);
  if (literal !== '') parts.push(literal);
  return parts;
}

/** Whether a name between `${` and `}` is one that CloudFormation takes. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z0-9_.:]+$/.test(name);
}

/** The logical ID and the attribute of an `Fn::GetAtt`; an attribute may hold dots. */
export function attributeParts(argument: Value): readonly [Value, Value] {
  if (isList(argument)) return [argument[0]!, argument[1]!];
  const text = argument as string;
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}
