/**
 * The parameters of the rules: what an organization chooses. Each has a type, a default and a sentence; the rules read
 * them below one key of the document's root, which `cfn-guard validate -i` merges in the same way.
 */

/** A JSON value. */
export type ParameterValue =
  null | boolean | number | string | readonly ParameterValue[] | { readonly [key: string]: ParameterValue };

/**
 * - `pattern`: a regular expression in Guard's dialect
 * - `textsOrNull`: a list of texts, or `null` where the organization keeps none
 * - `keyTypes`: data class → `owned`, `managed` or `customer`
 * - `tagRequirements`: a list of `{ key, pattern?, values? }`; a map from key to `{ pattern?, values? }` is accepted too
 */
export type ParameterType =
  'boolean' | 'integer' | 'text' | 'pattern' | 'texts' | 'textsOrNull' | 'keyTypes' | 'tagRequirements';

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

/** All parameters, by name. */
export const PARAMETERS: Readonly<Record<string, ParameterDefinition>> = {
  appTag: { type: 'text', default: 'application', description: 'Key of the tag that names the application.' },
  auditLogPrefixes: {
    type: 'texts',
    default: ['/audit/'],
    description: 'How names of log groups start that hold audit records.',
  },
  classes: {
    type: 'texts',
    default: ['public', 'internal', 'confidential', 'restricted'],
    description: 'The data classes of the organization.',
  },
  classTag: { type: 'text', default: 'data-classification', description: 'Key of the tag that names the data class.' },
  cmkClasses: {
    type: 'texts',
    default: ['confidential', 'restricted'],
    description: 'Data classes that ask for a customer managed key.',
  },
  exemptTypes: { type: 'texts', default: [], description: 'Resource types that need not carry the required tags.' },
  keyAliasPattern: {
    type: 'pattern',
    default: '^alias/',
    description:
      'What the alias of a customer managed key looks like, where a template names the key by alias. Aliases of AWS (`alias/aws/…`) are never accepted.',
  },
  keyTypeByClass: {
    type: 'keyTypes',
    default: { public: 'owned', internal: 'managed', confidential: 'customer', restricted: 'customer' },
    description:
      'The weakest kind of encryption key for each data class: `owned` by AWS, `managed` by AWS, or `customer` managed.',
  },
  maxRotationDays: {
    type: 'integer',
    default: 365,
    range: [90, 2560],
    description: 'The longest time in days between two rotations of a key.',
  },
  minPendingDays: {
    type: 'integer',
    default: 14,
    range: [7, 30],
    description: 'The shortest waiting period in days before a key is deleted.',
  },
  ownerRegister: {
    type: 'textsOrNull',
    default: null,
    description: 'The owners that a data store may name; `null` accepts every owner.',
  },
  ownerTag: { type: 'text', default: 'owner', description: 'Key of the tag that names the accountable owner.' },
  requiredTags: {
    type: 'tagRequirements',
    default: [
      { key: 'owner', pattern: '.+@.+' },
      { key: 'cost-center', pattern: '^[0-9]{4,8}$' },
      { key: 'business-unit' },
      { key: 'project' },
    ],
    description: 'Tags that every resource carries, each with its allowed `values` or a `pattern` of them, or neither.',
  },
  requireExplicit: {
    type: 'boolean',
    default: true,
    description: 'Whether a queue must declare its encryption although the service encrypts by default.',
  },
  stackTagsProvided: {
    type: 'texts',
    default: [],
    description: 'Keys of tags that every stack gives to its resources, so that templates need not.',
  },
  stageTag: { type: 'text', default: 'stage', description: 'Key of the tag that names the stage.' },
  stages: { type: 'texts', default: ['dev', 'test', 'prod'], description: 'The stages of the organization.' },
};

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
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const READERS: Readonly<Record<ParameterType, Reader>> = {
  boolean: (value) => (typeof value === 'boolean' ? { value } : 'must be true or false'),
  integer: (value, { range }) => {
    const [low, high] = range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high;
    return fits ? { value } : `must be a whole number from ${low} to ${high}`;
  },
  text: (value) => (isText(value) && value !== '' ? { value } : 'must be a text that is not empty'),
  pattern: (value) => (isText(value) && value !== '' ? { value } : 'must be a regular expression'),
  texts: (value) => (isTexts(value) ? { value } : 'must be a list of texts'),
  textsOrNull: (value) => (value === null || isTexts(value) ? { value } : 'must be a list of texts, or null'),
  keyTypes: (value) => {
    if (!isObject(value)) return 'must be a map from data class to kind of key';
    for (const [name, kind] of Object.entries(value)) {
      if (!isText(kind) || !['owned', 'managed', 'customer'].includes(kind)) {
        return `class \`${name}\` must be owned, managed or customer`;
      }
    }
    return { value: value as Readonly<Record<string, string>> };
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
