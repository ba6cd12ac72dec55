/**
 * A question of the prover: is there a request (or a pair of them) for which a formula about policies is true? Builds the
 * dimensions that the formula needs, searches, and turns what is found into requests that are replayed.
 */
import { Alphabet } from './automata/alphabet.js';
import { charsOf } from './automata/char-set.js';
import type { CharSet } from './automata/char-set.js';
import {
  ALL,
  both,
  choice,
  collectSets,
  literalLanguage,
  manyOf,
  not as notLanguage,
  oneOf,
  sequence,
} from './automata/language.js';
import type { Language } from './automata/language.js';
import { normalised } from './automata/char-set.js';
import { Dimension } from './domain.js';
import type { DimensionValue } from './domain.js';
import type { Condition, Policy, Request } from '../model.js';
import { assignerOf } from './assign.js';
import type { Budget } from './budget.js';
import { ACTION, CALLER, Encoder, keyOfDimension, RESOURCE, UNKNOWN_PREFIX } from './encode.js';
import { theoryOfOperator } from './operators.js';
import type { VariableUse } from './encode.js';
import { and, Atoms, not, TRUE } from './formula.js';
import type { Atom, Formula } from './formula.js';
import { isVariable } from './patterns.js';
import { isDerivedKey, SIGNED } from './principal.js';
import { isCallersKey, shapeOfKey, valuesOfKey } from './keys.js';
import { Evaluator, search } from './solve.js';
import type { Assignment } from './solve.js';
import { AddressSpace, placesFor, QuantitySpace } from './sets/line-space.js';
import { languageOf, TextSpace } from './sets/space.js';
import type { Space } from './sets/space.js';
import { EVERY_VALUE, notSpec, textSpec } from './sets/spec.js';
import type { Comparison, SetSpec, Theory } from './sets/spec.js';
import type { ActionScope } from './scopes.js';
import { requestOf } from './request.js';
import type { RequestShape } from './request.js';

/** The dimension that says whether caller and resource belong to different accounts. */
export const CROSS = 'cross';
/** The dimension of the account that owns the resource. */
export const OWNER = 'key:aws:resourceaccount';
export const CROSS_YES: SetSpec = textSpec(literalLanguage('yes'));

/** What is asked. `sides` are the prefixes of callers' dimensions, one for each request. */
export interface Question {
  readonly sides: readonly string[];
  /** Every policy that the formula speaks of. */
  readonly policies: readonly Policy[];
  /** Conditions that the formula speaks of besides. */
  readonly conditions?: readonly Condition[];
  readonly callers: Language;
  readonly hasBoundary?: boolean;
  /** Keys (in lower case) whose values the two sides have different. */
  readonly differ?: readonly string[];
  readonly formula: (encoders: readonly Encoder[]) => Formula;
  /** Whether ARN patterns with fewer than six parts may match something; see `short-arns.ts`. */
  readonly openArns?: boolean;
  /** Whether the reference agrees that the requests answer the question. */
  readonly replay: (requests: readonly Request[]) => boolean;
}

const SERVICE = sequence(...[oneOf, manyOf].map((make) => make(normalised([[48, 57], [97, 122], ...charsOf('-')]))));
/**
 * Actions in lower case: every well-formed name, so that what AWS adds later is considered too. Names hold letters and
 * digits, and a hyphen here and there (`vpc-lattice:AssociateViaAWSService-EventsAndStates`), like prefixes.
 */
const ACTIONS = sequence(SERVICE, literalLanguage(':'), SERVICE);
const SEGMENT = manyOf(
  normalised([
    [32, 57],
    [59, 0xffff],
  ]),
);
const ANY_CHARS: CharSet = [[0, 0xffff]];
/** Resources: the ARNs of any partition, or `*`. */
export const RESOURCES: Language = choice([
  sequence(
    literalLanguage('arn:aws'),
    manyOf(normalised([[97, 122], ...charsOf('-')])),
    ...[
      literalLanguage(':'),
      SERVICE,
      literalLanguage(':'),
      SEGMENT,
      literalLanguage(':'),
      SEGMENT,
      literalLanguage(':'),
    ],
    ...[oneOf(ANY_CHARS), manyOf(ANY_CHARS)],
  ),
  literalLanguage('*'),
]);
const SOMEBODY = 'arn:aws:iam::111122223333:role/Example';
const TWELVE_DIGITS: Language = sequence(...Array.from({ length: 12 }, () => oneOf([[48, 57]])));

