/** What the parts of a comparison have in common: what they compare, and how they say what they found. */
import { referenceEvaluate } from '../../iam/index.js';
import type { ApplicablePolicies, Request } from '../../iam/index.js';
import type { Change, DecidedRequest, Subject } from './model.js';
import type { Proofs } from './proofs.js';
import type { Resource } from './side.js';
import type { Unknowns } from './unknowns.js';

/** A change as it is found. */
export type Found = Omit<Change, 'unknowns' | 'controls' | 'example' | 'decided'> &
  Partial<Pick<Change, 'controls' | 'example' | 'decided'>>;

/** Both sides under one way to make their choices. */
export interface Comparison {
  readonly proofs: Proofs;
  readonly unknowns: Unknowns;
  readonly older: readonly Resource[];
  readonly newer: readonly Resource[];
  readonly say: (found: Found) => void;
}

/** Policies of which none applies. */
export const NO_POLICIES: ApplicablePolicies = {
  identity: [],
  boundary: null,
  session: null,
  scps: null,
  rcps: null,
  resource: null,
  vpcEndpoint: null,
};

/**
 * The first pair of policies under which the evaluation of a request comes out as it should: allowed on one side only.
 *
 * @param gained - Whether it is the new side that allows it.
 */
export function decidedBy(
  request: Request,
  pairs: readonly (readonly [old: ApplicablePolicies, new_: ApplicablePolicies])[],
  gained: boolean,
): DecidedRequest | null {
  for (const [before, after] of pairs) {
    const [had, has] = [before, after].map((policies) => referenceEvaluate(request, policies).decision === 'ALLOW');
    if (had !== has && has === gained) return { request, old: before, new: after };
  }
  return null;
}

/** The caller of a request in words. */
export function whoOf({ principal }: Request): string {
  if (principal === 'anonymous') return 'anybody, without signing in';
  return typeof principal === 'string' ? principal : 'service' in principal ? principal.service : principal.federated;
}

/** A request in words. */
export function requestWords(request: Request): string {
  const { action, resource, context } = request;
  const keys = Object.entries(context).map(([key, value]) => `${keyWords(key)} = ${[value].flat().join(', ')}`);
  return `${whoOf(request)} calls ${action} on ${resource}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`;
}

/** Keys of conditions whose values nobody knows hold the operator. */
function keyWords(key: string): string {
  return key.replace(/^unknown\/(\w+)\//, '$1 ');
}

/** The last part of a type, in lower case words: `AWS::S3::Bucket` is a bucket. */
export function kindWord(type: string): string {
  const last = type.slice(type.lastIndexOf(':') + 1);
  return last
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/^([A-Z]+)(?=[A-Z][a-z])/, '$1 ')
    .toLowerCase();
}

export function subjectOf(of: { readonly stack: string; readonly name: string; readonly type: string }): Subject {
  return { stack: of.stack, name: of.name, type: of.type };
}
