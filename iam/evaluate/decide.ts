/**
 * Decides requests with compiled policies. Same decisions as `iam/reference/`; besides, it names the statements that
 * decided, and can count keys that are not given as unknown.
 */
import { parseArn } from '../arn.js';
import { POLICY_LAYERS } from '../model.js';
import type { Decision, LayerOutcome, PolicyLayer, Request } from '../model.js';
import { Form, OVERRIDING } from './caller.js';
import { compareSlots } from './compile.js';
import type { Candidate, Candidates, CompiledSet, DecidingStatement, Slot } from './compile.js';
import { completionsOf } from './settle.js';
import { sourceOf } from './statement.js';
import { FALSE, TRUE, UNKNOWN, type Ternary } from './ternary.js';
import { World } from './world.js';

export interface EvaluateOptions {
  /**
   * Counts a condition key that is neither given, nor follows from the request, nor is listed in `absent`, as unknown.
   * `@default` false: such a key is absent.
   */
  readonly unknownContext?: boolean;
  /**
   * Whether RCPs act on an action, given in lower case: they protect the resources of some services only, and actions
   * that have a resource type
   * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). Asked only when there
   * are RCPs. `@default` they act on every action.
   */
  readonly rcpApplies?: (action: string) => boolean;
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

/** Trust policies and key policies must allow; elsewhere an identity policy is enough inside an account. */
function mustAllow({ action, resource }: World): boolean {
  if (!action.startsWith('sts:') && !action.startsWith('kms:')) return false;
  if (action.startsWith('sts:assumerole')) return true;
  const arn = parseArn(resource);
  if (arn === undefined) return false;
  if (action.startsWith('kms:')) return arn.service === 'kms' && arn.resource.startsWith('key/');
  return (action === 'sts:tagsession' || action === 'sts:setsourceidentity') && arn.resource.startsWith('role/');
}

/** Layers as bits, so that a set of them is a number. */
const [SCP, RCP, RESOURCE, IDENTITY, BOUNDARY, SESSION, VPC_ENDPOINT] = [1, 2, 4, 8, 16, 32, 64] as const;
const CEILINGS = SCP | RCP | VPC_ENDPOINT;
const LIMITS = BOUNDARY | SESSION;

/** The layers whose policies speak about a caller at all. */
function layersOf({ present }: CompiledSet, { caller, action }: World, { rcpApplies }: EvaluateOptions): number {
  const { kind, account, isServiceLinked } = caller;
  let layers = present;
  if (account === undefined) layers &= RCP | RESOURCE | VPC_ENDPOINT;
  if (kind === 'root') layers &= ~(IDENTITY | BOUNDARY);
  // A session of GetFederationToken without a session policy may do nothing by itself.
  if (kind === 'federatedUser') layers |= SESSION;
  if (isServiceLinked) layers &= ~(SCP | RCP);
  if (action === 'kms:retiregrant') layers &= ~RCP;
  if ((layers & RCP) !== 0 && rcpApplies?.(action) === false) layers &= ~RCP;
  return layers;
}

/** Everything that was found out about one request; sets of layers are numbers. */
class Findings {
  private readonly applicable: number;
  private denying = 0;
  private possiblyDenying = 0;
  private allowing = 0;
  private possiblyAllowing = 0;
  private readonly matched: Candidate[] = [];
  readonly undecided: Candidate[] = [];
  /** Forms in which the resource's policy allows, certainly and possibly. */
  private forms = 0;
  private possibleForms = 0;

  constructor(
    set: CompiledSet,
    private readonly world: World,
    options: EvaluateOptions,
  ) {
    this.applicable = layersOf(set, world, options);
    const candidates = set.candidates(world.action);
    const { layers } = set;
    let before = 0;
    for (let group = 0; group < layers.length; group++) {
      const layer = layers[group]!;
      if ((this.applicable & layer) !== 0) this.look(layer, layer !== before, candidates[group]!);
      before = layer;
    }
  }

  /** @param isFirst - Of the groups of its layer. */
  private look(layer: number, isFirst: boolean, { single, bunches }: Candidates): void {
    const { world } = this;
    let allow: Ternary = FALSE;
    for (const candidate of single) {
      const match = this.match(candidate, layer);
      if (match > allow) allow = match;
    }
    for (const bunch of bunches) {
      const value = world.valuesOf(bunch.key);
      if (typeof value === 'string') {
        for (const position of bunch.matching(value, world)) {
          const candidate = bunch.candidates[position]!;
          this.matched.push(candidate);
          if (candidate.isAllow) allow = TRUE;
          else this.deny(layer, TRUE);
        }
        continue;
      }
      for (const candidate of bunch.candidates) {
        const match = this.match(candidate, layer);
        if (match > allow) allow = match;
      }
    }
    // Each level of SCPs and RCPs must allow; other layers have one group.
    if (isFirst) {
      this.allowing |= layer;
      this.possiblyAllowing |= layer;
    }
    if (allow !== TRUE) this.allowing &= ~layer;
    if (allow === FALSE) this.possiblyAllowing &= ~layer;
  }

