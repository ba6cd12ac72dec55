/** redshift-warehouse-behind-proxy: the security groups of a warehouse admit only the policy proxy. */
import { get } from '../../template/index.js';
import { Network } from '../code/network.js';
import type { IngressRule } from '../code/network.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const WAREHOUSES = [
  { type: 'AWS::Redshift::Cluster', groups: 'VpcSecurityGroupIds' },
  { type: 'AWS::RedshiftServerless::Workgroup', groups: 'SecurityGroupIds' },
] as const;

/** Where a rule names who may send. */
const SOURCES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'SourceSecurityGroupId', 'SourceSecurityGroupName'];

export function check(view: View): void {
  const sources = view.texts('proxySources');
  if (sources.length === 0) return;
  const network = new Network(view);
  for (const { type, groups } of WAREHOUSES) {
    for (const warehouse of view.resources(type)) {
      for (const group of network.groupsIn(property(warehouse, groups))) {
        for (const one of network.ingressOf(group)) judge(view, warehouse, group, one, sources);
      }
    }
  }
}

function judge(
  view: View,
  warehouse: ResourceUnder,
  group: ResourceUnder,
  { resource, path, rule }: IngressRule,
  sources: readonly string[],
): void {
  const named = SOURCES.find((name) => get(rule, name) !== undefined);
  const value = named === undefined ? undefined : get(rule, named);
  const source = view.graph.target(value, 'AWS::EC2::SecurityGroup');
  const text = view.text(value) ?? '';
  const own = source && (view.text(property(source, 'GroupName')) ?? '');
  const isProxy = own === undefined ? sources.some((one) => covers(one, text)) : sources.includes(own);
  const unknowns = view.unknownsIn(own ?? text);
  const place = named === undefined ? path : [...path, named];
  if (isProxy) view.pass(resource);
  else if (unknowns.length > 0) view.open(resource, place, unknowns);
  else {
    const who = source === undefined ? `\`${text}\`` : `the security group \`${source.logicalId}\``;
    const message = `${named === undefined ? 'a rule without a source' : who} reaches the warehouse \`${warehouse.logicalId}\` through \`${group.logicalId}\`, past the proxy (\`proxySources\`)`;
    view.fail(resource, { path: place, message, subject: warehouse.key });
  }
}

/** Whether a range, or a name, holds another one. */
function covers(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const [one, other] = [rangeOf(outer), rangeOf(inner)];
  if (one === undefined || other === undefined || one.bits > other.bits) return false;
  return Math.floor(one.start / 2 ** (32 - one.bits)) === Math.floor(other.start / 2 ** (32 - one.bits));
}

/** A range of IPv4 addresses; those of IPv6 are compared as text. */
function rangeOf(text: string): { readonly start: number; readonly bits: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  return { start: ((a * 256 + b) * 256 + c) * 256 + d, bits };
}
