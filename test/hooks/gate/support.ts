/** Gates, overlays and independent validators for tests. */
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { resourceType } from '../../../catalogue/index.js';
import type { Diagnostic } from '../../../findings/index.js';
import { buildGate, CATALOGUE_SOURCE, catalogueSet, fixedSet, generateSchema } from '../../../hooks/gate/index.js';
import type {
  Gate,
  GateContext,
  GateVerdict,
  Overlay,
  OverlayContent,
  RestrictedSchema,
  Schema,
  TypeOverlay,
} from '../../../hooks/gate/index.js';
import { readJsonSource } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';

export const ACCOUNT = '111122223333';
/** A deployment of which everything is known. */
export const CONTEXT: GateContext = {
  accountId: ACCOUNT,
  region: 'eu-west-1',
  partition: 'aws',
  orgId: 'o-exampleorgid',
  ouId: 'ou-exam-11111111',
  stackName: 'orders',
};

/** The restricted schema of a type of the catalogue. */
export function schemaOf(type: string): RestrictedSchema {
  return generateSchema(resourceType(type)!, CATALOGUE_SOURCE);
}

/** A schema of a type that does not exist. */
export function made(
  properties: Readonly<Record<string, Schema>>,
  more: Partial<RestrictedSchema> = {},
): RestrictedSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    typeName: 'Test::Made::Thing',
    'x-source': CATALOGUE_SOURCE,
    type: 'object',
    additionalProperties: false,
    properties,
    definitions: {},
    ...more,
  };
}

/** An overlay as its file would give it. */
export function overlay(types: Readonly<Record<string, TypeOverlay>>, more: Partial<OverlayContent> = {}): Overlay {
  const content: OverlayContent = { version: 1, ...more, types };
  const { source } = readJsonSource(JSON.stringify(content), 'overlay.json');
  return { content, source: source! };
}

/** A gate on types of the catalogue. @throws an Error with the diagnostics when an overlay is wrong. */
export function gateOf(types: readonly string[], ...overlays: readonly Overlay[]): Gate {
  return opened(buildGate(catalogueSet(types), overlays));
}

/** A gate on schemas. */
export function gateOn(schemas: readonly RestrictedSchema[], ...overlays: readonly Overlay[]): Gate {
  return opened(buildGate(fixedSet(schemas), overlays));
}

function opened({ gate, diagnostics }: ReturnType<typeof buildGate>): Gate {
  if (gate === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return gate;
}

/** What is wrong with overlays: code, message and the text that the place shows. */
export function faultsOf(types: readonly string[], ...overlays: readonly Overlay[]): readonly string[] {
  return buildGate(catalogueSet(types), overlays).diagnostics.map(shown);
}

function shown({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

/** Decides on a creation. */
export function create(gate: Gate, type: string, properties: Value, context = CONTEXT): GateVerdict {
  return gate.decide({ type, action: 'CREATE', properties }, context);
}

/** The verdict, and each problem as `kind /pointer message`. */
export function told({ status, typeProblem, problems }: GateVerdict): readonly string[] {
  const list = problems.map(
    ({ kind, path, message }) => `${kind} ${path.map((step) => `/${step}`).join('')} ${message}`,
  );
  return [status, ...(typeProblem === null ? [] : [`${typeProblem.reason} ${typeProblem.message}`]), ...list];
}

/** An independent validator of a schema: the general one, with the keywords of ours as notes. */
export function ajvOf(schema: object): ValidateFunction {
  const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(['typeName', 'x-source', 'x-free-form', 'x-approved', 'x-forbidden', 'x-message', 'x-controls']);
  return ajv.compile(schema);
}
