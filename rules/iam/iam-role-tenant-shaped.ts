/**
 * iam-role-tenant-shaped: the roles of tenants differ in their tags only. Each has all tags of a tenant, with values of its
 * own, or asks its sessions for them; each trusts the broker and nobody else; all have the same policies.
 */
import type { Principal } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { accountOf, isForEveryone } from '../code/principals.js';
import { tagsOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { bringsTags, tenantRoles, textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const tags = view.texts('tenantTags');
  const tenants = tenantRoles(view, { prefix: textParameter(view, 'tenantRolePrefix'), tags });
  const owners = new Map<string, ResourceUnder>();
  let broker: string | undefined;
  for (const role of tenants) {
    const before = view.verdicts.length;
    if (bringsTags(role, tags)) checkSessionTags(view, role, tags);
    else checkTags(view, role, tags, owners);
    broker = role.trust === undefined ? broker : checkTrust(view, role, role.trust, broker);
    if (policiesOf(role) !== policiesOf(tenants[0]!)) {
      view.fail(role.resource, {
        path: ['Resources', role.resource.key, 'Properties'],
        message: `the role has other policies than \`${tenants[0]!.resource.logicalId}\`, which belongs to a tenant as well`,
        subject: 'policies',
      });
    }
    if (view.verdicts.length === before) view.pass(role.resource);
  }
}

function checkTags(
  view: View,
  { resource }: RoleUnder,
  keys: readonly string[],
  owners: Map<string, ResourceUnder>,
): void {
  const tags = tagsOf(view, resource);
  const hasTags = property(resource, 'Tags') !== undefined;
  const path = ['Resources', resource.key, 'Properties', ...(hasTags ? ['Tags'] : [])];
  for (const key of keys) {
    const value = tags.get(key);
    const fail = (message: string): void => {
      view.fail(resource, { path, message, subject: key });
    };
    const owner = owners.get(`${key}=${value ?? ''}`);
    if (value === undefined) fail(`the role has no tag \`${key}\``);
    else if (owner !== undefined) {
      fail(`the tag \`${key}\` has the value of \`${owner.logicalId}\`, so that both roles reach the same`);
    } else if (view.unknownsIn(value).length > 0) view.open(resource, path, view.unknownsIn(value));
    else if (value === '') fail(`the tag \`${key}\` is empty`);
    else if (/[/*?]/.test(value)) {
      fail(`the tag \`${key}\` is \`${value}\`; a slash or a wildcard reaches further than one tenant`);
    }
    if (value !== undefined) owners.set(`${key}=${value}`, resource);
  }
}

/** A role for all tenants: a session must bring each tag. */
function checkSessionTags(view: View, { resource, trust, arn }: RoleUnder, keys: readonly string[]): void {
  if (trust?.policy === undefined) return;
  const { policy } = trust;
  const may = mayAllow({ identity: [ALLOW_ALL], resource: policy });
  for (const principal of policy.statements.flatMap((statement) => statement.principal?.principals ?? [])) {
    if (!isRole(principal)) continue;
    const missing = keys.find((key) =>
      may({
        principal: principal.value,
        action: 'sts:AssumeRole',
        resource: arn,
        context: {},
        absent: [`aws:RequestTag/${key}`],
      }),
    );
    if (missing === undefined) continue;
    const message = `a session without the tag \`${missing}\` is possible: the trust policy does not require \`aws:RequestTag/${missing}\``;
    view.fail(resource, { path: trust.path, message, subject: `session tag ${missing}` });
    return;
  }
}

/** @returns The broker that this role trusts, or the one that earlier ones trust. */
function checkTrust(view: View, role: RoleUnder, trust: PolicyUnder, broker: string | undefined): string | undefined {
  const { resource, arn } = role;
  if (trust.policy === undefined) {
    view.unreadable(trust);
    return broker;
  }
  const brokers = view.texts('tenantBrokers');
  const may = mayAllow({ identity: [ALLOW_ALL], resource: trust.policy });
  let found = broker;
  trust.policy.statements.forEach((statement, index) => {
    const { principal, effect } = statement;
    if (effect !== 'Allow' || principal === undefined) return;
    const path = pathIn(trust, index, principal.negated ? 'NotPrincipal' : 'Principal');
    const say = (who: string): void => {
      const message = `${who} may assume the role of a tenant, which only the broker may`;
      view.fail(resource, { path, message, subject: `statement ${index} ${who}` });
    };
    if (isForEveryone(statement)) {
      if (may(requestOf(`arn:${view.place.partition}:iam::${view.place.accountId}:role/some-other-role`, arn))) {
        say('everybody');
      }
      return;
    }
    for (const one of principal.principals) {
      const unknown = view.unknownsIn(one.value);
      if (isRole(one)) {
        const name = one.value.slice(one.value.lastIndexOf('/') + 1);
        const isOther = brokers.length > 0 ? !brokers.includes(name) : found !== undefined && found !== one.value;
        if (isOther && unknown.length > 0) view.open(resource, path, unknown);
        else if (isOther) {
          say(
            brokers.length > 0
              ? `\`${one.value}\`, which is not in \`tenantBrokers\`,`
              : `\`${one.value}\` besides \`${found ?? ''}\``,
          );
        }
        found ??= one.value;
      } else if (unknown.length > 0) view.open(resource, path, unknown);
      else if (letsIn(view, one, may, arn)) say(`\`${one.value}\``);
    }
  });
  return found;
}

function letsIn(view: View, { kind, value }: Principal, may: ReturnType<typeof mayAllow>, arn: string): boolean {
  const { partition } = view.place;
  if (kind === 'Service') {
    return may({ principal: { service: value }, action: 'sts:AssumeRole', resource: arn, context: {} });
  }
  if (kind === 'Federated') {
    return ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'].some((action) =>
      may({ principal: { federated: value }, action, resource: arn, context: {} }),
    );
  }
  const account = accountOf({ kind, value });
  const isAccount = /^\d{12}$|:root$/.test(value);
  if (account === undefined || !isAccount) return true;
  return may(requestOf(`arn:${partition}:iam::${account}:role/some-other-role`, arn));
}

function requestOf(principal: string, resource: string): Parameters<ReturnType<typeof mayAllow>>[0] {
  return { principal, action: 'sts:AssumeRole', resource, context: {} };
}

function isRole({ kind, value }: Principal): boolean {
  return kind === 'AWS' && /^arn:[^:]*:iam::[^:]*:role\//.test(value);
}

/** What a role may do, as text that is the same for the same policies. */
function policiesOf({ policies, elsewhere }: RoleUnder): string {
  const own = policies.map(({ value }) => JSON.stringify(value));
  return [...own, ...elsewhere.map(({ text }) => text)].sort().join('\n');
}
