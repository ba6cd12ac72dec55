/** rds-database-no-public-route: no subnet of a database has a route to an internet gateway. */
import type { Value } from '../../template/index.js';
import { Network } from '../code/network.js';
import type { Named } from '../code/network.js';
import { pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** How each type names its subnet group. */
const DATABASES = [
  { type: 'AWS::RDS::DBInstance', property: 'DBSubnetGroupName', group: 'AWS::RDS::DBSubnetGroup' },
  { type: 'AWS::RDS::DBCluster', property: 'DBSubnetGroupName', group: 'AWS::RDS::DBSubnetGroup' },
  {
    type: 'AWS::DMS::ReplicationInstance',
    property: 'ReplicationSubnetGroupIdentifier',
    group: 'AWS::DMS::ReplicationSubnetGroup',
  },
] as const;

export function check(view: View): void {
  const network = new Network(view);
  for (const { type, property: name, group: groupType } of DATABASES) {
    for (const database of view.resources(type)) {
      const group = groupOf(view, property(database, name), groupType, name);
      if (group === undefined) continue;
      judge(view, network, database, name, network.subnetsIn(property(group, 'SubnetIds')));
    }
  }
}

function judge(view: View, network: Network, database: ResourceUnder, name: string, subnets: readonly Named[]): void {
  const path = pathOf(database, name);
  const known = subnets.filter((subnet) => network.tableOf(subnet) !== undefined || subnet.resource !== undefined);
  if (known.length === 0) return;
  const before = view.verdicts.length;
  for (const subnet of known) {
    const ways = network.publicWays(subnet);
    const certain = ways.find(({ unknowns }) => unknowns.length === 0);
    const unknowns = ways.flatMap((way) => way.unknowns);
    if (certain !== undefined) {
      const named = subnet.resource?.logicalId ?? 'of a parameter';
      const message = `the subnet \`${named}\` of the database has a route to the internet (\`${certain.route.logicalId}\` to \`${certain.destination}\`)`;
      view.fail(database, { path, message, subject: subnet.id });
    } else if (unknowns.length > 0) view.open(database, path, unknowns);
  }
  if (view.verdicts.length === before) view.pass(database);
}

/** The subnet group that a value names: by reference, or by the name that both write in the same way. */
function groupOf(view: View, value: Value | undefined, type: string, name: string): ResourceUnder | undefined {
  const text = view.text(value);
  if (text === undefined) return undefined;
  const target = view.graph.target(value, type);
  return target ?? view.resources(type).find((group) => view.text(property(group, name)) === text);
}
