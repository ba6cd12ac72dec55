/** A statement, compiled: whether it applies to a request, as true, false or unknown. */
import type { PatternElement, Policy, Statement } from '../model.js';
import { Form, PrincipalSet } from './caller.js';
import { compileCondition, type CompiledCondition } from './condition.js';
import { cut, Glob, piecesOf, RUN, type Piece } from './pattern.js';
import { Template } from './template.js';
import { FALSE, TRUE, UNKNOWN, type Ternary } from './ternary.js';
import { keyOf, type Key, type World } from './world.js';

/** An action pattern, in lower case. */
export interface ActionPattern {
  /** The prefix of the only service whose actions can match; left out when a wildcard stands in it. */
  readonly service: string | undefined;
  /** The one action that matches, when there is no wildcard. */
  readonly literal: string | undefined;
  readonly glob: Glob;
}

/** The patterns of an action element. Equal ones are one object, so that each action is looked for once. */
export class ActionList {
  readonly patterns: readonly ActionPattern[];
  private readonly answers = new Map<string, boolean>();

  constructor(patterns: readonly string[]) {
    this.patterns = patterns.map(compileAction);
  }

  /** @param action - In lower case. */
  lists(action: string): boolean {
    let answer = this.answers.get(action);
    if (answer === undefined) {
      answer = this.patterns.some(({ glob }) => glob.matches(action));
      if (this.answers.size >= MOST_ANSWERS) this.answers.clear();
      this.answers.set(action, answer);
    }
    return answer;
  }
}

const MOST_ANSWERS = 1_024;
const actionLists = new Map<string, ActionList>();

function actionListOf(patterns: readonly string[]): ActionList {
  const content = patterns.join('\n');
  let list = actionLists.get(content);
  if (list === undefined) {
    list = new ActionList(patterns);
    if (actionLists.size >= MOST_SHARED) actionLists.clear();
    actionLists.set(content, list);
  }
  return list;
}

export interface CompiledStatement {
  readonly isAllow: boolean;
  readonly sid: string | undefined;
  readonly isNotAction: boolean;
  readonly actions: ActionList;
  /**
   * The ways in which the statement names the caller, as bits of `Form`; 0 when it does not apply to the caller. Left out
   * in statements without a principal, which apply to everybody.
   */
  readonly formsOf: ((world: World, hasBoundary: boolean) => number) | undefined;
  /** Whether resource and conditions match; left out when they always do. The same function in equal statements. */
  readonly matches: CompiledCondition | undefined;
  /** The one key that `matches` hangs on, when nothing else decides: one condition without variables, any resource. */
  readonly onlyKey: Key | undefined;
}

/** A policy with its compiled statements. */
export interface CompiledPolicy {
  /** Another for each that was compiled. */
  readonly id: number;
  readonly statements: readonly CompiledStatement[];
}

let lastId = 0;

export function compilePolicy({ version, statements }: Policy): CompiledPolicy {
  const hasVariables = version === '2012-10-17';
  return { id: ++lastId, statements: statements.map((statement) => compileStatement(statement, hasVariables)) };
}

function compileStatement(statement: Statement, hasVariables: boolean): CompiledStatement {
  const { effect, sid, action, resource, conditions } = statement;
  return {
    isAllow: effect === 'Allow',
    sid,
    isNotAction: action.negated,
    actions: actionListOf(action.patterns),
    formsOf: compilePrincipal(statement),
    matches: compileMatch(resource, conditions, hasVariables),
    onlyKey: onlyKeyOf(statement, hasVariables),
  };
}

function onlyKeyOf({ resource, conditions }: Statement, hasVariables: boolean): Key | undefined {
  const [condition] = conditions;
  if (condition === undefined || conditions.length > 1 || !isAny(resource)) return undefined;
  if (hasVariables && condition.values.some((value) => value.includes('${'))) return undefined;
  return keyOf(condition.key);
}

const isAny = (resource: Statement['resource']): boolean =>
  resource === undefined || (!resource.negated && resource.patterns.includes('*'));

/** What a compiled match was made of. */
export interface Source {
  readonly conditions: Statement['conditions'];
  /** Whether a value or a resource holds a policy variable. */
  readonly hasVariables: boolean;
}

const sources = new WeakMap<CompiledCondition, Source>();

/** What `matches` of a compiled statement was made of. */
export function sourceOf(matches: CompiledCondition | undefined): Source | undefined {
  return matches === undefined ? { conditions: [], hasVariables: false } : sources.get(matches);
}

const shared = new Map<string, CompiledCondition>();
const MOST_SHARED = 8_192;

function compileMatch(
  resource: Statement['resource'],
  conditions: Statement['conditions'],
  hasVariables: boolean,
): CompiledCondition | undefined {
  const isAnyResource = isAny(resource);
  if (isAnyResource && conditions.length === 0) return undefined;
  const content = JSON.stringify([hasVariables, isAnyResource ? '*' : resource, conditions]);
  const known = shared.get(content);
  if (known !== undefined) return known;
  const compiled = conjunction([
    ...(isAnyResource || resource === undefined ? [] : [compileResource(resource, hasVariables)]),
    ...conditions.map((condition) => compileCondition(condition, hasVariables)),
  ]);
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(content, compiled);
  const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.patterns ?? [])];
  sources.set(compiled, { conditions, hasVariables: hasVariables && texts.some((text) => text.includes('${')) });
  return compiled;
}

