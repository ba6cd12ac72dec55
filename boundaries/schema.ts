/** JSON schemas (draft-07) of the files of a template: those of all policy templates, and what boundaries and roles add. */
import { CASES_SCHEMA, CLAIMS_SCHEMA, templateSchema } from '../iam/templates/index.js';

const of = { enum: ['trust'] };
const text = { type: 'string', minLength: 1 };
const { cases } = CASES_SCHEMA.properties;
const { claims } = CLAIMS_SCHEMA.properties;

export const BOUNDARY_CASES_SCHEMA = {
  ...CASES_SCHEMA,
  $id: 'https://stackade.dev/schema/boundary-cases.json',
  properties: {
    ...CASES_SCHEMA.properties,
    cases: { ...cases, items: { ...cases.items, properties: { ...cases.items.properties, of } } },
  },
};

export const BOUNDARY_CLAIMS_SCHEMA = {
  ...CLAIMS_SCHEMA,
  $id: 'https://stackade.dev/schema/boundary-claims.json',
  properties: {
    claims: { ...claims, items: { ...claims.items, properties: { ...claims.items.properties, of } } },
    isolation: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['claim', 'key', 'within', 'others', 'twin'],
        properties: {
          claim: claims.items.properties.claim,
          key: text,
          within: text,
          others: text,
          twin: claims.items.properties.twin,
        },
      },
    },
  },
};

export const BOUNDARY_SCHEMA = templateSchema(
  { kind: { enum: ['boundary', 'role'] } },
  {
    companions: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['title', 'language', 'lines'],
        properties: { title: text, language: text, lines: { type: 'array', minItems: 1, items: { type: 'string' } } },
      },
    },
  },
);
