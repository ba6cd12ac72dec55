/** Cases: requests with the decision that is expected of policies. */
import { compilePolicies, evaluate, referenceEvaluate } from '../index.js';
import type { ApplicablePolicies, Decision, DecidingStatement, EvaluateOptions, Request } from '../index.js';
import type { CaseFile, PolicyCase } from './model.js';

export interface CaseResult {
  readonly case: PolicyCase;
  readonly decision: Decision;
  /** The statements in question that decided. */
  readonly by: readonly DecidingStatement[];
  readonly ok: boolean;
  /** Why it is not as expected. */
  readonly fault?: string;
}

/** The request of a case; the context of the file is that of each case which does not say otherwise. */
export function requestOf(written: PolicyCase, context: CaseFile['context'] = {}): Request {
  const { principal, sessionIssuer, action, resource, resourceAccount } = written;
  const own = written.context ?? {};
  const ownKeys = new Set(Object.keys(own).map((key) => key.toLowerCase()));
  const inherited = Object.entries(context).filter(([key]) => !ownKeys.has(key.toLowerCase()));
  return {
    principal,
    action,
    resource,
    context: { ...Object.fromEntries(inherited), ...own },
    ...(sessionIssuer === undefined ? {} : { sessionIssuer }),
    ...(resourceAccount === undefined ? {} : { resourceAccount }),
  };
}

/**
 * Decides cases under policies. The compiled evaluator decides, since it names the statements, and the reference has to
 * agree.
 *
 * @param isInQuestion - Whether a deciding statement is one of the policies that the cases are about.
 * @throws Error when the two evaluators disagree, which is a fault of ours.
 */
export function decideCases(
  policies: ApplicablePolicies,
  { cases, context }: CaseFile,
  isInQuestion: (statement: DecidingStatement) => boolean,
  options: Pick<EvaluateOptions, 'rcpApplies'> = {},
): readonly CaseResult[] {
  const compiled = compilePolicies(policies);
  return cases.map((written) => {
    const request = requestOf(written, context);
    const { decision, by } = evaluate(compiled, request, options);
    const reference = referenceEvaluate(request, policies, options).decision;
    if (reference !== decision) {
      throw new Error(`\`${written.name}\`: the evaluators disagree (${decision}, reference ${reference})`);
    }
    const deciding = by.filter(isInQuestion);
    const fault = faultOf(written, decision, deciding);
    return {
      case: written,
      decision,
      by: deciding,
      ok: fault === undefined,
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

function faultOf(written: PolicyCase, decision: Decision, by: readonly DecidingStatement[]): string | undefined {
  if (decision !== written.decision) return `the decision is ${decision}, expected is ${written.decision}`;
  if (written.by === undefined || by.some(({ sid }) => sid === written.by)) return undefined;
  const sids = by.map(({ sid, statementIndex }) => sid ?? `statement ${(statementIndex ?? 0) + 1}`);
  return `${sids.join(', ')} decided, expected is ${written.by}`;
}
