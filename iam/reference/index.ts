/**
 * What AWS decides: the evaluation logic of IAM in the order of its pages, short enough to read in one sitting.
 *
 * "Policy evaluation logic" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html) and the pages below it; each
 * function names its page by the last part of the address. Nothing here is fast, and nothing is shared with the evaluator
 * that is: the two are compared. The request must be one that `checkRequest` accepts.
 *
 * Read on in `statement.ts` (when a statement applies), `principal.ts`, `patterns.ts`, `condition.ts`, `values.ts`,
 * `caller.ts` and `world.ts`.
 */
import { parseArn } from '../arn.js';
import type { ApplicablePolicies, Decision, LayerOutcome, Policy, PolicyLayer, Request } from '../model.js';
import { formsOf, OVERRIDES_EVERYTHING } from './principal.js';
import type { Form } from './principal.js';
import { matching } from './statement.js';
import { accountOfResource, worldOf } from './world.js';
import type { World } from './world.js';

/** The decision, and what each layer says by itself. */
export interface ReferenceEvaluation {
  readonly decision: Exclude<Decision, 'UNDETERMINED'>;
  readonly layers: Readonly<Record<PolicyLayer, LayerOutcome>>;
}

export interface ReferenceOptions {
  /** Whether RCPs act on an action, given in lower case. `@default` they act on every action. */
  readonly rcpApplies?: (action: string) => boolean;
}

/**
 * Decides a request (reference_policies_evaluation-logic_policy-eval-denyallow, …-logic-cross-account).
 *
 * @throws RangeError when the principal is no ARN of a user, role, session or root user.
 */
export function referenceEvaluate(
  request: Request,
  policies: ApplicablePolicies,
  options: ReferenceOptions = {},
): ReferenceEvaluation {
  const world = worldOf(request, policies);
  const { caller } = world;
  const isIdentity = caller.account !== undefined;
  const isRoot = caller.kind === 'root';
  const isServiceLinked = parseArn(caller.identity ?? '')?.resource.startsWith('role/aws-service-role/') === true;
  const action = request.action.toLowerCase();

  // Which layers apply. SCPs restrain the principals of their accounts, RCPs the resources of theirs, whoever calls.
  const scps = isIdentity && !isServiceLinked ? policies.scps : null;
  const isBeyondRcps = isServiceLinked || action === 'kms:retiregrant' || options.rcpApplies?.(action) === false;
  const rcps = isBeyondRcps ? null : policies.rcps;
  const identity = isIdentity && !isRoot ? policies.identity : null;
  const boundary = isIdentity && !isRoot ? policies.boundary : null;
  const session = isIdentity ? (policies.session ?? (caller.kind === 'federatedUser' ? [] : null)) : null;
  const layers: Record<PolicyLayer, LayerOutcome> = {
    scp: ceiling(scps, world),
    rcp: ceiling(rcps, world),
    resource: outcome(policies.resource && [policies.resource], world),
    identity: outcome(identity, world),
    boundary: outcome(boundary, world),
    session: outcome(session, world),
    vpcEndpoint: outcome(policies.vpcEndpoint && [policies.vpcEndpoint], world),
  };
  const decide = (decision: ReferenceEvaluation['decision']): ReferenceEvaluation => ({ decision, layers });
  const passes = (layer: PolicyLayer): boolean => layers[layer] === 'ALLOW' || layers[layer] === 'NOT_APPLICABLE';

  // An explicit deny anywhere is final.
  if (Object.values(layers).includes('EXPLICIT_DENY')) return decide('EXPLICIT_DENY');

  // The ceilings of the organization, and of the endpoint that the request came through.
  if (!passes('rcp') || !passes('scp') || !passes('vpcEndpoint')) return decide('IMPLICIT_DENY');

  // The resource's own policy. How it names the caller decides what it overrides.
  const granted = policies.resource ? allowedForms(policies.resource, world) : new Set<Form>();
  const resourceAllows = granted.size > 0;

  // Services, anonymous callers and identity providers have no policies of their own.
  if (!isIdentity) return decide(resourceAllows ? 'ALLOW' : 'IMPLICIT_DENY');

  // The caller's own policies, which a boundary and a session policy cut down. Nothing is implicitly denied to root.
  const ownPoliciesAllow = isRoot || layers.identity === 'ALLOW';
  const isWithinLimits = passes('boundary') && passes('session');

  const resourceAccount = accountOfResource(request, world);
  if (resourceAccount !== undefined && resourceAccount !== caller.account) {
    return decide(resourceAllows && ownPoliciesAllow && isWithinLimits ? 'ALLOW' : 'IMPLICIT_DENY');
  }
  if ([...granted].some((form) => OVERRIDES_EVERYTHING.has(form))) return decide('ALLOW');
  if (mustAllow(request) && !resourceAllows) return decide('IMPLICIT_DENY');
  const overridesIdentity = granted.has('role') || granted.has('issuer');
  return decide((ownPoliciesAllow || overridesIdentity) && isWithinLimits ? 'ALLOW' : 'IMPLICIT_DENY');
}

/** Trust policies and key policies must allow; elsewhere an identity policy is enough inside an account. */
function mustAllow({ action, resource }: Request): boolean {
  const name = action.toLowerCase();
  if (name.startsWith('sts:assumerole')) return true;
  const arn = parseArn(resource);
  if (name === 'sts:tagsession' || name === 'sts:setsourceidentity') return arn?.resource.startsWith('role/') === true;
  return name.startsWith('kms:') && arn?.service === 'kms' && arn.resource.startsWith('key/');
}

// ------------------------------------------------------------------------------------------------- Layers

/** One list of policies, of which any may allow. */
function outcome(policies: readonly Policy[] | null, world: World): LayerOutcome {
  if (policies === null) return 'NOT_APPLICABLE';
  const effects = policies.flatMap((policy) => matching(policy, world).map(({ effect }) => effect));
  return effects.includes('Deny') ? 'EXPLICIT_DENY' : effects.includes('Allow') ? 'ALLOW' : 'IMPLICIT_DENY';
}

/** SCPs or RCPs: every level from the root to the account must allow (orgs_manage_policies_scps_evaluation). */
function ceiling(levels: readonly (readonly Policy[])[] | null, world: World): LayerOutcome {
  if (levels === null) return 'NOT_APPLICABLE';
  const outcomes = levels.map((level) => outcome(level, world));
  if (outcomes.includes('EXPLICIT_DENY')) return 'EXPLICIT_DENY';
  return outcomes.length > 0 && outcomes.every((each) => each === 'ALLOW') ? 'ALLOW' : 'IMPLICIT_DENY';
}

/** The ways in which a resource's policy names the caller in statements that allow the request. */
function allowedForms(policy: Policy, world: World): Set<Form> {
  const allows = matching(policy, world).filter(({ effect }) => effect === 'Allow');
  const forms = allows.flatMap(({ principal }) =>
    principal === undefined || principal.negated ? ['everyone' as const] : formsOf(principal.principals, world.caller),
  );
  return new Set(forms);
}
