/**
 * Decides requests with compiled policies. Same decisions as `iam/reference.ts`; besides, it names the statements that
 * decided, and can count keys that are not given as unknown.
 */
import { parseArn } from '../arn.js';
import { POLICY_LAYERS } from '../model.js';
import type { Decision, LayerOutcome, PolicyLayer, Request } from '../model.js';
import { Form, OVERRIDING } from './caller.js';
import type { CompiledSet, DecidingStatement, Slot } from './compile.js';
import { FALSE, TRUE, UNKNOWN, type Ternary } from './ternary.js';
import { World } from './world.js';

export interface EvaluateOptions {
  /**
   * Counts a condition key that is neither given, nor follows from the request, nor is listed in `absent`, as unknown.
   * `@default` false: such a key is absent.
   */
  readonly unknownContext?: boolean;
}

/** The answer to one request. */
export interface Evaluation {
  readonly decision: Decision;
  /** For a deny the statements that deny, for an allow those that it rests on; empty otherwise. */
  readonly by: readonly DecidingStatement[];
  /** Of `UNDETERMINED`: the keys that it hangs on, as policies write them, sorted. */
  readonly missingKeys: readonly string[];
  readonly layers: Readonly<Record<PolicyLayer, LayerOutcome>>;
}

const NOTHING: readonly never[] = [];

/** What one layer came to. */
interface LayerState {
  applies: boolean;
  deny: Ternary;
  allow: Ternary;
  groups: number;
}

/** Trust policies and key policies must allow; elsewhere an identity policy is enough inside an account. */
function mustAllow({ action, resource }: World): boolean {
  if (!action.startsWith('sts:') && !action.startsWith('kms:')) return false;
  if (action.startsWith('sts:assumerole')) return true;
  const arn = parseArn(resource);
  if (arn === undefined) return false;
  if (action.startsWith('kms:')) return arn.service === 'kms' && arn.resource.startsWith('key/');
  return (action === 'sts:tagsession' || action === 'sts:setsourceidentity') && arn.resource.startsWith('role/');
}

function applies(layer: PolicyLayer, { present }: CompiledSet, { caller, action }: World): boolean {
  const { kind, account, isServiceLinked } = caller;
  const isIdentity = account !== undefined;
  switch (layer) {
    case 'scp':
      return present.has(layer) && isIdentity && !isServiceLinked;
    case 'rcp':
      return present.has(layer) && !isServiceLinked && action !== 'kms:retiregrant';
    case 'identity':
      return isIdentity && kind !== 'root';
    case 'boundary':
      return present.has(layer) && isIdentity && kind !== 'root';
    case 'session':
      // A session of GetFederationToken without a session policy may do nothing by itself.
      return isIdentity && (present.has(layer) || kind === 'federatedUser');
    case 'resource':
    case 'vpcEndpoint':
      return present.has(layer);
  }
}

/** Everything that was found out about one request. */
class Findings {
  readonly layers: Record<PolicyLayer, LayerState>;
  readonly matched: Slot[] = [];
  readonly undecided: Slot[] = [];
  /** Forms in which the resource's policy allows, certainly and possibly. */
  forms = 0;
  possibleForms = 0;

  constructor(
    readonly set: CompiledSet,
    readonly world: World,
  ) {
    const state = (layer: PolicyLayer): LayerState => ({
      applies: applies(layer, set, world),
      deny: FALSE,
      allow: FALSE,
      groups: 0,
    });
    this.layers = {
      scp: state('scp'),
      rcp: state('rcp'),
      resource: state('resource'),
      identity: state('identity'),
      boundary: state('boundary'),
      session: state('session'),
      vpcEndpoint: state('vpcEndpoint'),
    };
    const candidates = set.candidates(world.action);
    for (const [index, { layer }] of set.groups.entries()) {
      const layerState = this.layers[layer];
      if (layerState.applies) this.look(layer, layerState, candidates[index]!);
    }
  }

  private look(layer: PolicyLayer, state: LayerState, slots: readonly Slot[]): void {
    const { world } = this;
    const hasBoundary = this.layers.boundary.applies;
    let allow: Ternary = FALSE;
    for (const slot of slots) {
      const { statement } = slot;
      const forms = statement.formsOf(world, hasBoundary);
      if (forms === 0) continue;
      const match = statement.matches(world);
      if (match === FALSE) continue;
      (match === TRUE ? this.matched : this.undecided).push(slot);
      if (!statement.isAllow) {
        if (match > state.deny) state.deny = match;
        continue;
      }
      if (match > allow) allow = match;
      if (layer === 'resource') {
        this.possibleForms |= forms;
        if (match === TRUE) this.forms |= forms;
      }
    }
    // Each level of SCPs and RCPs must allow; other layers have one group.
    state.allow = state.groups === 0 || allow < state.allow ? allow : state.allow;
    state.groups++;
  }

  get explicitDeny(): Ternary {
    let deny: Ternary = FALSE;
    for (const layer of POLICY_LAYERS) if (this.layers[layer].deny > deny) deny = this.layers[layer].deny;
    return deny;
  }

