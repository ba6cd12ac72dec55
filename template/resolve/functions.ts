/**
 * The intrinsic functions that give values. Their form has been checked; they get their arguments unevaluated.
 *
 * Each follows its page of the CloudFormation Template Reference Guide, "Intrinsic function reference"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
 */
import type { Choice } from '../unknown.js';
import { get, isList, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { jsonOf, textOf } from './build.js';
import { cidrBlocks } from './cidr.js';
import { badValue, needsTransform, notInMapping, outOfRange } from './diagnostics.js';
import { callOf, subParts } from './intrinsics.js';
import { isNoValue } from './origins.js';
import { getAtt, longForm, ref, variable } from './references.js';
import type { Resolver } from './resolver.js';
import { Invalid, Stuck } from './scope.js';
import type { Blocker, Scope } from './scope.js';
import { addJson, kindOf, Text, text } from './text.js';
import type { IntrinsicFunction, Outcome } from './text.js';

const sub: IntrinsicFunction = (resolver, argument, scope, node) => {
  const template = isList(argument) ? (argument[0] as string) : (argument as string);
  const variables = isList(argument) ? (argument[1] as ValueMap) : {};
  const text = new Text(resolver, 'Fn::Sub');
  for (const part of subParts(template)) {
    if (typeof part === 'string') text.literal(part);
    else text.add(variable(resolver, part.name, variables, scope, node), longForm(part.name));
  }
  return text.result();
};

const join: IntrinsicFunction = (resolver, argument, scope) => {
  const [delimiter, written] = argument as [string, Value];
  const items = resolver.need(written, scope);
  if (items instanceof Stuck) return items;
  if (!isList(items)) return new Invalid(badValue(`\`Fn::Join\` is given ${kindOf(items)} where it needs a list`));
  const text = new Text(resolver, 'Fn::Join');
  items.forEach((item, index) => {
    if (index > 0) text.literal(delimiter);
    text.add(item);
  });
  return text.result();
};

const split: IntrinsicFunction = (resolver, argument, scope) => {
  const [delimiter, source] = argument as [string, Value];
  const whole = text(resolver, source, scope, 'Fn::Split');
  return typeof whole === 'string' ? whole.split(delimiter) : whole;
};

/** Items of a list, up to one that may turn out not to be there. */
function itemsOf(resolver: Resolver, written: Value, scope: Scope, from: string): Items | Stuck | Invalid {
  const value = resolver.need(written, scope);
  if (value instanceof Stuck) return value;
  if (!isList(value)) return new Invalid(badValue(`\`${from}\` is given ${kindOf(value)} where it needs a list`));
  // A list that was computed, not written, holds no conditional items.
  const doubtful = value.findIndex((item) => resolver.blockedBy(item)?.kind === 'condition');
  return { items: value, certain: doubtful < 0 ? value.length : doubtful };
}

interface Items {
  readonly items: readonly Value[];
  /** How many items are certain to be there, from the first. */
  readonly certain: number;
}

const select: IntrinsicFunction = (resolver, argument, scope) => {
  const [at, written] = argument as [Value, Value];
  const index = text(resolver, at, scope, 'Fn::Select');
  if (typeof index !== 'string') return index;
  const list = itemsOf(resolver, written, scope, 'Fn::Select');
  if (list instanceof Stuck || list instanceof Invalid) return list;
  const position = /^\s*\d+\s*$/.test(index) ? Number(index) : -1;
  if (position >= list.certain && list.certain < list.items.length) {
    return new Stuck([resolver.blockedBy(list.items[list.certain]!)!]);
  }
  const item = list.items[position];
  if (item !== undefined && item !== null) return item;
  if (item === null) return new Invalid(badValue(`\`Fn::Select\` asks for item ${index.trim()}, which is null`));
  const count = list.items.length;
  return new Invalid(outOfRange(`\`Fn::Select\` asks for item ${index.trim()} of a list of ${count} items`));
};

const length: IntrinsicFunction = (resolver, argument, scope, node) => {
  if (!resolver.extensions) resolver.report(node, needsTransform('Fn::Length'));
  const list = itemsOf(resolver, argument, scope, 'Fn::Length');
  if (list instanceof Stuck || list instanceof Invalid) return list;
  const blockers = list.items.slice(list.certain).map((item) => resolver.blockedBy(item));
  const doubtful = blockers.filter((blocker) => blocker?.kind === 'condition') as Blocker[];
  return doubtful.length === 0 ? list.items.length : new Stuck(doubtful);
};

const findInMap: IntrinsicFunction = (resolver, argument, scope, node) => {
  const [mapName, topKey, secondKey, options] = argument as [Value, Value, Value, ValueMap | undefined];
  if (options !== undefined && !resolver.extensions) resolver.report(node, needsTransform('DefaultValue'));
  const name = text(resolver, mapName, scope, 'Fn::FindInMap');
  if (typeof name !== 'string') return name;
  const fallback = options === undefined ? undefined : get(options, 'DefaultValue');
  const missing = (what: string, known: ValueMap, key: string): Outcome => {
    if (fallback !== undefined) return resolver.evaluate(fallback, scope);
    if (resolver.mappingsAreOpen) return new Stuck([resolver.blocked('macro', what)]);
    return new Invalid(notInMapping(what, keysOf(known), key));
  };
  const mapping = get(resolver.mappings, name);
  if (!isMap(mapping)) return missing(`no mapping is called \`${name}\``, resolver.mappings, name);

  const top = text(resolver, topKey, scope, 'Fn::FindInMap');
  const second = text(resolver, secondKey, scope, 'Fn::FindInMap');
  if (top instanceof Invalid) return top;
  if (second instanceof Invalid) return second;
  const keyed = fallback === undefined && !resolver.mappingsAreOpen;
  // A default of no value takes the property away: what hangs on it may turn out not to be there.
  const absent = fallback !== undefined && mayBeAbsent(fallback);
  const stuckOn = (blockers: readonly Blocker[]): Stuck =>
    new Stuck(absent ? blockers.map((blocker) => ({ ...blocker, kind: 'condition' })) : blockers);
  if (top instanceof Stuck) {
    const rows = keysOf(mapping).filter((key) => typeof second !== 'string' || hasKey(mapping[key], second));
    const blockers = keyed ? decidedByKeys(resolver, topKey, top, rows) : top.blockers;
    return stuckOn(second instanceof Stuck ? [...blockers, ...second.blockers] : blockers);
  }
  const row = get(mapping, top);
  if (!isMap(row)) return missing(`mapping \`${name}\` has no key \`${top}\``, mapping, top);
  if (second instanceof Stuck) {
    return stuckOn(keyed ? decidedByKeys(resolver, secondKey, second, keysOf(row)) : second.blockers);
  }
  return get(row, second) ?? missing(`\`${top}\` of mapping \`${name}\` has no key \`${second}\``, row, second);
};

function mayBeAbsent(written: Value): boolean {
  if (isNoValue(written)) return true;
  const call = isMap(written) ? callOf(written) : undefined;
  return call?.name === 'Fn::If' && isList(call.argument) && call.argument.slice(1).some(mayBeAbsent);
}

function hasKey(row: Value | undefined, key: string): boolean {
  return isMap(row) && get(row, key) !== undefined;
}

/** A name that is looked up without a default must be one of the mapping's keys: deployment fails otherwise. */
function decidedByKeys(resolver: Resolver, written: Value, stuck: Stuck, keys: readonly string[]): readonly Blocker[] {
  const call = isMap(written) ? callOf(written) : undefined;
  const [blocker] = stuck.blockers;
  const name = call?.name === 'Ref' && typeof call.argument === 'string' ? call.argument : undefined;
  if (name === undefined || blocker === undefined || blocker.choices.length > 0) return stuck.blockers;
  if (blocker.kind !== 'parameter' && blocker.kind !== 'pseudoParameter') return stuck.blockers;
  const values = keys.map((key) => resolver.typed(name, key)).filter((value) => value !== undefined);
  if (values.length === 0) return stuck.blockers;
  const choice: Choice = { id: `parameter:${name}`, kind: 'parameter', name, values };
  return [{ ...blocker, kind: 'mapping', choices: [choice] }];
}

const conditional: IntrinsicFunction = (resolver, argument, scope) => {
  const [name, ifTrue, ifFalse] = argument as [string, Value, Value];
  const truth = resolver.truth(name, scope);
  if (truth === true) return resolver.evaluate(ifTrue, scope);
  return truth === false ? resolver.evaluate(ifFalse, scope) : resolver.undecided(name, scope);
};

const base64: IntrinsicFunction = (resolver, argument, scope) => {
  const plain = text(resolver, argument, scope, 'Fn::Base64');
  if (typeof plain !== 'string') return plain;
  let bytes = '';
  for (const byte of new TextEncoder().encode(plain)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
};

const cidr: IntrinsicFunction = (resolver, argument, scope) => {
  const values = resolver.need(argument, scope);
  if (values instanceof Stuck) return values;
  if (!isList(values)) return new Invalid(badValue('`Fn::Cidr` needs a list'));
  const parts = values.map((value) => text(resolver, value, scope, 'Fn::Cidr'));
  const blockers = parts.flatMap((part) => (part instanceof Stuck ? part.blockers : []));
  if (blockers.length > 0) return new Stuck(blockers);
  const invalid = parts.find((part) => part instanceof Invalid);
  if (invalid !== undefined) return invalid;
  const [block, count, bits] = parts as string[];
  if (bits === undefined) {
    return new Stuck([resolver.blocked('invalid', '`Fn::Cidr` without host bits is not specified')]);
  }
  const blocks = cidrBlocks(block!, Number(count), Number(bits));
  return typeof blocks === 'string' ? new Invalid(outOfRange(`\`Fn::Cidr\` ${blocks}`)) : blocks;
};

const getAZs: IntrinsicFunction = (resolver, argument, scope) => {
  const given = text(resolver, argument, scope, 'Fn::GetAZs');
  if (typeof given !== 'string') return given;
  const region = given === '' ? resolver.named('AWS::Region', scope) : given;
  if (region instanceof Stuck) return region;
  const known = resolver.world.availabilityZones ?? {};
  const zones = typeof region === 'string' && Object.hasOwn(known, region) ? known[region] : undefined;
  const why = `the Availability Zones of ${textOf(region)!} are known only at deployment`;
  return zones ?? new Stuck([resolver.blocked('pseudoParameter', why)]);
};

const importValue: IntrinsicFunction = (resolver, argument, scope) => {
  const name = text(resolver, argument, scope, 'Fn::ImportValue');
  if (name instanceof Invalid) return name;
  const known = resolver.world.exports ?? {};
  if (name instanceof Stuck) {
    // With no exports given, knowing the name would not help.
    return Object.keys(known).length > 0
      ? name
      : new Stuck([resolver.blocked('import', 'an import is known only at deployment')]);
  }
  if (Object.hasOwn(known, name)) return known[name]!;
  return new Stuck([resolver.blocked('import', `the value of export \`${name}\` is known only at deployment`)]);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html */
const getStackOutput: IntrinsicFunction = (resolver, argument) => {
  const { StackName: stack, OutputName: output } = argument as ValueMap;
  const named = typeof stack === 'string' && typeof output === 'string' ? ` \`${output}\` of stack \`${stack}\`` : '';
  return new Stuck([resolver.blocked('import', `the output${named} is known only at deployment`)]);
};

const toJsonString: IntrinsicFunction = (resolver, argument, scope, node) => {
  if (!resolver.extensions) resolver.report(node, needsTransform('Fn::ToJsonString'));
  const value = resolver.need(argument, scope);
  if (value instanceof Stuck) return value;
  const blockers = resolver.unknownsIn(value);
  if (blockers.length === 0) return jsonOf(value);
  const text = new Text(resolver, 'Fn::ToJsonString');
  return addJson(resolver, value, text) ? text.result() : new Stuck(blockers);
};

const transform: IntrinsicFunction = (resolver, argument) => {
  const name = get(argument as ValueMap, 'Name') as string;
  return new Stuck([
    resolver.blocked('macro', `what the macro \`${name}\` gives is known only when the template is processed`),
  ]);
};

/** Every function that gives a value. */
export const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map([
  ['Ref', ref],
  ['Fn::Base64', base64],
  ['Fn::Cidr', cidr],
  ['Fn::FindInMap', findInMap],
  ['Fn::GetAtt', getAtt],
  ['Fn::GetAZs', getAZs],
  ['Fn::GetStackOutput', getStackOutput],
  ['Fn::If', conditional],
  ['Fn::ImportValue', importValue],
  ['Fn::Join', join],
  ['Fn::Length', length],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::Sub', sub],
  ['Fn::ToJsonString', toJsonString],
  ['Fn::Transform', transform],
]);
