/**
 * What becomes of data when a resource leaves the stack or is replaced, and attributes of load balancers, which stand in
 * lists of keys and values.
 */
import { get, isMap } from '../../template/index.js';
import { subjectOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import type { Change } from './model.js';
import { itemsOf, textOf, valueAt } from './side.js';
import type { Resource } from './side.js';

/**
 * From worst to best (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
 * What is retained on update alone is deleted with the stack.
 */
const POLICIES = ['Delete', 'Snapshot', 'RetainExceptOnCreate', 'Retain'];

/** Attributes of load balancers that safeguard when they are `true`, with their kinds. */
const ATTRIBUTES: readonly (readonly [name: string, kind: Change['kind'], what: string])[] = [
  ['deletion_protection.enabled', 'guard', 'protection from deletion'],
  ['access_logs.s3.enabled', 'logging', 'logging'],
  ['connection_logs.s3.enabled', 'logging', 'logging'],
  ['routing.http.drop_invalid_header_fields.enabled', 'guard', 'the refusal of malformed headers'],
];

/** Tells where data is kept less well. */
export function compareKept(comparison: Comparison, old: Resource, now: Resource): void {
  for (const attribute of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) policy(comparison, old, now, attribute);
  if (now.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') attributes(comparison, old, now);
}

function policy(
  { say, unknowns }: Comparison,
  old: Resource,
  now: Resource,
  attribute: 'DeletionPolicy' | 'UpdateReplacePolicy',
): void {
  const [had, has] = [old, now].map((resource) => resource.kept[attribute] ?? defaultOf(resource, attribute));
  if (had === has) return;
  const [before, after] = [had, has].map((text) => POLICIES.indexOf(text!));
  const message = `what becomes of it when it ${attribute === 'DeletionPolicy' ? 'leaves the stack' : 'is replaced'}: \`${attribute}\` changes from \`${had!}\` to \`${has!}\``;
  const told = { kind: 'guard', subject: subjectOf({ ...now, name: now.id }), place: now.place([attribute]) } as const;
  if (before! < 0 || after! < 0) {
    const [reason] = unknowns.in(had!, has!);
    say({
      ...told,
      verdict: 'NOT_EVALUATED',
      severity: 'warning',
      message: reason === undefined ? message : `${message}: ${reason.reason}`,
    });
  } else if (after! < before!) say({ ...told, verdict: 'BROADENED', severity: 'warning', message });
  else say({ ...told, verdict: 'NARROWED', severity: 'info', message });
}

/** Databases of RDS leave a snapshot unless they belong to a cluster. */
function defaultOf({ type, properties }: Resource, attribute: string): string {
  if (attribute !== 'DeletionPolicy') return 'Delete';
  const isDatabase =
    type === 'AWS::RDS::DBCluster' ||
    (type === 'AWS::RDS::DBInstance' && get(properties, 'DBClusterIdentifier') === undefined);
  return isDatabase ? 'Snapshot' : 'Delete';
}

function attributes({ say }: Comparison, old: Resource, now: Resource): void {
  for (const [name, kind, what] of ATTRIBUTES) {
    const [had, has] = [old, now].map((resource) => attributeOf(resource, name));
    if (had === has) continue;
    const isKnown = [had, has].every((text) => text === 'true' || text === 'false');
    const message = `${what} ${isKnown ? `gets ${has === 'true' ? 'stronger' : 'weaker'}` : 'changes'}: \`${name}\` changes from \`${had!}\` to \`${has!}\``;
    say({
      verdict: !isKnown ? 'NOT_EVALUATED' : has === 'true' ? 'NARROWED' : 'BROADENED',
      severity: isKnown && has === 'true' ? 'info' : 'warning',
      ...{ kind, message, subject: subjectOf({ ...now, name: now.id }) },
      place: now.place(['Properties', 'LoadBalancerAttributes']),
    });
  }
}

function attributeOf({ properties }: Resource, name: string): string {
  const found = itemsOf(get(properties, 'LoadBalancerAttributes')).find(
    (item) => isMap(item) && textOf(valueAt(item, 'Key')) === name,
  );
  return textOf(valueAt(found, 'Value')) ?? 'false';
}
