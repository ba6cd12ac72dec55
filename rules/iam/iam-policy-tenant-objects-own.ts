/**
 * iam-policy-tenant-objects-own: a tenant reaches the objects below its own place only. The place is the value of the
 * tenant's tag, as the first part of the key.
 */
import { iamAction, iamService } from '../../catalogue/iam/index.js';
import type { Request, Statement } from '../../iam/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { OTHER_TENANT, reached, TENANT, tagged, tenantPolicies, textParameter } from '../code/tenants.js';
import { tagsOf } from '../code/roles.js';
import type { TenantPolicy } from '../code/tenants.js';
import type { View } from '../code/view.js';

const OBJECT = /^arn:[^:]*:s3:::([^/]+)\/(.*)$/s;

export function check(view: View): void {
  const tag = textParameter(view, 'tenantKey');
  const signs = { prefix: textParameter(view, 'tenantRolePrefix'), tags: [...view.texts('tenantTags'), tag] };
  for (const tenant of tenantPolicies(view, signs)) checkPolicy(view, tenant, tag);
}

function checkPolicy(view: View, { found, policy, holders, alone }: TenantPolicy, tag: string): void {
  const { resource } = found;
  const before = view.verdicts.length;
  const isAlwaysTagged = holders.length > 0 && holders.every((role) => tagsOf(view, role.resource).has(tag));
  let objects = 0;
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.resource === undefined) return;
    const actions = objectActions().filter((action) => mayName(statement, action));
    if (actions.length === 0) return;
    const { negated, patterns } = statement.resource;
    const path = pathIn(found, index, negated ? 'NotResource' : 'Resource');
    const subject = `statement ${index}`;
    const unclear = patterns.filter((pattern) => !pattern.startsWith('arn:') && view.unknownsIn(pattern).length > 0);
    const unknown = view.unknownsIn(...unclear, ...statement.conditions.flatMap(({ key, values }) => [key, ...values]));
    if (patterns.some((pattern) => OBJECT.test(pattern)) && isPlainText(policy.version, patterns)) {
      const message = 'the document has no `Version` `2012-10-17`, so that `${…}` is plain text and reaches no tenant';
      view.fail(resource, { path, message, subject });
      return;
    }
    const set = mayAllow({ identity: [alone(statement)] });
    const places = negated
      ? [`arn:${view.place.partition}:s3:::some-bucket/${OTHER_TENANT}/x`]
      : patterns.flatMap((pattern) => objectsOf(view, pattern, TENANT));
    objects += places.length;
    const foreign = firstAllowed(set, actions, places.filter(isForeign), requestOf(view, tag, TENANT));
    const without =
      foreign ??
      firstAllowed(
        set,
        actions,
        isAlwaysTagged ? [] : patterns.flatMap((pattern) => objectsOf(view, pattern, undefined)),
        requestOf(view, tag, undefined),
      );
    if (without === undefined) {
      if (unclear.length > 0) view.open(resource, path, unknown);
      return;
    }
    const hanging = [...unknown, ...view.unknownsIn(firstPart(without.resource))];
    if (hanging.length > 0) {
      view.open(resource, path, hanging);
      return;
    }
    const who = foreign === undefined ? `a session without the tag \`${tag}\`` : `the tenant \`${TENANT}\``;
    const message = `${who} may \`${without.action}\` on \`${without.resource}\`: nothing holds the first part of the key to the tag \`${tag}\` of the caller`;
    view.fail(resource, { path, message, subject });
  });
  if (objects > 0 && view.verdicts.length === before) view.pass(resource);
}

/** Whether variables in the patterns mean nothing. */
function isPlainText(version: string | undefined, patterns: readonly string[]): boolean {
  return version !== '2012-10-17' && patterns.some((pattern) => pattern.includes('${'));
}

/** Objects that a pattern reaches. */
function objectsOf(view: View, pattern: string, value: string | undefined): readonly string[] {
  const whole = pattern === '*' ? `arn:${view.place.partition}:s3:::some-bucket/*` : pattern;
  return reached(whole, value).filter((name) => OBJECT.test(name));
}

function isForeign(name: string): boolean {
  return firstPart(name) !== TENANT || !OBJECT.exec(name)![2]!.includes('/');
}

function firstPart(name: string): string {
  return OBJECT.exec(name)?.[2]?.split('/')[0] ?? '';
}

function requestOf(view: View, tag: string, value: string | undefined): Omit<Request, 'action' | 'resource'> {
  const { partition, accountId } = view.place;
  const common = { principal: `arn:${partition}:iam::${accountId}:role/tenant`, resourceAccount: accountId };
  const object = { [`s3:ExistingObjectTag/${tag}`]: OTHER_TENANT };
  return value === undefined
    ? { ...common, context: object, absent: [`aws:PrincipalTag/${tag}`] }
    : { ...common, context: { ...tagged(tag, value), ...object } };
}

function firstAllowed(
  may: (request: Request) => boolean,
  actions: readonly string[],
  places: readonly string[],
  request: Omit<Request, 'action' | 'resource'>,
): { readonly action: string; readonly resource: string } | undefined {
  for (const resource of places) {
    const action = actions.find((one) => may({ ...request, action: one, resource }));
    if (action !== undefined) return { action, resource };
  }
  return undefined;
}

/** Whether the actions of a statement may be meant to hold an action. */
function mayName({ action }: Statement, name: string): boolean {
  const ask = mayAllow({
    identity: [
      { statements: [{ effect: 'Allow', action, resource: { negated: false, patterns: ['*'] }, conditions: [] }] },
    ],
  });
  return ask({ principal: 'arn:aws:iam::000000000000:role/tenant', action: name, resource: '*', context: {} });
}

let known: readonly string[] | undefined;

/** The actions of Amazon S3 on objects; the plain ones first, for the message. */
function objectActions(): readonly string[] {
  return (known ??= [
    ...new Set(
      ['GetObject', 'PutObject', 'DeleteObject', ...(iamService('s3')?.actionNames ?? [])].map((name) => `s3:${name}`),
    ),
  ].filter((name) => iamAction(name)?.resourceTypes.some((type) => type.name === 'object') === true));
}