  /** @returns Whether the candidate allows. */
  private match(candidate: Candidate, layer: number): Ternary {
    const { world } = this;
    const { formsOf, matches, isAllow } = candidate;
    const forms = formsOf === undefined ? Form.everyone : formsOf(world, (this.applicable & BOUNDARY) !== 0);
    if (forms === 0) return FALSE;
    const match = matches === undefined ? TRUE : matches(world);
    if (match === FALSE) return FALSE;
    if (match === TRUE) this.matched.push(candidate);
    else this.undecided.push(candidate);
    if (!isAllow) {
      this.deny(layer, match);
      return FALSE;
    }
    if (layer === RESOURCE) {
      this.possibleForms |= forms;
      if (match === TRUE) this.forms |= forms;
    }
    return match;
  }

  private deny(layer: number, match: Ternary): void {
    this.possiblyDenying |= layer;
    if (match === TRUE) this.denying |= layer;
  }

  get explicitDeny(): Ternary {
    return this.denying !== 0 ? TRUE : this.possiblyDenying !== 0 ? UNKNOWN : FALSE;
  }

  /**
   * Whether the request is allowed when nothing denies it. Nothing in here is negated, so that counting all unknown
   * statements as not matching gives the least and counting them as matching the most.
   */
  isAllowed(countsUnknown: boolean): boolean {
    const { world, applicable } = this;
    const { caller } = world;
    const allowing = countsUnknown ? this.possiblyAllowing : this.allowing;
    const missing = applicable & ~allowing;
    if ((missing & CEILINGS) !== 0) return false;
    const resourceAllows = (allowing & RESOURCE) !== 0;
    if (caller.account === undefined) return resourceAllows;
    const ownPoliciesAllow = caller.kind === 'root' || (allowing & IDENTITY) !== 0;
    const isWithinLimits = (missing & LIMITS) === 0;
    if (world.resourceAccount !== caller.account) return resourceAllows && ownPoliciesAllow && isWithinLimits;
    const forms = countsUnknown ? this.possibleForms : this.forms;
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
    const hasBoundary = (this.applicable & BOUNDARY) !== 0;
    return this.descriptions(({ isAllow, formsOf, layer }) => {
      if (!isAllow) return false;
      if (layer !== RESOURCE) return !isOverridden || (layer & CEILINGS) !== 0;
      return ((formsOf?.(world, hasBoundary) ?? Form.everyone) & wanted) !== 0;
    });
  }

  /** The statements that deny. */
  deniedBy(): DecidingStatement[] {
    return this.descriptions(({ isAllow }) => !isAllow);
  }

  /** In the order of the set. */
  private descriptions(counts: (candidate: Candidate) => boolean): DecidingStatement[] {
    const slots: Slot[] = [];
    for (const candidate of this.matched) {
      if (!counts(candidate)) continue;
      for (const slot of candidate.slots) {
        slots.push(slot);
      }
    }
    if (slots.length > 1) slots.sort(compareSlots);
    return slots.map(({ description }) => description);
  }

  /** The keys that the undecided statements ask for, of those with these effects. */
  missingKeys(denies: boolean, allows: boolean): string[] {
    const keys = new Set<string>();
    this.world.asked = keys;
    for (const { isAllow, matches } of this.undecided) {
      if (isAllow ? allows : denies) matches?.(this.world);
    }
    this.world.asked = undefined;
    const spelling = new Map<string, string>();
    for (const key of keys) if (!spelling.has(key.toLowerCase())) spelling.set(key.toLowerCase(), key);
    return [...spelling.values()].sort();
  }

  /** The outcomes of all layers; equal ones are one object. */
  outcomes(): Evaluation['layers'] {
    let code = 0;
    for (let layer = 1; layer <= VPC_ENDPOINT; layer <<= 1) code = code * OUTCOMES.length + this.outcome(layer);
    let outcomes = outcomesByCode.get(code);
    if (outcomes === undefined) {
      const entries = POLICY_LAYERS.map((name, index) => [name, OUTCOMES[this.outcome(1 << index)]!] as const);
      outcomes = Object.freeze(Object.fromEntries(entries) as Record<PolicyLayer, LayerOutcome>);
      outcomesByCode.set(code, outcomes);
    }
    return outcomes;
  }

