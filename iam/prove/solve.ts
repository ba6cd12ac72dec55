/**
 * Decides whether a formula about requests can be true, by search.
 *
 * Literals that must hold narrow the dimensions they speak of; alternatives wait. A request out of what is left is tried on
 * the alternatives, and only one that it fails is taken up: its options are tried in turn, each with the options before it
 * ruled out. So statements that the tried requests never meet cost one look each. Every branch ends with a request that
 * makes the formula true, or with a dimension in which nothing is left; when all end so, no request makes it true.
 */
import type { Budget } from './budget.js';
import type { Dimension, DimensionValue, Domain } from './domain.js';
import type { Atom, Formula } from './formula.js';

/** The domains of the dimensions that the formula has spoken of so far. */
export type Domains = ReadonlyMap<string, Domain>;

/** The values of all dimensions. */
export type Assignment = (dimension: string) => DimensionValue;

export interface SolveOptions {
  readonly dimension: (name: string) => Dimension;
  readonly budget: Budget;
  /** Values that fit together across dimensions; `null` when none are left. */
  readonly assign: (domains: Domains) => Assignment | null;
  /** Called with a request that makes the formula true. Returns whether the search is done. */
  readonly onSolution: (assignment: Assignment, domains: Domains) => boolean;
}

/** @returns whether a call of `onSolution` ended the search. @throws Exhausted */
export function search(formula: Formula, options: SolveOptions): boolean {
  return new Search(options).run(formula);
}

type Literal = Extract<Formula, { kind: 'literal' }>;
type Or = Extract<Formula, { kind: 'or' }>;

class State {
  /** Statements that alternatives of single literals rule out, by {@link keyOf}: quick to see for policies alike. */
  constructor(
    readonly domains: Map<string, Domain>,
    readonly pending: readonly Or[],
    readonly refuted: readonly ReadonlySet<string>[],
  ) {}
}

const keys = new WeakMap<Formula, string>();

/** Names a conjunction of literals, or the conjunction that an alternative of literals rules out; `''` for others. */
function keyOf(formula: Extract<Formula, { kind: 'and' | 'or' }>): string {
  let key = keys.get(formula);
  if (key === undefined) {
    const { parts } = formula;
    const isFlat = parts.every(({ kind }) => kind === 'literal');
    const names = (parts as readonly Literal[]).map((part) =>
      isFlat ? part.atom.id * 2 + Number(part.positive === (formula.kind === 'and')) : 0,
    );
    key = isFlat ? names.sort((a, b) => a - b).join() : '';
    keys.set(formula, key);
  }
  return key;
}

/** How many alternatives that fail are compared before one is taken up. */
const COMPARED = 12;

class Search {
  private readonly evaluator: Evaluator;

  constructor(private readonly options: SolveOptions) {
    this.evaluator = new Evaluator(options);
  }

  run(formula: Formula): boolean {
    const state = this.assume(new State(new Map(), [], []), [formula]);
    return state !== null && this.explore(state, 0);
  }

  private explore(first: State, depth: number): boolean {
    const { budget, assign, onSolution } = this.options;
    let state = first;
    for (;;) {
      budget.spend(10 + state.pending.length, 'the search');
      const { domains } = state;
      const assignment = assign(domains);
      if (assignment === null) return false;
      const failing = this.failing(state.pending, assignment);
      if (failing.length === 0) return onSolution(assignment, domains);
      const best = this.choose(failing, state);
      if (best === undefined) return false;
      const pending = state.pending.filter((each) => each !== best.alternative);
      // A single option is no choice: go on without growing the stack.
      if (best.options.length === 1) {
        const next = this.assume(new State(new Map(domains), pending, state.refuted), best.options);
        if (next === null) return false;
        state = next;
        continue;
      }
      if (depth > MOST_CHOICES) budget.spend(Number.POSITIVE_INFINITY, 'choices within choices');
      let rest: State | null = state;
      for (const option of best.options) {
        const next = this.assume(new State(new Map(rest.domains), pending, rest.refuted), [option]);
        if (next !== null && this.explore(next, depth + 1)) return true;
        if (option.kind === 'literal') {
          rest = this.assume(new State(new Map(rest.domains), rest.pending, rest.refuted), [
            { ...option, positive: !option.positive },
          ]);
          if (rest === null) return false;
        }
      }
      return false;
    }
  }

