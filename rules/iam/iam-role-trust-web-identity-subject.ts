/**
 * iam-role-trust-web-identity-subject: a role that a web identity assumes is bound to a subject of its provider: a subject
 * that nobody names must not get in.
 */
import type { Policy } from '../../iam/index.js';
import { mayAllow } from '../code/may.js';
import { textsOf } from '../code/principals.js';
import { pathIn } from '../code/policy-paths.js';
import type { PolicyUnder, View } from '../code/view.js';

/** Subjects in the forms of well-known providers, of somebody else. */
const STRANGERS = [
  'repo:somebody-else/repository:ref:refs/heads/branch',
  'repo:somebody-else/repository:pull_request',
  'system:serviceaccount:somebody-else:account',
  'project_path:somebody-else/project:ref_type:branch:ref:main',
  'organization:somebody-else:project:p:workspace:w:run_phase:apply',
  'somebody-else',
];

export function check(view: View): void {
  for (const found of view.policies('AWS::IAM::Role')) {
    if (found.kind === 'trust') checkTrust(view, found);
  }
}

function checkTrust(view: View, found: PolicyUnder): void {
  const { resource, policy } = found;
  if (policy === undefined) {
    view.unreadable(found);
    return;
  }
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.principal?.negated !== false) return;
    for (const { kind, value } of statement.principal.principals) {
      const host = /:oidc-provider\/(.+)$/.exec(value)?.[1];
      if (kind !== 'Federated' || (host === undefined && view.unknownsIn(value).length === 0)) continue;
      const path = pathIn(found, index);
      const stranger =
        host === undefined ? undefined : STRANGERS.find((subject) => getsIn(policy, value, host, subject));
      const unknown = view.unknownsIn(value, ...textsOf(statement));
      if (host !== undefined && stranger === undefined) view.pass(resource);
      else if (unknown.length > 0) view.open(resource, path, unknown);
      else {
        const message = `every subject of \`${host ?? value}\` may assume the role, \`${stranger ?? ''}\` among them`;
        view.fail(resource, { path, message, subject: `statement ${index} ${value}` });
      }
    }
  });
}

function getsIn(policy: Policy, provider: string, host: string, subject: string): boolean {
  const mayBeAllowed = mayAllow({ resource: policy });
  // A provider of the template whose address is not known has a name of ours; its keys stand in the conditions.
  const named = policy.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key));
  const keys = [`${host}:sub`, ...named.filter((key) => key.toLowerCase().endsWith(':sub'))];
  return mayBeAllowed({
    principal: { federated: provider },
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: 'arn:aws:iam::000000000000:role/this',
    context: Object.fromEntries(keys.map((key) => [key.toLowerCase(), subject])),
  });
}
