/**
 * From a question to a proof: first with nothing known of policy variables, which is enough wherever a variable does not
 * matter; then with values in their place.
 */
import { RegexError, regexLanguage } from './automata/regex.js';
import type { Language } from './automata/language.js';
import { Budget, Exhausted } from './budget.js';
import { and } from './formula.js';
import type { Request } from '../model.js';
import type { Proof, ProveOptions } from './proof.js';
import { attempt } from './question.js';
import type { Attempt, Question, Substitution } from './question.js';
import { scopesOf } from './scopes.js';
import type { ActionScope } from './scopes.js';
import { EVERY_VALUE } from './sets/spec.js';
import { shortArnOf } from './short-arns.js';
import { substitutionsFor } from './variables.js';

/** Enough for policies of hundreds of statements; some seconds at most. */
const DEFAULT_BUDGET = 40_000_000;
/** For policies that are decided service by service: enough for the largest that AWS manages. */
const SCOPED_BUDGET = 100_000_000;
/** Candidates that are replayed before a search that rests on unknown comparisons gives up. */
const TRIES = 25;
/** Part of the budget that one set of values for variables may use up. */
const SHARE = 8;

/**
 * Decides whether there are requests for which the formula of a question is true.
 *
 * @returns `HOLDS` when there are none, whatever ARN patterns match of which AWS does not say it (`short-arns.ts`).
 * @throws RegexError for an assumption that is not understood.
 */
export function decide(question: Question, options: ProveOptions): Proof<readonly Request[]> {
  const proof = search(question, options);
  if (proof.kind !== 'HOLDS') return proof;
  const contradiction = contradictionOf(question, options);
  if (contradiction !== undefined) return vacuous(contradiction);
  const short = shortArnOf(question);
  if (short === undefined) return proof;
  const open = search({ ...question, openArns: true }, options);
  if (open.kind === 'HOLDS' || (open.kind === 'UNKNOWN' && open.reason === 'budget')) return open;
  return { kind: 'UNKNOWN', reason: 'unsupported', detail: short };
}

/** The answer to a claim that nothing contradicts because there is nothing that it speaks of. */
export function vacuous(detail: string): Proof<never> {
  return { kind: 'UNKNOWN', reason: 'vacuous', detail };
}

/** Why nothing meets what is assumed; from a contradiction everything would follow. */
function contradictionOf(question: Question, options: ProveOptions): string | undefined {
  const { assume = {} } = options;
  const bare: Question = {
    ...question,
    policies: [],
    conditions: [],
    formula: (encoders) => and(encoders.map((encoder) => encoder.caller(question.callers))),
    replay: () => true,
  };
  const meets = (asked: Question, own = options): boolean => search(asked, own).kind === 'FAILS';
  for (const [key, expression] of Object.entries(assume)) {
    const formula: Question['formula'] = ([encoder]) => encoder!.some(key.toLowerCase(), EVERY_VALUE);
    const alone = { ...options, assume: { [key]: expression } };
    if (!meets({ ...bare, differ: [], formula }, alone)) return `no value of \`${key}\` matches ${expression}`;
  }
  const written = Object.keys(assume).map((key) => `\`${key}\``);
  const { differ = [] } = question;
  if ((written.length === 0 && differ.length === 0) || meets(bare)) return undefined;
  const parts = [
    ...(written.length === 0 ? [] : [`meet what is assumed of ${written.join(', ')}`]),
    ...(differ.length === 0 ? [] : [`differ in ${differ.map((key) => `\`${key}\``).join(', ')}`]),
  ];
  return `no ${question.sides.length > 1 ? 'two callers' : 'caller'} ${parts.join(' and ')}`;
}

function search(question: Question, options: ProveOptions): Proof<readonly Request[]> {
  const scopes = scopesOf(question.policies);
  const budget = new Budget(options.budget ?? (scopes === undefined ? DEFAULT_BUDGET : SCOPED_BUDGET));
  const assume = new Map<string, Language>();
  for (const [key, expression] of Object.entries(options.assume ?? {})) {
    assume.set(key.toLowerCase(), regexLanguage(expression));
  }
  const assumptions = new Set<string>();
  let unsure: Proof<never> | undefined;
  try {
    for (const scope of scopes ?? [undefined]) {
      const proof = searchScope({ question, options, assume, budget, scope });
      if (proof.kind === 'FAILS') return proof;
      if (proof.kind === 'UNKNOWN') unsure ??= proof;
      else for (const each of proof.assumptions) assumptions.add(each);
    }
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    return { kind: 'UNKNOWN', reason: 'budget', detail: error.message };
  }
  return unsure ?? { kind: 'HOLDS', assumptions: [...assumptions] };
}

interface ScopeSearch {
  readonly question: Question;
  readonly options: ProveOptions;
  readonly assume: ReadonlyMap<string, Language>;
  readonly budget: Budget;
  readonly scope: ActionScope | undefined;
}

/** @throws Exhausted */
function searchScope({ question, options, assume, budget, scope }: ScopeSearch): Proof<readonly Request[]> {
  const run = (substitution: Substitution, own: Budget, tries = TRIES): Attempt =>
    attempt(question, { assume, actions: options.actions ?? [], budget: own, substitution, tries, scope });
  const written = new Map(
    Object.entries(options.assume ?? {}).map(([key, value]) => [key.toLowerCase(), `${key} matches ${value}`]),
  );
  const used = (of: Iterable<string>): readonly string[] => [...new Set(of)].flatMap((key) => written.get(key) ?? []);
  const first = run(new Map(), budget);
  const assumptions = used([...first.keys, ...first.uses.map(({ key }) => key), ...derived(question, assume)]);
  if (first.outcome === 'none') return { kind: 'HOLDS', assumptions };
  if (first.requests !== undefined) return { kind: 'FAILS', counterexample: first.requests, assumptions };
  if (first.uses.length === 0) return unsettled(first);
  const plan = substitutionsFor({ question, assume, first, budget });
  let isSettled = plan.complete;
  for (const substitution of plan.substitutions) {
    const own = plan.complete ? budget : new Budget(budget.steps / SHARE);
    try {
      const next = run(substitution, own);
      if (next.requests !== undefined) return { kind: 'FAILS', counterexample: next.requests, assumptions };
      if (next.outcome !== 'none') isSettled = false;
    } catch (error) {
      if (!(error instanceof Exhausted) || plan.complete) throw error;
    }
  }
  if (isSettled) return { kind: 'HOLDS', assumptions };
  return { kind: 'UNKNOWN', reason: 'unsupported', detail: plan.reason };
}

/** Keys that follow from the caller and are assumed something of restrain the callers. */
function derived(question: Question, assume: ReadonlyMap<string, Language>): readonly string[] {
  const texts = question.policies.map((policy) => JSON.stringify(policy).toLowerCase());
  return [...assume.keys()].filter((key) => texts.some((text) => text.includes(key)));
}

function unsettled({ unknown }: Attempt): Proof<never> {
  if (unknown.length === 0) {
    return { kind: 'UNKNOWN', reason: 'fault', detail: 'a request was found that the reference decides otherwise' };
  }
  return {
    kind: 'UNKNOWN',
    reason: 'unsupported',
    detail: `one key is compared in ways that cannot be told together: ${unknown[0]!}`,
  };
}

/** What is wrong with the expression of an assumption; `undefined` when it is understood. */
export function faultOfAssumption(expression: string): string | undefined {
  try {
    regexLanguage(expression);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}
