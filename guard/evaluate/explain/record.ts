/** Clauses, blocks and rules over nodes; what fails is written down as `cfn-guard` 3.1.1 reports it. */
import type {
  AccessClause,
  BlockClause,
  Conjunctions,
  ParameterizedCall,
  Rule,
  RuleItem,
  RuleReference,
  TypeBlock,
  WhenBlock,
} from '../../ast.js';
import type { Block } from '../../ast.js';
import type { Origin } from '../../explanation.js';
import {
  compareResults,
  isUnaryOperator,
  typeSelection,
  unaryHolds,
  unaryHoldsUnresolved,
} from '../../operators/index.js';
import type { ComparisonSink } from '../../operators/index.js';
import { asksForResults } from '../clause.js';
import { noResources, wrongArguments } from '../faults.js';
import { FAIL, PASS, SKIP } from '../scope.js';
import type { StatusCode } from '../scope.js';
import {
  emptyBlock,
  failedBlock,
  failedComparison,
  failedEmptyResults,
  failedMembership,
  failedReference,
  failedUnary,
  missingLeft,
  missingRight,
} from './checks.js';
import type { ClauseWords } from './checks.js';
import { TRACED } from './node.js';
import type { Node, Traced } from './node.js';
import { clauseText, nodeText } from './print.js';
import type { Scope, Tracer } from './tracer.js';
import { typeClause } from './type-filter.js';

/** Runs a part whose checks count only when it fails. */
function container(tracer: Tracer, part: () => StatusCode): StatusCode {
  const { length } = tracer.checks;
  const status = part();
  if (status !== FAIL) tracer.checks.length = length;
  return status;
}

/** Runs a part and gives its checks a list of their own, which `wrap` puts into one entry when the part fails. */
function nested(
  tracer: Tracer,
  part: () => StatusCode,
  wrap: (checks: Tracer['checks']) => Tracer['checks'][number],
): StatusCode {
  const around = tracer.checks;
  tracer.checks = [];
  const status = part();
  const inner = tracer.checks;
  tracer.checks = around;
  if (status === FAIL) tracer.report(() => wrap(inner));
  return status;
}

function line(tracer: Tracer, members: readonly RuleItem[], scope: Scope): StatusCode {
  if (members.length === 1) return clause(tracer, members[0]!, scope);
  return nested(
    tracer,
    () => {
      let result = SKIP;
      for (const member of members) {
        const status = clause(tracer, member, scope);
        if (status === PASS) return PASS;
        if (status === FAIL) result = FAIL;
      }
      return result;
    },
    (checks) => ({ Disjunctions: { checks } }),
  );
}

/** Lines joined by AND. */
export function conjunctions(tracer: Tracer, lines: Conjunctions<RuleItem>, scope: Scope): StatusCode {
  let result = SKIP;
  for (const members of lines) {
    const status = line(tracer, members, scope);
    if (status === FAIL) result = FAIL;
    else if (status === PASS && result === SKIP) result = PASS;
  }
  return result;
}

function block(tracer: Tracer, { lets, conjunctions: lines }: Block<RuleItem>, root: Node, around: Scope): StatusCode {
  return conjunctions(tracer, lines, tracer.open(root, around, lets));
}

function clause(tracer: Tracer, item: RuleItem, scope: Scope): StatusCode {
  tracer.events++;
  switch (item.kind) {
    case 'access':
      return container(tracer, () => access(tracer, item, scope));
    case 'block':
      return container(tracer, () => blockClause(tracer, item, scope));
    case 'when':
      return container(tracer, () => when(tracer, item, scope));
    case 'typeBlock':
      return container(tracer, () => typeBlock(tracer, item, scope));
    case 'ruleCall':
      return call(tracer, item, scope);
    case 'reference':
      return reference(tracer, item);
  }
}

function combine(passed: boolean, failed: boolean, matchAll: boolean): StatusCode {
  return (matchAll ? !failed : passed) ? PASS : FAIL;
}

/** Most clauses hold, and then nobody reads their text. */
class WordsOf implements ClauseWords {
  constructor(private readonly item: AccessClause) {}

  get context(): string {
    return clauseText(this.item);
  }

  get operator(): AccessClause['operator'] {
    return this.item.operator;
  }

  get negated(): boolean {
    return this.item.negated;
  }

  get message(): string | null {
    return this.item.message;
  }

  get origin(): Origin {
    const { offset, end } = this.item;
    return { offset, end };
  }
}

function access(tracer: Tracer, item: AccessClause, scope: Scope): StatusCode {
  if (isUnaryOperator(item.operator)) return unary(tracer, item, scope);
  if (!tracer.isReported) {
    const holds = typeClause(item, scope.root.value, (name) => tracer.literalOf(name, scope));
    if (holds !== null) return holds ? PASS : FAIL;
  }
  const right = tracer.value(item.right!, scope);
  const left = tracer.value(item.query, scope);
  if (left.length === 0 || right.length === 0) return SKIP;
  const words = new WordsOf(item);
  let passed = false;
  let failed = false;
  const fail = (check: () => Tracer['checks'][number]): void => {
    failed = true;
    tracer.report(check);
  };
  const sink: ComparisonSink<Traced> = {
    pass: () => {
      passed = true;
    },
    fail: (from, to) => {
      fail(() => failedComparison(words, from.node, to.node, null));
    },
    failIn: (from, to) => {
      fail(() => failedMembership(words, from.node, to));
    },
    leftUnresolved: (from) => {
      if (from.kind === 'unresolved') fail(() => missingLeft(words, from));
    },
    rightUnresolved: (_from, to) => {
      if (to.kind === 'unresolved') fail(() => missingRight(words, to));
    },
    notComparable: (from, to, reason) => {
      fail(() => failedComparison(words, from.node, to.node, reason()));
    },
  };
  const { operator } = item;
  compareResults(operator, item.negated, left, right, TRACED, sink, (result) => nodeText(result.node));
  return combine(passed, failed, item.query.matchAll);
}

