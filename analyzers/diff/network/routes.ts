/** Where packets of subnets may go: routes, network access lists, and links to other networks. */
import { get } from '../../../template/index.js';
import type { Place } from '../model.js';
import { textOf } from '../side.js';
import type { Resource } from '../side.js';
import type { Unknowns } from '../unknowns.js';
import { ALL_IPV4, ALL_IPV6, rangeOf } from './addresses.js';
import { minus } from './boxes.js';
import type { Box } from './boxes.js';
import { portsOf } from './traffic.js';

/** Properties of a route that name where it leads, and how people call that. */
const TARGETS: Readonly<Record<string, string>> = {
  GatewayId: 'gateway',
  NatGatewayId: 'NAT gateway',
  EgressOnlyInternetGatewayId: 'egress-only internet gateway',
  VpcPeeringConnectionId: 'peering connection',
  TransitGatewayId: 'transit gateway',
  TransitGatewayAttachmentId: 'transit gateway attachment',
  CoreNetworkArn: 'core network',
  CarrierGatewayId: 'carrier gateway',
  LocalGatewayId: 'local gateway',
  InstanceId: 'instance',
  NetworkInterfaceId: 'network interface',
  VpcEndpointId: 'VPC endpoint',
};
const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
const TABLES: Readonly<Record<string, string>> = {
  'AWS::EC2::Route': 'RouteTableId',
  'AWS::EC2::TransitGatewayRoute': 'TransitGatewayRouteTableId',
};

/** A route of a table. */
export interface Route {
  /** Such as `internet gateway Gateway`. */
  readonly target: string;
  readonly destination: string;
  /** The addresses; `null` for a destination that is no range, or not known. */
  readonly box: Box | null;
  readonly place: Place;
}

/** Routes of something: a route table, or a subnet by its table. */
export interface RouteSet {
  readonly key: string;
  readonly stack: string;
  readonly name: string;
  readonly type: string;
  /** The text of the route table; a subnet that keeps its table is told by that table. */
  readonly table: string;
  readonly routes: Route[];
  readonly place: Place;
}

/** The routes of a side, by route table and by the subnets that the templates put into them. */
export function routeSets(resources: readonly Resource[]): ReadonlyMap<string, RouteSet> {
  const sets = new Map<string, RouteSet>();
  const called = new Map(
    resources.flatMap((each) => (each.called === undefined ? [] : [[each.called, each] as const])),
  );
  const make = (text: string, resource: Resource, type: string, table: string): RouteSet => {
    const declared = called.get(text);
    const key = declared === undefined ? `${type} ${text}` : `${declared.stack}/${declared.id}`;
    let set = sets.get(key);
    if (set === undefined) {
      const { stack, id } = declared ?? { stack: resource.stack, id: text };
      set = { key, stack, name: id, type, table, routes: [], place: resource.place([]) };
      sets.set(key, set);
    }
    return set;
  };
  for (const resource of resources) {
    const property = TABLES[resource.type];
    if (property === undefined) continue;
    const table = textOf(get(resource.properties, property)) ?? '';
    const type = resource.type === 'AWS::EC2::Route' ? 'AWS::EC2::RouteTable' : 'AWS::EC2::TransitGatewayRouteTable';
    make(table, resource, type, table).routes.push(...routesOf(resource, called));
  }
  for (const resource of resources) {
    if (resource.type !== 'AWS::EC2::SubnetRouteTableAssociation') continue;
    const [subnet, table] = ['SubnetId', 'RouteTableId'].map((name) => textOf(get(resource.properties, name)) ?? '');
    const declared = called.get(table!);
    const routes = sets.get(
      declared === undefined ? `AWS::EC2::RouteTable ${table!}` : `${declared.stack}/${declared.id}`,
    );
    make(subnet!, resource, 'AWS::EC2::Subnet', table!).routes.push(...(routes?.routes ?? []));
  }
  return sets;
}

function routesOf(resource: Resource, called: ReadonlyMap<string, Resource>): readonly Route[] {
  const { properties, type } = resource;
  const written = DESTINATIONS.map((name) => textOf(get(properties, name))).find((text) => text !== undefined);
  const destination = written ?? '';
  const range = rangeOf(destination);
  const place = resource.place(['Properties']);
  if (type === 'AWS::EC2::TransitGatewayRoute' && textOf(get(properties, 'Blackhole')) === 'true') return [];
  return Object.entries(TARGETS).flatMap(([name, word]) => {
    const text = textOf(get(properties, name));
    if (text === undefined || text === 'local') return [];
    const named = called.get(text);
    const kind = named?.type === 'AWS::EC2::InternetGateway' || text.startsWith('igw-') ? 'internet gateway' : word;
    const target = `${kind} ${named?.id ?? text}`;
    return [{ target, destination, box: range === undefined ? null : [range], place }];
  });
}

