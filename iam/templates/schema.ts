/** JSON schemas (draft-07) of the files of a template. A `description` says what a value must be; messages quote it. */

const text = { type: 'string', minLength: 1, description: 'a text that is not empty' };
const sentence = { type: 'string', minLength: 10, description: 'a sentence' };
const sentences = { type: 'array', items: sentence };
const texts = { type: 'array', items: text, minItems: 1, uniqueItems: true, description: 'a list of texts' };
const parameterValues = {
  type: 'object',
  description: 'a map from parameter to value',
  additionalProperties: { anyOf: [text, { type: 'array', items: text }] },
};
const context = {
  type: 'object',
  description: 'a map from condition key to a text or a list of texts',
  additionalProperties: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'a text or a list of texts; write true, numbers and times in quotes',
  },
};

/** Of `cases.yml`, and of requests that users bring. */
export const CASES_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/policy-cases.json',
  type: 'object',
  description: 'a map with cases',
  additionalProperties: false,
  required: ['cases'],
  properties: {
    parameters: parameterValues,
    context,
    cases: {
      type: 'array',
      minItems: 1,
      description: 'a list of cases, at least one',
      items: {
        type: 'object',
        description: 'a case',
        additionalProperties: false,
        required: ['name', 'principal', 'action', 'resource', 'decision'],
        properties: {
          name: text,
          principal: {
            anyOf: [
              { type: 'string', pattern: '^(anonymous$|arn:)' },
              {
                type: 'object',
                additionalProperties: false,
                required: ['service'],
                properties: { service: text },
              },
              {
                type: 'object',
                additionalProperties: false,
                required: ['federated'],
                properties: { federated: { type: 'string', pattern: '^arn:' } },
              },
            ],
            description: 'an ARN, anonymous, or a map with service or federated',
          },
          sessionIssuer: { type: 'string', pattern: '^arn:', description: 'the ARN of a role' },
          action: {
            type: 'string',
            pattern: '^[a-z0-9-]+:[A-Za-z0-9]+$',
            description: 'an action such as s3:GetObject',
          },
          resource: {
            type: 'string',
            pattern: '^(\\*$|arn:)',
            description: 'an ARN, or * for an action without resource',
          },
          resourceAccount: {
            type: 'string',
            pattern: '^[0-9]{12}$',
            description: 'an account id of 12 digits, in quotes',
          },
          context,
          decision: {
            enum: ['ALLOW', 'EXPLICIT_DENY', 'IMPLICIT_DENY'],
            description: 'ALLOW, EXPLICIT_DENY or IMPLICIT_DENY',
          },
          by: text,
        },
      },
    },
  },
} as const;

/** Of `claims.yml`. */
export const CLAIMS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/policy-claims.json',
  type: 'object',
  additionalProperties: false,
  required: ['claims'],
  properties: {
    claims: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['claim', 'decision', 'twin'],
        properties: {
          claim: sentence,
          callers: texts,
          principals: texts,
          notPrincipals: texts,
          accounts: { enum: ['same', 'different'] },
          actions: texts,
          notActions: texts,
          resources: texts,
          notResources: texts,
          when: { type: 'object', additionalProperties: { type: 'object' } },
          decision: { enum: ['ALLOW', 'EXPLICIT_DENY', 'IMPLICIT_DENY', 'DENY'] },
          valuesOf: texts,
          assume: { type: 'object', additionalProperties: text },
          twin: {
            type: 'object',
            additionalProperties: false,
            required: ['because'],
            minProperties: 2,
            properties: {
              because: sentence,
              parameters: parameterValues,
              without: text,
              change: { type: 'object', additionalProperties: { type: 'object' } },
            },
          },
        },
      },
    },
  },
} as const;

/** What every `template.json` has. */
const TEMPLATE_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/policy-template.json',
  type: 'object',
  additionalProperties: false,
  required: [
    ...['name', 'title', 'controls', 'description', 'risk', 'needs', 'doesNotReach', 'rollout', 'sources'],
    'parameters',
  ],
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)+$' },
    title: { type: 'string', minLength: 10, maxLength: 90, pattern: '[^.]$' },
    controls: { ...texts, items: { type: 'string', pattern: '^[A-Z0-9]+(-[A-Z0-9]+)*-[0-9]{2}$' } },
    description: sentence,
    risk: sentence,
    needs: sentences,
    doesNotReach: { ...sentences, minItems: 1 },
    rollout: { ...sentences, minItems: 1 },
    sources: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['title', 'url', 'read'],
        properties: {
          title: text,
          url: { type: 'string', pattern: '^https://' },
          read: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
        },
      },
    },
    parameters: {
      type: 'object',
      propertyNames: { pattern: '^[a-z][A-Za-z]*$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'description'],
        anyOf: [{ required: ['default'] }, { required: ['example'] }],
        properties: {
          type: text,
          list: { const: true },
          least: { type: 'integer', minimum: 0 },
          default: { type: ['string', 'array'] },
          example: { type: ['string', 'array'] },
          description: sentence,
        },
      },
    },
    survivors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['statement', 'change', 'why'],
        properties: { statement: text, change: text, why: sentence },
      },
    },
    absentKeys: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['key', 'actions', 'why'],
        properties: { key: text, actions: texts, why: sentence },
      },
    },
  },
} as const;

/**
 * The schema of the `template.json` of a library.
 *
 * @param required - What its templates have besides.
 * @param optional - What they may have.
 */
export function templateSchema(
  required: Readonly<Record<string, object>>,
  optional: Readonly<Record<string, object>> = {},
): object {
  return {
    ...TEMPLATE_SCHEMA,
    required: [...TEMPLATE_SCHEMA.required, ...Object.keys(required)],
    properties: { ...TEMPLATE_SCHEMA.properties, ...required, ...optional },
  };
}
