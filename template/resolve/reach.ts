/**
 * Which conditions can hold together.
 *
 * A small search over the parameters that the conditions hang on: a parameter with AllowedValues takes these, another one
 * the constants it is compared with or "something else". Comparisons that are not understood may be true or false. The
 * answer is therefore `true` in doubt: what is called unreachable never happens. Conditions that share no parameter are
 * searched apart, so that the cost grows with the number of conditions asked for and not with their combinations.
 */
import type { Value } from '../values.js';
import { textOf } from './build.js';
import { compareValues } from './conditions.js';
import type { Comparison, Conditions, Valuation } from './conditions.js';
import { Scope, keyOf } from './scope.js';
import type { Truth } from './scope.js';

/** Comparisons that one question may look at before the answer is "in doubt". */
const BUDGET = 20_000;

/** Parameters that one question may assume at a time; more is "in doubt". */
const MAX_DEPTH = 200;

/** What the search asks of the template. */
export interface Facts {
  readonly conditions: Conditions;
  /** The value of a parameter or pseudo parameter under assumptions; `undefined` when it is open. */
  valueOf(name: string, assumed: ReadonlyMap<string, Value>): Value | undefined;
  /** Whether a name is that of a parameter or pseudo parameter. */
  declares(name: string): boolean;
  /** All values that a name may have; `undefined` when they are not known. */
  domainOf(name: string): readonly Value[] | undefined;
  /** The value that a parameter has for a text; `undefined` when it cannot have it. */
  typed(name: string, text: string): Value | undefined;
  /** A node's value in a scope; `undefined` when anything in it is unknown. */
  settled(node: Value, scope: Scope): Value | undefined;
  /** Parameters and pseudo parameters without a value that a node hangs on. */
  openNames(node: Value): ReadonlySet<string>;
}

/** The values that a name may have; `other` when it may have one that the template does not mention. */
export interface Possible {
  readonly values: readonly Value[];
  readonly other: boolean;
}

interface State {
  readonly assumed: Map<string, Value>;
  /** Names that have a value which no comparison mentions. */
  readonly others: Set<string>;
  /** Answers taken for comparisons that are not understood. */
  readonly guesses: Map<string, boolean>;
}

type Literals = readonly (readonly [name: string, holds: boolean])[];

const NONE: ReadonlySet<string> = new Set();

export class Reach {
  /** Comparisons looked at so far: what the searches cost. */
  steps = 0;
  private readonly answers = new Map<string, boolean>();
  private rules: readonly string[] | undefined;
  private readonly tokenSets = new Map<string, ReadonlySet<string>>();
  private readonly valuations = new WeakMap<Scope, Valuation>();

  constructor(private readonly facts: Facts) {}

