/** From the parsed files of a template to the template, and the schemas (draft-07) that they fit. */
import { templateSchema } from '../../iam/templates/index.js';
import { isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { MANAGEMENT_DOCUMENTS } from './documents.js';
import { MANAGEMENT_POLICY_TYPES } from './model.js';
import type { ManagementTemplate } from './model.js';

/** Of `template.json`. */
export const MANAGEMENT_SCHEMA = templateSchema(
  { kind: { enum: Object.keys(MANAGEMENT_POLICY_TYPES) } },
  {
    parameters: {
      type: 'object',
      propertyNames: { pattern: '^[a-z][A-Za-z]*$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['schema', 'default', 'description'],
        properties: { schema: { type: 'object' }, default: {}, description: { type: 'string', minLength: 10 } },
      },
    },
  },
);

const value = { type: 'object', additionalProperties: false } as const;

/** Of `cases.yml`. */
export const SETTING_CASES_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...value,
  required: ['cases'],
  properties: {
    cases: {
      type: 'array',
      minItems: 6,
      items: {
        ...value,
        required: ['name'],
        oneOf: [{ required: ['at'] }, { required: ['refused', 'parameters'] }],
        properties: {
          name: { type: 'string', minLength: 1 },
          parameters: { type: 'object' },
          below: { type: 'object' },
          at: { type: 'array', minItems: 1, items: { type: 'string' } },
          is: {},
          refused: { type: 'string' },
        },
      },
    },
  },
};

/**
 * Makes a template of its parsed files, which fit their schemas.
 *
 * @throws Error when there is no document of its name: a fault of the library.
 */
export function loadManagementTemplate({
  metadata,
  cases,
}: {
  readonly metadata: Value;
  readonly cases: Value;
}): ManagementTemplate {
  if (!isMap(metadata) || !isMap(cases)) throw new Error('a file of a management policy is no map');
  const template = { ...metadata, cases: cases['cases'] } as unknown as ManagementTemplate;
  if (!MANAGEMENT_DOCUMENTS.has(template.name)) throw new Error(`${template.name} has no document`);
  return template;
}

/** Whether a template of the library is one of these. */
export function isManagementTemplate(template: { readonly kind: string }): template is ManagementTemplate {
  return Object.hasOwn(MANAGEMENT_POLICY_TYPES, template.kind);
}
