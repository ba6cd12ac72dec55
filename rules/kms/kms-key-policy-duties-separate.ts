/**
 * kms-key-policy-duties-separate: nobody whom a key policy names may both administer the key and use it, by the key policy
 * or, where that leaves it to IAM policies, by those of the template.
 */
import { iamAction, expandActionPattern } from '../../catalogue/iam/index.js';
import type { Policy, Principal, Statement } from '../../iam/index.js';
import { supposedName } from '../../template/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { isEveryone } from '../code/principals.js';
import { rolesOf } from '../code/roles.js';
import type { PolicyUnder, View } from '../code/view.js';

const onKeys = (...patterns: readonly string[]): readonly string[] =>
  patterns
    .flatMap((pattern) => expandActionPattern(pattern))
    .filter((name) => iamAction(name)?.resourceTypes.some((type) => type.name === 'key') === true);

const ADMINISTER = onKeys(
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:Put*',
  'kms:Create*',
  'kms:Schedule*',
  'kms:Disable*',
  'kms:Update*',
);
const USE = onKeys(
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:GenerateMac',
  'kms:Sign',
  'kms:DeriveSharedSecret',
);

/** What a grant for a service is not: with it, a `CreateGrant` for the sake of services is none of the administrator's. */
const CONTEXT = { 'kms:GrantIsForAWSResource': 'false' };

const LEFT_TO_IAM =
  'the key policy leaves both to administer the key and to use it to the IAM policies of the account, and those outside of the template may give both to one role';

export function check(view: View): void {
  for (const found of view.policies('AWS::KMS::Key', 'AWS::KMS::ReplicaKey')) {
    if (found.policy === undefined) view.unreadable(found);
    else checkKey(view, found, found.policy);
  }
}

function checkKey(view: View, found: PolicyUnder, policy: Policy): void {
  const { resource } = found;
  const before = view.verdicts.length;
  const key = supposedName(resource.key, { type: resource.type, resource: resource.value }, 'Arn', view.place)!;
  const told = new Set<string>();
  // Which IAM policies there are besides those of the template, only a look at the account can tell; no parameter does.
  const isLeft = leavesItToIam(view, policy, key);
  for (const principal of principalsOf(policy)) {
    const caller = callerOf(view, principal);
    if (caller === undefined) continue;
    const may = (index: number, actions: readonly string[]): string | undefined => {
      const statement = policy.statements[index]!;
      const own = onlyNamed(statement, principal, caller);
      if (own === undefined) return undefined;
      const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
      const ask = mayAllow({ resource: { ...policy, statements: [...denies, own] }, identity: [] });
      return actions.find((action) =>
        ask({ principal: caller, action, resource: key, resourceAccount: accountFor(caller), context: CONTEXT }),
      );
    };
    const indexes = policy.statements.map((_, index) => index);
    const administers = first(indexes, (index) => may(index, ADMINISTER));
    const uses = first(indexes, (index) => may(index, USE));
    const named = policy.statements.filter(
      (statement) => statement.effect === 'Allow' && onlyNamed(statement, principal, caller) !== undefined,
    );
    if (administers === undefined || uses === undefined) {
      const unknown = view.unknownsIn(...named.flatMap(({ action }) => action.patterns));
      if (unknown.length > 0 && !isLeft) view.open(resource, found.path, unknown);
      continue;
    }
    const index = Math.max(administers.index, uses.index);
    const path = pathIn(found, index, policy.statements[index]!.action.negated ? 'NotAction' : 'Action');
    const unknown = view.unknownsIn(
      ...(view.unknownsIn(principal.value).length > 0 && !principal.value.startsWith('arn:') ? [principal.value] : []),
      ...[administers, uses].flatMap(({ index }) =>
        policy.statements[index]!.conditions.flatMap(({ key: name, values }) => [name, ...values]),
      ),
    );
    if (unknown.length > 0) {
      if (!isLeft) view.open(resource, path, unknown);
      continue;
    }
    told.add(caller);
    const who = isEveryone(principal) ? 'everybody (`*`)' : `\`${principal.value}\``;
    const message = `${who} may both administer the key (\`${administers.action}\`) and use it (\`${uses.action}\`)`;
    view.fail(resource, { path, message, subject: principal.value });
  }
  checkRoles(view, found, policy, key, told);
  if (view.verdicts.length > before) return;
  if (isLeft) view.elsewhere(resource, found.path, LEFT_TO_IAM);
  else view.pass(resource);
}

