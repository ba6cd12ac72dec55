/**
 * Where traced clauses run. Unlike the compiled evaluator this one walks the syntax tree, keeps the path of every value
 * and writes down every failed check; it is meant for what failed, not for all that is evaluated.
 */
import type {
  Clause,
  Conjunctions,
  LetValue,
  Let,
  Literal,
  ParameterizedCall,
  ParameterizedRule,
  Rule,
  RuleFile,
} from '../../ast.js';
import type { FailedCheck } from '../../explanation.js';
import { callFunction, checkCall } from '../../functions/index.js';
import type { TextLoader } from '../../functions/index.js';
import { valueOfLiteral } from '../../operators/index.js';
import type { Document } from '../document.js';
import {
  MOST_NESTED,
  circularRules,
  circularVariable,
  tooDeep,
  unknownParameterizedRule,
  unknownRule,
  unknownVariable,
} from '../faults.js';
import { SKIP } from '../scope.js';
import type { StatusCode } from '../scope.js';
import { Node, resolved } from './node.js';
import type { Locate, Traced } from './node.js';
import { traceQuery } from './trace-query.js';

/** Names of a scope and what they are bound to; parameters have their results. */
interface Frame {
  readonly parent: Frame | null;
  readonly lets: ReadonlyMap<string, LetValue>;
  readonly results: Map<string, readonly Traced[]>;
  /** Names being evaluated. */
  readonly pending: Set<string>;
  scope: Scope | null;
}

/** Like the scope of the compiled evaluator, over nodes. */
export class Scope {
  readonly resolver: Scope;

  constructor(
    readonly root: Node,
    readonly frame: Frame,
    resolver: Scope | null,
  ) {
    this.resolver = resolver ?? this;
  }
}

const NO_LETS: ReadonlyMap<string, LetValue> = new Map();

/** A name bound twice: a literal beats a function beats a query, and of one kind the last one wins. */
function bindingsOf(lets: readonly Let[]): ReadonlyMap<string, LetValue> {
  if (lets.length === 0) return NO_LETS;
  const bindings = new Map<string, LetValue>();
  for (const kind of ['query', 'call', 'literal'] as const) {
    for (const { name, value } of lets) if (value.kind === kind) bindings.set(name, value);
  }
  return bindings;
}

/** What a trace needs from outside. */
export interface TraceContext {
  readonly tree: RuleFile;
  /** Base name of the rule file. */
  readonly file: string;
  readonly document: Document;
  readonly locate: Locate;
  readonly load: TextLoader;
  /** Line and column of an offset in the rule file, both 1-based, columns in characters. */
  readonly placeInRules: (offset: number) => { readonly line: number; readonly column: number };
  /** Runs the body of a filter. */
  readonly runFilter: (tracer: Tracer, body: Conjunctions<Clause>, scope: Scope) => StatusCode;
  /** Runs a named rule. */
  readonly runRule: (tracer: Tracer, rule: Rule) => StatusCode;
}

/** One walk over the rules of a file. */
export class Tracer {
  readonly rootScope: Scope;
  /** The failed checks of the part that runs now. */
  checks: FailedCheck[] = [];
  /** How many parts that are in no report run just now. */
  private inside = 0;
  /** How much `cfn-guard` would have written down so far; a block without values says so only when it wrote nothing. */
  events = 0;
  private readonly parameterized = new Map<string, ParameterizedRule>();
  private readonly references = new Map<string, StatusCode>();
  private readonly literals = new Map<Literal, Traced>();
  private readonly waiting: string[] = [];
  private depth = 0;
  /** Calls that run, outermost first. */
  private readonly calls: ParameterizedCall[] = [];

  constructor(readonly context: TraceContext) {
    const { document, locate, tree } = context;
    const frame: Frame = {
      parent: null,
      lets: bindingsOf(tree.lets),
      results: new Map(),
      pending: new Set(),
      scope: null,
    };
    this.rootScope = new Scope(Node.document(document.root, locate), frame, null);
    frame.scope = this.rootScope;
    for (const rule of tree.parameterizedRules) this.parameterized.set(rule.name, rule);
  }

  /** A scope for a block on a value. */
  open(root: Node, around: Scope, lets: readonly Let[]): Scope {
    if (lets.length === 0) return new Scope(root, around.frame, null);
    const frame: Frame = {
      parent: around.frame,
      lets: bindingsOf(lets),
      results: new Map(),
      pending: new Set(),
      scope: null,
    };
    frame.scope = new Scope(root, frame, null);
    return frame.scope;
  }

  /** The scope of a call: the caller's, with the parameters in front. */
  openCall(around: Scope, parameters: ReadonlyMap<string, readonly Traced[]>): Scope {
    const frame: Frame = {
      parent: around.frame,
      lets: NO_LETS,
      results: new Map(parameters),
      pending: new Set(),
      scope: null,
    };
    return new Scope(around.root, frame, null);
  }

  /** A scope for a candidate of a filter. */
  candidate(root: Node, around: Scope): Scope {
    return new Scope(root, around.frame, around);
  }

