/** kms-key-policy-own-principals: a key policy allows only principals of the own account, of trusted accounts, and services. */
import type { Principal, Statement } from '../../iam/index.js';
import { letsOutsidersIn } from '../code/outsiders.js';
import { accountOf, isForEveryone, ownAccountUnknown, textsOf } from '../code/principals.js';
import { pathIn } from '../code/policy-paths.js';
import { property } from '../code/view.js';
import type { PolicyUnder, ResourceUnder, View } from '../code/view.js';

const TYPES = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'] as const;

export function check(view: View): void {
  for (const key of view.resources(...TYPES)) {
    if (property(key, 'KeyPolicy') === undefined) {
      view.fail(key, {
        path: ['Resources', key.key, 'Properties', 'KeyPolicy'],
        missing: true,
        message: 'the key has no `KeyPolicy`, so that the default one of AWS KMS applies, which nobody here wrote down',
        subject: 'KeyPolicy',
      });
    }
  }
  for (const found of view.policies(...TYPES)) checkPolicy(view, found);
}

function checkPolicy(view: View, found: PolicyUnder): void {
  const { resource, policy } = found;
  if (policy === undefined) {
    view.unreadable(found);
    return;
  }
  const before = view.verdicts.length;
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow') return;
    checkStatement(view, found, resource, statement, index);
  });
  if (view.verdicts.length === before) view.pass(resource);
}

function checkStatement(
  view: View,
  found: PolicyUnder,
  resource: ResourceUnder,
  statement: Statement,
  index: number,
): void {
  const { principal } = statement;
  const hanging = view.unknownsIn(...textsOf(statement));
  const element = principal?.negated === true ? 'NotPrincipal' : 'Principal';
  const path = pathIn(found, index, element);
  const unknownPrincipal = view.unknownsIn(...(principal?.principals.map(({ value }) => value) ?? []));
  if (unknownPrincipal.length > 0) {
    view.open(resource, path, unknownPrincipal);
    return;
  }
  if (isForEveryone(statement)) {
    const sample = { action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${view.place.accountId}:key/some` };
    if (!letsOutsidersIn(found.policy!, statement, sample, view.place.accountId)) return;
    if (hanging.length > 0) {
      view.open(resource, path, hanging);
      return;
    }
    view.fail(resource, {
      path,
      message: `the key policy allows ${element === 'NotPrincipal' ? 'everybody but those listed' : 'everybody (`*`)'}, and no condition holds it to an organization or an account`,
      subject: `statement ${index}`,
    });
    return;
  }
  for (const foreign of foreignPrincipals(view, principal?.principals ?? [])) {
    const account = accountOf(foreign)!;
    if (!view.knowsAccount) {
      view.open(resource, path, [ownAccountUnknown(account)]);
      continue;
    }
    view.fail(resource, {
      path,
      message: `the key policy allows \`${foreign.value}\`, of an account that is neither the own one nor in \`trustedAccounts\``,
      subject: `statement ${index} ${foreign.value}`,
    });
  }
}

function foreignPrincipals(view: View, principals: readonly Principal[]): readonly Principal[] {
  const accounts = new Set([view.place.accountId, ...view.texts('trustedAccounts')]);
  return principals.filter((one) => {
    const account = accountOf(one);
    return account !== undefined && !accounts.has(account);
  });
}
