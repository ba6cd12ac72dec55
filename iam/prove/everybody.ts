/**
 * How the custom policy checks of IAM Access Analyzer read `"*"` in a trust policy: as everybody, identity providers and
 * services too (https://github.com/aws-samples/iam-access-analyzer-custom-policy-check-samples, role trust policies). The
 * evaluator takes it for the identities of accounts. A proof has to hold under both readings.
 */
import { EVERYONE } from '../parse/index.js';
import type { Policy, Statement } from '../model.js';

/** Policies in which `"*"` allows everybody, whatever the action; the same object where nothing changes. */
export function readWidely(policies: readonly Policy[]): readonly Policy[] {
  const read = policies.map((policy) =>
    policy.statements.some(isTrustOfEverybody)
      ? { ...policy, statements: policy.statements.map((each) => (isTrustOfEverybody(each) ? anybodys(each) : each)) }
      : policy,
  );
  return read.every((policy, index) => policy === policies[index]) ? policies : read;
}

/** A statement without a principal applies to all callers. */
function anybodys({ sid, effect, action, resource, conditions }: Statement): Statement {
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    action,
    ...(resource === undefined ? {} : { resource }),
    conditions,
  };
}

function isTrustOfEverybody({ effect, principal, action }: Statement): boolean {
  return (
    effect === 'Allow' &&
    principal?.negated === false &&
    principal.principals.some(({ kind, value }) => kind === EVERYONE.kind && value === EVERYONE.value) &&
    (action.negated || action.patterns.some((pattern) => /^(?:sts:|[^:]*[*?])/i.test(pattern)))
  );
}
