/**
 * The symbolic evaluator: the set of statuses that a rule can have when the document leaves choices open.
 *
 * Two modes. *Open*: lines of a conjunction and values of a block are looked at one by one, each following the choices
 * that it reads itself; a failing line fails the rule whatever the other lines hang on, so this is exact for FAIL and
 * linear in the number of choices. *Settled*: everything else (conditions, filters, members of an `or`, sets compared
 * with sets) is run under one assignment after the other of the choices that it asks for.
 */
import type { Assignment, Unknown, Value } from '../../template/index.js';
import type {
  AccessClause,
  Block,
  BlockClause,
  Clause,
  Condition,
  Conjunctions,
  LetValue,
  ParameterizedCall,
  ParameterizedRule,
  Query,
  Rule,
  RuleFile,
  RuleItem,
  RuleReference,
  TypeBlock,
} from '../ast.js';
import { EvaluationError, typeSelection } from '../operators/index.js';
import { ChoiceSpace, TOO_MANY, decide, firstPassing, leavesOf } from './choices.js';
import { checkAccess, cellsOf, keySatisfies } from './clause.js';
import {
  FAIL,
  MAX_FAILURES,
  NOT_EVALUATED,
  PASS,
  PASSED,
  SKIP,
  SKIPPED,
  conjunction,
  disjunction,
  failed,
  notEvaluated,
  union,
} from './outcome.js';
import type { Outcome } from './outcome.js';
import { runQuery, settle } from './query.js';
import type { KeyFilterPart, QueryHost } from './query.js';
import { openScope } from './scope.js';
import type { Cell, Scope } from './scope.js';

type Member = Clause | RuleItem | Condition;

const EMPTY: Assignment = new Map();
/** Nesting of rules and variables at which evaluation gives up; real rules nest less than ten deep. */
const MAX_DEPTH = 200;
/** Most ways in which conditions come out that are followed one by one. */
const FEW_LEAVES = 8;

export class SymbolicEvaluator implements QueryHost {
  private readonly root: Scope;
  private readonly rules = new Map<string, Rule[]>();
  private readonly parameterized = new Map<string, ParameterizedRule>();
  private readonly outcomes = new Map<Rule, Outcome>();
  private depth = 0;

  constructor(
    tree: RuleFile,
    root: Value,
    readonly space: ChoiceSpace,
    /** Choices made before anything is evaluated, such as an AllowedValue that is being tried. */
    private readonly base: Assignment = EMPTY,
  ) {
    this.root = openScope(root, null, base, tree.lets);
    for (const rule of tree.rules) {
      const known = this.rules.get(rule.name);
      if (known === undefined) this.rules.set(rule.name, [rule]);
      else known.push(rule);
    }
    for (const rule of tree.parameterizedRules) this.parameterized.set(rule.name, rule);
  }

  /** The outcome of one rule of the file. @throws EvaluationError as the compiled evaluator does. */
  rule(rule: Rule): Outcome {
    let outcome = this.outcomes.get(rule);
    if (outcome === undefined) {
      outcome = this.evaluateRule(rule, this.base, false);
      this.outcomes.set(rule, outcome);
    }
    return outcome;
  }

  private evaluateRule(rule: Rule, assignment: Assignment, settled: boolean): Outcome {
    return this.nested(() => {
      const body = (under: Assignment): Outcome => this.block(rule.block, this.root, under, settled);
      if (rule.conditions === null) return body(assignment);
      return this.when(rule.conditions, this.root, assignment, settled, body);
    });
  }

  private nested<T>(evaluate: () => T): T {
    if (++this.depth > MAX_DEPTH) {
      this.depth = 0;
      throw new EvaluationError('rules or variables refer to each other in a circle');
    }
    const result = evaluate();
    this.depth--;
    return result;
  }

  /** A body in a scope of its own. */
  private block<T extends Member>(block: Block<T>, parent: Scope, assignment: Assignment, settled: boolean): Outcome {
    const scope = block.lets.length === 0 ? parent : openScope(parent.root, parent, assignment, block.lets);
    return this.lines(block.conjunctions, scope, assignment, settled);
  }

