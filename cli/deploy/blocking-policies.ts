/**
 * Service control policies that are still attached and keep a rollout from being taken away: the role of StackSets in the
 * accounts, `stacksets-exec-*`, is an ordinary role, so that they restrain it.
 */
import { actionsOfType } from '../../catalogue/actions/index.js';
import { compilePolicies, evaluate, parsePolicy } from '../../iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import type { AwsAttachment, AwsPolicy } from '../../organization/index.js';
import type { Problem, RolloutTemplate, Tree } from '../../stacksets/index.js';
import type { Value } from '../../template/index.js';
import { calling } from '../aws/connect.js';
import type { DeploySession } from './session.js';

const SCP = 'SERVICE_CONTROL_POLICY';

/** What deletes what CloudFormation itself holds in an account; the catalogue knows the other types. */
const OF_CLOUDFORMATION: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFormation::GuardHook': ['cloudformation:DeactivateType', 'cloudformation:SetTypeConfiguration'],
  'AWS::CloudFormation::LambdaHook': ['cloudformation:DeactivateType', 'cloudformation:SetTypeConfiguration'],
  'AWS::CloudFormation::HookVersion': ['cloudformation:DeregisterType'],
  'AWS::CloudFormation::HookTypeConfig': ['cloudformation:SetTypeConfiguration'],
  'AWS::CloudFormation::TypeActivation': ['cloudformation:DeactivateType'],
};

/** Names the policies that deny the role of StackSets a call by which it deletes. */
export async function blockingPolicies(
  template: RolloutTemplate,
  accounts: readonly string[],
  session: DeploySession,
): Promise<readonly Problem[]> {
  const { organizations } = session.connection;
  const tree = await session.tree();
  const { policies, attachments } = await calling('the service control policies cannot be read', async () => {
    const found: AwsPolicy[] = [];
    const places: AwsAttachment[] = [];
    for (const policy of await organizations.listPolicies(SCP)) {
      if (policy.awsManaged) continue;
      found.push({ ...policy, content: await organizations.describePolicy(policy.id) });
      for (const targetId of await organizations.listTargetsForPolicy(policy.id)) {
        places.push({ policyId: policy.id, targetId });
      }
    }
    return { policies: found, attachments: places };
  });
  const denied = new Map<
    string,
    { readonly actions: Set<string>; readonly accounts: Set<string>; readonly targets: Set<string> }
  >();
  for (const policy of policies) {
    const { policy: parsed } = parsePolicy(JSON.parse(policy.content ?? '{}') as Value, 'scp');
    if (parsed === undefined) continue;
    const compiled = compilePolicies({ ...NOTHING, scps: [[ALLOW_ALL, parsed]] });
    const targets = attachments.filter(({ policyId }) => policyId === policy.id).map(({ targetId }) => targetId);
    for (const account of accounts) {
      const over = targets.filter((target) => isOver(tree, target, account));
      if (over.length === 0) continue;
      for (const request of requestsOf(template, account, session.partition)) {
        if (evaluate(compiled, request, { unknownContext: true }).decision === 'ALLOW') continue;
        const key = `${policy.name}\` (${policy.id})`;
        const entry = denied.get(key) ?? { actions: new Set(), accounts: new Set(), targets: new Set() };
        entry.actions.add(request.action);
        entry.accounts.add(account);
        for (const target of over) entry.targets.add(tree.has(target) ? tree.shown(target) : target);
        denied.set(key, entry);
      }
    }
  }
  return [...denied].map(([policy, { actions, accounts: of, targets }]) => ({
    message: `the service control policy \`${policy}, attached at ${[...targets].join(', ')}, may deny StackSets ${[...actions].slice(0, 4).join(', ')} in ${of.size} account${of.size === 1 ? '' : 's'}`,
    help: 'detach it first, or exempt arn:aws:iam::*:role/stacksets-exec-* in it; --retain-stacks leaves the stacks where they are',
  }));
}

function isOver(tree: Tree, target: string, account: string): boolean {
  const parent = tree.accounts.get(account)?.parentId;
  return target === account || (parent !== undefined && tree.path(parent).includes(target));
}

const ALLOW_ALL: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

const NOTHING = { identity: [ALLOW_ALL], boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };

function requestsOf(template: RolloutTemplate, account: string, partition: string): readonly Request[] {
  const role = `arn:${partition}:iam::${account}:role/stacksets-exec-0123456789abcdef0123456789abcdef`;
  const actions = template.resourceTypes.flatMap((type) => [
    ...(OF_CLOUDFORMATION[type] ?? []),
    ...(actionsOfType(type)?.delete ?? []).map(({ action }) => action),
  ]);
  return [...new Set(['cloudformation:DeleteStack', ...actions])].map((action) => ({
    principal: role,
    action,
    resource: '*',
    // CloudFormation opens the session itself, and no person's name is in it: what denies people by the names of their
    // sessions, as a revocation does, does not reach it. How it names the session is not documented.
    context: { 'aws:PrincipalArn': role, 'aws:userid': 'AROASTACKSETSEXECROLE:cloudformation' },
    absent: ['aws:SourceIdentity'],
  }));
}
