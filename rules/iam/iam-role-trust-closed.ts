/** iam-role-trust-closed: a trust policy lets in only principals of the own account and of trusted ones. */
import { letsOutsidersIn } from '../code/outsiders.js';
import { accountOf, isForEveryone, ownAccountUnknown } from '../code/principals.js';
import { pathIn } from '../code/policy-paths.js';
import type { PolicyUnder, View } from '../code/view.js';

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
  const before = view.verdicts.length;
  policy.statements.forEach((statement, index) => {
    const { principal, effect } = statement;
    if (effect !== 'Allow' || principal === undefined) return;
    const path = pathIn(found, index, principal.negated ? 'NotPrincipal' : 'Principal');
    const unknown = view.unknownsIn(...principal.principals.map(({ value }) => value));
    if (unknown.length > 0) {
      view.open(resource, path, unknown);
      return;
    }
    if (isForEveryone(statement)) {
      const { partition, accountId } = view.place;
      const sample = { action: 'sts:AssumeRole', resource: `arn:${partition}:iam::${accountId}:role/this` };
      if (!letsOutsidersIn(policy, statement, sample, accountId)) return;
      const message =
        'everybody with an AWS account may assume the role, and no condition holds it to an organization or an account';
      view.fail(resource, { path, message, subject: `statement ${index}` });
      return;
    }
    const trusted = new Set([view.place.accountId, ...view.texts('trustedAccounts'), ...view.texts('vendorAccounts')]);
    for (const one of principal.principals) {
      const account = accountOf(one);
      if (account === undefined || trusted.has(account)) continue;
      if (!view.knowsAccount) view.open(resource, path, [ownAccountUnknown(account)]);
      else {
        const message = `\`${one.value}\` may assume the role, of an account that is neither the own one nor in \`trustedAccounts\` or \`vendorAccounts\``;
        view.fail(resource, { path, message, subject: `statement ${index} ${one.value}` });
      }
    }
  });
  if (view.verdicts.length === before) view.pass(resource);
}