  /**
   * Whether the request is allowed when nothing denies it. Nothing in here is negated, so that counting all unknown
   * statements as not matching gives the least and counting them as matching the most.
   */
  isAllowed(least: Ternary): boolean {
    const { layers, world } = this;
    const { caller } = world;
    const passes = ({ applies: does, allow }: LayerState): boolean => !does || allow >= least;
    if (!passes(layers.scp) || !passes(layers.rcp) || !passes(layers.vpcEndpoint)) return false;
    const resourceAllows = layers.resource.allow >= least;
    if (caller.account === undefined) return resourceAllows;
    const ownPoliciesAllow = caller.kind === 'root' || layers.identity.allow >= least;
    const isWithinLimits = passes(layers.boundary) && passes(layers.session);
    if (world.resourceAccount !== caller.account) return resourceAllows && ownPoliciesAllow && isWithinLimits;
    const forms = least === TRUE ? this.forms : this.possibleForms;
    if ((forms & OVERRIDING) !== 0) return true;
    if (!resourceAllows && mustAllow(world)) return false;
    return (ownPoliciesAllow || (forms & (Form.role | Form.issuer)) !== 0) && isWithinLimits;
  }

  /** The statements that an allow rests on. */
  allowedBy(): DecidingStatement[] {
    const { world, forms } = this;
    const { caller } = world;
    const isOneAccount = caller.account !== undefined && world.resourceAccount === caller.account;
    const isOverridden = isOneAccount && (forms & OVERRIDING) !== 0;
    const wanted = isOverridden ? OVERRIDING : isOneAccount && !mustAllow(world) ? Form.role | Form.issuer : -1;
    const hasBoundary = this.layers.boundary.applies;
    const counts = ({ statement, description: { policyType } }: Slot): boolean => {
      if (!statement.isAllow) return false;
      if (policyType === 'resource') return (statement.formsOf(world, hasBoundary) & wanted) !== 0;
      return !isOverridden || policyType === 'scp' || policyType === 'rcp' || policyType === 'vpcEndpoint';
    };
    return this.matched.filter(counts).map(({ description }) => description);
  }

  /** The keys that the undecided statements ask for, of those with these effects. */
  missingKeys(denies: boolean, allows: boolean): string[] {
    const keys = new Set<string>();
    this.world.asked = keys;
    for (const { statement } of this.undecided) {
      if (statement.isAllow ? allows : denies) statement.matches(this.world);
    }
    this.world.asked = undefined;
    const spelling = new Map<string, string>();
    for (const key of keys) if (!spelling.has(key.toLowerCase())) spelling.set(key.toLowerCase(), key);
    return [...spelling.values()].sort();
  }

  outcomes(): Record<PolicyLayer, LayerOutcome> {
    const { scp, rcp, resource, identity, boundary, session, vpcEndpoint } = this.layers;
    return {
      scp: outcome(scp),
      rcp: outcome(rcp),
      resource: outcome(resource),
      identity: outcome(identity),
      boundary: outcome(boundary),
      session: outcome(session),
      vpcEndpoint: outcome(vpcEndpoint),
    };
  }
}

function outcome({ applies: does, deny, allow }: LayerState): LayerOutcome {
  if (!does) return 'NOT_APPLICABLE';
  if (deny === TRUE) return 'EXPLICIT_DENY';
  if (deny === UNKNOWN) return 'UNDETERMINED';
  return allow === TRUE ? 'ALLOW' : allow === UNKNOWN ? 'UNDETERMINED' : 'IMPLICIT_DENY';
}

/**
 * Decides one request with a compiled set of policies.
 *
 * Follows "Policy evaluation logic" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 *
 * @param request - One that `checkRequest` accepts.
 * @returns `UNDETERMINED` only with `unknownContext`, and only when statements that hang on unknown keys can tip the
 *   decision: each statement is taken as free to match or not, whatever the others do.
 * @throws RangeError when the principal is no ARN of a user, role, session or root user.
 * Cost: the statements that match the action, no I/O; arguments are not changed.
 *
 * @example
 * evaluate(compilePolicies(policies), request).decision; // 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' | 'UNDETERMINED'
 */
export function evaluate(set: CompiledSet, request: Request, options: EvaluateOptions = {}): Evaluation {
  const findings = new Findings(set, new World(request, options.unknownContext === true));
  const layers = findings.outcomes();
  const explicit = findings.explicitDeny;
  if (explicit === TRUE) {
    const denies = findings.matched.filter(({ statement }) => !statement.isAllow);
    return {
      decision: 'EXPLICIT_DENY',
      by: denies.map(({ description }) => description),
      missingKeys: NOTHING,
      layers,
    };
  }
  const least = findings.isAllowed(TRUE);
  const most = findings.undecided.length === 0 ? least : findings.isAllowed(UNKNOWN);
  if (explicit === UNKNOWN || least !== most) {
    const missingKeys = findings.missingKeys(explicit === UNKNOWN, least !== most);
    return { decision: 'UNDETERMINED', by: NOTHING, missingKeys, layers };
  }
  if (!least) return { decision: 'IMPLICIT_DENY', by: NOTHING, missingKeys: NOTHING, layers };
  return { decision: 'ALLOW', by: findings.allowedBy(), missingKeys: NOTHING, layers };
}