  private failing(pending: readonly Or[], assignment: Assignment): Or[] {
    const result: Or[] = [];
    for (const each of pending) {
      if (!this.evaluator.holds(each, assignment) && result.push(each) === COMPARED) break;
    }
    return result;
  }

  /**
   * The alternative with the fewest options that are possible; `undefined` when one has none. Whole statements come before
   * single literals: only within a statement that allows it pays to look for a way around the others.
   */
  private choose(
    failing: readonly Or[],
    { domains, refuted }: State,
  ): { readonly alternative: Or; readonly options: readonly Formula[] } | undefined {
    let best: { readonly alternative: Or; readonly options: readonly Formula[] } | undefined;
    const statements = failing.filter(({ parts }) => parts.some(({ kind }) => kind === 'and'));
    for (const alternative of statements.length > 0 ? statements : failing) {
      const options: Formula[] = [];
      for (const option of alternative.parts) {
        if (option.kind === 'and' && refuted.some((set) => set.has(keyOf(option)))) continue;
        if (!this.isPossible(option, domains)) continue;
        options.push(option);
        if (best !== undefined && options.length >= best.options.length) break;
      }
      if (options.length === 0) return undefined;
      if (best === undefined || options.length < best.options.length) best = { alternative, options };
      if (options.length === 1) break;
    }
    return best;
  }

  /** Whether the literals of an option leave something, each by itself. */
  private isPossible(option: Formula, domains: ReadonlyMap<string, Domain>): boolean {
    if (option.kind === 'literal') return this.narrowed(option, domains) !== null;
    if (option.kind === 'and') return option.parts.every((part) => this.isPossible(part, domains));
    return option.kind !== 'or' || option.parts.some((part) => this.isPossible(part, domains));
  }

  private narrowed({ atom, positive }: Literal, domains: ReadonlyMap<string, Domain>): Domain | null {
    this.options.budget.spend(1, 'the search');
    const domain = domains.get(atom.dimension) ?? this.options.dimension(atom.dimension).root;
    return domain.narrowed(atom, positive);
  }

  /** Takes formulas for true. Changes `state.domains`. @returns `null` when nothing is left. */
  private assume(state: State, formulas: readonly Formula[]): State | null {
    const pending: Or[] = [];
    const queue = [...formulas];
    for (let formula = queue.pop(); formula !== undefined; formula = queue.pop()) {
      switch (formula.kind) {
        case 'true':
          break;
        case 'false':
          return null;
        case 'literal': {
          const domain = this.narrowed(formula, state.domains);
          if (domain === null) return null;
          state.domains.set(formula.atom.dimension, domain);
          break;
        }
        case 'and':
          for (const part of formula.parts) queue.push(part);
          break;
        case 'or':
          pending.push(formula);
          break;
      }
    }
    if (pending.length === 0) return state;
    const refuted = new Set(pending.map(keyOf));
    refuted.delete('');
    return new State(state.domains, [...state.pending, ...pending], [...state.refuted, refuted]);
  }
}

/** Deeper choices would overflow the stack before they are decided. */
const MOST_CHOICES = 600;

/** Evaluates formulas on single requests, and remembers what atoms say of a value. */
export class Evaluator {
  private readonly known = new Map<Atom, { readonly value: DimensionValue; readonly holds: boolean }>();

  constructor(private readonly options: Pick<SolveOptions, 'dimension' | 'budget'>) {}

  holds(formula: Formula, assignment: Assignment): boolean {
    switch (formula.kind) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'literal':
        return this.atomHolds(formula.atom, assignment(formula.atom.dimension)) === formula.positive;
      case 'and':
        return formula.parts.every((part) => this.holds(part, assignment));
      case 'or':
        return formula.parts.some((part) => this.holds(part, assignment));
    }
  }

  private atomHolds(atom: Atom, value: DimensionValue): boolean {
    if (value === undefined) return false;
    const known = this.known.get(atom);
    if (known?.value === value) return known.holds;
    this.options.budget.spend(1, 'the search');
    const dimension = this.options.dimension(atom.dimension);
    const holds = value.some((each) => dimension.contains(atom, each));
    this.known.set(atom, { value, holds });
    return holds;
  }
}