/** The value of a variable; `null` is absent. `side` is empty for keys that all sides share. */
export interface VariableSetting {
  readonly key: string;
  readonly side: string;
  readonly value: string | null;
}

/** Values of policy variables by {@link variableName}. */
export type Substitution = ReadonlyMap<string, VariableSetting>;

export function variableName(key: string, side: string): string {
  return `${side}${key}`;
}

/** A search that was set up, for one substitution of variables. */
export interface Attempt {
  /** `found`: requests that were replayed. `none`: there are none. `unsettled`: what was found did not replay. */
  readonly outcome: 'found' | 'none' | 'unsettled';
  readonly requests?: readonly Request[];
  readonly uses: readonly VariableUse[];
  readonly unknown: readonly string[];
  readonly atoms: readonly Atom[];
  readonly keys: ReadonlySet<string>;
  /** Keys that are compared with set operators. */
  readonly qualified: ReadonlySet<string>;
  /** Whether accounts of caller and resource are compared. */
  readonly isTied: boolean;
}

export interface AttemptOptions {
  readonly assume: ReadonlyMap<string, Language>;
  readonly actions: readonly string[];
  readonly budget: Budget;
  readonly substitution: Substitution;
  /** Most requests that are replayed in vain. */
  readonly tries: number;
  /** The actions that are asked about. `@default` all. */
  readonly scope?: ActionScope | undefined;
}

