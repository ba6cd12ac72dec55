/**
 * Whether what our rollouts have made is there as the template of its stack set says: policies (boundaries among them), roles
 * and hooks. It is looked at where it lives: a stack does not know that somebody changed its resource, and a stack set says
 * CURRENT all the same.
 */
import { printPolicy, readPolicy } from '../../iam/index.js';
import { get, isList, isMap, keysOf, readTemplate, resolveTemplate, supposeTemplate } from '../../template/index.js';
import type { ResolvedDocument, Value, ValueMap } from '../../template/index.js';
import type { AccountFacts, CheckContext, CheckFinding, CheckOutcome, PlaceCheck } from './check.js';
import type { ExpectedStack, IamFacts, IamRole, IdentityPolicy, Json, ReadFailure } from './source.js';

/** A resource of a template of ours at one place. */
interface Wanted {
  readonly stackSet: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ValueMap;
  readonly document: ResolvedDocument;
}

const HOOKS = ['AWS::CloudFormation::GuardHook', 'AWS::CloudFormation::LambdaHook'];
const IDENTITIES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'];

/** The resources of some types that are wanted at a place, and what could not be read. */
function wantedAt(
  { organization }: CheckContext,
  account: string,
  region: string,
  types: readonly string[],
): { readonly wanted: readonly Wanted[]; readonly failures: readonly ReadFailure[] } {
  const wanted: Wanted[] = [];
  const failures: ReadFailure[] = [];
  for (const stack of organization.ownControls.expected) {
    if (!stack.places.some(([of, at]) => of === account && at === region)) continue;
    const document = documentOf(stack, account, region, organization.partition);
    const resources = document === null ? undefined : get(document.value, 'Resources');
    if (document === null || !isMap(resources)) {
      failures.push(open(stack.stackSet, 'its template cannot be read'));
      continue;
    }
    for (const logicalId of keysOf(resources)) {
      const resource = get(resources, logicalId)!;
      const type = isMap(resource) ? get(resource, 'Type') : undefined;
      if (!isMap(resource) || typeof type !== 'string' || !types.includes(type)) continue;
      const properties = get(resource, 'Properties') ?? {};
      if (document.unknownAt(resource) !== undefined || !isMap(properties)) {
        failures.push(open(stack.stackSet, `it cannot be told whether ${logicalId} is wanted in ${region}`));
      } else wanted.push({ stackSet: stack.stackSet, logicalId, type, properties, document });
    }
  }
  return { wanted, failures };
}

function open(stackSet: string, message: string): ReadFailure {
  return { step: stackSet, code: 'UNDECIDED', message };
}

function documentOf(
  { template, parameters }: ExpectedStack,
  accountId: string,
  region: string,
  partition: string,
): ResolvedDocument | null {
  const { source } = readTemplate(template, 'template');
  if (source === null || !isMap(source.value)) return null;
  const options = { accountId, region, partition, parameters };
  return supposeTemplate(source.value, resolveTemplate(source.value, options), options).resolution.document;
}

/** A value without anything that nobody knows, as JSON; `undefined` when something in it is not known. */
function known(value: Value, document: ResolvedDocument): Json | undefined {
  if (document.unknownAt(value) !== undefined) return undefined;
  if (isList(value)) {
    const items = value.map((item) => known(item, document));
    return items.includes(undefined) ? undefined : (items as readonly Json[]);
  }
  if (isMap(value)) {
    const entries = keysOf(value).map((key) => [key, known(get(value, key)!, document)] as const);
    if (entries.some(([key, item]) => item === undefined || key === 'Ref' || key.startsWith('Fn::'))) return undefined;
    return Object.fromEntries(entries) as Json;
  }
  return value === null || typeof value === 'string' || typeof value === 'boolean' ? value : Number(value);
}

/** A policy in one form whatever its spelling; `null` when it is none. */
function meaningOf(text: string | null, kind: 'identity' | 'trust'): string | null {
  const policy = text === null ? undefined : readPolicy(text, kind, 'policy').policy;
  return policy === undefined ? null : JSON.stringify(printPolicy(policy));
}

class Comparison {
  readonly findings: CheckFinding[] = [];
  readonly failures: ReadFailure[] = [];