  /** @returns An index of {@link OUTCOMES}. */
  private outcome(layer: number): number {
    if ((this.applicable & layer) === 0) return 0;
    if ((this.denying & layer) !== 0) return 1;
    if ((this.possiblyDenying & layer) !== 0) return 2;
    if ((this.allowing & layer) !== 0) return 3;
    return (this.possiblyAllowing & layer) !== 0 ? 2 : 4;
  }
}

const OUTCOMES: readonly LayerOutcome[] = ['NOT_APPLICABLE', 'EXPLICIT_DENY', 'UNDETERMINED', 'ALLOW', 'IMPLICIT_DENY'];
const outcomesByCode = new Map<number, Evaluation['layers']>();

/**
 * Whether a request can be allowed, whatever the keys that it neither gives nor lists as absent are.
 *
 * `UNDETERMINED` does not say so: it is also the answer where nothing allows and an undecided statement may deny.
 *
 * @param request - One that `checkRequest` accepts.
 * @returns `false` only when no values of the unknown keys lead to `ALLOW`.
 * @throws RangeError as {@link evaluate}.
 */
export function mayBeAllowed(
  set: CompiledSet,
  request: Request,
  options: Omit<EvaluateOptions, 'unknownContext'> = {},
): boolean {
  const findings = new Findings(set, new World(request, true), options);
  if (findings.explicitDeny === TRUE || !findings.isAllowed(true)) return false;
  if (findings.undecided.length === 0) return true;
  const { undecided } = findings;
  const keys = findings.missingKeys(true, true);
  const { decision } = settled(set, request, { ...options, unknownContext: true }, { undecided, keys }) ?? {};
  return decision === undefined || decision === 'ALLOW';
}

/** The answer that all values of the unknown keys give, where they give one and their kinds are few. */
function settled(
  set: CompiledSet,
  request: Request,
  options: EvaluateOptions,
  { undecided, keys }: { readonly undecided: readonly Candidate[]; readonly keys: readonly string[] },
): Evaluation | undefined {
  const completions = completionsOf(
    request,
    undecided.map(({ matches }) => sourceOf(matches)),
    keys,
  );
  if (completions === undefined) return undefined;
  let answer: Evaluation | undefined;
  const by = new Set<DecidingStatement>();
  for (const completion of completions) {
    const next = evaluate(set, completion, options);
    if (next.decision === 'UNDETERMINED' || (answer !== undefined && next.decision !== answer.decision)) {
      return undefined;
    }
    for (const statement of next.by) by.add(statement);
    answer = { ...next, layers: answer === undefined ? next.layers : common(answer.layers, next.layers) };
  }
  return answer && { ...answer, by: [...by] };
}

/** What two answers say of each layer alike. */
function common(left: Evaluation['layers'], right: Evaluation['layers']): Evaluation['layers'] {
  if (left === right) return left;
  const entries = POLICY_LAYERS.map(
    (name) => [name, left[name] === right[name] ? left[name] : 'UNDETERMINED'] as const,
  );
  return Object.freeze(Object.fromEntries(entries) as Record<PolicyLayer, LayerOutcome>);
}

/**
 * Decides one request with a compiled set of policies.
 *
 * Follows "Policy evaluation logic" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 *
 * @param request - One that `checkRequest` accepts.
 * @returns `UNDETERMINED` only with `unknownContext`, and only when statements that hang on unknown keys can tip the
 *   decision: each statement is taken as free to match or not, whatever the others do, unless the few kinds of values of
 *   the keys all give one decision.
 * @throws RangeError when the principal is no ARN of a user, role, session or root user.
 * Cost: the statements that match the action, no I/O; arguments are not changed.
 *
 * @example
 * evaluate(compilePolicies(policies), request).decision; // 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' | 'UNDETERMINED'
 */
export function evaluate(set: CompiledSet, request: Request, options: EvaluateOptions = {}): Evaluation {
  const findings = new Findings(set, new World(request, options.unknownContext === true), options);
  const layers = findings.outcomes();
  const explicit = findings.explicitDeny;
  if (explicit === TRUE) {
    return { decision: 'EXPLICIT_DENY', by: findings.deniedBy(), missingKeys: NOTHING, layers };
  }
  const least = findings.isAllowed(false);
  const most = findings.undecided.length === 0 ? least : findings.isAllowed(true);
  if (explicit === UNKNOWN || least !== most) {
    const { undecided } = findings;
    // Before another request is looked at, because a world is asked only until then.
    const missingKeys = findings.missingKeys(explicit === UNKNOWN, least !== most);
    const answer = settled(set, request, options, { undecided, keys: findings.missingKeys(true, true) });
    if (answer !== undefined) return answer;
    return { decision: 'UNDETERMINED', by: NOTHING, missingKeys, layers };
  }
  if (!least) return { decision: 'IMPLICIT_DENY', by: NOTHING, missingKeys: NOTHING, layers };
  return { decision: 'ALLOW', by: findings.allowedBy(), missingKeys: NOTHING, layers };
}