function unary(tracer: Tracer, item: AccessClause, scope: Scope): StatusCode {
  const { operator, offset } = item;
  if (!isUnaryOperator(operator)) return SKIP;
  const wanted = item.negated === item.prefixNot;
  const results = tracer.value(item.query, scope);
  const words = new WordsOf(item);
  const ofResults = asksForResults(item);
  if (results.length === 0) {
    if (!ofResults) return SKIP;
    if (!wanted) tracer.report(() => failedEmptyResults(words));
    return wanted ? PASS : FAIL;
  }
  let passed = false;
  let failed = false;
  for (const result of results) {
    const missing = result.kind === 'unresolved';
    let holds: boolean;
    if (missing) holds = unaryHoldsUnresolved(operator);
    else holds = ofResults ? result.node.value === null : unaryHolds(operator, result.node.value, offset);
    if (holds === wanted) passed = true;
    else {
      failed = true;
      tracer.report(() => failedUnary(words, operator, result));
    }
  }
  return combine(passed, failed, item.query.matchAll);
}

function blockClause(tracer: Tracer, item: BlockClause, scope: Scope): StatusCode {
  const { query, offset } = item;
  const origin = { offset, end: offset };
  const { file, placeInRules } = tracer.context;
  const location = (): string => {
    const { line: row, column } = placeInRules(offset);
    return `Location[file:${file}, line:${row}, column:${column}]`;
  };
  const { events } = tracer;
  const values = tracer.value(query, scope);
  if (values.length === 0) {
    if (!item.notEmpty) return SKIP;
    if (tracer.events === events) tracer.report(() => emptyBlock(`BlockGuardClause#${location()}`, origin));
    return FAIL;
  }
  let passed = false;
  let failed = false;
  for (const value of values) {
    let status: StatusCode = FAIL;
    if (value.kind === 'unresolved') {
      tracer.report(() => failedBlock(`GuardBlockAccessClause#${location()}`, value, origin));
    } else status = block(tracer, item.block, value.node, scope);
    if (status === PASS) passed = true;
    else if (status === FAIL) failed = true;
  }
  if (failed && (query.matchAll || !passed)) return FAIL;
  return passed ? PASS : SKIP;
}

function when(tracer: Tracer, item: WhenBlock, scope: Scope): StatusCode {
  if (tracer.unseen(() => conjunctions(tracer, item.conditions, scope)) !== PASS) return SKIP;
  return block(tracer, item.block, scope.root, scope);
}

function typeBlock(tracer: Tracer, item: TypeBlock, scope: Scope): StatusCode {
  const { conditions, typeName, offset } = item;
  if (conditions !== null && tracer.unseen(() => conjunctions(tracer, conditions, scope)) !== PASS) return SKIP;
  let result = SKIP;
  for (const value of tracer.value(typeSelection(typeName, offset), scope)) {
    if (value.kind === 'unresolved') throw noResources(typeName, offset);
    const status = container(tracer, () => block(tracer, item.block, value.node, scope));
    if (status === FAIL) result = FAIL;
    else if (status === PASS && result === SKIP) result = PASS;
  }
  return result;
}

function call(tracer: Tracer, item: ParameterizedCall, scope: Scope): StatusCode {
  const rule = tracer.parameterizedRule(item.name, item.offset);
  const names = [...new Set(rule.parameters)];
  const count = item.args.length;
  if (names.length !== count) throw wrongArguments(item.name, names.length, count, item.offset);
  const parameters = new Map(names.map((name, index) => [name, tracer.argument(item.args[index]!, scope)] as const));
  const inner = tracer.openCall(scope, parameters);
  const message = tracer.enterCall(item);
  const status = nested(
    tracer,
    () => tracer.nested(() => block(tracer, rule.block, scope.root, inner)),
    (checks) => ({
      Rule: { name: item.name, metadata: {}, messages: { custom_message: message, error_message: null }, checks },
    }),
  );
  tracer.leaveCall();
  return status;
}

function reference(tracer: Tracer, item: RuleReference): StatusCode {
  const { name, negated, message, offset } = item;
  const passes = tracer.unseen(() => tracer.referenceStatus(name, offset)) === PASS;
  if (passes !== negated) return PASS;
  const { line: row, column } = tracer.context.placeInRules(offset);
  const context = `Rule(${name}@Location[file:${tracer.context.file}, line:${row}, column:${column}])`;
  const origin = { offset, end: offset + name.length };
  tracer.report(() => failedReference({ context, operator: 'exists', negated, message, origin }, name));
  return FAIL;
}

/** A named rule on the document. Its failed checks are left in `tracer.checks`. */
export function traceRule(tracer: Tracer, rule: Rule): StatusCode {
  const { conditions } = rule;
  const { rootScope } = tracer;
  if (conditions !== null && tracer.unseen(() => conjunctions(tracer, conditions, rootScope)) !== PASS) return SKIP;
  return block(tracer, rule.block, rootScope.root, rootScope);
}
