/** iam-role-one-workload: no two workloads of the template share a role, and none has a role that a service makes for all. */
import type { Path, Value } from '../../template/index.js';
import { Network } from '../code/network.js';
import type { Named } from '../code/network.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const ROLE = 'AWS::IAM::Role';
const PROFILE = 'AWS::IAM::InstanceProfile';

/** Where each kind of workload names the role that it acts in. */
const WORKLOADS: Readonly<Record<string, Path>> = {
  'AWS::CodeBuild::Project': ['ServiceRole'],
  'AWS::CodePipeline::Pipeline': ['RoleArn'],
  'AWS::EMR::Cluster': ['JobFlowRole'],
  'AWS::Glue::Crawler': ['Role'],
  'AWS::Glue::Job': ['Role'],
  'AWS::Lambda::Function': ['Role'],
  'AWS::SageMaker::UserProfile': ['UserSettings', 'ExecutionRole'],
  'AWS::Serverless::Function': ['Role'],
};

/** Roles that a service or its console makes once for everything in an account. */
const DEFAULT_ROLE = /(?:^|[/])(?:EMR_(?:EC2_|AutoScaling_)?DefaultRole(?:_V2)?|AWSGlueServiceRoleDefault)$/;

interface Use {
  readonly workload: ResourceUnder;
  readonly path: Path;
  readonly role: Named;
}

export function check(view: View): void {
  const network = new Network(view);
  const uses = Object.entries(WORKLOADS).flatMap(([type, path]) =>
    view.resources(type).flatMap((workload): readonly Use[] => {
      const role = roleOf(network, at(workload.properties, ...path));
      return role === undefined ? [] : [{ workload, path: pathOf(workload, ...path), role }];
    }),
  );
  for (const use of uses) judge(view, use, uses);
}

function judge(view: View, { workload, path, role }: Use, uses: readonly Use[]): void {
  const name = role.resource?.logicalId ?? (role.unknowns.length > 0 ? 'of a parameter' : role.id);
  if (DEFAULT_ROLE.test(role.id)) {
    const message = `\`${name}\` is the default role of the service, which every workload of the account may have`;
    view.fail(workload, { path, message, subject: 'default' });
    return;
  }
  const others = uses.filter((one) => one.role.id === role.id && one.workload !== workload);
  if (others.length > 0) {
    const shown = others.slice(0, 3).map((one) => `\`${one.workload.logicalId}\``);
    const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
    const message = `the role \`${name}\` is that of ${shown.join(', ')}${more} too`;
    view.fail(workload, { path, message, subject: 'shared' });
    return;
  }
  // Two values that nobody knows may be the same role.
  const unsure = role.unknowns.length > 0 && uses.some((one) => one.workload !== workload && isUnknown(one.role));
  if (unsure) view.open(workload, path, role.unknowns);
  else view.pass(workload);
}

function isUnknown({ resource, unknowns }: Named): boolean {
  return resource === undefined && unknowns.length > 0;
}

/** The role of a value; machines have one through an instance profile. */
function roleOf(network: Network, value: Value | undefined): Named | undefined {
  const named = network.named(value, ROLE, PROFILE);
  if (named?.resource?.type !== PROFILE) return named;
  const [role] = itemsOf(property(named.resource, 'Roles'));
  return network.named(role, ROLE) ?? named;
}
