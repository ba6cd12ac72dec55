/**
 * What an identity may do by its own policies within its permissions boundary, before and after a change
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html): a request is permitted when a policy
 * of the identity allows it, the boundary, if there is one, allows it too, and neither denies it.
 */
import type { ApplicablePolicies, Policy, Request } from '../model.js';
import { referenceEvaluate } from '../reference/index.js';
import { documentsAllow } from './access.js';
import { choice } from './automata/language.js';
import type { Language } from './automata/language.js';
import { decide } from './decide.js';
import type { Encoder } from './encode.js';
import { and, not } from './formula.js';
import type { Formula } from './formula.js';
import { callersOfKinds, namedCallers } from './principal.js';
import type { Proof, ProveOptions } from './proof.js';

/** The policies that decide what an identity may do. */
export interface Permissions {
  readonly identity: readonly Policy[];
  /** `null`: the identity has no boundary. */
  readonly boundary: readonly Policy[] | null;
}

/** Whether the reference says that an identity is permitted a request by its own policies. */
export function referencePermits({ identity, boundary }: Permissions, request: Request): boolean {
  const policies: ApplicablePolicies = {
    ...{ identity, boundary, session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null },
  };
  const { layers } = referenceEvaluate(request, policies);
  return layers.identity === 'ALLOW' && (boundary === null || layers.boundary === 'ALLOW');
}

/**
 * Is an identity permitted nothing after a change that it was not permitted before?
 *
 * @param arns - The users and roles whose policies these are; anybody who can have policies when left out.
 * @returns A counterexample is a request that `after` permits and `before` does not.
 * @throws RegexError when an assumption is not understood.
 */
export function noNewPermissions(
  before: Permissions,
  after: Permissions,
  arns?: readonly string[],
  options: ProveOptions = {},
): Proof {
  const permits = ({ identity, boundary }: Permissions, encoder: Encoder): Formula =>
    and([documentsAllow(identity, encoder), ...(boundary === null ? [] : [documentsAllow(boundary, encoder)])]);
  const proof = decide(
    {
      sides: [''],
      policies: [before, after].flatMap(({ identity, boundary }) => [...identity, ...(boundary ?? [])]),
      callers: callersOf(arns),
      formula: ([encoder]) =>
        and([
          permits(after, encoder!),
          not(permits(before, encoder!)),
          ...(arns === undefined ? [] : [encoder!.caller(callersOf(arns))]),
        ]),
      replay: ([request]) => referencePermits(after, request!) && !referencePermits(before, request!),
    },
    options,
  );
  return proof.kind === 'FAILS' ? { ...proof, counterexample: proof.counterexample[0]! } : proof;
}

const IDENTITIES = callersOfKinds(['role', 'user', 'session', 'federatedUser']);

function callersOf(arns: readonly string[] | undefined): Language {
  if (arns === undefined) return IDENTITIES;
  const named = arns.flatMap((value) => [...namedCallers({ kind: 'AWS', value }).values()]);
  return named.length === 0 ? IDENTITIES : choice(named);
}
