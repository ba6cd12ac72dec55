/**
 * The `Conditions` section: its expressions, in which order they depend on each other, and whether they hold. Assertions
 * of the `Rules` section are expressions of the same kind.
 *
 * Follows "Condition functions" and "Rule-specific intrinsic functions" of the AWS CloudFormation documentation
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html). `Fn::And` and
 * `Fn::Or` take two to ten conditions, `Fn::Not` one, `Fn::Equals` two values of any type.
 */
import { get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { jsonOf, sameValue, textOf } from './build.js';
import { conditionCycle, malformed, misplaced, undefinedCondition, unknownFunction } from './diagnostics.js';
import type { PathDiagnostic, Problem } from './diagnostics.js';
import { callOf } from './intrinsics.js';
import type { Truth } from './scope.js';

/** How two values are compared; the rule functions compare lists of text. */
export type Comparator = 'equals' | 'contains' | 'eachMemberEquals' | 'eachMemberIn';

/** A comparison of two values that are not evaluated yet. */
export interface Comparison {
  readonly op: 'compare';
  readonly by: Comparator;
  readonly left: Value;
  readonly right: Value;
  /** Equal for equal comparisons. */
  readonly key: string;
  /** Whether both sides are written alike. */
  readonly same: boolean;
  /** Whether it hangs on what CloudFormation looks up in the account. */
  readonly external: boolean;
  /** Set when one side is a bare `Ref` and it is compared with these texts: it holds if the value is one of them. */
  readonly simple: { readonly name: string; readonly texts: readonly string[] } | undefined;
}

/** The expression of a condition. */
export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'condition'; readonly name: string }
  | Comparison
  | { readonly op: 'invalid' };

/** What the truth of an expression is asked of. */
export interface Valuation {
  /** An assumed condition. */
  assumed(name: string): boolean | undefined;
  compare(comparison: Comparison): Truth;
}

/** The conditions of a template. */
export class Conditions {
  readonly diagnostics: PathDiagnostic[] = [];
  /** Names of the conditions. */
  readonly names: readonly string[];
  /** Names under which the rules of the template are kept. */
  readonly assertions: readonly string[];
  private readonly expressions = new Map<string, Expression>();
  private readonly cyclic = new Set<string>();
  private readonly cones = new Map<string, readonly string[]>();
  private readonly comparisonsByName = new Map<string, readonly Comparison[]>();

  /** @param written - The section with its loops expanded: name, expression, and where it is written. */
  constructor(
    written: readonly { readonly key: string; readonly node: Value; readonly path: Path }[],
    rules: Value = null,
  ) {
    const names = new Set(written.map(({ key }) => key));
    for (const { key, node, path } of written) this.expressions.set(key, this.parse(node, path, names));
    this.names = [...names];
    this.findCycles(written);
    this.assertions = this.readRules(rules);
  }

  /**
   * Reads the `Rules` section: where its condition holds, all assertions of a rule must hold.
   *
   * @returns The names under which the rules are kept as conditions that hold in every stack.
   */
  private readRules(rules: Value): readonly string[] {
    const names: string[] = [];
    for (const name of isMap(rules) ? keysOf(rules) : []) {
      const rule = (rules as ValueMap)[name]!;
      const path = ['Rules', name];
      const assertions = isMap(rule) ? get(rule, 'Assertions') : undefined;
      if (!isMap(rule) || !isList(assertions)) {
        this.diagnostics.push({ ...malformed(name, 'a rule has a list of `Assertions`'), path });
        continue;
      }
      const of = assertions.map((assertion, index): Expression => {
        const place = [...path, 'Assertions', index, 'Assert'];
        return this.parse((isMap(assertion) ? get(assertion, 'Assert') : null) ?? null, place, NO_NAMES, true);
      });
      const condition = get(rule, 'RuleCondition');
      const all: Expression = { op: 'and', of };
      const when =
        condition === undefined ? undefined : this.parse(condition, [...path, 'RuleCondition'], NO_NAMES, true);
      const key = `Rules:${name}`;
      this.expressions.set(key, when === undefined ? all : { op: 'or', of: [{ op: 'not', of: when }, all] });
      names.push(key);
    }
    return names;
  }

  has(name: string): boolean {
    return this.expressions.has(name);
  }

  /** The expression of a condition that exists. */
  expression(name: string): Expression {
    return this.expressions.get(name)!;
  }

  /** A condition and all that it depends on, each after what it depends on. */
  cone(name: string): readonly string[] {
    let cone = this.cones.get(name);
    if (cone === undefined) {
      cone = this.sortedCone(name);
      this.cones.set(name, cone);
    }
    return cone;
  }

  /** The comparisons that a condition depends on. */
  comparisons(name: string): readonly Comparison[] {
    let comparisons = this.comparisonsByName.get(name);
    if (comparisons === undefined) {
      comparisons = this.cone(name).flatMap((member) => {
        const expression = this.expression(member);
        return expression.op === 'compare' ? [expression] : [...comparisonsOf(expression)];
      });
      this.comparisonsByName.set(name, comparisons);
    }
    return comparisons;
  }

