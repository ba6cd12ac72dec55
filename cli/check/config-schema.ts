/** The schema of `stackade.yaml`, draft-07. A `description` says what a value must be; messages quote it. */
import { OU_PLACE } from '../../rules/index.js';

const texts = (what: string): object => ({
  type: 'array',
  items: { type: 'string', minLength: 1, description: what },
  description: 'a list of texts',
});

/** What parameters may hold: scalars and lists of them; their types belong to the templates. */
const scalar = { type: ['string', 'number', 'boolean'], description: 'text, a number or a list of these' };

const parameterMap = {
  type: 'object',
  description: 'a map from parameter name to value',
  additionalProperties: {
    if: { type: 'array' },
    then: { type: 'array', items: scalar },
    else: scalar,
  },
} as const;

const ruleParameterMap = { type: 'object', description: 'a map from parameter name to value' } as const;

export const CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/config.json',
  title: 'stackade.yaml',
  type: 'object',
  description: 'a map of settings',
  additionalProperties: false,
  properties: {
    packs: texts('the name of a pack'),
    rules: texts('the path of a Guard file or of a folder'),
    parameters: parameterMap,
    ruleParameters: ruleParameterMap,
    environments: {
      type: 'object',
      description: 'a map from the name of an environment, such as production, to what differs there',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]*$', description: 'a name such as production' },
      additionalProperties: {
        type: 'object',
        description: 'a map with parameters and ruleParameters',
        additionalProperties: false,
        properties: { parameters: parameterMap, ruleParameters: ruleParameterMap },
      },
    },
    region: { type: 'string', pattern: '^[a-z]{2,4}(-[a-z]+)+-[0-9]+$', description: 'a Region such as eu-central-1' },
    account: { type: 'string', pattern: '^[0-9]{12}$', description: 'an account id of 12 digits' },
    ou: {
      type: 'string',
      pattern: OU_PLACE,
      description:
        'the id of an organizational unit such as ou-ab12-11111111, of a root, or the path from the root to a unit',
    },
    partition: { type: 'string', pattern: '^aws(-[a-z]+)*$', description: 'a partition such as aws or aws-us-gov' },
    failOn: { enum: ['error', 'warning', 'info', 'never'], description: 'error, warning, info or never' },
    allowIncomplete: { type: 'boolean', description: 'true or false' },
    lint: {
      type: 'object',
      description: 'a map with enabled and codes',
      additionalProperties: false,
      properties: {
        enabled: { type: 'boolean', description: 'true or false' },
        codes: {
          type: 'object',
          description: 'a map from lint code to on or off',
          propertyNames: { pattern: '^[A-Z][0-9]{4}$', description: 'a lint code such as W9002' },
          additionalProperties: { type: 'boolean', description: 'on or off' },
        },
      },
    },
    knownTypes: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$',
        description: 'a resource type of AWS such as AWS::S3::Bucket',
      },
      description: 'a list of resource types',
    },
    exclude: texts('a pattern of paths'),
  },
} as const;

/** What a file that fits the schema holds. */
export interface ConfigContent {
  readonly packs?: readonly string[];
  readonly rules?: readonly string[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly ruleParameters?: Readonly<Record<string, unknown>>;
  readonly environments?: Readonly<Record<string, EnvironmentContent>>;
  readonly region?: string;
  readonly account?: string;
  readonly ou?: string;
  readonly partition?: string;
  readonly failOn?: 'error' | 'warning' | 'info' | 'never';
  readonly allowIncomplete?: boolean;
  readonly lint?: { readonly enabled?: boolean; readonly codes?: Readonly<Record<string, boolean>> };
  readonly knownTypes?: readonly string[];
  readonly exclude?: readonly string[];
}

/** What differs in one environment. */
export interface EnvironmentContent {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly ruleParameters?: Readonly<Record<string, unknown>>;
}
