/** codebuild-project-private-endpoints: a project in subnets without a way out has the endpoints that builds need. */
import { Network } from '../code/network.js';
import type { Endpoint, Named } from '../code/network.js';
import { at, itemsOf, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const network = new Network(view);
  for (const project of view.resources('AWS::CodeBuild::Project')) {
    const config = property(project, 'VpcConfig');
    const subnets = network.subnetsIn(at(config, 'Subnets'));
    const inside = subnets.filter((subnet) => subnet.resource !== undefined);
    const vpc = network.named(at(config, 'VpcId'), 'AWS::EC2::VPC');
    // Of a network outside the template neither routes nor endpoints are known.
    if (vpc?.resource === undefined || inside.length === 0 || inside.length < subnets.length) continue;
    const ways = inside.flatMap((subnet) => network.waysOut(subnet));
    if (ways.some(({ unknowns }) => unknowns.length === 0)) continue;
    const open = ways.flatMap(({ unknowns }) => unknowns);
    if (open.length > 0) view.open(project, pathOf(project, 'VpcConfig'), open);
    else judge(view, network, project, vpc, inside);
  }
}

function judge(view: View, network: Network, project: ResourceUnder, vpc: Named, subnets: readonly Named[]): void {
  const endpoints = network.endpointsOf(vpc);
  const path = pathOf(project, 'VpcConfig');
  const before = view.verdicts.length;
  for (const service of view.texts('buildEndpoints')) {
    const candidates = endpoints.filter((endpoint) => endpoint.service === service);
    const faults = candidates.map((endpoint) => faultOf(view, network, endpoint, subnets));
    if (faults.includes(undefined)) continue;
    const unknowns = [
      ...endpoints.filter((one) => view.unknownsIn(one.service).length > 0).flatMap((one) => one.unknowns),
      ...candidates.flatMap((endpoint) => hangingOn(view, endpoint)),
    ];
    if (unknowns.length > 0) {
      view.open(project, path, unknowns);
      continue;
    }
    const why = faults[0] ?? `its VPC has no endpoint for \`${service}\``;
    view.fail(project, { path, message: `the subnets of the project have no way out, and ${why}`, subject: service });
  }
  if (view.verdicts.length === before) view.pass(project);
}

/** Why an endpoint does not serve builds in some subnets. */
function faultOf(
  view: View,
  network: Network,
  { resource, service, type }: Endpoint,
  subnets: readonly Named[],
): string | undefined {
  const name = resource.logicalId;
  if (service === 's3' && type === 'Gateway') {
    const tables = itemsOf(property(resource, 'RouteTableIds')).map((item) => network.named(item, ROUTE_TABLE)?.id);
    const bare = subnets.find((subnet) => !tables.includes(network.tableOf(subnet)?.id ?? 'main'));
    return bare && `the endpoint \`${name}\` leaves out the route table of \`${bare.resource!.logicalId}\``;
  }
  if (type !== 'Interface') return `the endpoint \`${name}\` for \`${service}\` is not of the type \`Interface\``;
  const names = scalar(view, property(resource, 'PrivateDnsEnabled'));
  return names?.toLowerCase() === 'true' ? undefined : `the endpoint \`${name}\` for \`${service}\` has no private DNS`;
}

const ROUTE_TABLE = 'AWS::EC2::RouteTable';

function hangingOn(view: View, { resource, type }: Endpoint): ReturnType<View['unknownsIn']> {
  const tables = itemsOf(property(resource, 'RouteTableIds')).map((item) => view.text(item) ?? '');
  return view.unknownsIn(type, scalar(view, property(resource, 'PrivateDnsEnabled')) ?? '', ...tables);
}
