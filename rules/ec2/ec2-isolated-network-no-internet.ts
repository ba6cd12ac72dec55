/** ec2-isolated-network-no-internet: no route and no gateway leads from a network that is tagged isolated to the internet. */
import { Network, VPC } from '../code/network.js';
import type { WayOut } from '../code/network.js';
import { parameterText, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const network = new Network(view);
  const tag = parameterText(view, 'isolatedTag');
  const isolated = new Set(network.vpcs.filter((vpc) => network.isTagged(vpc, tag)));
  for (const vpc of isolated) {
    const gateways = gatewaysIn(view, network, vpc);
    for (const { resource, what } of gateways) {
      const message = `${what} leads out of the VPC \`${vpc.logicalId}\`, which is tagged \`${tag}\``;
      view.fail(resource, { path: ['Resources', resource.key], message, subject: vpc.key });
    }
    if (gateways.length === 0) view.pass(vpc);
  }
  for (const subnet of view.resources('AWS::EC2::Subnet')) {
    const vpc = network.vpcOf(subnet)?.resource;
    const ofVpc = vpc !== undefined && isolated.has(vpc);
    if (!ofVpc && !network.isTagged(subnet, tag)) continue;
    const ways = network.waysOut(network.self(subnet));
    for (const way of ways) tell(view, subnet, way, ofVpc ? `the VPC of \`${subnet.logicalId}\`` : 'the subnet');
    if (ways.length === 0) view.pass(subnet);
  }
}

function tell(view: View, subnet: ResourceUnder, way: WayOut, tagged: string): void {
  const { route, to, destination, unknowns } = way;
  const path = pathOf(route, way.property);
  if (unknowns.length > 0) {
    view.open(route, path, unknowns);
    return;
  }
  const message = `the route to \`${destination}\` goes from the subnet \`${subnet.logicalId}\` to an ${to}, although ${tagged} is tagged isolated`;
  view.fail(route, { path, message: message.replace('an NAT', 'a NAT'), subject: subnet.key });
}

/** Internet gateways attached to a VPC, and public NAT gateways in its subnets. */
function gatewaysIn(
  view: View,
  network: Network,
  vpc: ResourceUnder,
): readonly { readonly resource: ResourceUnder; readonly what: string }[] {
  const attached = view
    .resources('AWS::EC2::VPCGatewayAttachment')
    .filter((one) => property(one, 'InternetGatewayId') !== undefined && network.vpcOf(one)?.resource === vpc)
    .map((resource) => ({ resource, what: 'the internet gateway' }));
  const nat = view
    .resources('AWS::EC2::NatGateway')
    .filter((one) => view.text(property(one, 'ConnectivityType')) !== 'private' && vpcOfNat(network, one) === vpc)
    .map((resource) => ({ resource, what: 'the NAT gateway' }));
  return [...attached, ...nat];
}

function vpcOfNat(network: Network, nat: ResourceUnder): ResourceUnder | undefined {
  const subnet = network.named(property(nat, 'SubnetId'), 'AWS::EC2::Subnet')?.resource;
  return (subnet === undefined ? network.named(property(nat, 'VpcId'), VPC) : network.vpcOf(subnet))?.resource;
}
