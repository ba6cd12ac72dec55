/**
 * iam-role-trust-external-id: a foreign account that assumes a role gives an external id, so that nobody can make it act
 * for somebody else (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
 */
import type { Policy, Principal } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { accountOf, ownAccountUnknown, textsOf } from '../code/principals.js';
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
  const own = new Set([view.place.accountId, ...view.texts('trustedAccounts')]);
  const before = view.verdicts.length;
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.principal?.negated !== false) return;
    for (const principal of statement.principal.principals) {
      const account = accountOf(principal);
      if (account === undefined || own.has(account)) continue;
      if (!worksWithoutExternalId(policy, principal, account, view)) {
        view.pass(resource);
        continue;
      }
      const path = pathIn(found, index, 'Principal');
      const unknown = view.unknownsIn(...textsOf(statement));
      if (unknown.length > 0) view.open(resource, path, unknown);
      else if (!view.knowsAccount) view.open(resource, path, [ownAccountUnknown(account)]);
      else {
        const message = `\`${principal.value}\` of another account may assume the role without an external id`;
        view.fail(resource, { path, message, subject: `statement ${index} ${principal.value}` });
      }
    }
  });
  if (view.verdicts.length === before) view.pass(resource);
}

/** Whether the foreign principal gets in when it gives no external id, whatever else it can choose. */
function worksWithoutExternalId(policy: Policy, { value }: Principal, account: string, { place }: View): boolean {
  const mayBeAllowed = mayAllow({ identity: [ALLOW_ALL], resource: policy });
  const isWholeAccount = /^\d{12}$/.test(value) || value.endsWith(':root');
  return mayBeAllowed({
    principal: isWholeAccount ? `arn:${place.partition}:iam::${account}:role/vendor` : value,
    action: 'sts:AssumeRole',
    resource: `arn:${place.partition}:iam::${place.accountId}:role/this`,
    context: {},
    absent: ['sts:ExternalId'],
  });
}