  /**
   * Whether some choice of parameter values gives these conditions these truths.
   *
   * @param others - Names whose value is none that the template mentions.
   */
  possible(
    conditions: ReadonlyMap<string, boolean>,
    parameters: ReadonlyMap<string, Value>,
    others: ReadonlySet<string> = NONE,
  ): boolean {
    const assignment = new Map<string, Value>(parameters);
    for (const [name, holds] of conditions) assignment.set(`condition:${name}`, holds);
    const key = `${keyOf(assignment)}|${[...others].sort().join()}`;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      answer = this.search(conditions, parameters, others);
      this.answers.set(key, answer);
    }
    return answer;
  }

  /** Whether a condition holds in a scope; a truth that the scope's assumptions imply counts. */
  truth(name: string, scope: Scope): Truth {
    const known = scope.truths.get(name);
    if (known !== undefined && known !== 'open') return known;
    if (known === 'open' && scope.implied.has(`condition:${name}`)) return 'open';
    const valuation = this.valuationOf(scope);
    const truth = this.facts.conditions.truth(name, valuation, scope.truths);
    if (truth !== 'open') return truth;
    if (scope.assignment.size === 0 && this.isFree(name)) {
      scope.implied.set(`condition:${name}`, null);
      return 'open';
    }
    const canHold = this.possible(new Map(scope.conditions).set(name, true), scope.parameters);
    const canFail = this.possible(new Map(scope.conditions).set(name, false), scope.parameters);
    if (canHold !== canFail) scope.truths.set(name, canHold);
    else scope.implied.set(`condition:${name}`, null);
    return canHold === canFail ? 'open' : canHold;
  }

  /** What the expressions of conditions are asked of in a scope; one for each scope. */
  private valuationOf(scope: Scope): Valuation {
    let valuation = this.valuations.get(scope);
    if (valuation === undefined) {
      const state: State = { assumed: new Map(scope.parameters), others: new Set(), guesses: new Map() };
      valuation = {
        assumed: (condition) => scope.conditions.get(condition),
        compare: (comparison) => this.compare(comparison, state, scope),
      };
      this.valuations.set(scope, valuation);
    }
    return valuation;
  }

  /** Whether a condition is one comparison that parameters can make true and can make false: no search is needed. */
  private isFree(name: string): boolean {
    let expression = this.facts.conditions.expression(name);
    while (expression.op === 'not' || expression.op === 'condition') {
      expression = expression.op === 'not' ? expression.of : this.facts.conditions.expression(expression.name);
    }
    const simple = expression.op === 'compare' ? expression.simple : undefined;
    if (simple === undefined || this.assertions().some((rule) => !disjoint(this.tokens(rule), this.tokens(name)))) {
      return false;
    }
    const possible = simple.texts.filter((text) => this.facts.typed(simple.name, text) !== undefined);
    const domain = this.facts.domainOf(simple.name);
    if (domain === undefined) return possible.length > 0;
    const equal = domain.filter((value) => possible.includes(textOf(value)!)).length;
    return equal > 0 && equal < domain.length;
  }

  /** What the assumed conditions of a scope leave of a name that has no value. */
  remaining(name: string, scope: Scope): Possible | undefined {
    const conditions = [...scope.conditions.keys()].filter((condition) => this.tokens(condition).has(name));
    if (conditions.length === 0) return undefined;
    const domain = this.facts.domainOf(name);
    const candidates = domain ?? [...(this.constants(conditions).get(name) ?? [])];
    const values = candidates.filter((value) =>
      this.possible(scope.conditions, new Map(scope.parameters).set(name, value)),
    );
    const other = domain === undefined && this.possible(scope.conditions, scope.parameters, new Set([name]));
    return { values, other };
  }

  /** Whether some values of the parameters satisfy all rules of the template. */
  get rulesCanHold(): boolean {
    return this.assertions().length === this.facts.conditions.assertions.length;
  }

  /**
   * The rules of the template, which hold in every stack.
   *
   * Rules that no values satisfy are left out: otherwise nothing could be reached and nothing would be looked at.
   */
  private assertions(): readonly string[] {
    if (this.rules === undefined) {
      this.rules = [];
      const names = this.facts.conditions.assertions;
      if (names.length > 0) {
        const literals = names.map((name) => [name, true] as const);
        const limit = this.steps + BUDGET;
        const empty: State = { assumed: new Map(), others: new Set(), guesses: new Map() };
        const together = this.satisfiable(literals, empty, this.constants(names), limit, 0);
        this.rules = together ? names : [];
      }
    }
    return this.rules;
  }

  private search(
    conditions: ReadonlyMap<string, boolean>,
    parameters: ReadonlyMap<string, Value>,
    others: ReadonlySet<string>,
  ): boolean {
    const asked = [...conditions].filter(([name]) => this.facts.conditions.has(name));
    const literals = [...asked, ...this.assertions().map((name) => [name, true] as const)];
    const limit = this.steps + BUDGET;
    return this.groups(literals).every((group) => {
      const domains = this.constants(group.map(([name]) => name));
      const state: State = { assumed: new Map(parameters), others: new Set(others), guesses: new Map() };
      return this.satisfiable(group, state, domains, limit, 0);
    });
  }

  /** Literals in groups that share no open name and no comparison. */
  private groups(literals: Literals): Literals[] {
    let groups: { tokens: Set<string>; literals: Literals }[] = [];
    for (const literal of literals) {
      const tokens = new Set(this.tokens(literal[0]));
      const joined = [literal];
      const apart = groups.filter((group) => {
        if (disjoint(tokens, group.tokens)) {
          return true;
        }
        joined.push(...group.literals);
        for (const token of group.tokens) tokens.add(token);
        return false;
      });
      groups = [...apart, { tokens, literals: joined }];
    }
    return groups.map((group) => group.literals);
  }

  /** The open names and the comparisons that a condition hangs on. */
  private tokens(name: string): ReadonlySet<string> {
    let tokens = this.tokenSets.get(name);
    if (tokens === undefined) {
      const found = new Set<string>();
      for (const comparison of this.facts.conditions.comparisons(name)) {
        found.add(`= ${comparison.key}`);
        for (const open of this.openNames(comparison)) found.add(open);
      }
      this.tokenSets.set(name, (tokens = found));
    }
    return tokens;
  }

  private *openNames(comparison: Comparison): Generator<string> {
    yield* this.facts.openNames(comparison.left);
    yield* this.facts.openNames(comparison.right);
  }

  /** The constants that each open name is compared with. */
  private constants(names: readonly string[]): ReadonlyMap<string, ReadonlySet<Value>> {
    const constants = new Map<string, Map<string, Value>>();
    for (const name of names) {
      for (const { simple } of this.facts.conditions.comparisons(name)) {
        if (simple === undefined) continue;
        const known = constants.get(simple.name) ?? new Map<string, Value>();
        constants.set(simple.name, known);
        for (const text of simple.texts) {
          const value = this.facts.typed(simple.name, text);
          if (value !== undefined) known.set(text, value);
        }
      }
    }
    return new Map([...constants].map(([name, values]) => [name, new Set(values.values())]));
  }

  private satisfiable(
    literals: Literals,
    state: State,
    constants: ReadonlyMap<string, ReadonlySet<Value>>,
    limit: number,
    depth: number,
  ): boolean {
    if (this.steps > limit || depth > MAX_DEPTH) return true;
    const scope = new Scope(new Map([...state.assumed].map(([name, value]) => [`parameter:${name}`, value])));
    const open: Comparison[] = [];
    const valuation: Valuation = {
      assumed: () => undefined,
      compare: (comparison) => {
        const truth = this.compare(comparison, state, scope);
        if (truth === 'open') open.push(comparison);
        return truth;
      },
    };
    const truths = new Map<string, Truth>();
    let undecided: Comparison | undefined;
    for (const [name, holds] of literals) {
      const truth = this.facts.conditions.truth(name, valuation, truths);
      if (typeof truth === 'boolean' && truth !== holds) return false;
      if (truth === 'open') undecided ??= open[0] ?? this.firstOpen(name, state, scope);
    }
    if (undecided === undefined) return true;
    const again = (): boolean => this.satisfiable(literals, state, constants, limit, depth + 1);

    const name = [...this.openNames(undecided)].find(
      (candidate) => this.facts.valueOf(candidate, state.assumed) === undefined && !state.others.has(candidate),
    );
    if (name === undefined) {
      for (const guess of [true, false]) {
        state.guesses.set(undecided.key, guess);
        if (again()) return true;
      }
      state.guesses.delete(undecided.key);
      return false;
    }
    const domain = this.facts.domainOf(name);
    for (const value of domain ?? constants.get(name) ?? []) {
      state.assumed.set(name, value);
      if (again()) return true;
    }
    state.assumed.delete(name);
    if (domain !== undefined) return false;
    state.others.add(name);
    if (again()) return true;
    state.others.delete(name);
    return false;
  }

  private firstOpen(name: string, state: State, scope: Scope): Comparison | undefined {
    return this.facts.conditions.comparisons(name).find((one) => this.compare(one, state, scope) === 'open');
  }

  private compare(comparison: Comparison, state: State, scope: Scope): Truth {
    this.steps++;
    if (comparison.same) return true;
    const { simple } = comparison;
    if (simple !== undefined) {
      const value = this.facts.valueOf(simple.name, state.assumed);
      const text = value === undefined ? undefined : textOf(value);
      if (value !== undefined) return text !== undefined && simple.texts.includes(text);
      if (state.others.has(simple.name)) return false;
      // Nothing is assumed that could say more of it, so evaluating the reference would find out the same.
      if (scope.assignment.size === 0 && state.guesses.size === 0 && this.facts.declares(simple.name)) return 'open';
    }
    const guess = state.guesses.get(comparison.key);
    if (guess !== undefined) return guess;
    if (comparison.external) return 'open';
    const left = this.facts.settled(comparison.left, scope);
    const right = left === undefined ? undefined : this.facts.settled(comparison.right, scope);
    return left === undefined || right === undefined ? 'open' : compareValues(comparison.by, left, right);
  }
}

function disjoint(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const token of left) if (right.has(token)) return false;
  return true;
}
