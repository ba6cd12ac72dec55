/**
 * A policy document as the checks read it: what is well-formed, with the way to each text. Faults of form are the
 * parser's to tell and are left out here, so that one wrong element does not hide what is wrong with the others.
 */
import { Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import type { Principal } from '../model.js';
import { parseOperator } from '../parse/condition.js';
import type { OperatorName } from '../parse/condition.js';

/** A text and the way to it. */
export interface Placed {
  readonly text: string;
  readonly path: Path;
}

/** `Action` or `Resource`, or the negation of one. */
export interface ElementView {
  /** As it is written: `Action`, `NotAction`, `Resource` or `NotResource`. */
  readonly name: string;
  readonly negated: boolean;
  readonly path: Path;
  readonly items: readonly Placed[];
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalView {
  readonly name: string;
  readonly negated: boolean;
  readonly path: Path;
  /** `*` without a kind. */
  readonly star: boolean;
  readonly items: readonly (Placed & { readonly kind: Principal['kind'] })[];
}

/** One condition key under one operator. */
export interface ConditionView extends OperatorName {
  /** The operator as it is written. */
  readonly written: string;
  readonly key: string;
  /** The key in lower case. */
  readonly lower: string;
  /** To the key. */
  readonly path: Path;
  readonly values: readonly (Placed & { readonly raw: Value })[];
  /** Whether the values stand in a list. */
  readonly listed: boolean;
}

/** One statement. */
export interface StatementView {
  readonly path: Path;
  readonly map: ValueMap;
  readonly sid?: Placed;
  readonly effect?: 'Allow' | 'Deny';
  readonly action?: ElementView;
  readonly resource?: ElementView;
  readonly principal?: PrincipalView;
  readonly conditions: readonly ConditionView[];
}

/** The document. */
export interface PolicyView {
  readonly version?: string;
  readonly statements: readonly StatementView[];
}

/** Reads what can be read of a document; never throws. */
export function viewOf(value: Value): PolicyView {
  if (!isMap(value)) return { statements: [] };
  const version = get(value, 'Version');
  const statement = get(value, 'Statement');
  const placed: (readonly [Value, Path])[] = isList(statement)
    ? statement.map((each, index) => [each, ['Statement', index]])
    : statement === undefined
      ? []
      : [[statement, ['Statement']]];
  return {
    ...(typeof version === 'string' ? { version } : {}),
    statements: placed.flatMap(([each, path]) => (isMap(each) ? [statementView(each, path)] : [])),
  };
}

function statementView(map: ValueMap, path: Path): StatementView {
  const sid = get(map, 'Sid');
  const effect = get(map, 'Effect');
  const action = elementView(map, 'Action', path);
  const resource = elementView(map, 'Resource', path);
  const principal = principalView(map, path);
  return {
    path,
    map,
    ...(typeof sid === 'string' ? { sid: { text: sid, path: [...path, 'Sid'] } } : {}),
    ...(effect === 'Allow' || effect === 'Deny' ? { effect } : {}),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
    ...(principal === undefined ? {} : { principal }),
    conditions: conditionViews(get(map, 'Condition'), [...path, 'Condition']),
  };
}

function elementView(map: ValueMap, plain: string, path: Path): ElementView | undefined {
  const name = get(map, plain) === undefined ? `Not${plain}` : plain;
  const value = get(map, name);
  if (typeof value !== 'string' && !isList(value)) return undefined;
  const at = [...path, name];
  return { name, negated: name !== plain, path: at, items: textsOf(value, at) };
}

function textsOf(value: Value | undefined, path: Path): Placed[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!isList(value)) return [];
  return value.flatMap((text, index) => (typeof text === 'string' ? [{ text, path: [...path, index] }] : []));
}

function principalView(map: ValueMap, path: Path): PrincipalView | undefined {
  const name = get(map, 'Principal') === undefined ? 'NotPrincipal' : 'Principal';
  const value = get(map, name);
  const at = [...path, name];
  const common = { name, negated: name === 'NotPrincipal', path: at };
  if (value === '*') return { ...common, star: true, items: [{ kind: 'AWS', text: '*', path: at }] };
  if (!isMap(value)) return undefined;
  const items = (['AWS', 'Service', 'Federated', 'CanonicalUser'] as const).flatMap((kind) =>
    textsOf(get(value, kind), [...at, kind]).map((placed) => ({ kind, ...placed })),
  );
  return { ...common, star: false, items };
}

function conditionViews(value: Value | undefined, path: Path): ConditionView[] {
  if (!isMap(value)) return [];
  return keysOf(value).flatMap((written) => {
    const operator = parseOperator(written);
    const keys = get(value, written);
    if (operator === undefined || !isMap(keys)) return [];
    return keysOf(keys).map((key): ConditionView => {
      const at = [...path, written, key];
      const given = get(keys, key)!;
      const items: (readonly [Value, Path])[] = isList(given)
        ? given.map((raw, index) => [raw, [...at, index]])
        : [[given, at]];
      return {
        ...operator,
        written,
        key,
        lower: key.toLowerCase(),
        path: at,
        listed: isList(given),
        values: items.flatMap(([raw, place]) => {
          const text = scalarText(raw);
          return text === undefined ? [] : [{ raw, text, path: place }];
        }),
      };
    });
  });
}

function scalarText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  return value instanceof Float ? String(value.value) : undefined;
}

/** Operators that hold when the values differ, and so also when the key is missing. */
export function isNegated({ operator }: Pick<OperatorName, 'operator'>): boolean {
  return operator.includes('Not');
}

/** Operators that compare texts with `*` and `?` as wildcards. */
export function takesWildcards({ operator }: Pick<OperatorName, 'operator'>): boolean {
  return operator.startsWith('Arn') || operator.endsWith('Like');
}

/**
 * Whether a condition demands that its key is there with one of the values: positive, and no `IfExists`, which changes
 * nothing under `ForAnyValue`.
 */
export function demandsKey({ operator, ifExists, qualifier, values }: ConditionView): boolean {
  if (operator === 'Null') return qualifier === undefined && values.every(({ text }) => text.toLowerCase() === 'false');
  return !operator.includes('Not') && (qualifier === undefined ? !ifExists : qualifier === 'ForAnyValue');
}
