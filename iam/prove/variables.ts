/**
 * Which values policy variables have to be tried with.
 *
 * A variable stands for one text. Where it is a whole value, or stands between characters that none of its values has, a
 * request can be changed without any policy noticing: take two values of the same class, which no pattern of the question
 * tells apart wherever they can stand, and exchange them everywhere, as values and as the parts of texts between
 * such characters. So it is enough to try one value of each class, and with several variables as many values of a class as
 * may have to differ. In any other place two values can run together with what stands beside them; then some values are
 * tried all the same, which can refute a claim but not prove it.
 */
import { Alphabet } from './automata/alphabet.js';
import { ANY_CHAR, charsOf, complement, contains, union } from './automata/char-set.js';
import type { CharSet } from './automata/char-set.js';
import { ALL, both, collectSets, literalLanguage } from './automata/language.js';
import type { Language } from './automata/language.js';
import type { Dfa } from './automata/dfa.js';
import type { Budget } from './budget.js';
import { CALLER, keyDimension, keyOfDimension, RESOURCE } from './encode.js';
import type { VariableUse } from './encode.js';
import { edgeLanguages } from './edges.js';
import { isCallersKey, shapeOfKey, valuesOfKey } from './keys.js';
import { charactersOf, partsOf, partsOfPattern, runsBetweenVariables, withDefaults } from './parts.js';
import { isVariable } from './patterns.js';
import { ACCOUNT_ID, isDerivedKey, USER_NAME } from './principal.js';
import { RESOURCES, variableName } from './question.js';
import type { Attempt, Question, Substitution, VariableSetting } from './question.js';
import { languageOf, TextSpace } from './sets/space.js';
import { theoryOf } from './sets/spec.js';

export interface PlanOptions {
  readonly question: Question;
  readonly assume: ReadonlyMap<string, Language>;
  readonly first: Attempt;
  readonly budget: Budget;
}

/** Values to try. `complete`: when none of them gives a request, no value does. */
export interface Plan {
  readonly complete: boolean;
  readonly substitutions: Iterable<Substitution>;
  /** Why the plan is not complete. */
  readonly reason: string;
}

interface Variable {
  readonly key: string;
  readonly side: string;
  readonly values: Language;
}

const MOST_CLASSES = 300;
/** Sets of values that are tried when they prove nothing. */
const MOST_GUESSES = 150;

/** Finds the values to try for the variables that a first attempt met. @throws Exhausted */
export function substitutionsFor({ question, assume, first, budget }: PlanOptions): Plan {
  const variables = variablesOf(first.uses, assume);
  const dimensions = new Map<string, VariableUse[]>();
  for (const use of first.uses) dimensions.set(use.dimension, [...(dimensions.get(use.dimension) ?? []), use]);
  let reason = '';
  const doubt = (why: string): void => {
    reason ||= why;
  };
  // The characters by which texts are cut into the parts that are exchanged.
  const inner = new Map<string, CharSet>();
  for (const [dimension, uses] of dimensions) inner.set(dimension, innerChars(uses, assume, doubt));
  for (const { key, side } of variables) {
    if (isDerivedKey(key) ? !EXCHANGEABLE.has(key) : shapeOfKey(key, first.qualified.has(key)) === 'list') {
      doubt(`values of \`${key}\` cannot be exchanged one for another`);
    }
    const own = inner.get(keyDimension(key, side));
    if (own !== undefined && own !== ANY_CHAR) doubt(`\`${key}\` is a variable and is itself compared with one`);
  }
  const space = spaceFor(first, variables, inner, assume, budget);
  const domains = variables.map(({ values }) => space.language(values));
  const tests: Dfa[] = [...domains];
  const test = (language: Language): void => {
    tests.push(space.language(language));
  };
  // Between two separators that stand side by side, and in a literal that is empty, there is the empty text.
  test(literalLanguage(''));
  const spoken = new Set([...inner.keys(), ...variables.map(({ key, side }) => keyDimension(key, side))]);
  for (const { dimension, set } of first.atoms) {
    if (dimension.endsWith(CALLER)) {
      for (const { key } of variables) {
        const edge = CALLER_EDGES.get(key);
        if (edge !== undefined) tests.push(...edgeLanguages(space.of(set), edge, space, budget));
      }
    }
    if (!spoken.has(dimension)) continue;
    const theory = theoryOf(set);
    if (theory !== null && theory !== 'text') doubt('a variable is compared as a number, date or address');
    else for (const language of partsOf(languageOf(set), inner.get(dimension) ?? ANY_CHAR)) test(language);
  }
  for (const [dimension, chars] of inner) {
    if (dimension === RESOURCE) for (const language of partsOf(RESOURCES, chars)) test(language);
    const key = keyOfDimension(dimension)?.key;
    if (key !== undefined) for (const language of partsOf(valuesOf(key, assume), chars)) test(language);
    for (const { pieces } of dimensions.get(dimension) ?? []) {
      const spellings = withDefaults(pieces);
      if (spellings === undefined) doubt('there are too many variables with defaults in one value');
      for (const spelling of spellings ?? []) {
        for (const tokens of runsBetweenVariables(spelling)) {
          for (const language of partsOfPattern(tokens, chars)) test(language);
        }
      }
    }
  }
  // Accounts tie resources to callers beyond what the patterns say.
  if (first.isTied) {
    test(ACCOUNT_ID);
    const accounts = domains.some((domain) => !space.isEmpty(space.and(domain, space.language(ACCOUNT_ID))));
    if (accounts && inner.has(RESOURCE)) doubt('a variable in a resource may name an account');
  }
  const everything = domains.reduce((left, right) => space.or(left, right));
  const classes = classesOf(everything, tests, space, budget);
  if (classes === undefined) doubt('there are too many kinds of values to try');
  const complete = reason === '';
  // The values that no pattern singles out come last of all classes, and are tried first.
  const representatives = (classes ?? [everything]).map((each) => space.some(each, variables.length + 1)).reverse();
  const tuples = tuplesOf(variables, domains, representatives, space);
  if (complete) return { complete, substitutions: tuples, reason };
  const guesses = guessesOf(variables, domains, first.uses, space);
  return { complete, substitutions: limited(MOST_GUESSES, guesses, tuples), reason: hint(reason, question) };
}

