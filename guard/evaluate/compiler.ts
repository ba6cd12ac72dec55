/** What is shared while one rule file is compiled and run: names, literals, functions, and rules by name. */
import type { Clause, Conjunctions, Let, LetValue, Literal, ParameterizedRule, Query, RuleFile } from '../ast.js';
import { callFunction, checkCall } from '../functions/index.js';
import type { TextLoader } from '../functions/index.js';
import { valueOfLiteral } from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import { compileBlock, compileConjunctions, compileItem, compileRule } from './block.js';
import { circularRules, unknownParameterizedRule, unknownRule, wrongArguments } from './faults.js';
import { compileQuery } from './query.js';
import type { CompiledQuery } from './query.js';
import { LiteralResult, UNRESOLVED, valueOf } from './results.js';
import type { Results } from './results.js';
import { Declarations, SKIP, lookUp } from './scope.js';
import type { Binding, Frame, Run, Scope, StatusCode } from './scope.js';

/** A clause, or lines of clauses, to run in a scope. */
export type ClauseFunction = (scope: Scope) => StatusCode;

/** A block with its variables, to run on a value. `frame` is the one around it. */
export type Body = (root: GuardValue, frame: Frame, run: Run) => StatusCode;

/**
 * The scopes around a place in the rule file, as far as they are known when it is compiled. The scope around a
 * parameterised rule is that of its caller, which is known only when it is called.
 */
export interface Environment {
  readonly declarations: Declarations;
  readonly parent: Environment | 'caller' | null;
}

/** A parameterised rule. */
export class ParameterizedBody {
  readonly parameters: Declarations;
  private compiled: Body | null = null;

  constructor(
    private readonly rule: ParameterizedRule,
    private readonly compiler: Compiler,
  ) {
    this.parameters = new Declarations([...new Set(rule.parameters)], []);
  }

  /** Compiled at the first call, so that a rule may call itself. */
  get body(): Body {
    const environment = { declarations: this.parameters, parent: 'caller' } as const;
    return (this.compiled ??= compileBlock(this.rule.block, this.compiler, environment));
  }
}

/** Compiles the parts of one rule file and knows its rules. */
export class Compiler {
  readonly file: Environment;
  private readonly parameterized = new Map<string, ParameterizedBody>();
  private readonly rules: readonly ((run: Run, isOpen: boolean) => StatusCode)[];
  /** Positions of the rules of each name. The rule of the loose items has no name to refer to. */
  private readonly rulesByName = new Map<string, number[]>();
  /** Captured keys add up, so that a rule may answer differently the second time. */
  private knownCaptures: boolean | null = null;

  constructor(
    readonly tree: RuleFile,
    private readonly load: TextLoader,
  ) {
    tree.rules.forEach(({ name, loose }, index) => {
      if (loose) return;
      const copies = this.rulesByName.get(name);
      if (copies === undefined) this.rulesByName.set(name, [index]);
      else copies.push(index);
    });
    for (const rule of tree.parameterizedRules) this.parameterized.set(rule.name, new ParameterizedBody(rule, this));
    this.file = this.declare(tree.lets, null);
    this.rules = tree.rules.map((rule) => compileRule(rule, this));
  }

  /** The environment inside a scope with these variables. */
  declare(lets: readonly Let[], parent: Environment | null): Environment {
    // A name bound twice: a literal beats a function beats a query, and of one kind the last one wins.
    const winners = new Map<string, LetValue>();
    for (const kind of ['query', 'call', 'literal'] as const) {
      for (const { name, value } of lets) if (value.kind === kind) winners.set(name, value);
    }
    const bindings: Binding[] = [];
    const environment = { declarations: new Declarations([...winners.keys()], bindings), parent };
    for (const value of winners.values()) bindings.push(this.binding(value, environment));
    return environment;
  }

  private binding(value: LetValue, environment: Environment): Binding {
    if (value.kind === 'literal') return [this.literal(value.literal)];
    if (value.kind === 'call') return this.value(value, environment);
    let compiled: CompiledQuery | null = null;
    const all = (scope: Scope): Results => (compiled ??= compileQuery(value, this, environment)).all(scope);
    if (value.matchAll) return all;
    // `some` drops what is unresolved, and literals with it.
    return (scope) => all(scope).filter((result) => result !== UNRESOLVED && !(result instanceof LiteralResult));
  }

  query(query: Query, environment: Environment): CompiledQuery {
    return compileQuery(query, this, environment);
  }

  literal(literal: Literal): LiteralResult {
    return new LiteralResult(valueOfLiteral(literal));
  }