  /** Whether a condition holds. `truths` keeps the answers for the conditions that were looked at. */
  truth(name: string, valuation: Valuation, truths: Map<string, Truth>): Truth {
    const known = truths.get(name) ?? valuation.assumed(name);
    if (known !== undefined) return known;
    for (const member of this.cone(name)) {
      if (truths.has(member)) continue;
      const truth = this.cyclic.has(member)
        ? 'invalid'
        : (valuation.assumed(member) ?? truthOf(this.expression(member), valuation, truths));
      truths.set(member, truth);
    }
    return truths.get(name)!;
  }

  private sortedCone(name: string): readonly string[] {
    if (this.expression(name).op === 'compare') return [name];
    const sorted: string[] = [];
    const seen = new Set<string>([name]);
    // An explicit stack: a chain of conditions may be longer than the call stack.
    const stack: { name: string; rest: Iterator<string> }[] = [{ name, rest: this.references(name) }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const next = top.rest.next();
      if (next.done === true) {
        sorted.push(top.name);
        stack.pop();
      } else if (!seen.has(next.value) && this.expressions.has(next.value)) {
        seen.add(next.value);
        stack.push({ name: next.value, rest: this.references(next.value) });
      }
    }
    return sorted;
  }

  private references(name: string): Iterator<string> {
    return referencesOf(this.expression(name))[Symbol.iterator]();
  }

  private findCycles(written: readonly { readonly key: string; readonly path: Path }[]): void {
    const edges = new Map<string, readonly string[]>();
    for (const [name, expression] of this.expressions) {
      edges.set(
        name,
        [...referencesOf(expression)].filter((to) => this.expressions.has(to)),
      );
    }
    const paths = new Map(written.map(({ key, path }) => [key, path]));
    for (const cycle of cyclesOf(edges)) {
      for (const name of cycle) this.cyclic.add(name);
      this.diagnostics.push({ ...conditionCycle(cycle), path: paths.get(cycle[0]!)! });
    }
  }