function hint(reason: string, { policies }: Question): string {
  return policies.length === 0 ? reason : `${reason}; give the language of its values as an assumption`;
}

const EXCHANGEABLE = new Set(['aws:username', 'aws:principalaccount']);

/** Where the value of a key stands in the text of the caller. */
const CALLER_EDGES: ReadonlyMap<string, { readonly before: string; readonly after: string }> = new Map([
  ['aws:username', { before: '/', after: '' }],
  ['aws:principalaccount', { before: ':', after: ':' }],
]);

function variablesOf(uses: readonly VariableUse[], assume: ReadonlyMap<string, Language>): readonly Variable[] {
  const result = new Map<string, Variable>();
  for (const { key, side } of uses) {
    const own = isCallersKey(key) ? side : '';
    result.set(variableName(key, own), { key, side: own, values: valuesOf(key, assume) });
  }
  return [...result.values()];
}

/** The values that a variable can have. */
function valuesOf(key: string, assume: ReadonlyMap<string, Language>): Language {
  const known =
    key === 'aws:username'
      ? USER_NAME
      : key === 'aws:principalaccount' || key === 'aws:resourceaccount'
        ? ACCOUNT_ID
        : languageOf(valuesOfKey(key, 'text'));
  const assumed = assume.get(key);
  return assumed === undefined ? known : both(known, assumed);
}

/** The characters of the values of a variable, as far as they are known. */
function charsOfValues(key: string, assume: ReadonlyMap<string, Language>): CharSet | undefined {
  const assumed = assume.get(key);
  if (assumed === undefined) return key === 'aws:principalaccount' ? [[48, 57]] : undefined;
  const sets: CharSet[] = [];
  collectSets(assumed, sets);
  return union(...sets);
}

/** The characters that make up the parts of a dimension's texts which may be values of its variables. */
function innerChars(
  uses: readonly VariableUse[],
  assume: ReadonlyMap<string, Language>,
  doubt: (why: string) => void,
): CharSet {
  const [{ key } = { key: '' }] = uses;
  if (uses.some(({ how }) => how === 'ignoreCase')) doubt(`\`\${${key}}\` is compared without case`);
  if (uses.every(({ pieces }) => pieces.length === 1)) return ANY_CHAR;
  let unknown = 0;
  const sets: CharSet[] = [];
  const beside: string[] = [];
  for (const { pieces, how } of uses) {
    pieces.forEach((piece, at) => {
      if (!isVariable(piece)) return;
      const chars = charsOfValues(piece.key, assume);
      if (chars === undefined) {
        unknown++;
        doubt(`the values of \`\${${piece.key}}\` are not known, and it is only a part of what it is compared with`);
      } else {
        sets.push(chars);
      }
      for (const neighbour of [pieces[at - 1], pieces[at + 1]]) {
        if (neighbour === undefined) continue;
        if (isVariable(neighbour) || neighbour.wild) doubt(`a wildcard or variable stands beside \`\${${piece.key}}\``);
        else beside.push(neighbour.character);
      }
    });
    if (how !== 'text') beside.push(':');
  }
  const guessed = complement(charsOf([...beside, ':', '/'].join('')));
  if (unknown > 0) return guessed;
  const chars = union(...sets);
  const shared = beside.find((character) => contains(chars, character.charCodeAt(0)));
  if (shared === undefined) return chars;
  doubt(`values of \`\${${key}}\` may hold \`${shared}\`, which stands beside it`);
  return guessed;
}

