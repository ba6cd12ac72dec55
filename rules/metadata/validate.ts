/**
 * Metadata and packs against their schemas. The schema compiler is handed in (`ajv.compile(...)` fits), because loading it
 * takes longer than a whole check of a template.
 */
import type { PackDefinition, RuleMetadata } from './types.js';

/** A compiled JSON schema, as ajv's `compile` returns it. */
export interface CompiledSchema {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly params?: object }[] | null;
}

/** A value that fits its schema, or one sentence per fault, each with the JSON pointer of the place. */
export type Validated<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** @param schema - The compiled `rules/schema/rule.schema.json`. */
export function validateRuleMetadata(value: unknown, schema: CompiledSchema): Validated<RuleMetadata> {
  return validated<RuleMetadata>(value, schema);
}

/** @param schema - The compiled `rules/schema/pack.schema.json`. */
export function validatePack(value: unknown, schema: CompiledSchema): Validated<PackDefinition> {
  return validated<PackDefinition>(value, schema);
}

function validated<T>(value: unknown, schema: CompiledSchema): Validated<T> {
  if (schema(value)) return { value: value as T };
  const problems = (schema.errors ?? []).map(({ instancePath, message = 'is wrong', params }) => {
    const words = params === undefined ? '' : ` ${JSON.stringify(params)}`;
    return `${instancePath === '' ? '/' : instancePath} ${message}${words}`;
  });
  return { problems: problems.length === 0 ? ['/ is wrong'] : problems };
}
