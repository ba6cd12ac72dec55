/** ecs-task-definition-pulls-agent: the execution role of tasks on Fargate may fetch the image of GuardDuty's agent. */
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Document, Identity } from '../code/identities.js';
import { managedName } from '../code/managed-policies.js';
import { itemsOf, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';
import type { Policy } from '../../iam/index.js';
import type { Path, Unknown } from '../../template/index.js';

const REPOSITORY = 'aws-guardduty-agent-fargate';

/** What the agent needs: fetching a token, and the layers of an image. */
const NEEDED = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetDownloadUrlForLayer',
  'ecr:BatchGetImage',
];

/** Policies of AWS that allow all of it, on every repository. */
const PULLING = [
  'AdministratorAccess',
  'AmazonEC2ContainerRegistryFullAccess',
  'AmazonEC2ContainerRegistryPowerUser',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonECSTaskExecutionRolePolicy',
  'PowerUserAccess',
];

export function check(view: View): void {
  const identities = identitiesOf(view);
  for (const task of view.resources('AWS::ECS::TaskDefinition')) {
    const modes = itemsOf(property(task, 'RequiresCompatibilities')).map((mode) => view.text(mode));
    if (!modes.includes('FARGATE')) continue;
    const path = pathOf(task, 'ExecutionRoleArn');
    const value = property(task, 'ExecutionRoleArn');
    if (value === undefined) {
      const message = 'the task has no execution role, so that the agent of GuardDuty cannot be fetched';
      view.fail(task, { path, missing: true, message, subject: 'ExecutionRoleArn' });
      continue;
    }
    const role = view.graph.target(value, 'AWS::IAM::Role');
    const identity = identities.find((one) => one.role !== undefined && one.role === role);
    if (identity !== undefined) judge(view, task, identity);
  }
}

function judge(view: View, task: ResourceUnder, identity: Identity): void {
  const path = pathOf(task, 'ExecutionRoleArn');
  const managed = itemsOf(property(identity.role!, 'ManagedPolicyArns')).map((one) => scalar(view, one) ?? '');
  const pulls = managed.some((arn) => PULLING.includes(managedName(arn) ?? ''));
  const full = pulls ? { ...identity, documents: [...identity.documents, pulling(identity)] } : identity;
  const answers = NEEDED.map((action) => ({
    action,
    grants: grantsOf(view, full, { action, resource: imageOf(view, identity, action) }),
  }));
  const missing = answers.filter(({ grants }) => !grants.some(({ answer }) => answer === 'yes'));
  if (missing.length === 0) {
    view.pass(task);
    return;
  }
  const unknowns = [
    ...missing.flatMap(({ grants }) => grants.flatMap((grant) => grant.unknowns)),
    ...identity.unreadable.flatMap((found) => found.unknowns),
    ...(identity.seesAll || pulls
      ? []
      : managed.filter((arn) => !PULLING.includes(managedName(arn) ?? '')).map(unknownPolicy)),
  ];
  if (unknowns.length > 0) view.open(task, path, unknowns);
  else {
    const actions = missing.map(({ action }) => `\`${action}\``).join(', ');
    const message = `the execution role \`${identity.role!.logicalId}\` does not allow ${actions} on the repository of GuardDuty's agent`;
    view.fail(task, { path, message, subject: actions });
  }
}

/** The repository of the agent; its account differs by Region, and the policy may name it. */
function imageOf(view: View, { documents }: Identity, action: string): string {
  if (action === 'ecr:GetAuthorizationToken') return '*';
  const named = documents
    .flatMap(({ policy }) => policy.statements)
    .flatMap(({ effect, resource }) => (effect === 'Allow' ? (resource?.patterns ?? []) : []))
    .find((pattern) => pattern.endsWith(`:repository/${REPOSITORY}`));
  const { partition, region } = view.place;
  return named?.replace(/[*?]/g, '5') ?? `arn:${partition}:ecr:${region}:593207742271:repository/${REPOSITORY}`;
}

function pulling({ role }: Identity): Document {
  const policy: Policy = {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Allow',
        action: { negated: false, patterns: NEEDED },
        resource: { negated: false, patterns: ['*'] },
        conditions: [],
      },
    ],
  };
  const place = (): Path => pathOf(role!, 'ManagedPolicyArns');
  return { policy, resource: role!, place, placeOfResources: place };
}

function unknownPolicy(arn: string): Unknown {
  const reason = `what the managed policy \`${arn}\` allows is not in the template`;
  return { kind: 'import', reason, parameters: [], choices: [], under: () => undefined };
}
