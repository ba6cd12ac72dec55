/** A JSON Schema of templates, for editors: they mark what the gate refuses while somebody writes. */
import type { Gate } from './gate.js';
import { PLACEHOLDERS } from './pattern.js';
import type { Placeholder } from './pattern.js';
import { bodyOf } from './schema.js';
import type { Schema } from './schema.js';

/** What stands for a placeholder, since an editor does not know where a template will be deployed. */
const ANY_VALUE: Readonly<Record<Placeholder, string>> = {
  accountId: '[0-9]{12}',
  region: '[a-z0-9-]+',
  partition: 'aws[a-z-]*',
  orgId: 'o-[a-z0-9]{10,32}',
  ouId: 'ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}',
  stackName: '[A-Za-z0-9-]+',
};

const INTRINSIC = { $ref: '#/definitions/intrinsic' };

/**
 * Makes the schema. It is draft-07, as the language servers of editors read it.
 *
 * Everywhere an intrinsic function may stand in place of a value, and a number or Boolean may be written as text. A type
 * that the gate does not approve, a property and a value that it refuses are marked.
 */
export function editorSchema(gate: Gate): object {
  const types = gate.approvedTypes().filter((type) => gate.schemaOf(type) !== null);
  const definitions: Record<string, object> = {
    intrinsic: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      patternProperties: { '^(?:Ref|Condition|Fn::.*)$': {} },
    },
  };
  const branches: object[] = [];
  for (const type of types) {
    const schema = gate.schemaOf(type)!;
    const name = type.replaceAll('::', '-');

    definitions[name] = node(bodyOf(schema), name);
    for (const [each, definition] of Object.entries(schema.definitions)) {
      definitions[`${name}.${each}`] = node(definition, name);
    }
    branches.push({
      if: { properties: { Type: { const: type } } },
      then: { properties: { Properties: { $ref: `#/definitions/${name}` } } },
    });
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'CloudFormation templates that the feature gate accepts',
    type: 'object',
    required: ['Resources'],
    properties: {
      Resources: {
        type: 'object',
        additionalProperties: {
          if: { type: 'object', required: ['Type'] },
          then: { properties: { Type: { enum: types } }, allOf: branches },
        },
      },
    },
    definitions,
  };
}

function node(schema: Schema, name: string): object {
  if (schema.$ref !== undefined) return { $ref: `#/definitions/${name}.${schema.$ref.slice('#/definitions/'.length)}` };
  if (schema.not !== undefined) return { not: {}, ...described(schema) };
  const inner = written(schema, name);
  return Object.keys(inner).length === 0 ? {} : { anyOf: [inner, INTRINSIC] };
}

function written(schema: Schema, name: string): object {
  const { type, properties, additionalProperties, required, items, anyOf, allOf, pattern } = schema;
  const { enum: values, minLength, maxLength, minimum, maximum, minItems, maxItems, uniqueItems } = schema;
  const scalar = type !== undefined && type !== 'object' && type !== 'array';
  const isFixed = values?.some(
    (value) => typeof value === 'string' && PLACEHOLDERS.some((each) => value.includes(`<${each}>`)),
  );
  const parts = {
    type: scalar ? [...new Set([type, 'string', 'number', 'boolean'])] : type,
    properties:
      properties && Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, node(each, name)])),
    additionalProperties:
      typeof additionalProperties === 'object' ? node(additionalProperties, name) : additionalProperties,
    required,
    items: items && node(items, name),
    anyOf: anyOf?.map((each) => node(each, name)),
    allOf: allOf?.map((each) => written(each, name)),
    pattern: pattern?.replace(/<([A-Za-z]+)>/g, (_, word: Placeholder) => ANY_VALUE[word]),
    // What a placeholder stands for is not known here, and a number may be written as text.
    enum:
      values === undefined || isFixed === true
        ? undefined
        : values.flatMap((value) => [...new Set([value, String(value)])]),
    minLength,
    maxLength,
    minimum,
    maximum,
    minItems,
    maxItems,
    uniqueItems,
    ...described(schema),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function described(schema: Schema): object {
  const message = schema['x-message'];
  return message === undefined ? {} : { description: message };
}
