/** The networks of a template: which subnets, routes, endpoints and rules of security groups belong together. */
import { get, isList, isMap } from '../../template/index.js';
import type { Path, Unknown, Value, ValueMap } from '../../template/index.js';
import { itemsOf, pathOf, scalar } from './read.js';
import { property } from './view.js';
import type { ResourceUnder, View } from './view.js';

export const VPC = 'AWS::EC2::VPC';
const SUBNET = 'AWS::EC2::Subnet';
const ROUTE_TABLE = 'AWS::EC2::RouteTable';
const ASSOCIATION = 'AWS::EC2::SubnetRouteTableAssociation';
const ROUTE = 'AWS::EC2::Route';
const INTERNET_GATEWAY = 'AWS::EC2::InternetGateway';
const NAT_GATEWAY = 'AWS::EC2::NatGateway';
const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';

/** The types that say where the packets of a subnet go; a rule that asks for routes names them in its metadata. */
export const ROUTING_TYPES: readonly string[] = [
  INTERNET_GATEWAY,
  NAT_GATEWAY,
  ROUTE,
  ROUTE_TABLE,
  SUBNET,
  ASSOCIATION,
  VPC,
];

/**
 * Something that resources name: a resource of the template, or a text such as the id of a parameter. Equal ids are the
 * same thing; different ones may be it too, where a text hangs on values that nobody knows.
 */
export interface Named {
  readonly id: string;
  /** Left out when it is not in the template. */
  readonly resource?: ResourceUnder;
  readonly unknowns: readonly Unknown[];
}

/** A way that a route opens. */
export interface WayOut {
  readonly route: ResourceUnder;
  readonly to: 'internet gateway' | 'NAT gateway' | 'egress-only gateway' | 'unknown gateway';
  /** The property that names the gateway. */
  readonly property: string;
  readonly destination: string;
  /** What it hangs on whether there is such a way. */
  readonly unknowns: readonly Unknown[];
}

/** A rule that lets packets into a security group. */
export interface IngressRule {
  readonly resource: ResourceUnder;
  /** From the document's root. */
  readonly path: Path;
  readonly rule: ValueMap;
}

/** A VPC endpoint with what it serves. */
export interface Endpoint {
  readonly resource: ResourceUnder;
  /** The name without `com.amazonaws.` and Region; the whole name where it does not look so. */
  readonly service: string;
  readonly type: string;
  /** What the service, the type or the VPC hang on. */
  readonly unknowns: readonly Unknown[];
}

/** The VPCs of a template and what belongs to each. */
export class Network {
  constructor(private readonly view: View) {}

  /** The VPCs that the template makes. */
  get vpcs(): readonly ResourceUnder[] {
    return this.view.resources(VPC);
  }

  /** What a value names, among resources of some types. */
  named(value: Value | undefined, ...types: readonly string[]): Named | undefined {
    if (value === undefined) return undefined;
    const resource = this.view.graph.target(value, ...types);
    if (resource !== undefined) return { id: `#${resource.key}`, resource, unknowns: [] };
    const text = this.view.text(value);
    return text === undefined ? undefined : { id: text, unknowns: this.view.unknownsIn(text) };
  }

  /** The VPC that a subnet, a route table, a security group or an endpoint is in. */
  vpcOf(resource: ResourceUnder): Named | undefined {
    return this.named(property(resource, 'VpcId'), VPC);
  }

  /** The VPC of a subnet that some resource names. */
  vpcOfSubnet(subnet: Named): Named | undefined {
    return subnet.resource === undefined ? undefined : this.vpcOf(subnet.resource);
  }

  /** The subnets of the template that are in a VPC. */
  subnetsOf(vpc: Named): readonly ResourceUnder[] {
    return this.view.resources(SUBNET).filter((subnet) => this.vpcOf(subnet)?.id === vpc.id);
  }

  /** The subnets that a list names. */
  subnetsIn(list: Value | undefined): readonly Named[] {
    return itemsOf(list).flatMap((item) => this.named(item, SUBNET) ?? []);
  }

  /** A resource of the template, as others would name it. */
  self(resource: ResourceUnder): Named {
    return { id: `#${resource.key}`, resource, unknowns: [] };
  }

  /**
   * The route table that the template gives to a subnet.
   *
   * @returns `undefined` when it gives none. Then it is the main route table of the VPC, which no template can name: in a
   *   VPC of the template it has local routes only.
   */
  tableOf(subnet: Named): Named | undefined {
    const association = this.view
      .resources(ASSOCIATION)
      .find((one) => this.named(property(one, 'SubnetId'), SUBNET)?.id === subnet.id);
    return association && this.named(property(association, 'RouteTableId'), ROUTE_TABLE);
  }

  /** The routes that the template adds to a route table. */
  routesOf(table: Named): readonly ResourceUnder[] {
    return this.view
      .resources(ROUTE)
      .filter((route) => this.named(property(route, 'RouteTableId'), ROUTE_TABLE)?.id === table.id);
  }

  /** The ways to the internet that the routes of a subnet open, as far as the template holds its routes. */
  waysOut(subnet: Named): readonly WayOut[] {
    const table = this.tableOf(subnet);
    return table === undefined ? [] : this.routesOf(table).flatMap((route) => this.wayOut(route) ?? []);
  }