  private lines(lines: Conjunctions<Member>, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    let result: Outcome = SKIPPED;
    for (const line of lines) result = conjunction(result, this.line(line, scope, assignment, settled));
    // INVARIANT: what is settled has one status. Two of them would be read as "not PASS" by conditions and references.
    return settled && (result.bits & (result.bits - 1)) !== 0 ? notEvaluated(result.unknowns) : result;
  }

  private line(members: readonly Member[], scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    if (members.length === 1) return this.member(members[0]!, scope, assignment, settled);
    const all = (under: Assignment): Outcome => {
      let result: Outcome | null = null;
      for (const member of members) {
        const outcome = this.member(member, scope, under, true);
        if (outcome.bits === PASS) return PASSED;
        result = result === null ? outcome : disjunction(result, outcome);
      }
      return result!.bits === FAIL ? failed(under) : result!;
    };
    return settled ? all(assignment) : decide(this.space, assignment, all);
  }

  private member(member: Member, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    switch (member.kind) {
      case 'access':
        return this.access(member, scope, assignment, settled);
      case 'block':
        return this.blockClause(member, scope, assignment, settled);
      case 'when':
        return this.when(member.conditions, scope, assignment, settled, (under) =>
          this.block(member.block, scope, under, settled),
        );
      case 'ruleCall':
        return this.call(member, scope, assignment, settled);
      case 'reference':
        return this.reference(member, assignment, settled);
      case 'typeBlock':
        return this.typeBlock(member, scope, assignment, settled);
    }
  }

  private access(clause: AccessClause, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    const left = runQuery(this, clause.query, scope, assignment);
    const right = clause.right === null ? null : this.values(clause.right, scope, assignment);
    return checkAccess(this.space, clause, left, right, assignment, settled);
  }

  private values(value: LetValue, scope: Scope, assignment: Assignment): readonly Cell[] {
    return cellsOf(this.space, value, assignment, {
      query: (query: Query) => runQuery(this, query, scope, assignment),
      nested: (inner: LetValue) => this.values(inner, scope, assignment),
    });
  }

  private blockClause(clause: BlockClause, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    const cells = runQuery(this, clause.query, scope, assignment);
    const body = (cell: Cell & { kind: 'value' }, under: Assignment, exact: boolean): Outcome => {
      const inner = openScope(cell.value, scope, under, clause.block.lets);
      return this.lines(clause.block.conjunctions, inner, under, exact);
    };
    return this.overCells(cells, clause.query.matchAll, clause.notEmpty, assignment, settled, body);
  }

  private overCells(
    cells: readonly Cell[],
    matchAll: boolean,
    notEmpty: boolean,
    assignment: Assignment,
    settled: boolean,
    body: (cell: Cell & { kind: 'value' }, under: Assignment, exact: boolean) => Outcome,
  ): Outcome {
    const empty = (under: Assignment): Outcome => (notEmpty ? failed(under) : SKIPPED);
    const one = (cell: Cell, under: Assignment, exact: boolean): Outcome => {
      let outcome: Outcome;
      if (cell.kind === 'unresolved') outcome = failed(under);
      else if (cell.kind === 'unknown') outcome = notEvaluated([cell.unknown]);
      else outcome = body(cell, under, exact);
      return cell.uncertain === null ? outcome : perhaps(outcome, cell.uncertain, exact);
    };
    if (!settled && matchAll) {
      let result: Outcome = SKIPPED;
      let always = false;
      for (const cell of cells) {
        const under = this.space.merge(assignment, cell.assignment);
        if (under === null) continue;
        if (under.size === assignment.size && cell.uncertain === null) always = true;
        const outcome = one(cell, under, false);
        result = conjunction(result, under.size === assignment.size ? outcome : union(outcome, SKIPPED));
      }
      if (always || cells.length === 0) return cells.length === 0 ? empty(assignment) : result;
      if (!notEmpty) return union(result, SKIPPED);
      return conjunction(
        result,
        decide(this.space, assignment, (under) => selects(settle(this.space, cells, under), under)),
      );
    }
    const all = (under: Assignment): Outcome => {
      const present = settle(this.space, cells, under);
      if (present.length === 0) return empty(under);
      const selected = notEmpty ? selects(present, under) : SKIPPED;
      if (selected.bits !== SKIP) return selected;
      let result: Outcome | null = null;
      for (const cell of present) {
        const outcome = one(cell, under, true);
        if (result === null) result = outcome;
        else result = matchAll ? conjunction(result, outcome) : disjunction(result, outcome);
      }
      return result!.bits === FAIL ? failed(under) : result!;
    };
    return settled ? all(assignment) : decide(this.space, assignment, all);
  }

