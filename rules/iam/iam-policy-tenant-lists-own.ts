/** iam-policy-tenant-lists-own: a tenant lists a bucket below its own place only, and never without a prefix. */
import type { Request, Statement } from '../../iam/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { FOREIGN_PREFIXES, reached, TENANT, tagged, tenantPolicies, textParameter } from '../code/tenants.js';
import type { TenantPolicy } from '../code/tenants.js';
import type { View } from '../code/view.js';

/** What lists the keys of a bucket. */
const LISTS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'];

export function check(view: View): void {
  const tag = textParameter(view, 'tenantKey');
  const signs = { prefix: textParameter(view, 'tenantRolePrefix'), tags: [...view.texts('tenantTags'), tag] };
  for (const tenant of tenantPolicies(view, signs)) checkPolicy(view, tenant, tag);
}

function checkPolicy(view: View, { found, policy, alone }: TenantPolicy, tag: string): void {
  const { resource } = found;
  const before = view.verdicts.length;
  let lists = 0;
  const whole = mayAllow({ identity: [policy] });
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.resource === undefined) return;
    const actions = LISTS.filter((action) => names(statement, action));
    if (actions.length === 0) return;
    const { negated, patterns } = statement.resource;
    const subject = `statement ${index}`;
    const unclear = view.unknownsIn(...patterns.filter((pattern) => !pattern.startsWith('arn:')));
    const unknown = [
      ...unclear,
      ...view.unknownsIn(...statement.conditions.flatMap(({ key, values }) => [key, ...values])),
    ];
    const path = pathIn(found, index);
    const buckets = negated ? [someBucket(view)] : patterns.flatMap((pattern) => bucketsOf(view, pattern));
    const ask = mayAllow({ identity: [alone(statement)] });
    lists += buckets.length;
    const prefixes = [...FOREIGN_PREFIXES, ...prefixesOf(statement)];
    const requests = buckets.flatMap((bucket) =>
      actions.flatMap((action) => prefixes.map((prefix) => requestOf(view, tag, action, bucket, prefix))),
    );
    const open = requests.find(ask);
    if (open !== undefined) {
      const prefix = open.context['s3:prefix'];
      const message = `the tenant \`${TENANT}\` may \`${open.action}\` ${typeof prefix === 'string' ? `with the prefix \`${prefix}\`` : 'without a prefix'}: nothing holds \`s3:prefix\` to what is below the tag \`${tag}\` of the caller`;
      if (unknown.length > 0) view.open(resource, path, unknown);
      else view.fail(resource, { path, message, subject });
      return;
    }
    if (unclear.length > 0) {
      view.open(resource, path, unclear);
      return;
    }
    const meant = statement.action.patterns.find((pattern) => !statement.action.negated && /^s3:list/i.test(pattern));
    if (meant === undefined || negated) return;
    const isUseless = patterns
      .filter((pattern) => pattern.includes('/'))
      .map((pattern) => pattern.slice(0, pattern.indexOf('/')))
      .find((bucket) => !whole(requestOf(view, tag, actions[0]!, bucket, `${TENANT}/`)));
    if (isUseless !== undefined) {
      const message = `\`${meant}\` is granted on objects, where it lists nothing: the resource of a list is the bucket, \`${isUseless}\``;
      view.fail(resource, { path, message, subject });
    }
  });
  if (lists > 0 && view.verdicts.length === before) view.pass(resource);
}

/** Prefixes that the conditions name, and that are not below the own place. */
function prefixesOf({ conditions }: Statement): readonly string[] {
  return conditions
    .filter(({ key }) => key.toLowerCase() === 's3:prefix')
    .flatMap(({ values }) => values.flatMap((value) => reached(value, TENANT)))
    .filter((prefix) => !prefix.startsWith(`${TENANT}/`));
}

/** Buckets that a pattern reaches. */
function bucketsOf(view: View, pattern: string): readonly string[] {
  if (/^\*+$/.test(pattern)) return [someBucket(view)];
  return reached(pattern, TENANT).filter((name) => /^arn:[^:]*:s3:::[^/]+$/.test(name));
}

function someBucket({ place }: View): string {
  return `arn:${place.partition}:s3:::some-bucket`;
}

function requestOf(view: View, tag: string, action: string, resource: string, prefix: string | undefined): Request {
  const { partition, accountId } = view.place;
  const common = {
    principal: `arn:${partition}:iam::${accountId}:role/tenant`,
    resourceAccount: accountId,
    action,
    resource,
  };
  return prefix === undefined
    ? { ...common, context: tagged(tag, TENANT), absent: ['s3:prefix'] }
    : { ...common, context: { ...tagged(tag, TENANT), 's3:prefix': prefix } };
}

/** Whether the actions of a statement hold an action. */
function names({ action }: Statement, name: string): boolean {
  const resource = { negated: false, patterns: ['*'] };
  const ask = mayAllow({ identity: [{ statements: [{ effect: 'Allow', action, resource, conditions: [] }] }] });
  return ask({ principal: 'arn:aws:iam::000000000000:role/tenant', action: name, resource: '*', context: {} });
}
