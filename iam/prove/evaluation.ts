/** The whole evaluation as formulas, layer by layer as the reference decides it: when a request is allowed or denied. */
import type { ApplicablePolicies, Policy } from '../model.js';
import { someApplies } from './access.js';
import { choice, literalLanguage, wildcardLanguage } from './automata/language.js';
import type { Encoder } from './encode.js';
import { and, FALSE, not, or, TRUE } from './formula.js';
import type { Formula } from './formula.js';
import { arnLanguage, piecesOf } from './patterns.js';
import { ALL_FORMS, callersOfKinds, SERVICE_LINKED, SIGNED } from './principal.js';
import type { Form } from './principal.js';
import { CROSS, CROSS_YES } from './question.js';

/** When the decision is what. */
export interface EvaluationFormulas {
  readonly allow: Formula;
  readonly explicitDeny: Formula;
}

const ROOT = callersOfKinds(['root']);
const FEDERATED = callersOfKinds(['federatedUser']);
const TRUST = wildcardLanguage('sts:assumerole*');
const TRUST_BESIDE = choice([literalLanguage('sts:tagsession'), literalLanguage('sts:setsourceidentity')]);
const arns = (pattern: string): ReturnType<typeof arnLanguage> =>
  arnLanguage(piecesOf(pattern, false, true).flatMap((piece) => ('wild' in piece ? [piece] : [])));
const ROLES = arns('arn:*:*:*:*:role/*');
const KMS_KEYS = arns('arn:*:kms:*:*:key/*');
const OVERRIDING: ReadonlySet<Form> = new Set(['everyone', 'user', 'session', 'federatedUser']);

/** Encodes the evaluation of a request against everything that applies to it. */
export function evaluationFormulas(policies: ApplicablePolicies, encoder: Encoder): EvaluationFormulas {
  const signed = encoder.caller(SIGNED);
  const root = encoder.caller(ROOT);
  const linked = encoder.caller(SERVICE_LINKED);
  const hasOwnPolicies = and([signed, not(root)]);
  const underScps = and([signed, not(linked)]);
  const underRcps = and([not(linked), not(encoder.actionIn(literalLanguage('kms:retiregrant')))]);

  const denies = (documents: readonly Policy[] | null): Formula =>
    documents === null ? FALSE : someApplies(documents, 'Deny', encoder);
  const allows = (documents: readonly Policy[]): Formula => someApplies(documents, 'Allow', encoder);
  const ceiling = (levels: readonly (readonly Policy[])[] | null): Formula =>
    levels === null ? TRUE : levels.length === 0 ? FALSE : and(levels.map(allows));
  const { identity, boundary, session, scps, rcps, resource, vpcEndpoint } = policies;
  const resourcePolicy = resource === null ? [] : [resource];
  const endpointPolicy = vpcEndpoint === null ? null : [vpcEndpoint];

  const explicitDeny = or([
    and([underScps, denies(scps?.flat() ?? null)]),
    and([underRcps, denies(rcps?.flat() ?? null)]),
    denies(resourcePolicy),
    and([hasOwnPolicies, or([denies(identity), denies(boundary)])]),
    and([signed, denies(session)]),
    denies(endpointPolicy),
  ]);

  const granted = (forms: ReadonlySet<Form>): Formula => someApplies(resourcePolicy, 'Allow', encoder, forms);
  const resourceAllows = granted(new Set(ALL_FORMS));
  const ownPoliciesAllow = or([root, allows(identity)]);
  const isWithinLimits = and([
    boundary === null ? TRUE : or([root, allows(boundary)]),
    // A federated user without a session policy may do nothing by the policies of the user behind it.
    session === null ? not(encoder.caller(FEDERATED)) : allows(session),
  ]);
  const mustAllow = or([
    encoder.actionIn(TRUST),
    and([encoder.actionIn(TRUST_BESIDE), encoder.resourceIn(ROLES)]),
    and([encoder.actionIn(wildcardLanguage('kms:*')), encoder.resourceIn(KMS_KEYS)]),
  ]);
  const cross = encoder.atoms.some(CROSS, CROSS_YES);
  const allow = and([
    or([not(underRcps), ceiling(rcps)]),
    or([not(underScps), ceiling(scps)]),
    endpointPolicy === null ? TRUE : allows(endpointPolicy),
    or([
      and([not(signed), resourceAllows]),
      and([signed, cross, resourceAllows, ownPoliciesAllow, isWithinLimits]),
      and([
        signed,
        not(cross),
        or([
          granted(OVERRIDING),
          and([
            or([not(mustAllow), resourceAllows]),
            or([ownPoliciesAllow, granted(new Set<Form>(['role']))]),
            isWithinLimits,
          ]),
        ]),
      ]),
    ]),
    not(explicitDeny),
  ]);
  return { allow, explicitDeny };
}