  /** The results of a right side, of an argument of a function, or of a variable's definition. */
  value(value: LetValue, environment: Environment): (scope: Scope) => Results {
    if (value.kind === 'literal') {
      const results = [this.literal(value.literal)];
      return () => results;
    }
    if (value.kind === 'query') return compileQuery(value, this, environment).all;
    const args = value.args.map((arg) => this.value(arg, environment));
    const { name, offset } = value;
    return (scope) => {
      checkCall(name, args.length, offset);
      const results = args.map((arg) => arg(scope));
      if (scope.run.taint !== null) for (const result of results.flat()) scope.run.touchDeep(valueOf(result));
      const inputs = results.map((list) => list.map((item) => (item === UNRESOLVED ? undefined : valueOf(item))));
      return callFunction(name, inputs, this.load).map((result) => result.value);
    };
  }

  /** The results of an argument of a parameterised rule, where a literal is a value like any other. */
  argument(value: LetValue, environment: Environment): (scope: Scope) => Results {
    if (value.kind !== 'literal') return this.value(value, environment);
    const results = [valueOfLiteral(value.literal)];
    return () => results;
  }

  /** The results of a variable. Frames are counted here where the scopes around are known. */
  variable(name: string, environment: Environment, offset: number): (scope: Scope) => Results {
    let hops = 0;
    for (let at: Environment | 'caller' | null = environment; at !== null; at = at.parent, hops++) {
      if (at === 'caller') return (scope) => lookUp(outer(scope.frame, hops), name, scope.run, offset);
      const index = at.declarations.indexOf(name);
      if (index < 0) continue;
      if (hops === 0) return (scope) => scope.frame.resolve(index);
      return (scope) => outer(scope.frame, hops)!.resolve(index);
    }
    return (scope) => scope.run.undeclared(name, offset);
  }

  /** The body of a filter. */
  filter(conjunctions: Conjunctions<Clause>, environment: Environment): ClauseFunction {
    return compileConjunctions(conjunctions, (clause) => compileItem(clause, this, environment));
  }

  /** @throws EvaluationError when no such rule is there, or it takes another number of arguments. */
  parameterizedRule(name: string, count: number, offset: number): ParameterizedBody {
    const found = this.parameterized.get(name);
    if (found === undefined) throw unknownParameterizedRule(name, this.parameterized.keys(), offset);
    const expected = found.parameters.names.length;
    if (expected !== count) throw wrongArguments(name, expected, count, offset);
    return found;
  }

  /**
   * The status of one rule of the file, by its position; `run.touched` tells whether it read an unknown value.
   *
   * @param isOpen - Whether the conditions of the rule are known to hold.
   */
  ruleStatus(index: number, run: Run, isOpen = false): StatusCode {
    const known = run.statuses[index];
    if (known !== undefined && !(this.knownCaptures ??= hasCaptures(this.tree))) {
      run.touched = run.ruleTouched[index]!;
      return known;
    }
    run.restartTouched();
    const status = this.rules[index]!(run, isOpen);
    run.statuses[index] = status;
    run.ruleTouched[index] = run.touched;
    return status;
  }

  /**
   * The status that a reference to a rule sees: that of the first rule of the name that is not skipped.
   *
   * @throws EvaluationError when there is no such rule, or when it needs itself.
   */
  referenceStatus(name: string, run: Run, offset: number): StatusCode {
    const known = run.references?.get(name);
    if (known !== undefined) {
      if (known.touched) run.touched = true;
      return known.status;
    }
    const copies = this.rulesByName.get(name);
    if (copies === undefined) throw unknownRule(name, this.rulesByName.keys(), offset);
    if (run.waiting.includes(name)) throw circularRules(name, run.waiting, offset);
    const before = run.touched;
    const { waiting } = run;
    run.waiting = [...waiting, name];
    run.enter();
    let status = SKIP;
    let touched = false;
    for (const index of copies) {
      status = this.ruleStatus(index, run);
      touched ||= run.touched;
      if (status !== SKIP) break;
    }
    run.leave();
    run.waiting = waiting;
    (run.references ??= new Map()).set(name, { status, touched });
    run.touched = before || touched;
    return status;
  }
}

/** The frame so many steps outwards. */
function outer(frame: Frame, hops: number): Frame | null {
  let at: Frame | null = frame;
  for (let i = 0; i < hops; i++) at = at?.parent ?? null;
  return at;
}

/** Whether any query of the file captures keys. */
export function hasCaptures(tree: RuleFile): boolean {
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('capture' in node && node.capture !== null) return true;
    for (const child of Object.values(node) as unknown[]) pending.push(child);
  }
  return false;
}
