/** Asking the prover about policies that may hold unknown values. */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import type { Proof } from '../../iam/prove/index.js';
import { readingsOf } from './readings.js';

/** What a check says of a policy. */
export type Answer =
  | { readonly kind: 'PASS' }
  | { readonly kind: 'FAIL'; readonly request: Request }
  /** `unknowns`: it hangs on values that nobody knows; otherwise `reason` says why nothing could be told. */
  | { readonly kind: 'OPEN'; readonly unknowns: boolean; readonly reason: string };

/** Asks about both readings of a policy. @param prove - A claim that fails of more policies the more they allow. */
export function ask(policy: Policy, prove: (policy: Policy) => Proof): Answer {
  const { widest, narrowest, same } = readingsOf(policy);
  const certain = prove(narrowest);
  if (certain.kind === 'FAILS') return { kind: 'FAIL', request: certain.counterexample };
  if (certain.kind === 'UNKNOWN') return { kind: 'OPEN', unknowns: false, reason: certain.detail };
  const possible = same ? certain : prove(widest);
  if (possible.kind === 'HOLDS') return { kind: 'PASS' };
  return possible.kind === 'FAILS'
    ? { kind: 'OPEN', unknowns: true, reason: '' }
    : { kind: 'OPEN', unknowns: false, reason: possible.detail };
}

/** The policy with the denials that it has and one of its grants. @returns One for each grant, with its number. */
export function grantsOf(policy: Policy): readonly { readonly index: number; readonly policy: Policy }[] {
  const denials = policy.statements.filter(({ effect }) => effect === 'Deny');
  return policy.statements.flatMap((statement, index) =>
    statement.effect === 'Allow' ? [{ index, policy: { ...policy, statements: [...denials, statement] } }] : [],
  );
}

/** Most names of actions that a counterexample may choose from. */
const MOST_ACTIONS = 200;

/** Names of actions for which patterns stand, so that a counterexample names one that exists. */
export function knownActions(patterns: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const pattern of new Set(patterns)) {
    const known =
      pattern === '*' ? ['s3:GetObject', 'ec2:RunInstances', 'iam:CreateUser'] : expandActionPattern(pattern);
    for (const name of known) if (names.size < MOST_ACTIONS) names.add(name);
  }
  return [...names];
}

/** The same for the actions of policies. */
export function actionsOf(policies: readonly Policy[]): readonly string[] {
  return knownActions(policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action.patterns)));
}
