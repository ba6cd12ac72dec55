/**
 * The questions that are asked about documents by themselves, without the other policies that apply to a request: the
 * custom policy checks of IAM Access Analyzer
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html), equivalence and isolation.
 *
 * A document allows a request when one of its statements allows it and none denies it. That is what the reference reports
 * of the layer in which the document stands, so every counterexample can be replayed: for an identity policy with a user,
 * role or session as the caller, for a resource policy with any caller.
 */
import { choice, wildcardLanguage } from './automata/language.js';
import type { Language } from './automata/language.js';
import type { ApplicablePolicies, Policy, Request } from '../model.js';
import { referenceEvaluate } from '../reference/index.js';
import { documentsAllow } from './access.js';
import { decide, vacuous } from './decide.js';
import { readWidely } from './everybody.js';
import { and, not } from './formula.js';
import { ALL_KINDS, callersOfKinds, SIGNED_KINDS } from './principal.js';
import type { Proof, ProveOptions, RequestPair } from './proof.js';
import type { Question } from './question.js';
import { unknownActionIn } from './vacuity.js';
import { valueOf } from './values.js';

/** How a document is read: attached to an identity, to a resource, or as an SCP to one level of the organization. */
export type DocumentKind = 'identity' | 'resource' | 'scp';

const NOTHING: ApplicablePolicies = {
  identity: [],
  boundary: null,
  session: null,
  scps: null,
  rcps: null,
  resource: null,
  vpcEndpoint: null,
};

/** Callers to whom identity policies are attached, directly or through a session. */
const IDENTITIES = callersOfKinds(['role', 'user', 'session', 'federatedUser']);
const EVERYBODY = callersOfKinds(ALL_KINDS);
/** Whom SCPs reach: all who belong to an account, its root user too. */
const MEMBERS = callersOfKinds(SIGNED_KINDS);

export function callersOf(kind: DocumentKind): Language {
  if (kind === 'scp') return MEMBERS;
  return kind === 'identity' ? IDENTITIES : EVERYBODY;
}

/** Whether the reference says that documents of a kind, taken together, allow a request. */
export function referenceAllows(documents: readonly Policy[], kind: DocumentKind, request: Request): boolean {
  if (kind === 'identity') {
    return referenceEvaluate(request, { ...NOTHING, identity: documents }).layers.identity === 'ALLOW';
  }
  if (kind === 'scp') return referenceEvaluate(request, { ...NOTHING, scps: [documents] }).layers.scp === 'ALLOW';
  const outcomes = documents.map((resource) => referenceEvaluate(request, { ...NOTHING, resource }).layers.resource);
  return !outcomes.includes('EXPLICIT_DENY') && outcomes.includes('ALLOW');
}

function one(proof: Proof<readonly Request[]>): Proof {
  return proof.kind === 'FAILS' ? { ...proof, counterexample: proof.counterexample[0]! } : proof;
}

/**
 * Does the new document allow nothing that the existing one does not allow?
 *
 * @returns A counterexample is a request that `updated` allows and `existing` does not.
 * @throws RegexError when an assumption is not understood.
 */
export function noNewAccess(
  existing: readonly Policy[],
  updated: readonly Policy[],
  kind: DocumentKind,
  options: ProveOptions = {},
): Proof {
  const before = readWidely(existing);
  const question = (after: readonly Policy[]): Question => ({
    sides: [''],
    policies: [...before, ...after],
    callers: callersOf(kind),
    formula: ([encoder]) => and([documentsAllow(after, encoder!), not(documentsAllow(before, encoder!))]),
    replay: ([request]) => referenceAllows(after, kind, request!) && !referenceAllows(before, kind, request!),
  });
  return underBothReadings(updated, (after) => one(decide(question(after), options)));
}

/** A counterexample is looked for first under the narrow reading, where the evaluator agrees with it. */
function underBothReadings(policies: readonly Policy[], prove: (read: readonly Policy[]) => Proof): Proof {
  const narrow = prove(policies);
  const wide = readWidely(policies);
  return narrow.kind === 'HOLDS' && wide !== policies ? prove(wide) : narrow;
}

/** Do two sets of documents allow the same requests? A counterexample is one that only one of them allows. */
export function equivalent(
  left: readonly Policy[],
  right: readonly Policy[],
  kind: DocumentKind,
  options: ProveOptions = {},
): Proof {
  const there = noNewAccess(left, right, kind, options);
  if (there.kind !== 'HOLDS') return there;
  const back = noNewAccess(right, left, kind, options);
  if (back.kind !== 'HOLDS') return back;
  return { kind: 'HOLDS', assumptions: [...new Set([...there.assumptions, ...back.assumptions])] };
}

