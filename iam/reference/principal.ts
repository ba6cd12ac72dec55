/** Whom a principal element names (reference_policies_elements_principal). */
import type { Principal, Statement } from '../model.js';
import type { Caller } from './caller.js';
import type { World } from './world.js';

/** How an entry of a principal element can name the caller. */
export type Form =
  'everyone' | 'account' | 'user' | 'role' | 'session' | 'federatedUser' | 'issuer' | 'service' | 'provider';

/** An allow for one of these inside an account is final: no boundary and no session policy limits it. */
export const OVERRIDES_EVERYTHING: ReadonlySet<Form> = new Set(['everyone', 'user', 'session', 'federatedUser']);

/** Those whom a `Deny` with `NotPrincipal` spares only when all of them are listed. */
const CHAIN: Readonly<Record<Caller['kind'], readonly Form[]>> = {
  root: ['account'],
  user: ['account', 'user'],
  role: ['account', 'role', 'session'],
  session: ['account', 'role', 'session'],
  federatedUser: ['account', 'federatedUser'],
  service: ['service'],
  provider: ['provider'],
  anonymous: ['everyone'],
};

export function formsOf(principals: readonly Principal[], caller: Caller): Form[] {
  return principals.flatMap((principal) => formsOfOne(principal, caller));
}

function formsOfOne({ kind, value }: Principal, caller: Caller): Form[] {
  if (kind === 'Service') return caller.kind === 'service' && value === caller.name ? ['service'] : [];
  if (kind === 'Federated') return caller.kind === 'provider' && value === caller.name ? ['provider'] : [];
  if (kind === 'CanonicalUser') return [];
  if (value === '*') return ['everyone'];
  if (caller.account === undefined) return [];
  const { partition, account } = caller;
  if (value === account || value === `arn:${partition}:iam::${account}:root`) return ['account'];
  if (caller.kind === 'federatedUser' && value === caller.identity) return ['issuer'];
  if ((caller.kind === 'role' || caller.kind === 'session') && isRole(value, caller)) return ['role'];
  if (value !== caller.name) return [];
  return caller.kind === 'user' || caller.kind === 'session' || caller.kind === 'federatedUser' ? [caller.kind] : [];
}

/** Names of roles are unique in an account, so that a session without a known path is told by the name. */
function isRole(value: string, { partition, account, identity, isPathKnown }: Caller): boolean {
  if (isPathKnown === true) return value === identity;
  const lastPart = (text: string | undefined): string | undefined => text?.split('/').at(-1);
  return value.startsWith(`arn:${partition}:iam::${account}:role/`) && lastPart(value) === lastPart(identity);
}

/** reference_policies_elements_principal, reference_policies_elements_notprincipal */
export function principalMatches({ principal, effect }: Statement, { request, caller, hasBoundary }: World): boolean {
  if (principal === undefined) return true;
  const forms = formsOf(principal.principals, caller);
  if (principal.negated && effect === 'Allow') return forms.length === 0;
  if (principal.negated) {
    const isSpared = forms.includes('everyone') || CHAIN[caller.kind].every((form) => forms.includes(form));
    return hasBoundary || !isSpared;
  }
  // In a trust policy "*" allows AWS principals only.
  const isTrust = request.action.toLowerCase().startsWith('sts:assumerole');
  if (isTrust && effect === 'Allow' && caller.account === undefined) return forms.some((form) => form !== 'everyone');
  return forms.length > 0;
}