  /** A body behind conditions: SKIP unless they PASS. */
  private when(
    conditions: Conjunctions<Condition>,
    scope: Scope,
    assignment: Assignment,
    settled: boolean,
    body: (assignment: Assignment) => Outcome,
  ): Outcome {
    const test = (under: Assignment): Outcome => this.lines(conditions, scope, under, true);
    const behind = (given: Outcome, under: Assignment): Outcome => {
      if (given.bits === PASS) return body(under);
      if ((given.bits & NOT_EVALUATED) === 0) return SKIPPED;
      // Whether the body counts hangs on an unknown. A body that cannot fail is harmless either way.
      const inner = body(under);
      if (inner.bits === SKIP) return SKIPPED;
      if (!settled && (inner.bits & (FAIL | NOT_EVALUATED)) === 0) return union(inner, SKIPPED);
      return notEvaluated([...given.unknowns, ...inner.unknowns]);
    };
    if (settled) return behind(test(assignment), assignment);
    const leaves = leavesOf(this.space, assignment, test, FEW_LEAVES);
    return leaves === null
      ? this.behindMany(test, body(assignment), assignment)
      : leaves.map((leaf) => behind(leaf.result, leaf.assignment)).reduce(union);
  }

  /**
   * A body behind conditions that come out in many ways: evaluated once, without fixing which, and each failure is kept
   * only if the conditions can pass together with it.
   */
  private behindMany(test: (assignment: Assignment) => Outcome, inner: Outcome, assignment: Assignment): Outcome {
    if ((inner.bits & FAIL) === 0) return union(inner, SKIPPED);
    const confirmed: Assignment[] = [];
    // A failure that is neither confirmed nor refuted, or was not kept, leaves the verdict open.
    let open = inner.failures.length >= MAX_FAILURES;
    for (const failure of inner.failures) {
      const under = this.space.merge(assignment, failure);
      const passing = under === null ? 'none' : firstPassing(this.space, under, test);
      if (passing === 'unsure') open = true;
      else if (passing !== 'none') confirmed.push(passing);
    }
    const rest: Outcome = { bits: (inner.bits & ~FAIL) | SKIP, failures: [], unknowns: inner.unknowns };
    if (confirmed.length > 0) return union(rest, { bits: FAIL, failures: confirmed, unknowns: [] });
    return open ? union(rest, notEvaluated([TOO_MANY])) : rest;
  }

  private call(call: ParameterizedCall, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    const rule = this.parameterized.get(call.name);
    if (rule === undefined) throw new EvaluationError(`no parameterised rule is called \`${call.name}\``);
    if (rule.parameters.length !== call.args.length) {
      throw new EvaluationError(
        `rule \`${call.name}\` takes ${rule.parameters.length} arguments, not ${call.args.length}`,
      );
    }
    const parameters = new Map<string, readonly Cell[]>();
    call.args.forEach((arg, index) => {
      const cells = this.values(arg, scope, assignment);
      // A literal argument loses its literal status (cfn-guard 3.1.1).
      parameters.set(
        rule.parameters[index]!,
        cells.map((cell) => (cell.kind === 'value' && cell.literal ? { ...cell, literal: false } : cell)),
      );
    });
    const inner = openScope(scope.root, scope, assignment, [], parameters);
    return this.nested(() => this.block(rule.block, inner, assignment, settled));
  }

