/**
 * The parameters of the rules: what an organization chooses. Each has a type, a default and a sentence; the rules read
 * them below one key of the document's root, which `cfn-guard validate -i` merges in the same way.
 */
import { PARAMETERS } from './parameter-table.js';

export { PARAMETERS };

/** A JSON value. */
export type ParameterValue =
  null | boolean | number | string | readonly ParameterValue[] | { readonly [key: string]: ParameterValue };

/**
 * - `pattern`: a regular expression in Guard's dialect
 * - `textOrNull`: a text, or `null` where nothing is chosen
 * - `textsOrNull`: a list of texts, or `null` where the organization keeps none
 * - `integers`: a list of whole numbers that are not negative
 * - `textsByName`: a map from a name to a list of texts
 * - `secondsByStage`: a map from a stage to a number of seconds, with the key `default` for all other stages
 * - `keyTypes`: data class → `owned`, `managed` or `customer`
 * - `retentionByName`: data set → `{ expireDays?, minYears?, byAge?, tiers?: { storageClass, afterMonths }[] }`
 * - `tagRequirements`: a list of `{ key, pattern?, values? }`; a map from key to `{ pattern?, values? }` is accepted too
 */
export type ParameterType =
  | 'boolean'
  | 'integer'
  | 'integers'
  | 'text'
  | 'pattern'
  | 'texts'
  | 'textOrNull'
  | 'textsOrNull'
  | 'textsByName'
  | 'secondsByStage'
  | 'keyTypes'
  | 'retentionByName'
  | 'tagRequirements';

/** A parameter that rules read. */
export interface ParameterDefinition {
  readonly type: ParameterType;
  readonly default: ParameterValue;
  readonly description: string;
  /** Bounds of an `integer`, both inclusive. */
  readonly range?: readonly [number, number];
}

/** A parameter that cannot be used, and why: one sentence, lower case, no full stop. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
}

/** The default of every parameter. */
export function defaultParameters(): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(Object.entries(PARAMETERS).map(([name, definition]) => [name, definition.default]));
}

/**
 * Checks parameters that somebody chose, and adds the defaults of the others.
 *
 * @param chosen - Parameter name → value, such as the section of a configuration file.
 * @returns Every parameter, in the form that rules read, and what is wrong. Where there is a problem the values must not
 *   be used: a rule with a parameter of a wrong type could select nothing and so check nothing.
 */
export function completeParameters(chosen: Readonly<Record<string, unknown>>): {
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly problems: readonly ParameterProblem[];
} {
  const values: Record<string, ParameterValue> = { ...defaultParameters() };
  const problems: ParameterProblem[] = [];
  for (const [parameter, value] of Object.entries(chosen)) {
    const definition = Object.hasOwn(PARAMETERS, parameter) ? PARAMETERS[parameter] : undefined;
    if (definition === undefined) {
      problems.push({
        parameter,
        message: `there is no parameter of that name; there are ${Object.keys(PARAMETERS).join(', ')}`,
      });
      continue;
    }
    const read = READERS[definition.type](value, definition);
    if (typeof read === 'string') problems.push({ parameter, message: read });
    else values[parameter] = read.value;
  }
  return { values, problems };
}

