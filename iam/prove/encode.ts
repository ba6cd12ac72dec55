/**
 * From statements to formulas: when a statement applies to a request, as the reference decides it.
 *
 * A policy variable whose value the encoding was given is replaced by it. Of one without a value only this is kept: the
 * same comparison with the same variable is true or false alike wherever it stands, it is false when the key is absent
 * and has no default, and it is true only for texts that match with anything in the variable's place. That leaves out what
 * the variable says, so a proof that needs no more is sound, and a request found this way may be none.
 */
import { choice, literalLanguage, markedLanguage, wildcardLanguage } from './automata/language.js';
import type { Language, MarkedChar } from './automata/language.js';
import { numberOf, dateOf } from '../evaluate/quantity.js';
import type { Condition, PatternElement, Statement } from '../model.js';
import { and, Atoms, FALSE, not, or, TRUE } from './formula.js';
import type { Formula } from './formula.js';
import {
  arnLanguage,
  binaryLanguage,
  isShortArn,
  isVariable,
  piecesOf,
  resourceLanguage,
  resourcePieces,
  textLanguage,
} from './patterns.js';
import type { PatternPiece } from './patterns.js';
import { callersOfKinds, callersWhose, isDerivedKey, namedCallers, SIGNED } from './principal.js';
import type { Form } from './principal.js';
import { TESTS, theoryOfTest } from './operators.js';
import type { Test } from './operators.js';
import type { ActionScope } from './scopes.js';
import { addressRange } from './sets/line-space.js';
import { BLANK, EVERY_VALUE, notSpec, textSpec } from './sets/spec.js';
import type { Comparison, SetSpec, Theory } from './sets/spec.js';
import { mergedSets, textOnly } from './sets/merged.js';
import { isCallersKey } from './keys.js';

export const ACTION = 'action';
export const RESOURCE = 'resource';
export const CALLER = 'caller';
/** What nothing is known of: comparisons with variables that have no value. */
export const UNKNOWN_PREFIX = 'unknown:';
const KEY_PREFIX = 'key:';

/** A place where a variable is put into a pattern. */
export interface VariableUse {
  readonly key: string;
  /** Of the variable and of what it is put into, on the side that asks. */
  readonly side: string;
  readonly dimension: string;
  readonly pieces: readonly PatternPiece[];
  readonly how: 'resource' | 'text' | 'ignoreCase' | 'arn';
}

/** The value of a policy variable: a text, `null` when the key is absent, `undefined` when nothing is known. */
export type VariableValue = string | null | undefined;

/** Options of {@link Encoder}. */
export interface EncoderOptions {
  readonly atoms: Atoms;
  /** Value of a variable by its key in lower case and side. */
  readonly variable: (key: string, side: string) => VariableValue;
  /** Told of each place of a variable. */
  readonly onVariable: (use: VariableUse) => void;
  /** Told of each comparison of which nothing is known. */
  readonly onUnknown: (reason: string) => void;
  /** How the values of a key (in lower case) are told apart; comparisons of another kind are not understood. */
  readonly theory: (key: string) => Theory;
  /** Callers that have a permissions boundary. `@default` none. */
  readonly hasBoundary?: boolean;
  /** Which of two requests is spoken of, for what belongs to the caller. `@default` there is one. */
  readonly side?: string;
  /** The actions that are asked about. `@default` all. */
  readonly scope?: ActionScope;
  /** Whether ARN patterns with fewer than six parts may match what they match as one text. `@default` they match nothing. */
  readonly openArns?: boolean;
}

/** The dimension of a key (in lower case); `side` tells the callers of two requests apart. */
export function keyDimension(key: string, side: string): string {
  return isCallersKey(key) ? `${side}${KEY_PREFIX}${key}` : `${KEY_PREFIX}${key}`;
}

/** The key and side of a dimension; `undefined` when it is none of a key. */
export function keyOfDimension(dimension: string): { readonly key: string; readonly side: string } | undefined {
  const at = dimension.indexOf(KEY_PREFIX);
  return at < 0 || dimension.startsWith(UNKNOWN_PREFIX)
    ? undefined
    : { key: dimension.slice(at + KEY_PREFIX.length), side: dimension.slice(0, at) };
}

/** Encodes statements of one request. */
export class Encoder {
  readonly atoms: Atoms;
  readonly side: string;
  private readonly actions = new Map<string, Language>();

