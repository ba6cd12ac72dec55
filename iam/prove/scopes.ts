/**
 * Large policies are decided service by service: an action belongs to one service, and a statement says of it only what its
 * patterns for that service say. The scopes of a question leave no action out and share none, so that a question has an
 * answer when one of its scopes has.
 */
import { choice, literalLanguage, not, sequence, wildcardLanguage } from './automata/language.js';
import type { Language } from './automata/language.js';
import type { Policy } from '../model.js';

/** Some of all actions. */
export interface ActionScope {
  /** The actions, in lower case, as far as they are well-formed. */
  readonly actions: Language;
  /** Whether a pattern can match one of them; `true` also where that is not known. */
  readonly concerns: (pattern: string) => boolean;
}

/** With fewer patterns one search is quicker than many. */
const PATTERNS = 150;
const SERVICES = 8;

/**
 * The scopes in which a question about policies is decided.
 *
 * @returns One for each service that a pattern names, those with the fewest patterns first because they are quick to decide,
 *   and one for all other services; `undefined` where taking the question apart does not pay.
 */
export function scopesOf(policies: readonly Policy[]): readonly ActionScope[] | undefined {
  const named = new Map<string, string | undefined>();
  for (const { statements } of policies) {
    for (const { action } of statements) for (const pattern of action.patterns) named.set(pattern, serviceOf(pattern));
  }
  const sizes = new Map<string, number>();
  for (const service of named.values()) if (service !== undefined) sizes.set(service, (sizes.get(service) ?? 0) + 1);
  const services = [...sizes].sort(([a, left], [b, right]) => left - right || (a < b ? -1 : 1)).map(([name]) => name);
  if (named.size < PATTERNS || services.length < SERVICES) return undefined;
  const find = (pattern: string): string | undefined => (named.has(pattern) ? named.get(pattern) : serviceOf(pattern));
  const own = services.map((service): ActionScope => ({
    actions: actionsOf(service),
    concerns: (pattern) => (find(pattern) ?? service) === service,
  }));
  const others: ActionScope = {
    actions: not(choice(services.map(actionsOf))),
    concerns: (pattern) => {
      const service = find(pattern);
      return service === undefined || !sizes.has(service);
    },
  };
  return [...own, others];
}

function actionsOf(service: string): Language {
  return sequence(literalLanguage(`${service}:`), wildcardLanguage('*'));
}

/** The service that a pattern names, in lower case; `undefined` for patterns that may match actions of several. */
function serviceOf(pattern: string): string | undefined {
  const colon = pattern.indexOf(':');
  const service = pattern.slice(0, Math.max(colon, 0)).toLowerCase();
  return colon <= 0 || /[*?]/.test(service) ? undefined : service;
}
