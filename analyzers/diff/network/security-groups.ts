/** The rules of security groups, inline and as resources of their own. */
import { get } from '../../../template/index.js';
import type { Place } from '../model.js';
import { itemsOf, textOf } from '../side.js';
import type { Resource } from '../side.js';
import type { Unknowns } from '../unknowns.js';
import { ALL_IPV4, ALL_IPV6 } from './addresses.js';
import { addRule, ALL_PORTS, ALL_PROTOCOLS } from './traffic.js';
import type { Traffic } from './traffic.js';

/** A security group of a side. */
export interface Group {
  readonly key: string;
  readonly stack: string;
  readonly name: string;
  readonly isDeclared: boolean;
  readonly place: Place;
  readonly ingress: Traffic;
  readonly egress: Traffic;
}

const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const EGRESS = 'AWS::EC2::SecurityGroupEgress';

/** Property names of peers that are no ranges of addresses. */
const INGRESS_PEERS = ['SourceSecurityGroupId', 'SourceSecurityGroupName', 'SourcePrefixListId'];
const EGRESS_PEERS = ['DestinationSecurityGroupId', 'DestinationPrefixListId'];

/** The security groups of a side under one way to make its choices. */
export function securityGroups(resources: readonly Resource[], unknowns: Unknowns): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const make = (key: string, resource: Resource, name: string, isDeclared: boolean): Group => {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group: Group = {
      ...{ key, stack: resource.stack, name, isDeclared, place: resource.place([]) },
      ingress: { rules: [], open: [] },
      egress: { rules: [], open: [] },
    };
    groups.set(key, group);
    return group;
  };
  const byReference = new Map<string, string>();
  for (const resource of resources) {
    if (resource.type !== GROUP) continue;
    const { stack, id, properties } = resource;
    const group = make(`${stack}/${id}`, resource, id, true);
    if (resource.called !== undefined) byReference.set(resource.called, group.key);
    for (const [property, traffic, peers] of [
      ['SecurityGroupIngress', group.ingress, INGRESS_PEERS],
      ['SecurityGroupEgress', group.egress, EGRESS_PEERS],
    ] as const) {
      itemsOf(get(properties, property)).forEach((rule, index) => {
        addRule(traffic, rule, peers, resource.place(['Properties', property, index]), unknowns);
      });
    }
  }
  for (const resource of resources) {
    if (resource.type !== INGRESS && resource.type !== EGRESS) continue;
    const { properties } = resource;
    const target = get(properties, 'GroupId') ?? get(properties, 'GroupName') ?? '';
    const text = textOf(target) ?? JSON.stringify(target);
    const group = make(byReference.get(text) ?? `${GROUP} ${text}`, resource, text, false);
    const isIn = resource.type === INGRESS;
    const peers = isIn ? INGRESS_PEERS : EGRESS_PEERS;
    addRule(isIn ? group.ingress : group.egress, properties, peers, resource.place(['Properties']), unknowns);
  }
  for (const group of groups.values()) if (group.isDeclared) withDefaultEgress(group);
  return groups;
}

/**
 * A group without egress rules gets one that allows everything
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html).
 */
function withDefaultEgress({ egress, place }: Group): void {
  if (egress.rules.length > 0 || egress.open.length > 0) return;
  for (const addresses of [ALL_IPV4, ALL_IPV6]) {
    egress.rules.push({ box: [ALL_PROTOCOLS, ALL_PORTS, addresses], peer: null, place });
  }
}