function spaceFor(
  first: Attempt,
  variables: readonly Variable[],
  inner: ReadonlyMap<string, CharSet>,
  assume: ReadonlyMap<string, Language>,
  budget: Budget,
): TextSpace {
  const sets: CharSet[] = [...inner.values(), charsOf(':'), charsOf('/')];
  for (const language of [
    ALL,
    ACCOUNT_ID,
    RESOURCES,
    literalLanguage('ab'),
    ...variables.map(({ values }) => values),
  ]) {
    collectSets(language, sets);
  }
  for (const { pieces } of first.uses) {
    for (const piece of pieces) sets.push(...charactersOf(piece).map(charsOf));
  }
  for (const { set } of first.atoms) {
    const theory = theoryOf(set);
    if (theory === null || theory === 'text') collectSets(languageOf(set), sets);
  }
  for (const dimension of inner.keys()) {
    const key = keyOfDimension(dimension)?.key;
    if (key !== undefined) collectSets(valuesOf(key, assume), sets);
  }
  return new TextSpace(Alphabet.of(sets), budget);
}

/** The classes that the tests tell apart; `undefined` when they are too many. */
function classesOf(all: Dfa, tests: readonly Dfa[], space: TextSpace, budget: Budget): readonly Dfa[] | undefined {
  let classes: Dfa[] = [all];
  for (const test of tests) {
    const next: Dfa[] = [];
    for (const each of classes) {
      budget.spend(10, 'values of variables');
      const inside = space.and(each, test);
      if (space.isEmpty(inside)) {
        next.push(each);
        continue;
      }
      const outside = space.without(each, test);
      next.push(inside);
      if (!space.isEmpty(outside)) next.push(outside);
    }
    classes = next;
    if (classes.length > MOST_CLASSES) return undefined;
  }
  return classes;
}

/** Every way to give the variables values, up to exchanging values of a class; and without a value. */
function* tuplesOf(
  variables: readonly Variable[],
  domains: readonly Dfa[],
  representatives: readonly (readonly string[])[],
  space: TextSpace,
): Generator<Substitution> {
  const chosen: (string | null)[] = [];
  const extend = function* (at: number): Generator<Substitution> {
    const variable = variables[at];
    if (variable === undefined) {
      yield settingsOf(variables, chosen);
      return;
    }
    for (const members of representatives) {
      const fresh = members.find((value) => !chosen.includes(value));
      const candidates = members.filter((value) => chosen.includes(value));
      if (fresh !== undefined) candidates.push(fresh);
      for (const value of candidates) {
        if (!space.has(domains[at]!, value)) continue;
        chosen[at] = value;
        yield* extend(at + 1);
        chosen.length = at;
      }
    }
    chosen[at] = null;
    yield* extend(at + 1);
    chosen.length = at;
  };
  yield* extend(0);
}

/** Values that run together with what stands beside them. */
function* guessesOf(
  variables: readonly Variable[],
  domains: readonly Dfa[],
  uses: readonly VariableUse[],
  space: TextSpace,
): Generator<Substitution> {
  const beside = new Set(
    uses.flatMap(({ pieces }) =>
      pieces.flatMap((piece, at) => {
        const next = pieces[at + 1];
        return isVariable(piece) && next !== undefined && !isVariable(next) && !next.wild ? [next.character] : [];
      }),
    ),
  );
  const texts = ['a', ...[...beside].map((sign) => `a${sign}b`), 'b', 'ab', '', ...beside];
  const choices = domains.map((domain) => [
    ...texts.filter((text) => space.has(domain, text)),
    ...space.some(domain, 2),
  ]);
  const extend = function* (at: number, chosen: readonly string[]): Generator<Substitution> {
    if (at === variables.length) yield settingsOf(variables, chosen);
    else for (const value of new Set(choices[at])) yield* extend(at + 1, [...chosen, value]);
  };
  yield* extend(0, []);
}

function settingsOf(variables: readonly Variable[], chosen: readonly (string | null)[]): Substitution {
  return new Map<string, VariableSetting>(
    variables.map(({ key, side }, at) => [variableName(key, side), { key, side, value: chosen[at]! }]),
  );
}

function* limited<T>(most: number, ...sources: readonly Iterable<T>[]): Generator<T> {
  for (const source of sources) {
    let count = 0;
    for (const each of source) {
      if (count++ >= most) break;
      yield each;
    }
  }
}