/** Routes of the newer set that lead somewhere where the older one led nothing of the destination. */
export function newRoutes(older: readonly Route[], newer: readonly Route[]): readonly Route[] {
  return newer.filter(({ target, destination, box }) => {
    const same = older.filter((each) => each.target === target);
    if (same.some((each) => each.destination === destination)) return false;
    if (box === null) return true;
    return (
      minus(
        [box],
        same.flatMap((each) => (each.box === null ? [] : [each.box])),
      ).length > 0
    );
  });
}

// ------------------------------------------------------------------------------------------- Network access lists

/** What a network access list lets through in one direction. */
export interface AclSide {
  readonly key: string;
  readonly stack: string;
  readonly name: string;
  readonly direction: 'ingress' | 'egress';
  readonly allowed: readonly (readonly [Box, Place])[];
  /** Entries that cannot be read, as texts. */
  readonly open: readonly (readonly [text: string, reason: string, Place])[];
}

interface Entry {
  readonly number: number;
  readonly isAllow: boolean;
  readonly box: Box;
  readonly place: Place;
}

/** What the network access lists of a side let through: the entry with the lowest number that fits decides. */
export function aclSides(resources: readonly Resource[], unknowns: Unknowns): ReadonlyMap<string, AclSide> {
  const entries = new Map<string, { of: Resource; name: string; entries: Entry[]; open: AclSide['open'][number][] }>();
  const called = new Map(
    resources.flatMap((each) => (each.called === undefined ? [] : [[each.called, each] as const])),
  );
  for (const resource of resources) {
    if (resource.type !== 'AWS::EC2::NetworkAclEntry') continue;
    const { properties } = resource;
    const text = (name: string): string | undefined => textOf(get(properties, name));
    const acl = text('NetworkAclId') ?? '';
    const declared = called.get(acl);
    const direction = text('Egress') === 'true' ? 'egress' : 'ingress';
    const key = `${declared === undefined ? acl : `${declared.stack}/${declared.id}`} ${direction}`;
    let list = entries.get(key);
    if (list === undefined) {
      entries.set(key, (list = { of: declared ?? resource, name: declared?.id ?? acl, entries: [], open: [] }));
    }
    const range = rangeOf(text('CidrBlock') ?? text('Ipv6CidrBlock') ?? '');
    const ports = portsOf(ruleOf(resource));
    const number = Number(text('RuleNumber') ?? Number.NaN);
    const place = resource.place(['Properties']);
    const action = text('RuleAction')?.toLowerCase();
    if (range === undefined || ports === undefined || Number.isNaN(number) || !/^(?:allow|deny)$/.test(action ?? '')) {
      const written = JSON.stringify(properties);
      list.open.push([written, unknowns.in(written)[0]?.reason ?? 'the entry cannot be read', place]);
    } else list.entries.push({ number, isAllow: action === 'allow', box: [...ports, range], place });
  }
  return new Map(
    [...entries].map(([key, { of, name, entries: list, open }]) => {
      const direction = key.endsWith(' egress') ? 'egress' : 'ingress';
      return [key, { key, stack: of.stack, name, direction, allowed: allowedOf(list), open }] as const;
    }),
  );
}

/** The entry's protocol and ports in the words of rules of security groups. */
function ruleOf({ properties }: Resource): Parameters<typeof portsOf>[0] {
  const port = get(properties, 'PortRange');
  const icmp = get(properties, 'Icmp');
  const part = (of: typeof port, name: string): string | undefined =>
    typeof of === 'object' && of !== null ? textOf((of as Readonly<Record<string, typeof port>>)[name]) : undefined;
  const from = part(port, 'From') ?? part(icmp, 'Type');
  const to = part(port, 'To') ?? part(icmp, 'Code');
  return {
    IpProtocol: textOf(get(properties, 'Protocol')) ?? '',
    ...(from === undefined ? {} : { FromPort: from }),
    ...(to === undefined ? {} : { ToPort: to }),
  };
}

function allowedOf(entries: readonly Entry[]): AclSide['allowed'] {
  const allowed: (readonly [Box, Place])[] = [];
  const decided: Box[] = [];
  for (const { isAllow, box, place } of [...entries].sort((one, other) => one.number - other.number)) {
    if (isAllow) for (const part of minus([box], decided)) allowed.push([part, place]);
    decided.push(box);
  }
  return allowed;
}

/** Whether a range is every address of its kind. */
export function isEverywhere(destination: string): boolean {
  const range = rangeOf(destination);
  return range !== undefined && [ALL_IPV4, ALL_IPV6].some(([low, high]) => range[0] <= low && range[1] >= high);
}
