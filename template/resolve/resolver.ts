/**
 * Evaluates nodes of a template in scopes.
 *
 * A node without functions is its own value and keeps its identity. A function whose inputs are known becomes its value;
 * one whose inputs are not stays the map that was written and is registered with what is unknown of it. Nothing is
 * evaluated twice in one scope, and trying a choice evaluates only the node that hangs on it.
 */
import { ABSENT } from '../unknown.js';
import type { Assignment, Choice, Unknown, UnknownKind } from '../unknown.js';
import { get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { copyOf, mapOf, textOf } from './build.js';
import type { Conditions } from './conditions.js';
import { needsTransform, undefinedCondition } from './diagnostics.js';
import type { PathDiagnostic, Problem } from './diagnostics.js';
import { FUNCTIONS } from './functions.js';
import { Calls } from './calls.js';
import { attributeParts, callOf, formProblem, isMadeByMacro, isVariableName, subParts } from './intrinsics.js';
import type { Call } from './intrinsics.js';
import { Loops, hasLoop } from './loops.js';
import type { Expansion } from './loops.js';
import { scalarOf } from './parameters.js';
import type { ParameterModel } from './parameters.js';
import { DECIDED_BY, PARTITION_CHOICE, PSEUDO_PARAMETERS, pseudoParameter } from './pseudo-parameters.js';
import type { Environment } from './pseudo-parameters.js';
import { Reach } from './reach.js';
import type { Facts } from './reach.js';
import { Invalid, Scope, Scopes, Stuck, combined } from './scope.js';
import type { Blocker, Truth } from './scope.js';

/** What a node is in a scope. */
export type Evaluated = Value | typeof ABSENT;

/** Facts about the world that a caller may know. */
export interface World extends Environment {
  /** Values of exports of other stacks. `@default` none is known. */
  readonly exports?: Readonly<Record<string, string>> | undefined;
  /** Availability Zones by Region. `@default` none is known. */
  readonly availabilityZones?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Text to suppose for what a resource is called: for `Ref` when the attribute is `undefined`, else for `Fn::GetAtt`.
   * Where it gives nothing, the reference stays a map. `@default` nothing is supposed.
   */
  readonly supposed?: ((logicalId: string, attribute: string | undefined) => string | undefined) | undefined;
}

/** Names that a reference may mean besides parameters. */
export interface Targets {
  isResource(name: string): boolean;
  /** Whether a name that is not declared may be made by a macro, a module or a loop that is not expanded. */
  mayBeMade(name: string): boolean;
  names(): Iterable<string>;
  /** What is wrong with an attribute of a resource, as far as is known. */
  attributeProblem(id: string, attribute: string): Problem | undefined;
  /** Whether the attributes of a resource are what somebody else chose: outputs of another stack, answers of a function. */
  givesAnything(id: string): boolean;
}

export class Resolver implements Facts {
  readonly scopes = new Scopes();
  readonly loops = new Loops();
  readonly calls = new Calls();
  readonly reach: Reach;
  readonly diagnostics: PathDiagnostic[] = [];
  /** Filled in once loops under `Conditions` and `Resources` are expanded. */
  conditions!: Conditions;
  targets!: Targets;
  /** Whether a loop may make more conditions. */
  conditionsAreOpen = false;
  /** Functions evaluated so far: what evaluation costs. */
  steps = 0;
  private readonly unknowns = new Map<object, Unknown>();
  private readonly reported = new Map<object, Set<string>>();
  private readonly names = new Map<object, ReadonlySet<string>>();
  private readonly undecidedConditions = new Map<string, Stuck>();
  private unknownCount = 0;
  private collecting = true;

  constructor(
    readonly parameters: ReadonlyMap<string, ParameterModel>,
    readonly mappings: ValueMap,
    readonly world: World,
    readonly extensions: boolean,
    /** Whether a macro may add mappings. */
    readonly mappingsAreOpen: boolean,
  ) {
    this.reach = new Reach(this);
  }

  get hasUnknowns(): boolean {
    return this.unknownCount > 0;
  }

  unknownAt(node: object): Unknown | undefined {
    return this.unknowns.get(node);
  }

  /** From here on, problems are told only by the unknowns that they cause. */
  stopCollecting(): void {
    this.collecting = false;
  }

  evaluate(node: Value, scope: Scope): Evaluated {
    if (typeof node !== 'object' || node === null || !this.calls.isDynamic(node)) return node;
    const known = scope.memo.get(node);
    if (known !== undefined) return known;
    const value = isList(node) ? this.list(node, scope) : this.map(node as ValueMap, scope);
    scope.memo.set(node, value);
    return value;
  }

  /** A node's value where a function needs all of it. */
  need(node: Value, scope: Scope): Value | Stuck {
    const value = this.evaluate(node, scope);
    if (value === ABSENT) return new Stuck([this.blocked('invalid', '`AWS::NoValue` has no value here')]);
    const blocker = this.blockedBy(value);
    return blocker === undefined ? value : new Stuck([blocker]);
  }

  /** What is unknown of an evaluated value itself: an unknown, or an attribute of a resource. */
  blockedBy(value: Value): Blocker | undefined {
    if (!isMap(value)) return undefined;
    const unknown = this.unknowns.get(value);
    if (unknown !== undefined) return unknown;
    const call = callOf(value);
    if (call === undefined) return undefined;
    const name = call.name === 'Ref' ? call.argument : attributeParts(call.argument)[0];
    return this.blocked(
      'attribute',
      `what resource \`${textOf(name) ?? ''}\` is called is known only after deployment`,
    );
  }

  /** What nothing in the template decides. */
  blocked(kind: UnknownKind, reason: string, parameters: readonly string[] = []): Blocker {
    return { kind, reason, parameters, choices: [] };
  }

  /**
   * Registers a map that stands for an unknown, and returns it: the node itself where it has no meaning yet.
   *
   * @param evaluate - Gives the value in a scope that assumes the choices.
   */
  place(node: ValueMap, scope: Scope, blocker: Blocker, evaluate: (scope: Scope) => Evaluated): ValueMap {
    const own = scope === this.scopes.root && !this.unknowns.has(node) ? node : copyOf(node);
    const { kind, reason, parameters, choices, pieces, sources } = blocker;
    this.unknowns.set(own, {
      kind,
      reason,
      parameters,
      choices,
      ...(pieces === undefined || sources === undefined ? {} : { pieces, sources }),
      ...(kind === 'parameter' || kind === 'pseudoParameter' ? referenceOf(own) : {}),
      under: (assignment: Assignment) => {
        const within = choices.length === 0 ? undefined : this.scopes.extend(scope, choices, assignment);
        return within === undefined ? undefined : evaluate(within);
      },
    });
    this.unknownCount++;
    return own;
  }

  /** Remembers a problem at the place of a node; the same code once for each node, however often a loop copies it. */
  report(node: object, problem: Problem, path?: Path): void {
    const original = this.loops.original(node);
    const codes = this.reported.get(original) ?? new Set();
    if (!this.collecting || codes.has(problem.code)) return;
    this.reported.set(original, codes.add(problem.code));
    const place = path ?? this.calls.placeOf(original);
    this.diagnostics.push({ ...problem, path: place ?? [] });
  }

  /** Where a function is written, when it is written in the template. */
  placeOf(node: object): Path | undefined {
    return this.calls.placeOf(this.loops.original(node));
  }

  /** Entries of a map with its loops expanded. */
  expand(map: ValueMap, scope: Scope): Expansion {
    const expansion = this.loops.expand(map, (collection) => {
      const value = this.need(collection, scope);
      if (value instanceof Stuck || !isList(value)) return value;
      const blockers = value.map((item) => this.blockedBy(item)).filter((blocker) => blocker !== undefined);
      return blockers.length === 0 ? value : new Stuck(blockers);
    });
    if (!this.extensions && hasLoop(map)) this.report(map, needsTransform('Fn::ForEach'));
    for (const { why } of expansion.unexpanded) if (why instanceof Invalid) this.report(map, why.problem);
    return expansion;
  }

  private list(node: readonly Value[], scope: Scope): readonly Value[] {
    const items: Value[] = [];
    let changed = false;
    for (const item of node) {
      const value = this.evaluate(item, scope);
      if (value !== item) changed = true;
      if (value !== ABSENT) items.push(value);
    }
    return changed ? items : node;
  }

  private map(node: ValueMap, scope: Scope): Evaluated {
    const call = callOf(node);
    if (call !== undefined) return this.call(node, call, scope);
    if (!hasLoop(node)) {
      const entries: (readonly [string, Value])[] = [];
      let changed = false;
      for (const key of keysOf(node)) {
        const value = this.evaluate(node[key]!, scope);
        if (value !== node[key]) changed = true;
        if (value !== ABSENT) entries.push([key, value]);
      }
      return changed ? mapOf(entries) : node;
    }
    const { entries, unexpanded } = this.expand(node, scope);
    if (unexpanded.length > 0) return this.outcome(node, scope, unexpanded[0]!.why);
    const values = entries.map((entry) => [entry.key, this.evaluate(entry.node, scope)] as const);
    return mapOf(values.filter((entry): entry is readonly [string, Value] => entry[1] !== ABSENT));
  }

  private call(node: ValueMap, call: Call, scope: Scope): Evaluated {
    this.steps++;
    const problem = formProblem(node, call);
    if (problem !== undefined) return this.outcome(node, scope, new Invalid(problem));
    // A macro that makes the arguments is not seen; what it gives has the form that the function takes.
    const { name, argument } = call.name === 'Fn::Sub' && isMadeByMacro(call.argument) ? callOf(call.argument)! : call;
    return this.outcome(node, scope, FUNCTIONS.get(name)!(this, argument, scope, node));
  }

  private outcome(node: ValueMap, scope: Scope, outcome: Evaluated | Stuck | Invalid): Evaluated {
    if (outcome instanceof Invalid) {
      this.report(node, outcome.problem);
      return this.place(node, scope, this.blocked('invalid', outcome.problem.message), () => ABSENT);
    }
    if (!(outcome instanceof Stuck)) return outcome;
    return this.place(node, scope, combined(outcome), (within) => this.evaluate(node, within));
  }

  // What names stand for.

  /** Whether a condition holds in a scope. */
  truth(name: string, scope: Scope): Truth {
    return this.conditions.has(name) ? this.reach.truth(name, scope) : 'invalid';
  }

  /** The unknown that stands for a condition which is not decided, or `Invalid`. */
  undecided(name: string, scope: Scope): Stuck | Invalid {
    if (!this.conditions.has(name)) {
      if (!this.conditionsAreOpen) return new Invalid(undefinedCondition(name, this.conditions.names));
      return new Stuck([this.blocked('macro', `condition \`${name}\` may be made by a loop that is not known`)]);
    }
    if (this.reach.truth(name, scope) === 'invalid') {
      return new Stuck([this.blocked('invalid', `condition \`${name}\` is not well formed`)]);
    }
    let stuck = this.undecidedConditions.get(name);
    if (stuck === undefined) this.undecidedConditions.set(name, (stuck = this.openCondition(name)));
    return stuck;
  }

  private openCondition(name: string): Stuck {
    const names = [...this.openNamesOf(name)].sort();
    const because = names.length === 0 ? '' : ` because ${names.map((one) => `\`${one}\``).join(', ')} has no value`;
    const choice: Choice = { id: `condition:${name}`, kind: 'condition', name, values: [true, false] };
    const reason = `condition \`${name}\` is not decided${because}`;
    const parameters = [...new Set(names.flatMap((one) => this.decidedBy(one)))];
    return new Stuck([{ kind: 'condition', reason, parameters, choices: [choice] }]);
  }

  /** Whether some choice of parameter values makes these choices together; true when in doubt. */
  feasible(assignment: Assignment): boolean {
    const { conditions, parameters } = new Scope(assignment);
    // A partition follows from its Region.
    const partition = parameters.get('AWS::Partition');
    if (partition !== undefined && this.valueOf('AWS::Partition', parameters) !== partition) return false;
    return this.reach.possible(conditions, parameters);
  }

  /** Names without a value that a condition hangs on. */
  openNamesOf(condition: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { left, right } of this.conditions.comparisons(condition)) {
      for (const side of [left, right]) for (const name of this.openNames(side)) names.add(name);
    }
    return names;
  }

  /** The value of a parameter or pseudo parameter in a scope. */
  named(name: string, scope: Scope): Value | Stuck {
    const known = this.valueOf(name, scope.parameters);
    if (known !== undefined) return known;
    let implied = scope.implied.get(name);
    if (implied === undefined) {
      implied = this.impliedValue(name, scope);
      scope.implied.set(name, implied);
    }
    if (implied !== null && !isChoice(implied)) return implied;
    const model = this.parameters.get(name);
    const choice = implied ?? model?.choice;
    const kind: UnknownKind = model === undefined ? 'pseudoParameter' : (model.unknown?.kind ?? 'parameter');
    const reason = model?.unknown?.reason ?? `\`${name}\` is known only at deployment`;
    const parameters = this.decidedBy(name);
    // The partition decides its URL suffix; both are open together.
    const partition = name === 'AWS::Partition' || name === 'AWS::URLSuffix' ? [PARTITION_CHOICE] : [];
    const choices = choice === undefined ? partition : [choice];
    return new Stuck([{ kind, reason, parameters, choices }]);
  }

  /** What a caller would have to give so that a name has a value. */
  private decidedBy(name: string): readonly string[] {
    if (this.parameters.has(name)) return [name];
    const decided = DECIDED_BY.get(name);
    return decided === undefined ? [] : [decided];
  }

  private impliedValue(name: string, scope: Scope): Value | Choice | null {
    if (scope.conditions.size === 0) return null;
    const remaining = this.reach.remaining(name, scope);
    if (remaining === undefined || remaining.other || remaining.values.length === 0) return null;
    if (remaining.values.length === 1) return remaining.values[0]!;
    return { id: `parameter:${name}`, kind: 'parameter', name, values: remaining.values };
  }

  // Facts for the search.

  valueOf(name: string, assumed: ReadonlyMap<string, Value>): Value | undefined {
    if (PSEUDO_PARAMETERS.has(name)) return pseudoParameter(name, this.world, (other) => assumed.get(other));
    const model = this.parameters.get(name);
    return model === undefined ? undefined : (model.value ?? assumed.get(name));
  }

  declares(name: string): boolean {
    return this.parameters.has(name) || PSEUDO_PARAMETERS.has(name);
  }

  domainOf(name: string): readonly Value[] | undefined {
    return name === 'AWS::Partition' ? PARTITION_CHOICE.values : this.parameters.get(name)?.choice?.values;
  }

  typed(name: string, text: string): Value | undefined {
    const model = this.parameters.get(name);
    if (model === undefined) return PSEUDO_PARAMETERS.has(name) ? text : undefined;
    return model.isList ? undefined : scalarOf(model.type, text);
  }

  settled(node: Value, scope: Scope): Value | undefined {
    const value = this.evaluate(node, scope);
    return value === ABSENT || this.unknownsIn(value).length > 0 ? undefined : value;
  }

  /** The unknowns and resource references inside an evaluated value. */
  unknownsIn(value: Value): readonly Blocker[] {
    const blocked = this.blockedBy(value);
    if (blocked !== undefined) return [blocked];
    if (isList(value)) return value.flatMap((item) => this.unknownsIn(item));
    return isMap(value) ? keysOf(value).flatMap((key) => this.unknownsIn(value[key]!)) : [];
  }

  openNames(node: Value): ReadonlySet<string> {
    if (typeof node !== 'object' || node === null) return NO_NAMES;
    let names = this.names.get(node);
    if (names === undefined) {
      const found = new Set<string>();
      for (const name of this.namesIn(node)) {
        if (this.valueOf(name, NOTHING_ASSUMED) !== undefined) continue;
        if (name === 'AWS::Partition' || name === 'AWS::URLSuffix') found.add('AWS::Region').add('AWS::Partition');
        else if (this.parameters.has(name) || PSEUDO_PARAMETERS.has(name)) found.add(name);
      }
      this.names.set(node, (names = found));
    }
    return names;
  }

  /** Names that a node refers to, in `Ref` and `Fn::Sub`. */
  *namesIn(node: Value): Generator<string> {
    if (isList(node)) for (const item of node) yield* this.namesIn(item);
    if (!isMap(node)) return;
    const call = callOf(node);
    if (call?.name === 'Ref' && typeof call.argument === 'string') yield call.argument;
    else if (call?.name === 'Fn::Sub') {
      const text = isList(call.argument) ? call.argument[0] : call.argument;
      if (typeof text === 'string') {
        for (const part of subParts(text)) {
          if (typeof part !== 'string' && isVariableName(part.name)) yield part.name;
        }
      }
    }
    for (const key of keysOf(node)) yield* this.namesIn(get(node, key)!);
  }
}

const NOTHING_ASSUMED: ReadonlyMap<string, Value> = new Map();
const NO_NAMES: ReadonlySet<string> = new Set();

function isChoice(value: Value | Choice): value is Choice {
  return isMap(value as Value) && 'kind' in (value as object);
}

/** The name that a `Ref` gives the value of. */
function referenceOf(node: ValueMap): { readonly reference?: string } {
  const call = callOf(node);
  return call?.name === 'Ref' && typeof call.argument === 'string' ? { reference: call.argument } : {};
}