/** Actions and resources (patterns); without resources every resource is meant, without actions every action. */
export interface Access {
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
}

/**
 * Does the document allow none of the actions on any of the resources?
 *
 * @returns UNKNOWN (`vacuous`), never HOLDS, when a pattern names no action of the catalogue or no resource there can be:
 *   nobody is ever granted what does not exist.
 * @throws RangeError when neither actions nor resources are given.
 */
export function accessNotGranted(
  policies: readonly Policy[],
  access: Access,
  kind: DocumentKind,
  options: ProveOptions = {},
): Proof {
  const { actions = [], resources = [] } = access;
  if (actions.length === 0 && resources.length === 0) throw new RangeError('Name actions, resources or both.');
  const proof = underBothReadings(policies, (read) => grantOf(read, access, kind, options));
  if (proof.kind !== 'HOLDS') return proof;
  const unknown = unknownActionIn(actions);
  if (unknown !== undefined) return vacuous(unknown);
  const nowhere = resources.find((pattern) => isNoResource(pattern, options));
  return nowhere === undefined ? proof : vacuous(`no resource can have an ARN like \`${nowhere}\``);
}

function grantOf(policies: readonly Policy[], access: Access, kind: DocumentKind, options: ProveOptions): Proof {
  const { actions = [], resources = [] } = access;
  const question: Question = {
    sides: [''],
    policies,
    callers: callersOf(kind),
    formula: ([encoder]) =>
      and([
        ...(actions.length === 0
          ? []
          : [encoder!.actionIn(choice(actions.map((action) => wildcardLanguage(action.toLowerCase()))))]),
        ...(resources.length === 0 ? [] : [encoder!.resource({ negated: false, patterns: resources }, false)]),
        documentsAllow(policies, encoder!),
      ]),
    replay: ([request]) => referenceAllows(policies, kind, request!),
  };
  return one(decide(question, options));
}

/** Whether no ARN matches a pattern. */
function isNoResource(pattern: string, options: ProveOptions): boolean {
  const question: Question = {
    sides: [''],
    policies: [],
    callers: EVERYBODY,
    formula: ([encoder]) => encoder!.resource({ negated: false, patterns: [pattern] }, false),
    replay: () => true,
  };
  return decide(question, options).kind !== 'FAILS';
}

/**
 * Do the documents, taken together, allow any request at all?
 *
 * @returns `false` only when they were shown to allow none. Claims about them hold then, and say little.
 */
export function allowsAnything(policies: readonly Policy[], kind: DocumentKind, options: ProveOptions = {}): boolean {
  const question: Question = {
    sides: [''],
    policies,
    callers: callersOf(kind),
    formula: ([encoder]) => documentsAllow(policies, encoder!),
    replay: ([request]) => referenceAllows(policies, kind, request!),
  };
  return decide(question, options).kind !== 'HOLDS';
}

/**
 * Is there no action on a resource that one caller may do by `left` and another by `right`?
 *
 * What belongs to a caller (who it is, its tags, its session, where it calls from and when) is independent on the two
 * sides; resource, action and what is asked of the resource are the same.
 *
 * @param differ - Keys that both callers have, with different values.
 */
export function disjoint(
  left: readonly Policy[],
  right: readonly Policy[],
  kind: DocumentKind,
  differ: readonly string[] = [],
  options: ProveOptions = {},
): Proof<RequestPair> {
  const keys = differ.map((key) => key.toLowerCase());
  const question: Question = {
    sides: ['left/', 'right/'],
    policies: [...left, ...right],
    callers: IDENTITIES,
    differ: keys,
    formula: ([one, two]) => and([documentsAllow(left, one!), documentsAllow(right, two!)]),
    replay: ([one, two]) =>
      referenceAllows(left, kind, one!) &&
      referenceAllows(right, kind, two!) &&
      keys.every((key) => {
        const [first, second] = [valueOf(one!, key), valueOf(two!, key)];
        return first !== undefined && second !== undefined && first !== second;
      }),
  };
  const proof = decide(question, options);
  if (proof.kind !== 'FAILS') return proof;
  const [first, second] = proof.counterexample;
  return { ...proof, counterexample: { left: first!, right: second! } };
}
