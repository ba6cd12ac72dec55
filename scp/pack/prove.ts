/** Shows that packed statements decide as the original ones do. */
import type { Policy, Statement } from '../../iam/index.js';
import { equivalent, noNewAccess } from '../../iam/prove/index.js';
import type { DocumentKind, Proof, ProveOptions } from '../../iam/prove/index.js';
import { mayMeet } from './actions.js';

/** Service or resource control policies. */
export type GuardrailKind = 'scp' | 'rcp';

const READ_AS: Readonly<Record<GuardrailKind, DocumentKind>> = { scp: 'scp', rcp: 'resource' };

function policyOf(statements: readonly Statement[]): Policy {
  return { version: '2012-10-17', statements };
}

/** What AWS attaches everywhere (`FullAWSAccess`, `RCPFullAWSAccess`): denials show against it. */
function everything(kind: GuardrailKind): Policy {
  const principal = { negated: false, principals: [{ kind: 'AWS', value: '*' }] } as const;
  return policyOf([
    {
      effect: 'Allow',
      ...(kind === 'rcp' ? { principal } : {}),
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ]);
}

/** Do two sets of statements of one effect decide alike? */
export function sameDecisions(
  kind: GuardrailKind,
  left: readonly Statement[],
  right: readonly Statement[],
  options: ProveOptions = {},
): Proof {
  const [one, other] = [documents(kind, left), documents(kind, right)];
  return equivalent(one, other, READ_AS[kind], options);
}

/** Is everything that a denial denies denied by other denials too? Others with other actions are left out of the proof. */
export function deniedBy(
  kind: GuardrailKind,
  statement: Statement,
  others: readonly Statement[],
  options: ProveOptions = {},
): Proof {
  const near = others.filter((other) => other.effect === 'Deny' && mayDeny(other, statement));
  return noNewAccess(documents(kind, [...near, statement]), documents(kind, near), READ_AS[kind], options);
}

/** Whether a statement can deny something that another one is about: not when their actions have nothing in common. */
export function mayDeny({ action: outer }: Statement, { action: inner }: Statement): boolean {
  if (outer.negated || inner.negated) return true;
  const folded = outer.patterns.map((pattern) => pattern.toLowerCase());
  return inner.patterns.some((pattern) => folded.some((other) => mayMeet(other, pattern.toLowerCase())));
}

/** The statements with what they are seen against; those that allow speak for themselves. */
function documents(kind: GuardrailKind, statements: readonly Statement[]): readonly Policy[] {
  const own = statements.length === 0 ? [] : [policyOf(statements)];
  return statements.some(({ effect }) => effect === 'Allow') ? own : [everything(kind), ...own];
}
