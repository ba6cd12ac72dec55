/** ec2-private-subnets-s3-gateway: the private subnets of a VPC reach Amazon S3 through a gateway endpoint. */
import { Network } from '../code/network.js';
import type { Endpoint, Named } from '../code/network.js';
import { itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const network = new Network(view);
  for (const vpc of network.vpcs) {
    const subnets = network.subnetsOf(network.self(vpc)).map((subnet) => network.self(subnet));
    // Where an unknown gateway may lead to the internet, nobody can tell whether the subnet is private.
    const closed = subnets.filter((subnet) => network.publicWays(subnet).length === 0);
    if (closed.length > 0) judge(view, network, vpc, closed);
  }
}

function judge(view: View, network: Network, vpc: ResourceUnder, subnets: readonly Named[]): void {
  const endpoints = network.endpointsOf(network.self(vpc)).filter(({ type }) => type === 'Gateway');
  const forS3 = endpoints.filter(({ service }) => service === 's3');
  if (forS3.length === 0) {
    const unknowns = endpoints.flatMap((endpoint) => endpoint.unknowns);
    const path = ['Resources', vpc.key];
    const message = `the VPC has no gateway endpoint for Amazon S3, which ${listOf(subnets)} would use`;
    if (unknowns.length > 0) view.open(vpc, path, unknowns);
    else view.fail(vpc, { path, missing: true, message, subject: 's3' });
    return;
  }
  const before = view.verdicts.length;
  const covered = forS3.flatMap(({ resource }) => tablesOf(network, resource));
  const unknowns = covered.flatMap((table) => table.unknowns);
  const endpoint = forS3[0]!.resource;
  const path = pathOf(endpoint, 'RouteTableIds');
  const missing = property(endpoint, 'RouteTableIds') === undefined;
  const told = new Set<string>();
  for (const subnet of subnets) {
    const table = network.tableOf(subnet);
    const id = table?.id ?? 'main';
    if (told.has(id) || covered.some((one) => one.id === id)) continue;
    told.add(id);
    const name = subnet.resource!.logicalId;
    const what = table === undefined ? 'the main route table' : `the route table \`${labelOf(table)}\``;
    const message = `the endpoint of Amazon S3 leaves out ${what}, which the private subnet \`${name}\` uses`;
    // A table that nobody knows may be the one that is missing.
    if (unknowns.length > 0) view.open(endpoint, path, unknowns);
    else view.fail(endpoint, { path, ...(missing ? { missing } : {}), message, subject: id });
  }
  if (view.verdicts.length === before) view.pass(vpc);
}

function tablesOf(network: Network, endpoint: Endpoint['resource']): readonly Named[] {
  return itemsOf(property(endpoint, 'RouteTableIds')).flatMap(
    (item) => network.named(item, 'AWS::EC2::RouteTable') ?? [],
  );
}

function labelOf({ id, resource, unknowns }: Named): string {
  return resource?.logicalId ?? (unknowns.length > 0 ? 'of a parameter' : id);
}

function listOf(subnets: readonly Named[]): string {
  const names = subnets.map((subnet) => `\`${subnet.resource!.logicalId}\``);
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return `the private ${names.length === 1 ? 'subnet' : 'subnets'} ${shown.join(', ')}`;
}
