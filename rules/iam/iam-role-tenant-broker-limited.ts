/** iam-role-tenant-broker-limited: the role that hands out sessions of tenants assumes their roles and touches no data. */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Policy, Statement } from '../../iam/index.js';
import type { Path, Unknown } from '../../template/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { rolesOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { reached, tenantRoles, textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const ASSUME = 'sts:AssumeRole';
/** What a broker has no business with: data, databases and secrets. */
const DATA = ['s3:*', 'rds-db:*', 'rds-data:*', 'dynamodb:*', 'secretsmanager:*', 'ssm:GetParameter*'].flatMap(
  expandActionPattern,
);
/** Managed policies of AWS that let functions run, write logs and traces. */
const RUNS =
  /:policy\/(?:service-role\/AWSLambda(?:BasicExecutionRole|VPCAccessExecutionRole)|AWSXRayDaemonWriteAccess|CloudWatchLambdaInsightsExecutionRolePolicy)$/;

export function check(view: View): void {
  const prefix = textParameter(view, 'tenantRolePrefix');
  const tenants = tenantRoles(view, { prefix, tags: view.texts('tenantTags') });
  const trusted = tenants.flatMap(({ trust }) =>
    (trust?.policy?.statements ?? []).flatMap(({ principal }) => principal?.principals.map(({ value }) => value) ?? []),
  );
  const isTenant = (arn: string): boolean =>
    tenants.some((tenant) => tenant.arn === arn) || namesIn(arn).some((name) => name.startsWith(prefix));
  for (const role of rolesOf(view)) {
    const name = view.text(property(role.resource, 'RoleName'));
    const isBroker =
      trusted.includes(role.arn) || view.texts('tenantBrokers').includes(name ?? '') || namesTenants(role, isTenant);
    if (isBroker && !isTenant(role.arn)) checkBroker(view, role, isTenant);
  }
}

function checkBroker(view: View, role: RoleUnder, isTenant: (arn: string) => boolean): void {
  const before = view.verdicts.length;
  const documents = role.policies.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const denies = documents.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny'));
  for (const found of role.policies) {
    if (found.policy === undefined) {
      view.unreadable(found);
      continue;
    }
    found.policy.statements.forEach((statement, index) => {
      if (statement.effect !== 'Allow') return;
      const identity = [{ ...found.policy!, statements: [...denies, statement] }];
      const mayTouch = mayAllow({ identity });
      const mayAssume = mayAllow({ identity, resource: trustIn(view.place.accountId) });
      const ask = (action: string, resource: string): boolean => {
        const resourceAccount = view.place.accountId;
        const request = { principal: role.arn, action, resource, resourceAccount, context: {} };
        return action === ASSUME ? mayAssume(request) : mayTouch(request);
      };
      checkStatement(view, role, found, statement, index, ask, isTenant);
    });
  }
  for (const { text, path } of role.elsewhere) {
    if (!RUNS.test(text)) {
      view.open(role.resource, path, view.unknownsIn(text).length > 0 ? view.unknownsIn(text) : [unseen(text)]);
    }
  }
  if (view.verdicts.length === before) view.pass(role.resource);
}

function checkStatement(
  view: View,
  { resource }: RoleUnder,
  found: PolicyUnder,
  statement: Statement,
  index: number,
  ask: (action: string, resource: string) => boolean,
  isTenant: (arn: string) => boolean,
): void {
  const { action, conditions } = statement;
  const patterns = statement.resource?.negated === true ? ['*'] : (statement.resource?.patterns ?? []);
  const unknown = view.unknownsIn(...conditions.flatMap(({ key, values }) => [key, ...values]));
  const say = (path: Path, subject: string, message: string): void => {
    if (unknown.length > 0) view.open(resource, path, unknown);
    else view.fail(resource, { path, message, subject: `statement ${index} ${subject}` });
  };
  const hidden = view.unknownsIn(...action.patterns);
  if (hidden.length > 0) view.open(resource, pathIn(found, index, 'Action'), hidden);
  const data = DATA.find((name) => patterns.some((pattern) => reached(pattern, 'x').some((place) => ask(name, place))));
  if (data !== undefined) {
    const path = pathIn(found, index, action.negated ? 'NotAction' : 'Action');
    say(
      path,
      'data',
      `the broker of tenants may \`${data}\`; what it does for a tenant it does in the role of the tenant`,
    );
  }
  const { partition, accountId } = view.place;
  const roles = patterns.flatMap((pattern) =>
    /^\*+$/.test(pattern) ? [`arn:${partition}:iam::${accountId}:role/some-other-role`] : reached(pattern, 'x'),
  );
  const path = pathIn(found, index, statement.resource?.negated === true ? 'NotResource' : 'Resource');
  const other = roles.find((arn) => !isTenant(arn) && view.unknownsIn(arn).length === 0 && ask(ASSUME, arn));
  if (other !== undefined) {
    say(path, 'roles', `the broker of tenants may assume \`${other}\`, which is no role of a tenant`);
    return;
  }
  const open = roles.filter((arn) => !isTenant(arn) && view.unknownsIn(arn).length > 0 && ask(ASSUME, arn));
  if (open.length > 0) view.open(resource, path, view.unknownsIn(...open));
}

/** Whether a policy lets the role assume those of tenants. */
function namesTenants({ policies }: RoleUnder, isTenant: (arn: string) => boolean): boolean {
  return policies.some(({ policy }) =>
    (policy?.statements ?? []).some(
      ({ effect, action, resource }) =>
        effect === 'Allow' &&
        !action.negated &&
        action.patterns.some((pattern) => expandActionPattern(pattern).includes(ASSUME)) &&
        resource?.patterns.some(isTenant) === true,
    ),
  );
}

/** A trust policy that leaves the decision to the policies of the account. */
function trustIn(account: string): Policy {
  return {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Allow',
        principal: { negated: false, principals: [{ kind: 'AWS', value: account }] },
        action: { negated: false, patterns: [ASSUME] },
        conditions: [],
      },
    ],
  };
}

/** What a role can be named by: its name, with and without its path. */
function namesIn(arn: string): readonly string[] {
  const whole = /^arn:[^:]*:iam::[^:]*:role\/(.+)$/.exec(arn)?.[1];
  return whole === undefined ? [] : [whole, whole.slice(whole.lastIndexOf('/') + 1)];
}

function unseen(policy: string): Unknown {
  const reason = `what the managed policy ${policy} allows is not in the template`;
  return { kind: 'attribute', reason, parameters: [], choices: [], under: () => undefined };
}