/** A value in the form that rules read, or what is wrong with it. */
type Read = { readonly value: ParameterValue } | string;
type Reader = (value: unknown, definition: ParameterDefinition) => Read;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const READERS: Readonly<Record<ParameterType, Reader>> = {
  boolean: (value) => (typeof value === 'boolean' ? { value } : 'must be true or false'),
  integer: (value, { range }) => {
    const [low, high] = range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high;
    return fits ? { value } : `must be a whole number from ${low} to ${high}`;
  },
  integers: (value) =>
    isList(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
      ? { value: value as readonly number[] }
      : 'must be a list of whole numbers',
  text: (value) => (isText(value) && value !== '' ? { value } : 'must be a text that is not empty'),
  pattern: (value) => (isText(value) && value !== '' ? { value } : 'must be a regular expression'),
  texts: (value) => (isTexts(value) ? { value } : 'must be a list of texts'),
  textOrNull: (value) =>
    value === null || (isText(value) && value !== '') ? { value } : 'must be a text that is not empty, or null',
  textsOrNull: (value) => (value === null || isTexts(value) ? { value } : 'must be a list of texts, or null'),
  textsByName: (value) =>
    isObject(value) && Object.values(value).every(isTexts)
      ? { value: value as Readonly<Record<string, readonly string[]>> }
      : 'must be a map from a name to a list of texts',
  secondsByStage: (value) => {
    if (!isObject(value)) return 'must be a map from stage to a number of seconds';
    for (const [stage, seconds] of Object.entries(value)) {
      if (!Number.isSafeInteger(seconds) || (seconds as number) < 3600 || (seconds as number) > 43_200) {
        return `stage \`${stage}\` must have a whole number from 3600 to 43200`;
      }
    }
    if (!Object.hasOwn(value, 'default')) return 'must have the key `default` for all other stages';
    return { value: value as Readonly<Record<string, number>> };
  },
  keyTypes: (value) => {
    if (!isObject(value)) return 'must be a map from data class to kind of key';
    for (const [name, kind] of Object.entries(value)) {
      if (!isText(kind) || !['owned', 'managed', 'customer'].includes(kind)) {
        return `class \`${name}\` must be owned, managed or customer`;
      }
    }
    return { value: value as Readonly<Record<string, string>> };
  },
  retentionByName: (value) => {
    if (!isObject(value)) return 'must be a map from a name to how long data is kept';
    for (const [name, kept] of Object.entries(value)) {
      const wrong = retentionProblem(kept);
      if (wrong !== null) return `\`${name}\` ${wrong}`;
    }
    return { value: value as Readonly<Record<string, ParameterValue>> };
  },
  tagRequirements: (value) => {
    const entries = isObject(value)
      ? Object.entries(value).map(([key, rest]): unknown => (isObject(rest) ? { key, ...rest } : rest))
      : value;
    if (!Array.isArray(entries)) return 'must be a list of required tags';
    const requirements: ParameterValue[] = [];
    for (const entry of entries as readonly unknown[]) {
      const wrong = tagRequirementProblem(entry);
      if (wrong !== null) return wrong;
      requirements.push(entry as ParameterValue);
    }
    return { value: requirements };
  },
};

function retentionProblem(kept: unknown): string | null {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  if (!isObject(kept)) return 'must be a map';
  for (const [setting, value] of Object.entries(kept)) {
    if (setting === 'expireDays' || setting === 'minYears') {
      if (!isCount(value)) return `must have a whole number above 0 as \`${setting}\``;
    } else if (setting === 'byAge') {
      if (typeof value !== 'boolean') return 'must have true or false as `byAge`';
    } else if (setting === 'tiers') {
      const isTier = (tier: unknown): boolean =>
        isObject(tier) &&
        isText(tier['storageClass']) &&
        isCount(tier['afterMonths']) &&
        Object.keys(tier).length === 2;
      if (!isList(value) || !value.every(isTier)) {
        return 'must have a list of `{ storageClass, afterMonths }` as `tiers`';
      }
    } else return `has an unknown setting \`${setting}\`; there are expireDays, minYears, byAge and tiers`;
  }
  return null;
}

function tagRequirementProblem(entry: unknown): string | null {
  if (!isObject(entry)) return 'each required tag must be a map with the key `key`';
  const { key, pattern, values, ...others } = entry;
  if (!isText(key) || key === '') return 'each required tag must name its `key`';
  if (pattern !== undefined && !(isText(pattern) && pattern !== '')) {
    return `\`pattern\` of tag \`${key}\` must be a regular expression`;
  }
  if (values !== undefined && !isTexts(values)) return `\`values\` of tag \`${key}\` must be a list of texts`;
  const [unknown] = Object.keys(others);
  return unknown === undefined
    ? null
    : `tag \`${key}\` has an unknown setting \`${unknown}\`; there are pattern and values`;
}