/** Roles of the template to which IAM policies of the template give both. */
function checkRoles(view: View, found: PolicyUnder, policy: Policy, key: string, told: ReadonlySet<string>): void {
  for (const { arn, policies, resource } of rolesOf(view)) {
    const identity = policies.flatMap((one) => (one.policy === undefined ? [] : [one.policy]));
    if (identity.length === 0 || told.has(arn)) continue;
    const ask = mayAllow({ identity, resource: policy });
    const may = (actions: readonly string[]): string | undefined =>
      actions.find((action) => ask({ principal: arn, action, resource: key, context: CONTEXT }));
    const [administers, uses] = [may(ADMINISTER), may(USE)];
    if (administers === undefined || uses === undefined) continue;
    view.fail(found.resource, {
      path: found.path,
      message: `the key policy leaves the key to IAM policies, and those of \`${resource.logicalId}\` allow both to administer it (\`${administers}\`) and to use it (\`${uses}\`)`,
      subject: `role ${resource.key}`,
    });
  }
}

/** Whether the key policy leaves both administration and use to IAM policies, most of which no template shows. */
function leavesItToIam(view: View, policy: Policy, key: string): boolean {
  const root = `arn:${view.place.partition}:iam::${view.place.accountId}:root`;
  const ask = mayAllow({ resource: policy });
  return [ADMINISTER, USE].every((actions) =>
    actions.some((action) => ask({ principal: root, action, resource: key, context: CONTEXT })),
  );
}

function principalsOf({ statements }: Policy): readonly Principal[] {
  const all = new Map<string, Principal>();
  for (const { effect, principal } of statements) {
    if (effect !== 'Allow' || principal === undefined) continue;
    const named: readonly Principal[] = principal.negated ? [{ kind: 'AWS', value: '*' }] : principal.principals;
    for (const one of named) all.set(`${one.kind} ${one.value}`, one);
  }
  return [...all.values()];
}

/** Who asks in the name of a principal; nobody for an account, which only leaves it to its own IAM policies. */
function callerOf(view: View, principal: Principal): string | undefined {
  const { partition, accountId } = view.place;
  const { kind, value } = principal;
  if (kind !== 'AWS') return undefined;
  if (isEveryone(principal)) return `arn:${partition}:iam::${accountId}:role/anybody`;
  if (/^arn:[^:]*:(?:iam|sts)::[^:]*:(?:user|role|assumed-role|federated-user)\//.test(value)) return value;
  return view.unknownsIn(value).length > 0 && !value.startsWith('arn:')
    ? `arn:${partition}:iam::${accountId}:role/unknown`
    : undefined;
}

/** The account of the caller stands for the owner, so that a named caller of a foreign account is asked about as well. */
function accountFor(caller: string): string {
  return caller.split(':')[4]!;
}

/** A statement that allows, held to the caller; accounts in it are left out. */
function onlyNamed(statement: Statement, principal: Principal, caller: string): Statement | undefined {
  if (statement.effect !== 'Allow' || statement.principal === undefined) return undefined;
  const { negated, principals } = statement.principal;
  const isNamed = negated || principals.some((one) => isEveryone(one) || one.value === principal.value);
  if (!isNamed) return undefined;
  if (negated) return statement;
  return { ...statement, principal: { negated, principals: [{ kind: 'AWS', value: caller }] } };
}

function first(
  indexes: readonly number[],
  find: (index: number) => string | undefined,
): { readonly index: number; readonly action: string } | undefined {
  for (const index of indexes) {
    const action = find(index);
    if (action !== undefined) return { index, action };
  }
  return undefined;
}