function conjunction(tests: readonly CompiledCondition[]): CompiledCondition {
  const [first, second, third] = tests;
  if (first === undefined) return () => TRUE;
  if (second === undefined) return first;
  if (third === undefined) {
    return (world) => {
      const one = first(world);
      if (one === FALSE) return FALSE;
      const other = second(world);
      return other < one ? other : one;
    };
  }
  return (world) => {
    let result: Ternary = TRUE;
    for (const test of tests) {
      const one = test(world);
      if (one === FALSE) return FALSE;
      if (one < result) result = one;
    }
    return result;
  };
}

function compileAction(pattern: string): ActionPattern {
  const lower = pattern.toLowerCase();
  const glob = new Glob(piecesOf(lower));
  const colon = lower.indexOf(':');
  const prefix = colon < 0 ? '*' : lower.slice(0, colon);
  return { glob, literal: glob.literal, service: /[*?]/.test(prefix) ? undefined : prefix };
}

const TRUST_ACTIONS = 'sts:assumerole';

function compilePrincipal({ principal, effect }: Statement): CompiledStatement['formsOf'] {
  if (principal === undefined) return undefined;
  const set = new PrincipalSet(principal.principals);
  const isAllow = effect === 'Allow';
  if (principal.negated) {
    if (isAllow) return ({ caller }) => (set.formsOf(caller) === 0 ? Form.everyone : 0);
    return ({ caller }, hasBoundary) => {
      const listed = set.formsOf(caller);
      const isSpared = (listed & Form.everyone) !== 0 || (listed & caller.chain) === caller.chain;
      return hasBoundary || !isSpared ? Form.everyone : 0;
    };
  }
  return (world) => {
    const forms = set.formsOf(world.caller);
    // In a trust policy "*" allows AWS principals only.
    const isOutsider = isAllow && world.caller.account === undefined && world.action.startsWith(TRUST_ACTIONS);
    return isOutsider && forms === Form.everyone ? 0 : forms;
  };
}

/** Whether one pattern matches the resource; `undefined` when a variable in it has no value. */
type ResourceTest = (world: World) => Ternary | undefined;

function compileResource({ negated, patterns }: PatternElement, hasVariables: boolean): CompiledCondition {
  const tests = patterns.map((pattern) => compileOneResource(pattern, hasVariables, negated));
  return (world) => {
    let listed: Ternary = FALSE;
    let isUnresolved = false;
    for (const test of tests) {
      const one = test(world);
      if (one === TRUE) return negated ? FALSE : TRUE;
      if (one === undefined) isUnresolved = true;
      else if (one > listed) listed = one;
    }
    if (!negated) return listed;
    // A variable without a value makes the statement apply to nothing.
    return isUnresolved ? FALSE : listed === FALSE ? TRUE : UNKNOWN;
  };
}

function compileOneResource(pattern: string, hasVariables: boolean, negated: boolean): ResourceTest {
  const fifth = nthColon(pattern, 5) + 1;
  const head = fifth === 0 ? piecesOf(pattern) : piecesOf(pattern.slice(0, fifth));
  const template = Template.of(fifth === 0 ? '' : pattern.slice(fifth), hasVariables, true).behind(head);
  const pieces = template.fixed;
  if (pieces !== undefined) return fixedResource(pieces);
  const { start } = template;
  const isFar = (resource: string): boolean => !resource.startsWith(start);
  return (world) => {
    // Most resources differ before the first wildcard; under NotResource it counts whether the variable has a value.
    if (!negated && isFar(world.resource)) return FALSE;
    const filled = template.fill(world);
    if (filled === undefined) return undefined;
    const result = fixedResource(filled.pieces)(world);
    if (!filled.isUnknown) return result;
    // What matches with no text does not match; but under NotResource it counts whether the variable has a value at all.
    return result === FALSE && !negated ? FALSE : UNKNOWN;
  };
}

/** The index of the n-th colon, or -1. */
function nthColon(text: string, n: number): number {
  let at = -1;
  for (let count = 0; count < n; count++) {
    at = text.indexOf(':', at + 1);
    if (at < 0) return -1;
  }
  return at;
}

const ARN_PARTS = 6;

function fixedResource(pieces: readonly Piece[]): (world: World) => Ternary {
  const isStars = pieces.length > 0 && pieces.every((piece) => piece === RUN);
  if (isStars) return () => TRUE;
  const parts = cut(pieces, ARN_PARTS);
  if (parts[0]!.length !== 1 || parts[0]![0] !== 'arn') {
    const glob = new Glob(pieces);
    return ({ resource }) => (resource !== '*' && glob.matches(resource) ? TRUE : FALSE);
  }
  // An ARN with fewer parts stands for any value of the parts that are missing.
  const whole = [...pieces];
  for (let index = parts.length; index < ARN_PARTS; index++) whole.push(':', RUN);
  const [, partition = [], service = [], rest = []] = cut(whole, 4);
  const glob = new Glob(whole);
  if (glob.literal !== undefined) {
    const { literal } = glob;
    return ({ resource }) => (resource === literal ? TRUE : FALSE);
  }
  // A wildcard stays inside partition or service; from the Region on it may run over colons.
  if (isLiteral(partition) && isLiteral(service)) {
    return ({ resource }) => (glob.matches(resource) ? TRUE : FALSE);
  }
  const globs = [['arn'], partition, service, rest].map((part) => new Glob(part));
  return ({ resourceParts }) => {
    if (resourceParts.length < globs.length) return FALSE;
    return globs.every((part, index) => part.matches(resourceParts[index]!)) ? TRUE : FALSE;
  };
}

const isLiteral = (part: readonly Piece[]): boolean => part.every((piece) => typeof piece === 'string');
