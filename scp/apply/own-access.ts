/**
 * Whether who applies a plan can still go on, and go back, after a step: its own calls of AWS Organizations are decided
 * with the service control policies that the step leaves in force.
 */
import { compilePolicies, evaluate, parsePolicy } from '../../iam/index.js';
import type { Evaluation, Policy, Request } from '../../iam/index.js';
import type { Value } from '../../template/index.js';
import { parseContent } from './content.js';
import { touchedBy } from './guards.js';
import type { ApplyProblem, ApplyStep, PolicyState } from './model.js';
import { policiesAt } from './state.js';
import type { StateTree } from './tree.js';

/** Who makes the calls, as `sts:GetCallerIdentity` tells it. */
export interface Caller {
  /** Of a user, or of a role's session. */
  readonly arn: string;
  readonly account: string;
  /** The role that a session was made from, with its path. */
  readonly sessionIssuer?: string;
  /** Condition keys of the calls, as far as they are known. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Keys that the calls do not have. */
  readonly absent?: readonly string[];
}

const ON_POLICIES = ['AttachPolicy', 'DetachPolicy', 'UpdatePolicy', 'DeletePolicy', 'DescribePolicy'];
const ON_TARGETS = ['AttachPolicy', 'DetachPolicy'];
const ON_ANYTHING = [
  'CreatePolicy',
  'TagResource',
  'ListTagsForResource',
  'ListPolicies',
  'ListTargetsForPolicy',
  'ListRoots',
  'ListOrganizationalUnitsForParent',
  'ListAccountsForParent',
  'DescribeOrganization',
];

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

const DELEGATION: Policy = {
  ...ALLOW_ALL,
  statements: ALLOW_ALL.statements.map((statement) => ({
    ...statement,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

/** Why a step must not be made: it denies the caller's own calls, or may do so; `null` when it does not. */
export function ownAccessProblem(
  before: PolicyState,
  after: PolicyState,
  step: ApplyStep,
  caller: Caller,
  set: string,
  tree: StateTree,
): ApplyProblem | null {
  // SCPs do not restrain the management account.
  if (caller.account === before.organization.managementAccountId) return null;
  const touched = touchedBy(before, step, set);
  if (touched?.type !== 'scp') return null;
  const path = tree.path(caller.account);
  if (!touched.targets.some((target) => path.includes(target))) return null;
  const what = 'policy' in step ? `\`${step.policy.name}\`` : 'this step';
  const levels = [before, after].map((state) => levelsOf(state, path));
  const unreadable = levels[1]!.unreadable ?? levels[0]!.unreadable;
  if (unreadable !== null) {
    return problem(
      what,
      `whether ${what} would deny your own calls cannot be told: \`${unreadable}\` has no meaning`,
      'mend that policy, or apply from the management account, which service control policies do not restrain',
    );
  }
  const [now, then] = levels.map(({ scps }) =>
    compilePolicies({
      identity: [ALLOW_ALL],
      boundary: null,
      session: null,
      scps,
      rcps: null,
      // The organization belongs to the management account, which lets a delegated administrator in by its policy.
      resource: DELEGATION,
      vpcEndpoint: null,
    }),
  );
  for (const request of requestsOf(before, step, caller)) {
    const was = evaluate(now!, request, { unknownContext: true });
    const will = evaluate(then!, request, { unknownContext: true });
    if (will.decision === 'ALLOW' || isDenied(was)) continue;
    if (isDenied(will)) {
      return problem(
        what,
        `${what} would deny your own call of ${request.action}, so that you could neither go on nor go back`,
        `exempt ${caller.sessionIssuer ?? caller.arn} in the policy, or apply from the management account`,
      );
    }
    const keys = will.missingKeys.map((key) => `--caller-context ${key}=VALUE`).join(' ');
    return problem(
      what,
      `whether ${what} would deny your own call of ${request.action} hangs on ${will.missingKeys.map((key) => `\`${key}\``).join(', ')}`,
      `say what your calls have there: ${keys} (nothing after = means that they have no such key)`,
    );
  }
  return null;
}

const isDenied = ({ decision }: Evaluation): boolean => decision === 'EXPLICIT_DENY' || decision === 'IMPLICIT_DENY';

function problem(of: string, message: string, help: string): ApplyProblem {
  return { kind: 'ownAccess', of: of.replaceAll('`', ''), message, help };
}

function levelsOf(
  state: PolicyState,
  path: readonly string[],
): { readonly scps: readonly (readonly Policy[])[]; readonly unreadable: string | null } {
  let unreadable: string | null = null;
  const scps = path.map((target) =>
    policiesAt(state, target, 'scp').flatMap(({ name, content }) => {
      const document = parseContent(content ?? '');
      const policy = document === undefined ? undefined : parsePolicy(document as Value, 'scp').policy;
      if (policy === undefined) unreadable = name;
      return policy === undefined ? [] : [policy];
    }),
  );
  return { scps, unreadable };
}

function requestsOf(state: PolicyState, step: ApplyStep, caller: Caller): readonly Request[] {
  const { id: organization, managementAccountId } = state.organization;
  const arn = (resource: string): string => `arn:aws:organizations::${managementAccountId}:${resource}`;
  const policy = 'policy' in step ? (step.policy.id ?? 'p-examplepolicy') : 'p-examplepolicy';
  const targets = ['target' in step ? step.target.id : state.root.id, state.root.id];
  const policyArn = arn(`policy/${organization}/service_control_policy/${policy}`);
  const targetArns = targets.map((id) =>
    arn(`${id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account'}/${organization}/${id}`),
  );
  const calls = [
    ...ON_POLICIES.map((action) => [action, policyArn] as const),
    ...ON_TARGETS.flatMap((action) => targetArns.map((each) => [action, each] as const)),
    ...ON_ANYTHING.map((action) => [action, '*'] as const),
  ];
  const context = { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY', ...caller.context };
  return calls.map(([action, resource]) => ({
    principal: caller.arn,
    ...(caller.sessionIssuer === undefined ? {} : { sessionIssuer: caller.sessionIssuer }),
    action: `organizations:${action}`,
    resource,
    context,
    ...(caller.absent === undefined ? {} : { absent: caller.absent }),
  }));
}