  private reference(clause: RuleReference, assignment: Assignment, settled: boolean): Outcome {
    const copies = this.rules.get(clause.name);
    if (copies === undefined) throw new EvaluationError(`no rule is called \`${clause.name}\``);
    const status = (under: Assignment): Outcome => {
      let outcome: Outcome = SKIPPED;
      for (const copy of copies) {
        outcome = this.evaluateRule(copy, under, true);
        if (outcome.bits !== SKIP) break;
      }
      if ((outcome.bits & NOT_EVALUATED) !== 0) return outcome;
      return (outcome.bits === PASS) !== clause.negated ? PASSED : failed(under);
    };
    return settled ? status(assignment) : decide(this.space, assignment, status);
  }

  private typeBlock(clause: TypeBlock, scope: Scope, assignment: Assignment, settled: boolean): Outcome {
    // The conditions of a type block are asked of the document's root, not of the resource (cfn-guard 3.1.1).
    const body = (under: Assignment): Outcome => {
      const cells = runQuery(this, typeSelection(clause.typeName, clause.offset), this.root, under);
      return this.overCells(cells, true, false, under, settled, (cell, inside, exact) =>
        this.lines(clause.block.conjunctions, openScope(cell.value, scope, inside, clause.block.lets), inside, exact),
      );
    };
    return clause.conditions === null
      ? body(assignment)
      : this.when(clause.conditions, openScope(this.root.root, scope, assignment), assignment, settled, body);
  }

  // What queries ask of their host.

  variable(name: string, scope: Scope): readonly Cell[] {
    for (let at: Scope | null = scope; at !== null; at = at.parent) {
      const given = at.parameters?.get(name) ?? at.kept.get(name);
      if (given !== undefined) return given;
      const value = at.lets.get(name);
      if (value === undefined) continue;
      const declared = at;
      let cells = this.nested(() => this.values(value, declared, declared.assignment));
      if (value.kind === 'query' && !value.matchAll) {
        // `some` in a `let` keeps resolved results only; a literal is none (cfn-guard 3.1.1).
        cells = cells.filter((cell) => (cell.kind === 'value' ? !cell.literal : cell.kind === 'unknown'));
      }
      at.kept.set(name, cells);
      return cells;
    }
    throw new EvaluationError(`no variable is called \`${name}\``);
  }

  filter(conjunctions: Conjunctions<Clause>, scope: Scope, assignment: Assignment): Outcome {
    return this.lines(conjunctions, scope, assignment, true);
  }

  keyFilter(part: KeyFilterPart, key: string, scope: Scope, assignment: Assignment): Outcome {
    const right: readonly Cell[] =
      part.right.kind === 'query'
        ? runQuery(this, part.right, scope, assignment)
        : this.values({ kind: 'literal', literal: part.right, offset: 0 }, scope, assignment);
    return keySatisfies(this.space, part, key, right, assignment);
  }
}

/** What `!empty` before a block says of its results: FAIL without any, NOT EVALUATED when none of them is certain. */
function selects(cells: readonly Cell[], assignment: Assignment): Outcome {
  if (cells.length === 0) return failed(assignment);
  return cells.some((cell) => cell.uncertain === null) ? SKIPPED : notEvaluated([cells[0]!.uncertain!]);
}

/** An outcome of something that may not be there at all; a settled outcome has one status only. */
function perhaps(outcome: Outcome, unknown: Unknown, settled: boolean): Outcome {
  if (outcome.bits === SKIP) return outcome;
  if (settled) return notEvaluated([...outcome.unknowns, unknown]);
  if ((outcome.bits & FAIL) === 0) return union(outcome, SKIPPED);
  const rest = outcome.bits & ~FAIL;
  return { bits: rest | NOT_EVALUATED, failures: [], unknowns: [...outcome.unknowns, unknown] };
}