/** Searches with the given values of variables. @throws Exhausted */
export function attempt(question: Question, options: AttemptOptions): Attempt {
  const { assume, budget, substitution, scope } = options;
  const atoms = new Atoms();
  const uses: VariableUse[] = [];
  const unknown: string[] = [];
  const { theory, qualified } = scan(question);
  const encoders = question.sides.map(
    (side) =>
      new Encoder({
        atoms,
        side,
        theory,
        hasBoundary: question.hasBoundary === true,
        openArns: question.openArns === true,
        ...(scope === undefined ? {} : { scope }),
        variable: (key, of) => substitution.get(variableName(key, isCallersKey(key) ? of : ''))?.value,
        onVariable: (use) => uses.push(use),
        onUnknown: (text) => unknown.push(text),
      }),
  );
  const formula = and([
    question.formula(encoders),
    ...encoders.map((encoder) => substituted(encoder, substitution, assume)),
  ]);
  if (scope !== undefined && formula.kind === 'false') {
    return { outcome: 'none', uses, unknown, atoms: [], keys: new Set(), qualified, isTied: false };
  }
  const places = placesFor(atoms.all.flatMap(({ set }) => comparisonsOf(set)));
  const spoken = new Set(atoms.all.map(({ dimension }) => dimension));
  // A caller of whom nothing is said is anybody.
  const isCallerFree = (question.differ ?? []).some(isDerivedKey) || spoken.has(CROSS);
  if (isCallerFree) for (const side of question.sides) spoken.add(side + CALLER);
  const universeOf = (name: string): SetSpec => {
    if (name === ACTION) return textSpec(scope === undefined ? ACTIONS : both(ACTIONS, scope.actions));
    if (name === RESOURCE) return textSpec(RESOURCES);
    if (name.endsWith(CALLER)) return textSpec(spoken.has(name) ? question.callers : literalLanguage(SOMEBODY));
    if (name === CROSS) return textSpec(choice([literalLanguage('no'), literalLanguage('yes')]));
    const of = keyOfDimension(name);
    if (of === undefined) return EVERY_VALUE;
    const { key } = of;
    const setting = substitution.get(variableName(key, of.side));
    if (setting !== undefined) {
      return setting.value === null ? notSpec(EVERY_VALUE) : textSpec(literalLanguage(setting.value));
    }
    if (key === 'aws:resourceaccount') return textSpec(TWELVE_DIGITS);
    const values = valuesOfKey(key, theory(key));
    const assumed = assume.get(key);
    return assumed === undefined || theory(key) !== 'text' ? values : textSpec(both(languageOf(values), assumed));
  };
  const names = new Set([ACTION, RESOURCE, ...question.sides.map((side) => side + CALLER)]);
  for (const { dimension } of atoms.all) names.add(dimension);
  for (const key of question.differ ?? []) {
    if (!isDerivedKey(key)) for (const encoder of encoders) names.add(encoder.dimensionOfKey(key));
  }
  const isTied = names.has(CROSS) || names.has(OWNER) || (question.differ ?? []).includes('aws:principalaccount');
  const text = textSpace(atoms.all, [...names].map(universeOf), theory, isTied, budget);
  const dimensions = new Map<string, Dimension>();
  for (const name of names) {
    const key = keyOfDimension(name)?.key;
    const kind = key === undefined ? 'text' : theory(key);
    const space = (
      kind === 'text' ? text : kind === 'ip' ? new AddressSpace() : new QuantitySpace(kind, places)
    ) as Space<unknown>;
    const shape = name.startsWith(UNKNOWN_PREFIX)
      ? 'optional'
      : key === undefined
        ? 'one'
        : shapeOfKey(key, qualified.has(key));
    dimensions.set(name, new Dimension(name, shape, space, universeOf(name)));
  }
  const dimension = (name: string): Dimension => dimensions.get(name)!;
  const assign = assignerOf({ dimension, names, sides: question.sides, differ: question.differ ?? [], text, budget });
  const keys = new Set([...names].flatMap((name) => keyOfDimension(name)?.key ?? []));
  let requests: readonly Request[] | undefined;
  let replays = 0;
  const shape: RequestShape = {
    sides: question.sides,
    keyNames: keyNamesOf(question, uses),
    names: [...names],
    actionNames: new Map(options.actions.map((name) => [name.toLowerCase(), name])),
  };
  const evaluator = new Evaluator({ dimension, budget });
  const found = search(formula, {
    dimension,
    budget,
    assign,
    onSolution: (assignment) => {
      if (replays++ > options.tries) return true;
      for (const nicer of nicerAssignments(assignment, options.actions)) {
        if (!inUniverse(nicer, names, dimension) || !evaluator.holds(formula, nicer)) continue;
        const candidate = question.sides.map((side) => requestOf(nicer, side, shape));
        if (!question.replay(candidate)) continue;
        requests = candidate;
        return true;
      }
      return false;
    },
  });
  const result = { uses, unknown, atoms: atoms.all, keys, qualified, isTied };
  if (requests !== undefined) return { outcome: 'found', requests, ...result };
  return { outcome: found || replays > 0 ? 'unsettled' : 'none', ...result };
}

function inUniverse(
  assignment: Assignment,
  names: ReadonlySet<string>,
  dimension: (name: string) => Dimension,
): boolean {
  return [...names].every((name) => {
    const { root, space } = dimension(name);
    const value = assignment(name);
    return value === undefined ? root.mayBeAbsent : value.every((each) => space.has(root.all, each));
  });
}

/** Requests that read better than the one found, which comes last: known actions, and resources of the action's service. */
function* nicerAssignments(found: Assignment, actions: readonly string[]): Generator<Assignment> {
  const [action = ''] = found(ACTION) ?? [];
  const [resource = ''] = found(RESOURCE) ?? [];
  const service = action.slice(0, action.indexOf(':'));
  const inService = actions.filter((name) => name.toLowerCase().startsWith(`${service}:`));
  const known = inService.length > 0 ? inService : actions;
  const exact = actions.find((name) => name.toLowerCase() === action);
  const names = exact === undefined ? [...known.map((name) => name.toLowerCase()), action] : [action];
  for (const name of names) {
    const prefix = name.slice(0, name.indexOf(':'));
    for (const made of new Set([resource.replace(/^(arn:aws[a-z-]*):[^:]*:/, `$1:${prefix}:`), resource])) {
      const values = new Map<string, DimensionValue>([
        [ACTION, [name]],
        [RESOURCE, [made]],
      ]);
      yield (dimension) => (values.has(dimension) ? values.get(dimension) : found(dimension));
    }
  }
  yield found;
}

