/** guardduty-agents-reach-endpoint: where the template installs agents of GuardDuty, its VPCs have the endpoint that they report to. */
import { Network } from '../code/network.js';
import type { Endpoint } from '../code/network.js';
import { scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const SERVICE = 'guardduty-data';

/** Names by which the agent is installed on machines and in clusters of Kubernetes. */
const INSTALLERS = [
  { type: 'AWS::SSM::Association', property: 'Name', name: 'AmazonGuardDuty-ConfigureRuntimeMonitoringSsmPlugin' },
  { type: 'AWS::EKS::Addon', property: 'AddonName', name: 'aws-guardduty-agent' },
] as const;

export function check(view: View): void {
  const installers = INSTALLERS.flatMap(({ type, property: name, name: agent }) =>
    view.resources(type).filter((one) => view.text(property(one, name)) === agent),
  );
  const [installer] = installers;
  if (installer === undefined) return;
  const network = new Network(view);
  for (const vpc of network.vpcs) judge(view, vpc, installer, network.endpointsOf(network.self(vpc)));
}

function judge(view: View, vpc: ResourceUnder, installer: ResourceUnder, endpoints: readonly Endpoint[]): void {
  const path = ['Resources', vpc.key];
  const found = endpoints.filter(({ service }) => service === SERVICE);
  const isGood = (one: Endpoint): boolean =>
    one.type === 'Interface' && privateDns(view, one)?.toLowerCase() === 'true';
  const unknowns = [
    ...endpoints.flatMap(({ service }) => view.unknownsIn(service)),
    ...found.flatMap((one) => view.unknownsIn(one.type, privateDns(view, one) ?? '')),
  ];
  if (found.some(isGood)) view.pass(vpc);
  else if (unknowns.length > 0) view.open(vpc, path, unknowns);
  else {
    const [bad] = found;
    const what =
      bad === undefined
        ? `has no endpoint for \`${SERVICE}\``
        : `has an endpoint for \`${SERVICE}\` (\`${bad.resource.logicalId}\`) that is not of the type \`Interface\` with private DNS`;
    const message = `\`${installer.logicalId}\` installs agents of GuardDuty, and the VPC ${what}, so that they cannot report`;
    view.fail(vpc, { path, missing: bad === undefined, message, subject: SERVICE });
  }
}

function privateDns(view: View, { resource }: Endpoint): string | undefined {
  return scalar(view, property(resource, 'PrivateDnsEnabled'));
}