  parameterizedRule(name: string, offset: number): ParameterizedRule {
    const rule = this.parameterized.get(name);
    if (rule === undefined) throw unknownParameterizedRule(name, this.parameterized.keys(), offset);
    return rule;
  }

  /** The status that a reference to a rule sees. */
  referenceStatus(name: string, offset: number): StatusCode {
    let status = this.references.get(name);
    if (status !== undefined) return status;
    if (this.waiting.includes(name)) throw circularRules(name, this.waiting, offset);
    this.waiting.push(name);
    status = this.nested(() => this.firstStatus(name, offset));
    this.waiting.pop();
    this.references.set(name, status);
    return status;
  }

  /** The status of the first rule of a name that is not skipped. */
  private firstStatus(name: string, offset: number): StatusCode {
    const named = this.context.tree.rules.filter((rule) => !rule.loose);
    const copies = named.filter((rule) => rule.name === name);
    if (copies.length === 0) {
      throw unknownRule(
        name,
        named.map((rule) => rule.name),
        offset,
      );
    }
    let status = SKIP;
    for (const rule of copies) {
      status = this.context.runRule(this, rule);
      if (status !== SKIP) break;
    }
    return status;
  }

  /** Runs what a variable, a rule or a call stands for. @throws EvaluationError when that goes too deep. */
  nested<T>(part: () => T): T {
    if (++this.depth > MOST_NESTED) throw tooDeep();
    const result = part();
    this.depth--;
    return result;
  }

  /** @returns the message of the call, or of the outermost call of that rule which runs. */
  enterCall(call: ParameterizedCall): string | null {
    this.calls.push(call);
    return this.calls.find(({ name }) => name === call.name)!.message;
  }

  leaveCall(): void {
    this.calls.pop();
  }

  variable(name: string, scope: Scope): readonly Traced[] {
    for (let frame: Frame | null = scope.frame; frame !== null; frame = frame.parent) {
      const binding = frame.lets.get(name);
      if (binding?.kind === 'literal') return [this.literal(binding)];
      const known = frame.results.get(name);
      if (known !== undefined) return known;
      if (binding === undefined) continue;
      if (frame.pending.has(name)) throw circularVariable(name);
      frame.pending.add(name);
      const found = this.nested(() => this.value(binding, frame.scope!));
      frame.pending.delete(name);
      const some = binding.kind === 'query' && !binding.matchAll;
      const results = some ? found.filter((result) => result.kind === 'resolved') : found;
      frame.results.set(name, results);
      return results;
    }
    throw unknownVariable(name);
  }

  /** The literal that a variable stands for; `null` when it stands for anything else. */
  literalOf(name: string, scope: Scope): Literal | null {
    for (let frame: Frame | null = scope.frame; frame !== null; frame = frame.parent) {
      const binding = frame.lets.get(name);
      if (binding?.kind === 'literal') return binding.literal;
      if (binding !== undefined || frame.results.has(name)) return null;
    }
    return null;
  }

  capture(name: string, key: Node): void {
    const { results } = this.rootScope.frame;
    results.set(name, [...(results.get(name) ?? []), resolved(key)]);
  }

  private literal(value: LetValue & { readonly kind: 'literal' }): Traced {
    let known = this.literals.get(value.literal);
    if (known === undefined) {
      known = { kind: 'literal', node: Node.literal(valueOfLiteral(value.literal)) };
      this.literals.set(value.literal, known);
    }
    return known;
  }

  /** The results of a right side, an argument or a definition. */
  value(value: LetValue, scope: Scope): readonly Traced[] {
    if (value.kind === 'literal') return [this.literal(value)];
    if (value.kind === 'query') return traceQuery(value, this, scope.root, scope.resolver, null);
    checkCall(value.name, value.args.length, value.offset);
    const args = value.args.map((arg) => this.value(arg, scope));
    const inputs = args.map((list) => list.map((item) => (item.kind === 'unresolved' ? undefined : item.node.value)));
    return callFunction(value.name, inputs, this.context.load).map((result) => {
      const from = args[0]![result.from];
      return resolved(from === undefined ? Node.literal(result.value) : Node.made(result.value, from.node));
    });
  }

  /** The results of an argument of a parameterised rule, where a literal is a value like any other. */
  argument(value: LetValue, scope: Scope): readonly Traced[] {
    return this.value(value, scope).map((result) => (value.kind === 'literal' ? resolved(result.node) : result));
  }

  /** Runs a part whose checks are in no report. */
  unseen<T>(part: () => T): T {
    const { checks } = this;
    this.checks = [];
    this.inside++;
    const result = part();
    this.inside--;
    this.checks = checks;
    return result;
  }

  /** Whether checks of the part that runs now may be in a report. */
  get isReported(): boolean {
    return this.inside === 0;
  }

  /** Writes a failed check down, where it may be in a report: its texts take longer than the clause. */
  report(check: () => FailedCheck): void {
    if (this.inside === 0) this.checks.push(check());
  }
}
