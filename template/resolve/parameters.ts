/**
 * Parameters of a template and the values they are given.
 *
 * Follows "Parameters section" of the AWS CloudFormation User Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html). A `Number`, which
 * CloudFormation hands on as text, is kept as a number where the text is the number's own spelling: the property that
 * takes it converts it back, and a rule that compares numbers can read it. In `Fn::Sub` and `Fn::Join` it is text again.
 */
import type { Choice, UnknownKind } from '../unknown.js';
import { Float, get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { textOf } from './build.js';
import { badParameter, badParameterValue } from './diagnostics.js';
import type { PathDiagnostic } from './diagnostics.js';

/** A parameter, and what is known of its value. */
export interface ParameterModel {
  readonly name: string;
  /** As written; `String` when the template leaves it out. */
  readonly type: string;
  readonly isList: boolean;
  readonly noEcho: boolean;
  /** As written. */
  readonly default: Value | undefined;
  /** As written; `undefined` when every value is allowed. */
  readonly allowedValues: readonly Value[] | undefined;
  /** Where the value comes from; `none` when it is not known. */
  readonly source: 'given' | 'default' | 'none';
  /** The value that `Ref` gives: text, a number, or a list of these. */
  readonly value: Value | undefined;
  /** Why the value is not known. */
  readonly unknown: { readonly kind: UnknownKind; readonly reason: string } | undefined;
  /** The question that AllowedValues leave open when there is no value. */
  readonly choice: Choice | undefined;
}

/** Values for parameters: text, or the items of a list. */
export type GivenParameters = Readonly<Record<string, string | readonly string[]>>;

/** The types whose value is the name of something in Parameter Store. */
const SSM_VALUE = 'AWS::SSM::Parameter::Value<';

/** Reads the `Parameters` section. @param defaults - Whether a Default stands for a value that is not given. */
export function readParameters(
  template: ValueMap,
  given: GivenParameters,
  defaults: boolean,
): { parameters: ReadonlyMap<string, ParameterModel>; diagnostics: readonly PathDiagnostic[] } {
  const parameters = new Map<string, ParameterModel>();
  const diagnostics: PathDiagnostic[] = [];
  const section = get(template, 'Parameters');
  if (isMap(section)) {
    for (const name of keysOf(section)) {
      const text = Object.hasOwn(given, name) ? given[name] : undefined;
      parameters.set(name, readParameter(name, section[name]!, text, defaults, diagnostics));
    }
  }
  return { parameters, diagnostics };
}

function readParameter(
  name: string,
  declaration: Value,
  given: string | readonly string[] | undefined,
  defaults: boolean,
  diagnostics: PathDiagnostic[],
): ParameterModel {
  const path: Path = ['Parameters', name];
  const map: ValueMap = isMap(declaration) ? declaration : {};
  const named = get(map, 'Type');
  const type = typeof named === 'string' ? named : 'String';
  if (typeof named !== 'string') {
    diagnostics.push({ ...badParameter(name, 'has no `Type`'), path });
  }
  const isListType = type === 'CommaDelimitedList' || type.startsWith('List<');
  const noEcho = textOf(get(map, 'NoEcho') ?? false) === 'true';
  const allowed = get(map, 'AllowedValues');
  const allowedValues = isList(allowed) && allowed.length > 0 ? allowed : undefined;
  const written: Written = { name, type, isList: isListType, noEcho, default: get(map, 'Default'), allowedValues };
  if (type.startsWith(SSM_VALUE)) {
    return open(written, 'parameter', `parameter \`${name}\` is read from Parameter Store at deployment`);
  }
  const source = given === undefined ? 'default' : 'given';
  const raw = given ?? (defaults ? written.default : undefined);
  if (raw === undefined) {
    const choice = isListType || allowedValues === undefined ? undefined : choiceOf(name, type, allowedValues);
    return open(written, 'parameter', `parameter \`${name}\` has no value`, choice);
  }
  const valuePath: Path = source === 'default' ? [...path, 'Default'] : path;
  const value = valueOf(type, isListType, raw);
  if (value === undefined) {
    const expected = type === 'Number' || type === 'List<Number>' ? 'no number' : 'not text';
    const message = `has a ${source === 'default' ? 'Default' : 'value'} that is ${expected}`;
    diagnostics.push({ ...badParameterValue(name, message), path: valuePath });
    return open(written, 'invalid', `parameter \`${name}\` ${message}`);
  }
  if (allowedValues !== undefined) {
    const texts = new Set(allowedValues.map(textOf));
    const refused = (isList(value) ? value : [value]).find((item) => !texts.has(textOf(item)));
    if (refused !== undefined) {
      const message = `does not allow the value \`${textOf(refused)!}\``;
      diagnostics.push({ ...badParameterValue(name, message), path: valuePath });
    }
  }
  return modelOf(written, source, value, undefined, undefined);
}

/** What a declaration says, whatever the value is. */
type Written = Omit<ParameterModel, 'source' | 'value' | 'unknown' | 'choice'>;

function open(written: Written, kind: UnknownKind, reason: string, choice?: Choice): ParameterModel {
  return modelOf(written, 'none', undefined, { kind, reason }, choice);
}

/** Names every field: a spread costs ten times as much, and templates have many parameters. */
function modelOf(
  { name, type, isList: list, noEcho, default: byDefault, allowedValues }: Written,
  source: ParameterModel['source'],
  value: Value | undefined,
  unknown: ParameterModel['unknown'],
  choice: Choice | undefined,
): ParameterModel {
  return { name, type, isList: list, noEcho, default: byDefault, allowedValues, source, value, unknown, choice };
}

function choiceOf(name: string, type: string, allowedValues: readonly Value[]): Choice | undefined {
  const byText = new Map<string, Value>();
  for (const allowed of allowedValues) {
    const text = textOf(allowed);
    const value = text === undefined ? undefined : scalarOf(type, text);
    if (value === undefined) return undefined;
    byText.set(text!, value);
  }
  return { id: `parameter:${name}`, kind: 'parameter', name, values: [...byText.values()] };
}

/** The value of a parameter of a type for the text that it is given; `undefined` when the text is no such value. */
function valueOf(type: string, isListType: boolean, raw: Value | readonly string[]): Value | undefined {
  if (!isListType) {
    const text = isList(raw) ? undefined : textOf(raw);
    return text === undefined ? undefined : scalarOf(type, text);
  }
  const items = isList(raw) ? raw.map(textOf) : textOf(raw)?.split(',');
  if (items === undefined) return undefined;
  const itemType = type === 'List<Number>' ? 'Number' : 'String';
  const values = items.map((item) => (item === undefined ? undefined : scalarOf(itemType, item.trim())));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** A scalar of a type: numbers in their own spelling become numbers, everything else stays text. */
export function scalarOf(type: string, text: string): Value | undefined {
  if (type !== 'Number') return text;
  if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)) return undefined;
  const number = Number(text);
  const value = Number.isInteger(number) && text.includes('.') ? new Float(number) : number;
  return textOf(value) === text ? value : text;
}