  constructor(private readonly options: EncoderOptions) {
    this.atoms = options.atoms;
    this.side = options.side ?? '';
  }

  /** Whether a statement applies; a caller that the form does not fit does not count. */
  applies(statement: Statement, version: string | undefined, forms?: ReadonlySet<Form>): Formula {
    const variables = version === '2012-10-17';
    // What the rest of such a statement says does not matter.
    if (!statement.action.negated && this.concerned(statement.action.patterns).length === 0) return FALSE;
    const parts = [
      this.principal(statement, forms),
      this.action(statement.action),
      statement.resource === undefined ? TRUE : this.resource(statement.resource, variables),
    ];
    for (const condition of statement.conditions) {
      if (parts.includes(FALSE)) break;
      parts.push(this.condition(condition, variables));
    }
    return and(parts);
  }

  /** The caller is one of a language. */
  caller(callers: Language): Formula {
    return this.atoms.some(this.side + CALLER, textSpec(callers));
  }

  /** The resource is one of a language. */
  resourceIn(resources: Language): Formula {
    return this.atoms.some(RESOURCE, textSpec(resources));
  }

  /** The action, in lower case, is one of a language. */
  actionIn(actions: Language): Formula {
    return this.atoms.some(ACTION, textSpec(actions));
  }

  // ------------------------------------------------------------------------------------------------ Principal

  private principal({ principal, effect }: Statement, forms: ReadonlySet<Form> | undefined): Formula {
    const wants = (form: Form): boolean => forms === undefined || forms.has(form);
    if (principal === undefined) return wants('everyone') ? TRUE : FALSE;
    const { negated, principals } = principal;
    const everyone = principals.some(({ kind, value }) => kind === 'AWS' && value === '*');
    const byForm = new Map<Form, Language[]>();
    for (const each of principals) {
      for (const [form, callers] of namedCallers(each)) byForm.set(form, [...(byForm.get(form) ?? []), callers]);
    }
    const named = (wanted: (form: Form) => boolean): Formula => {
      const languages = [...byForm].filter(([form]) => wanted(form)).flatMap(([, each]) => each);
      return languages.length === 0 ? FALSE : this.caller(choice(languages));
    };
    if (!negated) {
      const all = everyone && wants('everyone') ? TRUE : FALSE;
      const named_ = named(wants);
      if (effect === 'Deny' || all === FALSE) return or([all, named_]);
      // In a trust policy "*" allows AWS principals only.
      return or([this.caller(SIGNED), not(this.actionIn(TRUST_ACTIONS)), named_]);
    }
    if (!wants('everyone')) return FALSE;
    if (effect === 'Allow') return everyone ? FALSE : not(named(() => true));
    const boundary = this.options.hasBoundary === true ? this.caller(WITH_BOUNDARY) : FALSE;
    if (everyone) return boundary;
    // Spared is only who is listed with all that stands behind it.
    const account = named((form) => form === 'account');
    const spared = or([
      and([this.caller(callersOfKinds(['root'])), account]),
      and([this.caller(callersOfKinds(['user'])), account, named((form) => form === 'user')]),
      and([
        this.caller(callersOfKinds(['session'])),
        account,
        named((form) => form === 'role'),
        named((form) => form === 'session'),
      ]),
      and([this.caller(callersOfKinds(['federatedUser'])), account, named((form) => form === 'federatedUser')]),
      named((form) => form === 'service' || form === 'provider'),
    ]);
    return or([boundary, not(spared)]);
  }

  // ------------------------------------------------------------------------------------------------ Action, Resource

  action({ negated, patterns: all }: PatternElement): Formula {
    const patterns = this.concerned(all);
    if (patterns.length === 0) return negated ? TRUE : FALSE;
    const key = patterns.join('\n').toLowerCase();
    let language = this.actions.get(key);
    if (language === undefined) {
      language = choice(patterns.map((pattern) => wildcardLanguage(pattern.toLowerCase())));
      this.actions.set(key, language);
    }
    const listed = patterns.includes('*') ? TRUE : this.actionIn(language);
    return negated ? not(listed) : listed;
  }

  /** The patterns that can match an action that is asked about. */
  private concerned(patterns: readonly string[]): readonly string[] {
    const { scope } = this.options;
    return scope === undefined ? patterns : patterns.filter(scope.concerns);
  }