/** The variables have their values. */
function substituted(encoder: Encoder, substitution: Substitution, assume: ReadonlyMap<string, Language>): Formula {
  const parts: Formula[] = [];
  for (const { key, side, value } of substitution.values()) {
    if (side !== '' && side !== encoder.side) continue;
    if (value === null) parts.push(not(encoder.some(key, EVERY_VALUE)));
    else {
      const set = textSpec(literalLanguage(value));
      parts.push(encoder.some(key, set), not(encoder.some(key, notSpec(set))));
    }
  }
  // What is assumed of a key that follows from the caller restrains the callers.
  for (const [key, language] of assume) {
    if (isDerivedKey(key)) parts.push(not(encoder.some(key, textSpec(notLanguage(language)))));
  }
  return parts.length === 0 ? TRUE : and(parts);
}

/** Every condition that a question speaks of. */
export function* conditionsOf({ policies, conditions }: Question): Generator<Condition> {
  for (const { statements } of policies) for (const statement of statements) yield* statement.conditions;
  yield* conditions ?? [];
}

/** How each key is compared, and which keys are compared with set operators. */
function scan(question: Question): {
  readonly theory: (key: string) => Theory;
  readonly qualified: ReadonlySet<string>;
} {
  const theories = new Map<string, Set<Theory>>();
  const qualified = new Set<string>();
  for (const { key, operator, qualifier } of conditionsOf(question)) {
    const lower = key.toLowerCase();
    const theory = theoryOfOperator(operator);
    if (qualifier !== undefined) qualified.add(lower);
    if (theory !== null) theories.set(lower, (theories.get(lower) ?? new Set()).add(theory));
  }
  const order: readonly Theory[] = ['text', 'number', 'date', 'ip'];
  return { qualified, theory: (key) => order.find((each) => theories.get(key)?.has(each) === true) ?? 'text' };
}

function keyNamesOf(question: Question, uses: readonly VariableUse[]): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const { pieces } of uses) {
    for (const piece of pieces) if (isVariable(piece)) result.set(piece.key, piece.written);
  }
  for (const { key } of conditionsOf(question)) if (!result.has(key.toLowerCase())) result.set(key.toLowerCase(), key);
  return result;
}

function comparisonsOf(spec: SetSpec): readonly Comparison[] {
  return spec.kind === 'quantity' ? spec.comparisons : spec.kind === 'not' ? comparisonsOf(spec.of) : [];
}

/** One alphabet for all texts of a question, so that values can be compared across dimensions. */
function textSpace(
  atoms: readonly Atom[],
  universes: readonly SetSpec[],
  theory: (key: string) => Theory,
  isTied: boolean,
  budget: Budget,
): TextSpace {
  const sets: CharSet[] = [charsOf(':'), charsOf('*'), normalised([[48, 57]])];
  for (const universe of universes) if (isText(universe)) collectSets(languageOf(universe), sets);
  collectSets(ALL, sets);
  collectSets(TWELVE_DIGITS, sets);
  if (isTied) {
    collectSets(SIGNED, sets);
    // Accounts are compared one by one.
    for (const digit of '0123456789') sets.push(charsOf(digit));
  }
  for (const { dimension, set } of atoms) {
    const key = keyOfDimension(dimension)?.key;
    if (key === undefined || theory(key) === 'text') collectSets(languageOf(set), sets);
  }
  return new TextSpace(Alphabet.of(sets), budget);
}

function isText(spec: SetSpec): boolean {
  return spec.kind === 'not' ? isText(spec.of) : spec.kind !== 'quantity' && spec.kind !== 'addresses';
}
