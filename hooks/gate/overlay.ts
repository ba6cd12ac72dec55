/**
 * Overlays: small files in which an administrator says what is approved beyond, or less than, a snapshot of AWS's schemas.
 * They name paths, so that they stay when the snapshot is taken anew.
 */
import type { TemplateSource } from '../../template/index.js';
import type { Scalar } from './schema.js';

/** What one overlay says of one resource type. */
export interface TypeOverlay {
  /** Said to whoever is refused anything of the type. */
  readonly message?: string;
  /** The restricted schema of a type that the snapshot does not have, such as a private type. */
  readonly schema?: object;
  /** Opens free-form values; with a schema, adds a property that the snapshot does not have. */
  readonly allow?: readonly (string | { readonly path: string; readonly schema?: object })[];
  /** Leaves only these, with everything below them. */
  readonly only?: readonly string[];
  /** `true`: the whole type. */
  readonly forbid?: true | readonly (string | { readonly path: string; readonly message?: string })[];
  readonly constrain?: readonly Constraint[];
  /** `refuse`: resources of the type may not be deleted either. */
  readonly delete?: 'refuse';
}

/** Narrows the values at a path. */
export interface Constraint {
  readonly path: string;
  readonly enum?: readonly Scalar[];
  readonly const?: Scalar;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly required?: true;
  readonly message?: string;
  readonly controls?: readonly string[];
}

/** The content of an overlay file that fits {@link OVERLAY_SCHEMA}. */
export interface OverlayContent {
  readonly version: 1;
  /** Said to whoever is refused anything. */
  readonly message?: string;
  /** What becomes of a property that an update leaves as it was and that is not approved any more. `@default` refuse */
  readonly legacy?: 'warn' | 'refuse';
  readonly types?: Readonly<Record<string, TypeOverlay>>;
}

/** An overlay file. */
export interface Overlay {
  readonly content: OverlayContent;
  /** For the places of what is wrong with it. */
  readonly source: TemplateSource;
}

const path = { type: 'string', pattern: '^(/[^/]+)+$', description: 'a path such as /Rules/*/Name' };
const text = { type: 'string', pattern: '\\S', description: 'a text' };
const count = { type: 'integer', minimum: 0, description: 'a number from 0 on' };
const scalar = { type: ['string', 'number', 'boolean'], description: 'a text, a number or a Boolean' };
const schema = { type: 'object', description: 'a JSON Schema' };

const pathOrObject = (more: object): object => ({
  if: { type: 'object' },
  then: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: { path, ...more },
    description: 'a path, or a map with path',
  },
  else: path,
});

/** The schema of an overlay file, draft-07. A `description` says what a value must be; messages quote it. */
export const OVERLAY_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/gate-overlay.json',
  title: 'Overlay of the feature gate',
  type: 'object',
  description: 'a map with version and types',
  additionalProperties: false,
  required: ['version'],
  properties: {
    version: { const: 1, description: '1' },
    message: text,
    legacy: { enum: ['warn', 'refuse'], description: 'warn or refuse' },
    types: {
      type: 'object',
      description: 'a map from resource type to what holds for it',
      propertyNames: {
        pattern: '^[A-Za-z0-9]+(::[A-Za-z0-9@_-]+)+$',
        description: 'a resource type such as AWS::S3::Bucket',
      },
      additionalProperties: {
        type: 'object',
        description: 'a map with allow, only, forbid, constrain, message, delete or schema',
        additionalProperties: false,
        properties: {
          message: text,
          schema,
          allow: { type: 'array', items: pathOrObject({ schema }), description: 'a list of paths' },
          only: { type: 'array', minItems: 1, items: path, description: 'a list of paths' },
          forbid: {
            if: { type: 'array' },
            then: { type: 'array', items: pathOrObject({ message: text }) },
            else: { const: true, description: 'true or a list of paths' },
          },
          constrain: {
            type: 'array',
            description: 'a list of limits',
            items: {
              type: 'object',
              description: 'a map with path and limits',
              additionalProperties: false,
              required: ['path'],
              minProperties: 2,
              properties: {
                path,
                enum: { type: 'array', minItems: 1, items: scalar, description: 'a list of values' },
                const: scalar,
                pattern: text,
                minLength: count,
                maxLength: count,
                minimum: { type: 'number', description: 'a number' },
                maximum: { type: 'number', description: 'a number' },
                minItems: count,
                maxItems: count,
                uniqueItems: { const: true, description: 'true' },
                required: { const: true, description: 'true' },
                message: text,
                controls: { type: 'array', items: text, description: 'a list of controls' },
              },
            },
          },
          delete: { const: 'refuse', description: 'refuse' },
        },
      },
    },
  },
} as const;