  resource({ negated, patterns }: PatternElement, variables: boolean): Formula {
    if (!negated && patterns.includes('*')) return TRUE;
    const fixed: Language[] = [];
    const parts: Formula[] = [];
    const needed: Formula[] = [];
    for (const pattern of patterns) {
      const pieces = resourcePieces(pattern, variables);
      const value = this.substituted(pieces, RESOURCE, 'resource');
      if (value === 'unknown') {
        const loose = resourceLanguage(loosened(pieces));
        const matches = and([this.unknown(RESOURCE, `resource ${pattern}`), this.resourceIn(loose)]);
        const present = this.variablesPresent(pieces);
        needed.push(present);
        parts.push(and([present, matches]));
      } else if (value === 'absent') {
        needed.push(FALSE);
      } else {
        fixed.push(resourceLanguage(value));
      }
    }
    if (fixed.length > 0) parts.push(this.resourceIn(choice(fixed)));
    // A variable without a value makes a statement with NotResource apply to nothing.
    return negated ? and([not(or(parts)), ...needed]) : or(parts);
  }

  // ------------------------------------------------------------------------------------------------ Condition

  /** Whether a condition holds. */
  condition(condition: Condition, variables: boolean): Formula {
    const { operator, qualifier, ifExists, values: wanted } = condition;
    const key = condition.key.toLowerCase();
    const isNull = not(this.some(key, notSpec(BLANK)));
    if (operator === 'Null') {
      // With a set operator AWS does not look at the key.
      if (qualifier !== undefined) return qualifier === 'ForAllValues' ? TRUE : FALSE;
      const texts = wanted.map((value) => value.toLowerCase());
      return or([texts.includes('true') ? isNull : FALSE, texts.includes('false') ? not(isNull) : FALSE]);
    }
    const missing = not(this.some(key, EVERY_VALUE));
    const { test, negated } = TESTS[operator];
    const sets: SetSpec[] = [];
    const unknown: Formula[] = [];
    for (const value of wanted) {
      const set = this.valueSet(test, key, value, variables);
      if (set.kind === 'set') sets.push(set.set);
      else unknown.push(this.unknownComparison(key, qualifier, test, written(value, variables), set.pieces));
    }
    if (qualifier === undefined) {
      const matches = or([...unknown, ...this.someOf(key, sets)]);
      const holds = negated ? not(matches) : matches;
      return ifExists ? or([missing, holds]) : holds;
    }
    if (unknown.length > 0) {
      const texts = wanted.map((value) => written(value, variables));
      const text = JSON.stringify([qualifier, operator, key, texts]);
      return or([qualifier === 'ForAllValues' ? isNull : FALSE, this.unknown(keyDimension(key, this.side), text)]);
    }
    // Each value must match one of the wanted, or some value must; negated, none of the wanted.
    const all = mergedSets(sets);
    const within = all.map((set) => (negated ? notSpec(set) : set));
    const [set] = within;
    const target = set ?? (negated ? EVERY_VALUE : notSpec(EVERY_VALUE));
    if (qualifier === 'ForAllValues') return or([isNull, not(this.some(key, notSpec(target)))]);
    // IfExists changes nothing here.
    return and([not(isNull), this.some(key, target)]);
  }

  /** The dimension of a key (in lower case). */
  dimensionOfKey(key: string): string {
    return keyDimension(key, this.side);
  }

  /** Some value of the key is in the set. */
  some(key: string, set: SetSpec): Formula {
    if (!isDerivedKey(key)) return this.atoms.some(keyDimension(key, this.side), set);
    const language = textOnly(set);
    if (language === undefined) return this.unknown(keyDimension(key, this.side), JSON.stringify(set, textOfBigInt));
    return this.caller(callersWhose(key, language));
  }

  private someOf(key: string, sets: readonly SetSpec[]): readonly Formula[] {
    return mergedSets(sets).map((set) => this.some(key, set));
  }

