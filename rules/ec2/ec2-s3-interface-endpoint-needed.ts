/** ec2-s3-interface-endpoint-needed: an interface endpoint for Amazon S3 serves somebody outside of its VPC. */
import { Network, VPC } from '../code/network.js';
import type { Named } from '../code/network.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** What ties a VPC to networks outside of it, and the properties that name the VPC. */
const TIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::ClientVpnEndpoint': ['VpcId'],
  'AWS::EC2::TransitGatewayAttachment': ['VpcId'],
  'AWS::EC2::TransitGatewayVpcAttachment': ['VpcId'],
  'AWS::EC2::VPCPeeringConnection': ['VpcId', 'PeerVpcId'],
};

/** Properties of a route that lead to networks outside of the VPC. */
const WAYS = ['TransitGatewayId', 'VpcPeeringConnectionId', 'CoreNetworkArn', 'LocalGatewayId'];

export function check(view: View): void {
  const network = new Network(view);
  const hubs = view.parameters['hubVpc'] === null ? undefined : view.texts('hubVpc');
  for (const { resource, service, type, unknowns } of network.endpoints()) {
    const vpc = network.vpcOf(resource);
    if (service !== 's3' || vpc === undefined) continue;
    if (unknowns.length > 0) view.open(resource, pathOf(resource, 'VpcEndpointType'), unknowns);
    else if (type === 'Interface') judge(view, network, resource, vpc, hubs);
  }
}

function judge(
  view: View,
  network: Network,
  endpoint: ResourceUnder,
  vpc: Named,
  hubs: readonly string[] | undefined,
): void {
  const path = pathOf(endpoint, 'VpcId');
  if (hubs !== undefined) {
    const isHub = hubs.includes(vpc.id) || (vpc.resource !== undefined && hubs.includes(nameOf(view, vpc.resource)));
    const unknowns = [
      ...vpc.unknowns,
      ...view.unknownsIn(vpc.resource === undefined ? '' : nameOf(view, vpc.resource)),
    ];
    if (isHub) view.pass(endpoint);
    else if (unknowns.length > 0) view.open(endpoint, path, unknowns);
    else {
      const message = `the VPC \`${vpc.resource?.logicalId ?? vpc.id}\` has an interface endpoint for Amazon S3 of its own, although the one of the central VPC (\`hubVpc\`) serves all`;
      view.fail(endpoint, { path, message, subject: 'hub' });
    }
    return;
  }
  // Who reaches a VPC outside the template is not known.
  if (vpc.resource === undefined) return;
  if (hasConsumers(view, network, vpc)) view.pass(endpoint);
  else {
    const message = `nothing ties the VPC \`${vpc.resource.logicalId}\` to a network outside, so that a gateway endpoint, which costs nothing, would do for Amazon S3`;
    view.fail(endpoint, { path: pathOf(endpoint, 'VpcEndpointType'), message, subject: 'consumers' });
  }
}

/** Whether the template ties a VPC to another network: by peering, a transit gateway or a VPN. */
function hasConsumers(view: View, network: Network, vpc: Named): boolean {
  const isThis = (resource: ResourceUnder, name: string): boolean =>
    network.named(property(resource, name), VPC)?.id === vpc.id;
  const tied = Object.entries(TIES).some(([type, names]) =>
    view.resources(type).some((one) => names.some((name) => isThis(one, name))),
  );
  const vpn = view
    .resources('AWS::EC2::VPCGatewayAttachment')
    .some((one) => property(one, 'VpnGatewayId') !== undefined && isThis(one, 'VpcId'));
  const routed = view.resources('AWS::EC2::Route').some((route) => {
    const table = network.named(property(route, 'RouteTableId'), 'AWS::EC2::RouteTable')?.resource;
    return table !== undefined && isThis(table, 'VpcId') && WAYS.some((name) => property(route, name) !== undefined);
  });
  return tied || vpn || routed;
}

/** The `Name` tag of a resource. */
function nameOf(view: View, resource: ResourceUnder): string {
  const tag = itemsOf(property(resource, 'Tags')).find((one) => at(one, 'Key') === 'Name');
  return view.text(at(tag, 'Value')) ?? '';
}
