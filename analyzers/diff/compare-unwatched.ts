/**
 * Changes of properties that no policy, rule of traffic or table is about, and whose names say that they decide who may
 * reach, use or see something. Nobody knows here which value is weaker: a person must look.
 */
import { get, isMap, POLICY_PLACES } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { GRANT_TYPES } from '../policies/grants.js';
import { subjectOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import { differencesOf } from './differences.js';
import type { Difference } from './differences.js';
import { WAYS_IN } from './guards.js';
import { isHarmless } from './harmless.js';
import type { ChangeKind } from './model.js';
import { tellingName } from './names.js';
import { SAFEGUARDS } from './safeguards.js';
import { textOf, valueAt } from './side.js';
import type { Resource } from './side.js';
import { isPlacement } from './compare-placed.js';

/** Types that are compared as a whole elsewhere. */
const COMPARED: ReadonlySet<string> = new Set([
  ...[...WAYS_IN.keys(), ...GRANT_TYPES],
  ...['Role', 'User', 'Group', 'Policy', 'ManagedPolicy', 'RolePolicy', 'UserPolicy', 'GroupPolicy'].map(
    (name) => `AWS::IAM::${name}`,
  ),
  ...['SecurityGroup', 'SecurityGroupIngress', 'SecurityGroupEgress', 'Route', 'NetworkAclEntry', 'PrefixList'].map(
    (name) => `AWS::EC2::${name}`,
  ),
  ...['SubnetNetworkAclAssociation', 'SubnetRouteTableAssociation', 'TransitGatewayRoute'].map(
    (name) => `AWS::EC2::${name}`,
  ),
  ...['AWS::IAM::UserToGroupAddition', 'AWS::SSO::PermissionSet', 'AWS::Organizations::Policy'],
  ...['AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet', 'AWS::CDK::Metadata'],
]);

/** Types whose names speak of something else: how much there is of what, and what it looks like. */
const ABOUT_OTHERS =
  /^AWS::(?:ApplicationAutoScaling|AutoScaling::(?:ScalingPolicy|LifecycleHook|ScheduledAction)|CloudWatch::Dashboard|QuickSight::(?:Analysis|Dashboard|Template|Theme)|CloudFormation::WaitCondition)/;

/** What AWS SAM writes into definitions of APIs; everything else is compared in the resources that it makes. */
export const UNEXPANDED = /^(?:Auth|Cors|CorsConfiguration)$/;

/** Attributes of load balancers that are compared one by one. */
const LISTED = /^LoadBalancerAttributes$/;
const KNOWN_ATTRIBUTES =
  /^(?:deletion_protection\.enabled|access_logs\.s3\.enabled|connection_logs\.s3\.enabled|routing\.http\.drop_invalid_header_fields\.enabled)$/;

/** Tells what else changed that may make something weaker. */
export function compareUnwatched({ say, unknowns }: Comparison, old: Resource, now: Resource): void {
  const { type } = now;
  if (COMPARED.has(type) || ABOUT_OTHERS.test(type)) return;
  const written = `${jsonOf(old.properties)} ${unknowns.place.accountId}`;
  const found = new Map<string, { readonly kind: ChangeKind; readonly differences: Difference[] }>();
  for (const difference of differencesOf(old.properties, now.properties)) {
    const { path } = difference;
    if (type.startsWith('AWS::Serverless::') && !path.some((step) => UNEXPANDED.test(step))) continue;
    const telling = isCovered(path, old, now) || isPlacement(path) ? undefined : tellingPart(difference, written);
    if (telling === undefined) continue;
    if (!telling.isOther && isHarmless(type, difference, telling.kind)) continue;
    const { kind, length } = telling;
    const name = steps(path.slice(0, length)).join('.');
    if (!found.has(name)) found.set(name, { kind, differences: [] });
    found.get(name)!.differences.push(difference);
  }
  for (const { kind, differences } of found.values()) {
    const { path, had, has } = differences[0]!;
    const more = differences.length === 1 ? '' : ` and ${differences.length - 1} more beside it`;
    const [reason] = unknowns.in(jsonOf(differences.map((each) => [each.had ?? null, each.has ?? null])));
    const why = reason === undefined ? '' : `: ${reason.reason}`;
    const change = `\`${steps(path).join('.')}\` changes from ${shown(had)} to ${shown(has)}${more}`;
    say({
      ...{ verdict: 'NOT_EVALUATED', kind, severity: 'warning', subject: subjectOf({ ...now, name: now.id }) },
      message: `${change}, and whether that is weaker is not known here${why}`,
      place: now.place(['Properties', ...writtenPath(now.properties, path)]),
    });
  }
}

interface Telling {
  readonly kind: ChangeKind;
  readonly length: number;
  /** Whether another account has to do with it. */
  readonly isOther: boolean;
}

/** @param written - The old properties as text, and the own account. */
function tellingPart({ path, had, has, named }: Difference, written: string): Telling | undefined {
  // What is left out and what is empty is the same nothing.
  if ([had, has].every(isNothing)) return undefined;
  const accounts = jsonOf(has ?? null).match(ACCOUNT) ?? [];
  // Whatever it is, another account has to do with it now.
  const isOther = !path.includes('Tags') && accounts.some((account) => !written.includes(account));
  if (isOther) return { kind: 'public', length: path.length, isOther };
  const telling = tellingName(path, named);
  return telling === undefined ? undefined : { ...telling, isOther };
}

/** Account ids in ARNs, addresses of registries and queues, and by themselves. */
const ACCOUNT = /(?<![\w.-])\d{12}(?![\w-])/g;

function isNothing(value: Value | undefined): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Whether a policy, or a row of the tables, is compared at a path. */
function isCovered(path: readonly string[], old: Resource, { type, properties }: Resource): boolean {
  const plain = path.filter((step) => step !== '*');
  if (LISTED.test(plain[0]!) && KNOWN_ATTRIBUTES.test(plain.slice(1, 2).join())) return true;
  const places = Object.hasOwn(POLICY_PLACES, type) ? POLICY_PLACES[type]! : [];
  if (places.some((place) => isPrefix(steps(place.path), plain) || place.protects === plain[0])) return true;
  return (SAFEGUARDS.get(type) ?? []).some(({ path: row, order }) => {
    if (!isPrefix(steps(row), plain)) return false;
    if (order.kind !== 'present' || steps(row).length === plain.length) return true;
    // A row that asks only whether something is there says nothing of what it says.
    const [had, has] = [old.properties, properties].map((each) => valueAt(each, ...row));
    return (had === undefined) !== (has === undefined);
  });
}

function steps(path: readonly string[]): readonly string[] {
  return path.filter((step) => step !== '*');
}

/** Names of elements of lists may stand between the steps of a longer path. */
function isPrefix(way: readonly string[], path: readonly string[]): boolean {
  let at = 0;
  for (const name of path) if (at < way.length && way[at] === name) at++;
  return at === way.length;
}

/** As much of a path as stands in the template. */
function writtenPath(properties: Value, path: readonly string[]): readonly string[] {
  const written: string[] = [];
  let value = properties;
  for (const step of path) {
    const below = isMap(value) ? get(value, step) : undefined;
    if (below === undefined) break;
    written.push(step);
    value = below;
  }
  return written;
}

const MOST_TEXT = 80;

function shown(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  const text = textOf(value) ?? jsonOf(value);
  return `\`${text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text}\``;
}
