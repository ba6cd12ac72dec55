/** Organizations with policies in force, and others that shall be. */
import type { OrganizationPolicyType } from '../../../organization/index.js';
import type { OrganizationData } from '../../../sandbox/index.js';
import { applyPlan, planPolicies, readPolicyState } from '../../../scp/apply/index.js';
import type {
  ApplyOutcome,
  ApplyPlan,
  PlanOptions,
  PolicyOperations,
  WantedPolicies,
} from '../../../scp/apply/index.js';
import { seeded } from '../../sandbox/organization.js';
import { operationsOn } from './operations.js';

export const ROOT = 'r-ab12';
export const SANDBOX = 'ou-ab12-11111111';
export const SHOP = '444444444444';

/** A statement that denies one action. */
export const deny = (action: string): object => ({ Effect: 'Deny', Action: action, Resource: '*' });
const allow = (action: string): object => ({ Effect: 'Allow', Action: action, Resource: '*' });

/** A document of statements, told by their actions; `+` allows. */
export function policy(...actions: readonly string[]): string {
  const Statement = actions.map((each) => (each.startsWith('+') ? allow(each.slice(1)) : deny(each)));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

type Places = Readonly<Record<string, readonly string[]>>;

/**
 * What is wanted.
 *
 * @param documents - Texts by name; a name that begins with `rcp` or `tag` is of that type.
 * @param places - Names by target; `-full` takes `FullAWSAccess` away.
 */
export function wanted(documents: Readonly<Record<string, string>>, places: Places): WantedPolicies {
  const typeOf = (name: string): OrganizationPolicyType =>
    name.startsWith('rcp') ? 'rcp' : name.startsWith('tag') ? 'tag' : 'scp';
  return {
    documents: Object.entries(documents).map(([name, content]) => ({
      name,
      type: typeOf(name),
      description: `about ${name}`,
      content,
    })),
    attachments: Object.entries(places).flatMap(([targetId, names]) =>
      (['scp', 'rcp', 'tag'] as const).map((type) => ({
        targetId,
        type,
        documents: names.filter((name) => name !== '-full' && typeOf(name) === type),
        ...(type === 'scp' && { fullAwsAccess: !names.includes('-full') }),
      })),
    ),
  };
}

/** Many statements, so that two such documents do not fit into one. */
const long = (prefix: string): readonly string[] =>
  Array.from({ length: 60 }, (_, index) => `${prefix}:${'Action'.repeat(9)}${index}`);

export interface Scenario {
  readonly name: string;
  readonly enabled?: readonly string[];
  readonly from: WantedPolicies;
  readonly to: WantedPolicies;
  readonly options?: Partial<PlanOptions>;
}

const nothing = wanted({}, {});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a first set',
    from: nothing,
    to: wanted(
      { base: policy('s3:*'), extra: policy('ec2:*'), shop: policy('sqs:*') },
      { [ROOT]: ['base'], [SANDBOX]: ['extra'], [SHOP]: ['shop', 'extra'] },
    ),
  },
  {
    name: 'a type that is not enabled',
    enabled: [],
    from: nothing,
    to: wanted(
      { base: policy('s3:*'), rcp: policy('s3:*').replace('"Action"', '"Principal":"*","Action"'), tag: '{"tags":{}}' },
      { [ROOT]: ['base', 'rcp', 'tag'] },
    ),
  },
  {
    name: 'the end of a set',
    from: wanted({ base: policy('s3:*'), extra: policy('ec2:*') }, { [ROOT]: ['base'], [SANDBOX]: ['extra'] }),
    to: nothing,
  },
  {
    name: 'texts that change',
    from: wanted(
      { base: policy('s3:*'), shop: policy('sqs:*', 'sns:*'), tag: '{"tags":{}}' },
      { [ROOT]: ['base'], [SHOP]: ['shop'] },
    ),
    to: wanted(
      { base: policy('s3:*', 'ec2:*'), shop: policy('sqs:*'), tag: '{"tags":{"a":{}}}' },
      { [ROOT]: ['base'], [SHOP]: ['shop'] },
    ),
  },
  {
    name: 'statements that move from one policy to another',
    from: wanted(
      { one: policy('s3:*', 'ec2:*'), two: policy('sqs:*', 'sns:*'), old: policy('iam:*') },
      { [ROOT]: ['one'], [SANDBOX]: ['two', 'old'], [SHOP]: ['two'] },
    ),
    to: wanted(
      { one: policy('sqs:*', 'ec2:*', 'iam:*'), two: policy('s3:*', 'sns:*'), new: policy('sqs:*') },
      { [ROOT]: ['one'], [SANDBOX]: ['two', 'new'], [SHOP]: ['two', 'new'] },
    ),
  },
  {
    name: 'statements that move and do not fit into one policy',
    from: wanted({ one: policy(...long('s3')), two: policy(...long('ec2')) }, { [SANDBOX]: ['one', 'two'] }),
    to: wanted({ one: policy(...long('ec2')), two: policy(...long('s3')) }, { [SANDBOX]: ['one', 'two'] }),
  },
  {
    name: 'an allow list',
    from: wanted({ base: policy('s3:*') }, { [ROOT]: ['base'] }),
    to: wanted(
      { base: policy('s3:*'), list: policy('+ec2:*', '+sqs:*') },
      { [ROOT]: ['base'], [SANDBOX]: ['list', '-full'] },
    ),
  },
  {
    name: 'the end of an allow list',
    from: wanted({ list: policy('+ec2:*') }, { [SANDBOX]: ['list', '-full'] }),
    to: wanted({ list: policy('+ec2:*', '+sqs:*') }, { [SANDBOX]: ['list', '-full'] }),
  },
  {
    name: 'named waves',
    from: nothing,
    to: wanted(
      { base: policy('s3:*'), extra: policy('ec2:*') },
      { [ROOT]: ['base'], [SANDBOX]: ['extra'], [SHOP]: ['extra'] },
    ),
    options: { waves: [[SHOP], [SANDBOX]] },
  },
];

export const SET = 'guardrails';

/** Plans by what is in force, and applies. */
export async function bring(
  operations: PolicyOperations,
  to: WantedPolicies,
  options: Partial<PlanOptions> = {},
): Promise<{ readonly plan: ApplyPlan; readonly outcome: ApplyOutcome }> {
  const state = await readPolicyState(operations);
  const plan = planPolicies(state, to, { set: SET, ...options });
  const outcome = await applyPlan(plan, state, operations, { wait: () => Promise.resolve() });
  return { plan, outcome };
}

/** An organization in which what a scenario starts from is in force, beside a policy of somebody else. */
export async function started({ from, enabled }: Scenario): Promise<OrganizationData> {
  const data = seeded(enabled);
  const operations = operationsOn(data);
  const theirs = { name: 'theirs', type: 'SERVICE_CONTROL_POLICY', description: '', tags: {} };
  const id = await operations.createPolicy({ ...theirs, content: policy('organizations:LeaveOrganization') });
  if (data.enabledPolicyTypes.size > 0) await operations.attachPolicy(id, ROOT);
  const { plan, outcome } = await bring(operations, from);
  if (plan.problems.length > 0) throw new Error(JSON.stringify(plan.problems));
  if (outcome.failure !== null) throw outcome.failure.error as Error;
  return data;
}