  private valueSet(test: Test, key: string, value: string, variables: boolean): ValueSet {
    if (theoryOfTest(test) !== this.options.theory(key)) return { kind: 'unknown', pieces: [] };
    switch (test.kind) {
      case 'text': {
        const pieces = piecesOf(value, variables, test.how !== 'ignoreCase' && test.wildcards);
        const filled = this.substituted(pieces, keyDimension(key, this.side), test.how);
        if (filled === 'unknown') return { kind: 'unknown', pieces };
        if (filled === 'absent') return NO_VALUE;
        const isArn = test.how === 'arn';
        if (isArn && this.options.openArns === true && isShortArn(filled)) return { kind: 'unknown', pieces: filled };
        return setOf(textSpec(isArn ? arnLanguage(filled) : textLanguage(filled, test.how === 'ignoreCase')));
      }
      case 'quantity': {
        const exact = (test.theory === 'number' ? numberOf(value) : dateOf(value))?.exact();
        if (exact === undefined) return NO_VALUE;
        const comparison: Comparison = { ...test.sides, ...exact };
        return setOf({ kind: 'quantity', theory: test.theory, comparisons: [comparison] });
      }
      case 'address': {
        const range = addressRange(value);
        return range === undefined ? NO_VALUE : setOf({ kind: 'addresses', ranges: [range] });
      }
      case 'bool': {
        if (!/^(?:true|false)$/i.test(value)) return NO_VALUE;
        return setOf(textSpec(literalLanguage(value.toLowerCase(), { ignoreCase: true })));
      }
      case 'binary':
        return setOf(textSpec(binaryLanguage(value)));
    }
  }

  // ------------------------------------------------------------------------------------------------ Variables

  private substituted(
    pieces: readonly PatternPiece[],
    dimension: string,
    how: VariableUse['how'],
  ): readonly MarkedChar[] | 'unknown' | 'absent' {
    const result: MarkedChar[] = [];
    let isUnknown = false;
    for (const piece of pieces) {
      if (!isVariable(piece)) {
        result.push(piece);
        continue;
      }
      this.options.onVariable({ key: piece.key, side: this.side, dimension, pieces, how });
      const value = this.options.variable(piece.key, this.side);
      const text = value === null ? piece.otherwise : value;
      if (text !== undefined) result.push(...text.split('').map((character) => ({ character, wild: false })));
      else if (value === null) return 'absent';
      else isUnknown = true;
    }
    return isUnknown ? 'unknown' : result;
  }

  private variablesPresent(pieces: readonly PatternPiece[]): Formula {
    return and(
      pieces.map((piece) =>
        isVariable(piece) && piece.otherwise === undefined ? this.some(piece.key, EVERY_VALUE) : TRUE,
      ),
    );
  }

  private unknownComparison(
    key: string,
    qualifier: Condition['qualifier'],
    test: Test,
    value: string,
    pieces: readonly PatternPiece[],
  ): Formula {
    const text = JSON.stringify([qualifier, test, key, value]);
    const unknown = this.unknown(keyDimension(key, this.side), text);
    if (qualifier !== undefined || test.kind !== 'text' || pieces.length === 0) return unknown;
    const loose = loosened(pieces);
    const language = test.how === 'arn' ? markedLanguage(loose) : textLanguage(loose, false);
    const matches = test.how === 'ignoreCase' ? EVERY_VALUE : textSpec(language);
    return and([unknown, this.variablesPresent(pieces), this.some(key, matches)]);
  }

  private unknown(dimension: string, text: string): Formula {
    this.options.onUnknown(text);
    return this.atoms.some(`${UNKNOWN_PREFIX}${this.side}${dimension} ${text}`, EVERY_VALUE);
  }
}

const TRUST_ACTIONS = wildcardLanguage('sts:assumerole*');
const WITH_BOUNDARY = callersOfKinds(['role', 'user', 'session', 'federatedUser']);

type ValueSet =
  | { readonly kind: 'set'; readonly set: SetSpec }
  | { readonly kind: 'unknown'; readonly pieces: readonly PatternPiece[] };

/** What a value is told from others by: in policies without variables `${` is plain text. */
const written = (value: string, variables: boolean): string =>
  variables || !value.includes('${') ? value : `${value} without variables`;

const setOf = (set: SetSpec): ValueSet => ({ kind: 'set', set });
const NO_VALUE = setOf(notSpec(EVERY_VALUE));

/** The pattern with anything in the place of its variables. */
function loosened(pieces: readonly PatternPiece[]): readonly MarkedChar[] {
  return pieces.map((piece) => (isVariable(piece) ? { character: '*', wild: true } : piece));
}

const textOfBigInt = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
