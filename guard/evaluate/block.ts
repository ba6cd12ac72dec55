/** Compiles what stands around clauses: lines, blocks, `when`, type blocks, rules, references and calls of rules. */
import type {
  Block,
  BlockClause,
  Condition,
  Conjunctions,
  ParameterizedCall,
  Rule,
  RuleItem,
  RuleReference,
  TypeBlock,
  WhenBlock,
} from '../ast.js';
import { typeSelection } from '../operators/index.js';
import { compileAccess } from './clause.js';
import type { Body, ClauseFunction, Compiler, Environment, ParameterizedBody } from './compiler.js';
import { noResources } from './faults.js';
import { compileQuery } from './query.js';
import { UNRESOLVED, valueOf } from './results.js';
import type { Results } from './results.js';
import { FAIL, Frame, PASS, SKIP, Scope } from './scope.js';
import type { Run, StatusCode } from './scope.js';

function compileLine(members: readonly ClauseFunction[]): ClauseFunction {
  if (members.length === 1) return members[0]!;
  return (scope) => {
    let result = SKIP;
    for (const member of members) {
      const status = member(scope);
      if (status === PASS) return PASS;
      if (status === FAIL) result = FAIL;
    }
    return result;
  };
}

/** Lines joined by AND. All of them run, whatever the first ones say: an error in a later one counts. */
export function compileConjunctions<T>(
  conjunctions: Conjunctions<T>,
  compile: (item: T) => ClauseFunction,
): ClauseFunction {
  const lines = conjunctions.map((line) => compileLine(line.map(compile)));
  if (lines.length === 1) return lines[0]!;
  return (scope) => {
    let result = SKIP;
    for (const line of lines) {
      const status = line(scope);
      if (status === FAIL) result = FAIL;
      else if (status === PASS && result === SKIP) result = PASS;
    }
    return result;
  };
}

/** A block and its variables, compiled when it first runs: most rules do not apply to most documents. */
export function compileBlock<T extends RuleItem>(block: Block<T>, compiler: Compiler, environment: Environment): Body {
  let body: Body | null = null;
  return (root, frame, run) => (body ??= compileNow(block, compiler, environment))(root, frame, run);
}

function compileNow<T extends RuleItem>(block: Block<T>, compiler: Compiler, environment: Environment): Body {
  if (block.lets.length === 0) {
    const clauses = compileConjunctions(block.conjunctions, (item) => compileItem(item, compiler, environment));
    return (root, frame, run) => clauses(new Scope(root, frame, null, run));
  }
  const inner = compiler.declare(block.lets, environment);
  const clauses = compileConjunctions(block.conjunctions, (item) => compileItem(item, compiler, inner));
  return (root, frame, run) => {
    const own = new Frame(frame, inner.declarations, [], run);
    own.scope = new Scope(root, own, null, run);
    return clauses(own.scope);
  };
}

function compileConditions(
  conditions: Conjunctions<Condition>,
  compiler: Compiler,
  environment: Environment,
): ClauseFunction {
  return compileConjunctions(conditions, (item) => compileItem(item, compiler, environment));
}

/** A clause of any kind. */
export function compileItem(item: RuleItem, compiler: Compiler, environment: Environment): ClauseFunction {
  switch (item.kind) {
    case 'access':
      return compileAccess(item, compiler, environment);
    case 'block':
      return compileBlockClause(item, compiler, environment);
    case 'when':
      return compileWhen(item, compiler, environment);
    case 'typeBlock':
      return compileTypeBlock(item, compiler, environment);
    case 'ruleCall':
      return compileCall(item, compiler, environment);
    case 'reference':
      return compileReference(item, compiler);
  }
}

function compileWhen(when: WhenBlock, compiler: Compiler, environment: Environment): ClauseFunction {
  const conditions = compileConditions(when.conditions, compiler, environment);
  const body = compileBlock(when.block, compiler, environment);
  return (scope) => (conditions(scope) === PASS ? body(scope.root, scope.frame, scope.run) : SKIP);
}

function compileBlockClause(clause: BlockClause, compiler: Compiler, environment: Environment): ClauseFunction {
  const query = compileQuery(clause.query, compiler, environment);
  const body = compileBlock(clause.block, compiler, environment);
  const { matchAll } = clause.query;
  const nothing = clause.notEmpty ? FAIL : SKIP;
  return (scope) => {
    const values = query.all(scope);
    if (values.length === 0) return nothing;
    let passed = false;
    let failed = false;
    for (const value of values) {
      const status = value === UNRESOLVED ? FAIL : body(valueOf(value), scope.frame, scope.run);
      if (status === PASS) passed = true;
      else if (status === FAIL) failed = true;
    }
    if (failed && (matchAll || !passed)) return FAIL;
    return passed ? PASS : SKIP;
  };
}

/** A type block is a block over the resources of that type; its conditions are those of the scope around it. */
function compileTypeBlock(clause: TypeBlock, compiler: Compiler, environment: Environment): ClauseFunction {
  const { typeName, offset } = clause;
  const conditions = clause.conditions === null ? null : compileConditions(clause.conditions, compiler, environment);
  const query = compileQuery(typeSelection(typeName, offset), compiler, environment);
  const body = compileBlock(clause.block, compiler, environment);
  return (scope) => {
    if (conditions !== null && conditions(scope) !== PASS) return SKIP;
    let result = SKIP;
    for (const value of query.all(scope)) {
      if (value === UNRESOLVED) throw noResources(typeName, offset);
      const status = body(valueOf(value), scope.frame, scope.run);
      if (status === FAIL) result = FAIL;
      else if (status === PASS && result === SKIP) result = PASS;
    }
    return result;
  };
}

/** The body of a parameterised rule runs in the scope of the call. The call's negation has no effect. */
function compileCall(call: ParameterizedCall, compiler: Compiler, environment: Environment): ClauseFunction {
  const args = call.args.map((arg) => compiler.argument(arg, environment));
  let called: ParameterizedBody | null = null;
  return (scope) => {
    const { run } = scope;
    called ??= compiler.parameterizedRule(call.name, args.length, call.offset);
    const results: Results[] = [];
    for (const arg of args) results.push(arg(scope));
    run.enter();
    const status = called.body(scope.root, new Frame(scope.frame, called.parameters, results, run), run);
    run.leave();
    return status;
  };
}

/** A reference passes when the rule passes; a rule that is skipped counts as failed. */
function compileReference(reference: RuleReference, compiler: Compiler): ClauseFunction {
  const { name, negated, offset } = reference;
  return (scope) => ((compiler.referenceStatus(name, scope.run, offset) === PASS) !== negated ? PASS : FAIL);
}

/** A named rule, which always runs on the document. `isOpen` tells that its conditions are known to hold. */
export function compileRule(rule: Rule, compiler: Compiler): (run: Run, isOpen: boolean) => StatusCode {
  let conditions: ClauseFunction | null = null;
  const body = compileBlock(rule.block, compiler, compiler.file);
  return (run, isOpen) => {
    if (rule.conditions !== null && !isOpen) {
      conditions ??= compileConditions(rule.conditions, compiler, compiler.file);
      if (conditions(run.rootScope) !== PASS) return SKIP;
    }
    return body(run.root, run.rootScope.frame, run);
  };
}
