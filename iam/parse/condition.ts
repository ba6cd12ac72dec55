/**
 * Reads the `Condition` element
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
import { Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import { CONDITION_OPERATORS } from '../model.js';
import type { Condition, ConditionOperator } from '../model.js';
import { kindOf, shown } from './problems.js';
import type { Problems } from './problems.js';

/** An operator as it is written in front of condition keys. */
export type OperatorName = Pick<Condition, 'operator' | 'qualifier' | 'ifExists'>;

const OPERATORS = new Map<string, ConditionOperator>(CONDITION_OPERATORS.map((name) => [name.toLowerCase(), name]));
const QUALIFIERS = new Map([
  ['forallvalues', 'ForAllValues'],
  ['foranyvalue', 'ForAnyValue'],
] as const);
const IF_EXISTS = 'ifexists';

/**
 * Reads an operator such as `ForAllValues:StringLikeIfExists`; case does not count.
 *
 * @returns `undefined` for what is no operator; `NullIfExists` is none.
 */
export function parseOperator(text: string): OperatorName | undefined {
  const lower = text.toLowerCase();
  const colon = lower.indexOf(':');
  const qualifier = colon < 0 ? undefined : QUALIFIERS.get(lower.slice(0, colon) as 'forallvalues' | 'foranyvalue');
  if (colon >= 0 && qualifier === undefined) return undefined;
  const rest = lower.slice(colon + 1);
  const plain = OPERATORS.get(rest);
  const ifExists = plain === undefined && rest.endsWith(IF_EXISTS);
  const operator = ifExists ? OPERATORS.get(rest.slice(0, -IF_EXISTS.length)) : plain;
  if (operator === undefined || (ifExists && operator === 'Null')) return undefined;
  return { operator, ...(qualifier === undefined ? {} : { qualifier }), ifExists };
}

/** The operator's canonical spelling. */
export function printOperator({ operator, qualifier, ifExists }: OperatorName): string {
  return `${qualifier === undefined ? '' : `${qualifier}:`}${operator}${ifExists ? 'IfExists' : ''}`;
}

/** Reads the whole element. @returns `null` after a fatal problem. */
export function parseConditions(value: Value, path: Path, problems: Problems): readonly Condition[] | null {
  if (!isMap(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      path,
      `\`Condition\` is ${kindOf(value)}`,
      'write a map from operators to maps from condition keys to values',
    );
  }
  const found: Condition[] = [];
  const seen = new Map<string, string>();
  let faulty = false;
  for (const written of keysOf(value)) {
    const at = [...path, written];
    const name = parseOperator(written);
    if (name === undefined) {
      unknownOperator(written, at, problems);
      faulty = true;
      continue;
    }
    if (repeats(seen, printOperator(name), written, at, 'operator', problems)) faulty = true;
    const conditions = conditionsOf(name, written, get(value, written)!, at, problems);
    if (conditions === null) faulty = true;
    else found.push(...conditions);
  }
  return faulty ? null : found;
}

function unknownOperator(written: string, path: Path, problems: Problems): void {
  if (/^(?:for(?:all|any)values?:)?nullifexists$/i.test(written)) {
    problems.fatal(
      'NULL_WITH_IF_EXISTS',
      path,
      `\`${written}\` is no operator: \`Null\` asks whether the key exists, so \`IfExists\` has no place there`,
      'write `Null`',
    );
    return;
  }
  problems.fatal(
    'INVALID_CONDITION_OPERATOR',
    path,
    `there is no condition operator ${shown(written)}`,
    'write an operator such as `StringEquals`, `StringLike`, `ArnLike`, `Bool`, `IpAddress` or `Null`',
  );
}

/** Whether a key was written before in the same map, perhaps in another case. */
function repeats(
  seen: Map<string, string>,
  canonical: string,
  written: string,
  path: Path,
  what: string,
  problems: Problems,
): boolean {
  const before = seen.get(canonical);
  seen.set(canonical, written);
  if (before === undefined) return false;
  problems.fatal(
    'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
    path,
    `the ${what} \`${written}\` stands beside \`${before}\`, which is the same`,
    'put the values of both under one of them',
  );
  return true;
}

function conditionsOf(
  name: OperatorName,
  operator: string,
  value: Value,
  path: Path,
  problems: Problems,
): readonly Condition[] | null {
  if (!isMap(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      path,
      `the operator \`${operator}\` holds ${kindOf(value)}`,
      'write a map from condition keys to values',
    );
  }
  const conditions: Condition[] = [];
  const seen = new Map<string, string>();
  let faulty = false;
  for (const key of keysOf(value)) {
    const at = [...path, key];
    if (!/^[^\s:]+:[^\s]/.test(key)) {
      problems.fatal(
        'INVALID_CONDITION_KEY_FORMAT',
        at,
        `${shown(key)} is no condition key`,
        'write the key with the prefix of its service, such as `aws:SourceAccount` or `s3:prefix`',
      );
      faulty = true;
      continue;
    }
    if (repeats(seen, key.toLowerCase(), key, at, 'condition key', problems)) faulty = true;
    const values = valuesOf(value, key, at, problems);
    if (values === null) faulty = true;
    else conditions.push({ ...name, key, values });
  }
  return faulty ? null : conditions;
}

function valuesOf(map: ValueMap, key: string, path: Path, problems: Problems): readonly string[] | null {
  const value = get(map, key)!;
  const items = isList(value) ? value : [value];
  const values: string[] = [];
  let faulty = false;
  for (const [index, item] of items.entries()) {
    const text = scalarText(item);
    if (text !== undefined) {
      values.push(text);
      continue;
    }
    problems.fatal(
      'DATA_TYPE_MISMATCH',
      isList(value) ? [...path, index] : path,
      `a value of \`${key}\` is ${kindOf(item)}`,
      'write values as texts; a list holds the alternatives',
    );
    faulty = true;
  }
  return faulty ? null : values;
}

/** A scalar as IAM compares it: the quotation marks around numbers and booleans are optional. */
function scalarText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  return value instanceof Float ? String(value.value) : undefined;
}