  /**
   * Whether packets from the internet reach a subnet: a route leads to an internet gateway.
   *
   * @returns The ways that do; those of an unknown gateway among them.
   */
  publicWays(subnet: Named): readonly WayOut[] {
    return this.waysOut(subnet).filter(({ to }) => to === 'internet gateway' || to === 'unknown gateway');
  }

  /** The way to the internet that a route opens; `undefined` when it stays in private networks. */
  wayOut(route: ResourceUnder): WayOut | undefined {
    const destination = DESTINATIONS.map((name) => property(route, name)).find((value) => value !== undefined);
    const range = this.view.text(destination) ?? '';
    if (isPrivateRange(range)) return undefined;
    const way = { route, destination: this.view.unknownsIn(range).length > 0 ? 'a range not known' : range };
    const hanging = this.view.unknownsIn(range);
    const nat = property(route, 'NatGatewayId');
    if (nat !== undefined) {
      const gateway = this.view.graph.target(nat, NAT_GATEWAY);
      // A private NAT gateway translates between private networks; there is no way from it to an internet gateway.
      if (gateway !== undefined && this.view.text(property(gateway, 'ConnectivityType')) === 'private') {
        return undefined;
      }
      return { ...way, to: 'NAT gateway', property: 'NatGatewayId', unknowns: hanging };
    }
    if (property(route, 'EgressOnlyInternetGatewayId') !== undefined) {
      return { ...way, to: 'egress-only gateway', property: 'EgressOnlyInternetGatewayId', unknowns: hanging };
    }
    const gateway = property(route, 'GatewayId');
    if (gateway === undefined) return undefined;
    const through = { ...way, property: 'GatewayId' };
    if (this.view.graph.target(gateway, INTERNET_GATEWAY) !== undefined) {
      return { ...through, to: 'internet gateway', unknowns: hanging };
    }
    const id = this.view.text(gateway) ?? '';
    if (id.startsWith('igw-')) return { ...through, to: 'internet gateway', unknowns: hanging };
    // Another gateway goes to private networks; a value that nobody knows may be any of them.
    const unknown = this.view.unknownsIn(id);
    return unknown.length === 0 ? undefined : { ...through, to: 'unknown gateway', unknowns: [...hanging, ...unknown] };
  }

  /** The endpoints that the template makes in a VPC. */
  endpointsOf(vpc: Named): readonly Endpoint[] {
    return this.endpoints().filter(({ resource }) => this.vpcOf(resource)?.id === vpc.id);
  }

  /** All endpoints of the template. */
  endpoints(): readonly Endpoint[] {
    return this.view.resources(ENDPOINT).map((resource) => {
      const name = this.view.text(property(resource, 'ServiceName')) ?? '';
      const type = this.view.text(property(resource, 'VpcEndpointType')) ?? 'Gateway';
      const service = SERVICE_NAME.exec(name)?.[1] ?? name;
      return { resource, service, type, unknowns: this.view.unknownsIn(service, type) };
    });
  }

  /** The rules that let packets into a security group, its own and those that are resources. */
  ingressOf(group: ResourceUnder): readonly IngressRule[] {
    const list = property(group, 'SecurityGroupIngress');
    const place = pathOf(group, 'SecurityGroupIngress');
    const inline = itemsOf(list).flatMap((rule, index): readonly IngressRule[] =>
      isMap(rule) ? [{ resource: group, path: isList(list) ? [...place, index] : place, rule }] : [],
    );
    const others = this.view
      .resources(INGRESS)
      .filter((one) => this.view.graph.target(property(one, 'GroupId') ?? property(one, 'GroupName'), GROUP) === group)
      .map((one) => ({ resource: one, path: pathOf(one), rule: one.properties }));
    return [...inline, ...others];
  }

  /** The security groups of the template that a list names. */
  groupsIn(list: Value | undefined): readonly ResourceUnder[] {
    return itemsOf(list).flatMap((item) => this.view.graph.target(item, GROUP) ?? []);
  }

  /** Whether a resource carries a tag; a tag with the value `false` says that it is not so. */
  isTagged(resource: ResourceUnder, key: string): boolean {
    return itemsOf(property(resource, 'Tags')).some((tag) => {
      if (!isMap(tag) || this.view.text(get(tag, 'Key')) !== key) return false;
      return scalar(this.view, get(tag, 'Value'))?.toLowerCase() !== 'false';
    });
  }
}

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;

/** The name of a service: the Region may be a value that nobody knows. China has a prefix of its own. */
const SERVICE_NAME = /^(?:cn\.)?com\.amazonaws\.(?:[a-z]{2}(?:-[a-z]+)+-\d|[\u{100000}-\u{10fffd}])\.(.+)$/u;

/** Addresses that the internet does not carry: RFC 1918, RFC 6598, RFC 3927; RFC 4193 for IPv6. */
const PRIVATE_RANGE =
  /^(?:10\.[\d.]+\/(?:[89]|[12]\d|3[0-2])|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+\/(?:1[2-9]|2\d|3[0-2])|192\.168\.[\d.]+\/(?:1[6-9]|2\d|3[0-2])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.[\d.]+\/(?:1\d|2\d|3[0-2])|169\.254\.[\d.]+\/(?:1[6-9]|2\d|3[0-2])|f[cd][0-9a-f:]+\/(?:[7-9]|[1-9]\d|1[0-2]\d))$/i;

/** Whether all addresses of a range are private. */
export function isPrivateRange(range: string): boolean {
  return PRIVATE_RANGE.test(range);
}