  private parse(node: Value, path: Path, names: ReadonlySet<string>, inRule = false): Expression {
    const refuse = (problem: Problem): Expression => {
      this.diagnostics.push({ ...problem, path });
      return { op: 'invalid' };
    };
    if (!isMap(node)) return refuse(malformed(String(path.at(-1)), 'a condition is a condition function'));
    const keys = keysOf(node);
    const name = keys[0];
    if (keys.length !== 1 || name === undefined) {
      return refuse(malformed(String(path.at(-1)), 'a condition is one condition function'));
    }
    const argument = node[name]!;
    const below = [...path, name];
    switch (name) {
      case 'Condition':
        if (typeof argument !== 'string') return refuse(malformed(name, 'it takes the name of a condition'));
        if (!names.has(argument)) return refuse(undefinedCondition(argument, names));
        return { op: 'condition', name: argument };
      case 'Fn::And':
      case 'Fn::Or': {
        if (!isList(argument) || argument.length < 2 || argument.length > 10) {
          return refuse(malformed(name, 'it takes two to ten conditions'));
        }
        const of = argument.map((item, index) => this.parse(item, [...below, index], names, inRule));
        return { op: name === 'Fn::And' ? 'and' : 'or', of };
      }
      case 'Fn::Not':
        if (!isList(argument) || argument.length !== 1) {
          return refuse(malformed(name, 'it takes a list of one condition'));
        }
        return { op: 'not', of: this.parse(argument[0]!, [...below, 0], names, inRule) };
      default: {
        const by = name === 'Fn::Equals' ? 'equals' : inRule ? RULE_COMPARATORS.get(name) : undefined;
        if (by === undefined) {
          const known = ['Condition', 'Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'];
          return refuse(unknownFunction(name, inRule ? [...known, ...RULE_COMPARATORS.keys()] : known));
        }
        if (!isList(argument) || argument.length !== 2) return refuse(malformed(name, 'it takes a list of two values'));
        const used = functionsIn(argument);
        for (const refused of OUTSIDE_CONDITIONS) {
          if (used.has(refused)) return refuse(misplaced(refused, 'outside `Conditions`'));
        }
        return comparison(by, argument[0]!, argument[1]!, used);
      }
    }
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();

const RULE_COMPARATORS: ReadonlyMap<string, Comparator> = new Map([
  ['Fn::Contains', 'contains'],
  ['Fn::EachMemberEquals', 'eachMemberEquals'],
  ['Fn::EachMemberIn', 'eachMemberIn'],
]);

/** Functions that conditions cannot use: they hang on resources, on other stacks or on conditions themselves. */
const OUTSIDE_CONDITIONS: readonly string[] = ['Fn::If', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::Transform'];

/** Functions of what CloudFormation looks up in the account. */
const LOOKED_UP: readonly string[] = ['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'];

/** Keys that look like functions, in all that a node holds. */
function functionsIn(node: Value, found = new Set<string>()): ReadonlySet<string> {
  if (isList(node)) for (const item of node) functionsIn(item, found);
  else if (isMap(node)) {
    for (const key of keysOf(node)) {
      if (key.startsWith('Fn::')) found.add(key);
      functionsIn(node[key]!, found);
    }
  }
  return found;
}

function comparison(by: Comparator, left: Value, right: Value, used: ReadonlySet<string>): Comparison {
  const sides = [jsonOf(left), jsonOf(right)];
  const same = by === 'equals' && sides[0] === sides[1];
  if (by === 'equals') sides.sort();
  return {
    op: 'compare',
    by,
    left,
    right,
    key: sides.join(` ${by} `),
    same,
    external: LOOKED_UP.some((name) => used.has(name)),
    simple: simpleComparison(by, left, right),
  };
}

function simpleComparison(by: Comparator, left: Value, right: Value): Comparison['simple'] {
  if (by === 'equals') return oneOf(left, [right]) ?? oneOf(right, [left]);
  return by === 'contains' && isList(left) ? oneOf(right, left) : undefined;
}

function oneOf(reference: Value, constants: readonly Value[]): Comparison['simple'] {
  const call = isMap(reference) ? callOf(reference) : undefined;
  const texts = constants.map(textOf).filter((text) => text !== undefined);
  if (call?.name !== 'Ref' || typeof call.argument !== 'string' || texts.length < constants.length) return undefined;
  return { name: call.argument, texts };
}

function truthOf(expression: Expression, valuation: Valuation, truths: ReadonlyMap<string, Truth>): Truth {
  switch (expression.op) {
    case 'invalid':
      return 'invalid';
    case 'condition':
      return truths.get(expression.name) ?? 'invalid';
    case 'compare':
      return valuation.compare(expression);
    case 'not': {
      const truth = truthOf(expression.of, valuation, truths);
      return typeof truth === 'boolean' ? !truth : truth;
    }
    case 'and':
    case 'or': {
      const decides = expression.op === 'or';
      let result: Truth = !decides;
      for (const part of expression.of) {
        const truth = truthOf(part, valuation, truths);
        if (truth === 'invalid') return 'invalid';
        if (truth === decides) result = decides;
        else if (truth === 'open' && result !== decides) result = 'open';
      }
      return result;
    }
  }
}

function* referencesOf(expression: Expression): Generator<string> {
  if (expression.op === 'condition') yield expression.name;
  else if (expression.op === 'not') yield* referencesOf(expression.of);
  else if (expression.op === 'and' || expression.op === 'or') {
    for (const part of expression.of) yield* referencesOf(part);
  }
}

function* comparisonsOf(expression: Expression): Generator<Comparison> {
  if (expression.op === 'compare') yield expression;
  else if (expression.op === 'not') yield* comparisonsOf(expression.of);
  else if (expression.op === 'and' || expression.op === 'or') {
    for (const part of expression.of) yield* comparisonsOf(part);
  }
}

/** The outcome of a comparison of two known values. */
export function compareValues(by: Comparator, left: Value, right: Value): boolean {
  if (by === 'equals') return sameValue(left, right);
  const members = isList(left) ? left : [left];
  if (by === 'contains') return members.some((member) => sameValue(member, right));
  if (by === 'eachMemberEquals') return members.every((member) => sameValue(member, right));
  const allowed = isList(right) ? right : [right];
  return members.every((member) => allowed.some((one) => sameValue(member, one)));
}

/**
 * The circles of a graph: its strongly connected components that hold an edge, each in the order of a way through it.
 *
 * Tarjan's algorithm with an explicit stack, so that a long chain does not exhaust the call stack.
 */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onPath = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  for (const start of edges.keys()) {
    if (index.has(start)) continue;
    const stack: { name: string; next: number }[] = [];
    const enter = (name: string): void => {
      index.set(name, index.size);
      low.set(name, index.get(name)!);
      path.push(name);
      onPath.add(name);
      stack.push({ name, next: 0 });
    };
    enter(start);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const to = edges.get(top.name)?.[top.next++];
      if (to !== undefined) {
        if (!index.has(to)) enter(to);
        else if (onPath.has(to)) low.set(top.name, Math.min(low.get(top.name)!, index.get(to)!));
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (parent) low.set(parent.name, Math.min(low.get(parent.name)!, low.get(top.name)!));
      if (low.get(top.name) !== index.get(top.name)) continue;
      const component = path.splice(path.lastIndexOf(top.name));
      for (const name of component) onPath.delete(name);
      if (component.length > 1 || edges.get(top.name)!.includes(top.name)) cycles.push(component);
    }
  }
  return cycles;
}