  /** A property as text; `undefined` when it is left out or not known. */
  text({ properties, document }: Wanted, name: string): string | undefined {
    const value = get(properties, name);
    const is = value === undefined ? undefined : known(value, document);
    return typeof is === 'string' ? is : undefined;
  }

  find({ stackSet, type }: Wanted, arn: string, subject: string, message: string): void {
    this.findings.push({ resource: { arn, type }, subject, message: `${message} (stack set ${stackSet})` });
  }

  /** Compares a policy of the template with one that is there. */
  policy(
    wanted: Wanted,
    value: Value | undefined,
    is: string | null,
    kind: 'identity' | 'trust',
    told: { readonly arn: string; readonly what: string },
  ): void {
    const should = value === undefined ? undefined : known(value, wanted.document);
    const meaning = should === undefined ? null : meaningOf(JSON.stringify(should), kind);
    if (meaning === null) {
      const message = `${told.what} of ${wanted.logicalId} hangs on what only the stack knows`;
      this.failures.push(open(wanted.stackSet, message));
    } else if (meaningOf(is, kind) !== meaning) {
      this.find(wanted, told.arn, told.what, `${told.what} does not say what it should`);
    }
  }
}

function compareIdentities(facts: AccountFacts, context: CheckContext): CheckOutcome {
  const { id } = facts.account;
  const iam = facts.iam();
  const comparison = new Comparison();
  const done = new Set<string>();
  let concerned = false;
  for (const region of context.organization.regions) {
    const { wanted, failures } = wantedAt(context, id, region, IDENTITIES);
    comparison.failures.push(...failures);
    for (const one of wanted) {
      concerned = true;
      // What an identity is named decides what it is; without a name only the stack knows.
      const name = comparison.text(one, one.type === 'AWS::IAM::Role' ? 'RoleName' : 'ManagedPolicyName');
      if (name === undefined) {
        const what = `${one.logicalId} has no name of its own: which it is in the account cannot be told`;
        comparison.failures.push(open(one.stackSet, what));
        continue;
      }
      const key = `${one.type} ${name}`;
      if (done.has(key)) continue;
      done.add(key);
      if (one.type === 'AWS::IAM::Role') compareRole(one, name, iam, comparison, facts, context);
      else comparePolicy(one, name, iam, comparison, facts, context);
    }
  }
  return { findings: comparison.findings, failures: distinct(comparison.failures), concerned };
}

function distinct(failures: readonly ReadFailure[]): readonly ReadFailure[] {
  return [...new Map(failures.map((failure) => [`${failure.step} ${failure.message}`, failure])).values()];
}

function absentArn(
  kind: string,
  wanted: Wanted,
  name: string,
  facts: AccountFacts,
  { organization }: CheckContext,
): string {
  const path = get(wanted.properties, 'Path');
  return `arn:${organization.partition}:iam::${facts.account.id}:${kind}${typeof path === 'string' ? path : '/'}${name}`;
}

function comparePolicy(
  wanted: Wanted,
  name: string,
  iam: IamFacts,
  comparison: Comparison,
  facts: AccountFacts,
  context: CheckContext,
): void {
  const is = iam.policies.find((policy) => policy.name === name);
  if (is === undefined) {
    comparison.find(
      wanted,
      absentArn('policy', wanted, name, facts, context),
      'absent',
      `there is no policy \`${name}\``,
    );
    return;
  }
  const told = { arn: is.arn ?? name, what: `the policy \`${name}\`` };
  comparison.policy(wanted, get(wanted.properties, 'PolicyDocument'), is.document, 'identity', told);
}

