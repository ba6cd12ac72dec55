/** iam-policy-tenant-database-user-own: a tenant connects to one database, as the user of its tag and as no other. */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Request, Statement } from '../../iam/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { tagsOf } from '../code/roles.js';
import { OTHER_TENANT, reached, TENANT, tagged, tenantPolicies, textParameter } from '../code/tenants.js';
import type { TenantPolicy } from '../code/tenants.js';
import type { View } from '../code/view.js';

const CONNECT = 'rds-db:connect';
const USER = /^(arn:[^:]*:rds-db:[^:]*:[^:]*:dbuser:)([^/]*)\/(.*)$/s;
/** Ids of clusters, instances and proxies, as RDS gives them. */
const RESOURCE_ID = /^(?:cluster|db)-[A-Z0-9]+$|^prx-[a-z0-9]+$/;

export function check(view: View): void {
  const tag = textParameter(view, 'dbUserKey');
  const signs = { prefix: textParameter(view, 'tenantRolePrefix'), tags: [...view.texts('tenantTags'), tag] };
  for (const tenant of tenantPolicies(view, signs)) checkPolicy(view, tenant, tag);
}

function checkPolicy(view: View, { found, policy, holders, alone }: TenantPolicy, tag: string): void {
  const { resource } = found;
  const isAlwaysTagged = holders.length > 0 && holders.every((role) => tagsOf(view, role.resource).has(tag));
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.resource === undefined || !connects(statement)) return;
    const { negated, patterns } = statement.resource;
    const path = pathIn(found, index, negated ? 'NotResource' : 'Resource');
    const unclear = view.unknownsIn(...patterns.filter((pattern) => !pattern.startsWith('arn:')));
    const unknown = [
      ...unclear,
      ...view.unknownsIn(...statement.conditions.flatMap(({ key, values }) => [key, ...values])),
    ];
    const may = mayAllow({ identity: [alone(statement)] });
    const asTenant = { context: tagged(tag, TENANT) };
    const asNobody = { context: {}, absent: [`aws:PrincipalTag/${tag}`] };
    const find = (names: readonly string[], caller: Pick<Request, 'context' | 'absent'>): string | undefined =>
      names.find((name) =>
        may({
          principal: tenant(view),
          resourceAccount: view.place.accountId,
          action: CONNECT,
          resource: name,
          ...caller,
        }),
      );
    const users = (value: string | undefined): readonly string[] =>
      negated ? [`${sample(view)}/${OTHER_TENANT}`] : patterns.flatMap((pattern) => usersOf(view, pattern, value));
    const isOwn = (name: string): boolean => USER.exec(name)?.[3] === TENANT;
    const foreign = find(
      users(TENANT).filter((name) => !isOwn(name)),
      asTenant,
    );
    const untagged = isAlwaysTagged ? undefined : find(users(undefined), asNobody);
    const elsewhere = find(users(TENANT).filter(isOwn).map(inAnotherDatabase), asTenant);
    const named = patterns.find((pattern) => !negated && isName(view, pattern));
    const say = (message: string): void => {
      if (unknown.length > 0) view.open(resource, path, unknown);
      else view.fail(resource, { path, message, subject: `statement ${index}` });
    };
    if (policy.version !== '2012-10-17' && patterns.some((pattern) => pattern.includes('${'))) {
      say('the document has no `Version` `2012-10-17`, so that `${…}` is plain text and names no user');
    } else if (foreign !== undefined) {
      say(`the tenant \`${TENANT}\` may connect as \`${foreign}\`, not only as the user of its tag \`${tag}\``);
    } else if (untagged !== undefined) {
      say(`a session without the tag \`${tag}\` may connect as \`${untagged}\``);
    } else if (elsewhere !== undefined) {
      say(`the tenant \`${TENANT}\` may connect to every database, as \`${elsewhere}\``);
    } else if (named !== undefined) {
      say(`\`${named}\` names the database by a name; the resource id of the cluster or instance belongs there`);
    } else if (unclear.length > 0) view.open(resource, path, unclear);
    else view.pass(resource);
  });
}

function tenant({ place }: View): string {
  return `arn:${place.partition}:iam::${place.accountId}:role/tenant`;
}

/** A database that no policy names. */
function sample({ place }: View): string {
  return `arn:${place.partition}:rds-db:${place.region}:${place.accountId}:dbuser:cluster-NOBODYNAMEDTHIS`;
}

/** Users of databases that a pattern reaches. */
function usersOf(view: View, pattern: string, value: string | undefined): readonly string[] {
  const whole = /^arn:[^:]*:rds-db:.*:dbuser:/.test(pattern) ? pattern : `${sample(view)}/*`;
  const isMeant = whole === pattern || /^(?:\*+|arn:[^:]*:(?:rds-db|\*).*\*)$/.test(pattern);
  return isMeant ? reached(whole, value).filter((name) => USER.test(name)) : [];
}

function inAnotherDatabase(name: string): string {
  return name.replace(USER, '$1cluster-NOBODYNAMEDTHIS/$3');
}

/** Whether a pattern holds something else where the resource id stands. */
function isName(view: View, pattern: string): boolean {
  const id = USER.exec(pattern)?.[2];
  return id !== undefined && view.unknownsIn(id).length === 0 && !RESOURCE_ID.test(id);
}

/** Whether the actions of a statement hold connecting. */
function connects({ action: { negated, patterns } }: Statement): boolean {
  return negated !== patterns.some((pattern) => expandActionPattern(pattern).includes(CONNECT));
}
