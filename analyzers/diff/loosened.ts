/**
 * Parameters that may be given more than before, and that decide whom a policy names, where traffic comes from or how well
 * something is guarded. What they are given when the stack is deployed is not in the template; what they may be given is
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
 */
import { get, isList, isMap, keysOf, POLICY_PLACES } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import { tellingName } from './names.js';
import { SAFEGUARDS } from './safeguards.js';
import { itemsOf, textOf } from './side.js';
import type { StackSide } from './side.js';

/** A parameter that takes more than before. */
export interface Loosened {
  readonly name: string;
  readonly message: string;
  readonly path: Path;
}

/** Finds them; parameters that are given a value here are compared by that value. */
export function loosenedParameters(old: StackSide, now: StackSide): readonly Loosened[] {
  const [before, after] = [old, now].map(({ template }) => get(template, 'Parameters'));
  if (before === undefined || after === undefined || !isMap(before) || !isMap(after)) return [];
  return keysOf(after).flatMap((name): Loosened[] => {
    const [had, has] = [get(before, name), get(after, name)];
    if (had === undefined || has === undefined || !isMap(had) || !isMap(has) || now.isGiven(name)) return [];
    const change = patternOf(had, has) ?? valuesOf(had, has);
    const user = change === undefined ? undefined : userOf(now.template, name);
    if (change === undefined || user === undefined) return [];
    const message = `the parameter \`${name}\` may be given more than before: ${change.words}, and \`${user}\` uses it`;
    return [
      {
        name,
        message,
        path: ['Parameters', name, ...(get(has, change.property) === undefined ? [] : [change.property])],
      },
    ];
  });
}

interface Change {
  readonly property: string;
  readonly words: string;
}

/** Whether one pattern takes all that another takes is not asked: they are expressions of Java. */
function patternOf(had: ValueMap, has: ValueMap): Change | undefined {
  const property = 'AllowedPattern';
  const [before, after] = [had, has].map((each) => textOf(get(each, property)));
  if (before === undefined || before === after) return undefined;
  const words = `its \`${property}\` changes from \`${before}\` to ${after === undefined ? 'nothing' : `\`${after}\``}`;
  return { property, words };
}

function valuesOf(had: ValueMap, has: ValueMap): Change | undefined {
  const property = 'AllowedValues';
  const [before, after] = [had, has].map((each) => get(each, property));
  if (before === undefined) return undefined;
  if (after === undefined) return { property, words: `it has no \`${property}\` any more` };
  const known = new Set(itemsOf(before).map(textOf));
  const more = itemsOf(after)
    .map(textOf)
    .filter((text) => !known.has(text));
  // Without a default all values are compared, each by itself.
  if (more.length === 0 || get(has, 'Default') === undefined) return undefined;
  return { property, words: `its \`${property}\` newly have ${more.map((text) => `\`${text ?? ''}\``).join(', ')}` };
}

/** The first resource in which the parameter decides something that is compared. */
function userOf(template: ValueMap, parameter: string): string | undefined {
  const resources = get(template, 'Resources');
  if (resources === undefined || !isMap(resources)) return undefined;
  return keysOf(resources).find((id) => {
    const resource = get(resources, id)!;
    const type = isMap(resource) ? textOf(get(resource, 'Type')) : undefined;
    const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
    if (type === undefined || properties === undefined) return false;
    return pathsTo(properties, parameter, []).some((path) => decides(type, path));
  });
}

/** Names of functions and of elements do not stand in the paths. */
function pathsTo(value: Value, parameter: string, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value === 'string') return [];
  if (isList(value)) return value.flatMap((item) => pathsTo(item, parameter, path));
  if (!isMap(value)) return [];
  return keysOf(value).flatMap((name) => {
    const below = get(value, name)!;
    if (name === 'Ref') return below === parameter ? [path] : [];
    const isSub = name === 'Fn::Sub' && itemsOf(below).some((item) => textOf(item)?.includes(`\${${parameter}}`));
    return [...(isSub ? [path] : []), ...pathsTo(below, parameter, name.startsWith('Fn::') ? path : [...path, name])];
  });
}

const NETWORK = /^AWS::EC2::(?:SecurityGroup|Route|NetworkAcl|PrefixList|TransitGateway|VPCPeering|ClientVpn)/;
const NAMES_ONLY = /^(?:Tags|Description|GroupDescription|\w*Name)$/;

function decides(type: string, path: readonly string[]): boolean {
  if (NAMES_ONLY.test(path[0] ?? '')) return false;
  if (NETWORK.test(type) || /^AWS::(?:IAM|SSO|Organizations|Lambda::Permission)/.test(type)) return true;
  const within = (row: readonly string[]): boolean => {
    const names = row.filter((step) => step !== '*');
    return names.every((name, at) => path[at] === name);
  };
  const places = Object.hasOwn(POLICY_PLACES, type) ? POLICY_PLACES[type]! : [];
  if (places.some((place) => within(place.path))) return true;
  return (SAFEGUARDS.get(type) ?? []).some((row) => within(row.path)) || tellingName(path, []) !== undefined;
}