function compareRole(
  wanted: Wanted,
  name: string,
  iam: IamFacts,
  comparison: Comparison,
  facts: AccountFacts,
  context: CheckContext,
): void {
  const is = iam.roles.find((role) => role.name === name);
  if (is === undefined) {
    comparison.find(wanted, absentArn('role', wanted, name, facts, context), 'absent', `there is no role \`${name}\``);
    return;
  }
  const { arn } = is;
  const trust = get(wanted.properties, 'AssumeRolePolicyDocument');
  comparison.policy(wanted, trust, is.trust, 'trust', { arn, what: 'the trust policy' });
  const declared = get(wanted.properties, 'PermissionsBoundary');
  const boundary = declared === undefined ? null : known(declared, wanted.document);
  if (boundary === undefined) {
    comparison.failures.push(open(wanted.stackSet, `the boundary of ${wanted.logicalId} is known to the stack only`));
  } else if (is.boundary !== boundary) {
    const message = `the boundary of the role is ${is.boundary ?? 'missing'} and not ${typeof boundary === 'string' ? boundary : 'none'}`;
    comparison.find(wanted, arn, 'boundary', message);
  }
  compareInline(wanted, is, comparison);
}

/** Policies of a role: those that the template writes are there and unchanged, and no others. */
function compareInline(wanted: Wanted, role: IamRole, comparison: Comparison): void {
  const listed = get(wanted.properties, 'Policies') ?? [];
  const inline = new Map<string, IdentityPolicy>(
    role.policies.filter(({ arn }) => arn === null).map((policy) => [policy.name, policy]),
  );
  for (const item of isList(listed) ? listed : []) {
    const name = isMap(item) ? get(item, 'PolicyName') : undefined;
    if (!isMap(item) || typeof name !== 'string') continue;
    const what = `the inline policy \`${name}\``;
    const is = inline.get(name);
    if (is === undefined) comparison.find(wanted, role.arn, what, `${what} is not there`);
    else comparison.policy(wanted, get(item, 'PolicyDocument'), is.document, 'identity', { arn: role.arn, what });
    inline.delete(name);
  }
  for (const { name } of inline.values()) {
    comparison.find(wanted, role.arn, `the inline policy \`${name}\``, `the inline policy \`${name}\` is not declared`);
  }
}

function compareHooks(facts: AccountFacts, context: CheckContext): CheckOutcome {
  const { wanted, failures } = wantedAt(context, facts.account.id, facts.region, HOOKS);
  const comparison = new Comparison();
  for (const one of wanted) {
    const alias = comparison.text(one, 'Alias');
    if (alias === undefined) {
      comparison.failures.push(open(one.stackSet, `the name of ${one.logicalId} is known to the stack only`));
      continue;
    }
    const is = facts.resources(one.type).find(({ properties }) => properties['Alias'] === alias);
    if (is === undefined) {
      comparison.find(one, alias, 'absent', `there is no hook ${alias}`);
      continue;
    }
    for (const name of ['HookStatus', 'FailureMode']) {
      const should = comparison.text(one, name);
      const found = is.properties[name];
      if (should === undefined) {
        comparison.failures.push(open(one.stackSet, `${name} of ${one.logicalId} is known to the stack only`));
      } else if (found !== should) {
        const told = typeof found === 'string' ? found : 'not told';
        comparison.find(one, alias, name, `${name} of the hook ${alias} is ${told} and not ${should}`);
      }
    }
  }
  return {
    findings: comparison.findings,
    failures: distinct([...failures, ...comparison.failures]),
    concerned: wanted.length > 0,
  };
}

/** What rollouts have made, looked at where it lives. */
export const OWN_STACK_CHECKS: readonly PlaceCheck[] = [
  {
    id: 'own-boundary-unchanged',
    controls: ['BND-ROLE-01'],
    severity: 'error',
    title: 'Boundaries, policies and roles of our rollouts are present and unchanged',
    help: 'look in CloudTrail for who changed it (PutRolePolicy, CreatePolicyVersion, UpdateAssumeRolePolicy, DeleteRolePermissionsBoundary); `stackade deploy drift` and `stackade deploy apply` bring it back',
    source: 'rollout',
    scope: 'account',
    reads: { iam: true },
    check: compareIdentities,
  },
  {
    id: 'own-hook-in-force',
    controls: ['HOOK-PROT-01'],
    severity: 'error',
    title: 'Hooks of our rollouts are present, enabled and fail what they should',
    help: 'look in CloudTrail for who changed it (SetTypeConfiguration, DeactivateType); `stackade deploy drift` and `stackade deploy apply` bring it back',
    source: 'rollout',
    scope: 'region',
    reads: { resources: HOOKS, whole: true },
    check: compareHooks,
  },
];
