/**
 * Edits of restricted schemas at paths. A definition that other paths share is copied on the way, so that an edit holds
 * for its own path only. Every edit but the opening of a free-form value and an added property takes away from what the
 * schema accepts.
 */
import { boundPattern, isPlaceholder, PLACEHOLDERS, placeholdersIn, readPattern } from './pattern.js';
import type { Constraint } from './overlay.js';
import { bodyOf, own, resolved, withEntry, withoutEntry } from './schema.js';
import type { RestrictedSchema, Scalar, Schema, SchemaPath } from './schema.js';

/** An edit that cannot be made. */
export class EditFault extends Error {
  /** @param reason - What kind of fault it is. */
  constructor(
    readonly reason: 'unknownPath' | 'unsuitable' | 'pattern' | 'widens',
    message: string,
    /** Names that there are where a step of the path leads nowhere; the step. */
    readonly candidates: readonly string[] = [],
    readonly step = '',
  ) {
    super(message);
  }
}

/** Changes a part of a schema. */
type Edit = (schema: Schema) => Schema;

/**
 * @param path - The parts that it leads to, through every form that has it, are replaced.
 * @throws EditFault when the path leads nowhere, or when the edit cannot be made.
 */
function editAt(root: RestrictedSchema, path: SchemaPath, edit: Edit): RestrictedSchema {
  const { definitions, $schema, typeName, 'x-source': source } = root;
  return { $schema, typeName, 'x-source': source, ...editBelow(root, bodyOf(root), path, edit), definitions };
}

function editBelow(root: RestrictedSchema, schema: Schema, path: SchemaPath, edit: Edit): Schema {
  const node = resolved(root, schema);
  const [step, ...rest] = path;
  if (step === undefined) return edit(node);
  if (node.anyOf !== undefined) {
    let edited = 0;
    let first: unknown;
    const anyOf = node.anyOf.map((each) => {
      try {
        const after = editBelow(root, each, path, edit);
        edited += 1;
        return after;
      } catch (error) {
        if (!(error instanceof EditFault) || error.reason !== 'unknownPath') throw error;
        first ??= error;
        return each;
      }
    });
    if (edited === 0) throw first;
    return { ...node, anyOf };
  }
  if (node.type === 'array' && step === '*') {
    return { ...node, items: editBelow(root, node.items ?? { not: {} }, rest, edit) };
  }
  if (node.type === 'object') {
    const property = own(node.properties, step);
    if (property !== undefined) {
      return { ...node, properties: withEntry(node.properties ?? {}, step, editBelow(root, property, rest, edit)) };
    }
    if (step === '*' && typeof node.additionalProperties === 'object') {
      return { ...node, additionalProperties: editBelow(root, node.additionalProperties, rest, edit) };
    }
    throw new EditFault('unknownPath', `there is no \`${step}\``, Object.keys(node.properties ?? {}), step);
  }
  if (node['x-free-form'] !== undefined) {
    throw new EditFault('unknownPath', `what lies above \`${step}\` is free-form; allow that first`);
  }
  const hint = node.type === 'array' ? 'the elements of a list are written `*`' : 'there is nothing below';
  throw new EditFault('unknownPath', `\`${step}\` leads nowhere: ${hint}`, node.type === 'array' ? ['*'] : [], step);
}

function parentOf(path: SchemaPath): { readonly parent: SchemaPath; readonly name: string } {
  return { parent: path.slice(0, -1), name: path.at(-1) ?? '' };
}

/** Runs an edit on the objects of a path's end. */
function editObject(
  root: RestrictedSchema,
  path: SchemaPath,
  edit: (node: Schema, name: string) => Schema,
): RestrictedSchema {
  const { parent, name } = parentOf(path);
  return editAt(root, parent, (node) => {
    const forms = node.anyOf?.map((each) => resolved(root, each)) ?? [node];
    // Two overlays may forbid the same.
    if (forms.some((form) => own(form['x-forbidden'], name) !== undefined)) return node;
    const has = forms.some((form) => form.type === 'object' && own(form.properties, name) !== undefined);
    if (!has) {
      const candidates = forms.flatMap((form) => Object.keys(form.properties ?? {}));
      throw new EditFault('unknownPath', `there is no \`${name}\``, candidates, name);
    }
    if (node.anyOf === undefined) return edit(node, name);
    return {
      ...node,
      anyOf: node.anyOf.map((each, index) =>
        own(forms[index]!.properties, name) === undefined ? each : edit(forms[index]!, name),
      ),
    };
  });
}

/** Opens a free-form value. What is not free-form stays as it is. @returns Whether anything was opened, too. */
export function openAt(
  root: RestrictedSchema,
  path: SchemaPath,
): { readonly schema: RestrictedSchema; readonly opened: boolean } {
  let opened = false;
  const schema = editAt(root, path, (node) => {
    const free = node['x-free-form'];
    if (node.not === undefined || free === undefined) return node;
    opened = true;
    const notes = Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'not' && key !== 'x-free-form'));
    if (free === 'json') return { ...notes, 'x-approved': true };
    return { ...notes, type: 'object', additionalProperties: free.map, 'x-approved': true };
  });
  return { schema, opened };
}

/** Adds a property that the schema does not have. */
export function addAt(root: RestrictedSchema, path: SchemaPath, schema: Schema): RestrictedSchema {
  const { parent, name } = parentOf(path);
  return editAt(root, parent, (node) => {
    if (node.type !== 'object') throw new EditFault('unsuitable', 'what is above it is no object');
    if (own(node.properties, name) !== undefined) {
      throw new EditFault('widens', `\`${name}\` is in the snapshot: narrow it with \`constrain\``);
    }
    return { ...node, properties: withEntry(node.properties ?? {}, name, schema) };
  });
}

/** Takes a property away. @param message - What is said to whoever uses it. */
export function forbidAt(root: RestrictedSchema, path: SchemaPath, message: string): RestrictedSchema {
  return editObject(root, path, (node, name) => ({
    ...node,
    properties: withoutEntry(node.properties ?? {}, name),
    'x-forbidden': withEntry(node['x-forbidden'] ?? {}, name, message),
  }));
}

/** Takes a property away as if the type did not have it. */
export function takeOut(root: RestrictedSchema, path: SchemaPath): RestrictedSchema {
  return editObject(root, path, (node, name) => {
    const { required = [], ...rest } = node;
    const left = required.filter((each) => each !== name);
    const properties = withoutEntry(node.properties ?? {}, name);
    return { ...rest, ...(left.length > 0 && { required: left }), properties };
  });
}

/** Leaves only what paths name, with everything below them. */
export function keepOnly(root: RestrictedSchema, paths: readonly SchemaPath[]): RestrictedSchema {
  for (const path of paths) editAt(root, path, (node) => node);
  const { definitions, $schema, typeName, 'x-source': source } = root;
  return { $schema, typeName, 'x-source': source, ...keepBelow(root, bodyOf(root), paths), definitions };
}

function keepBelow(root: RestrictedSchema, schema: Schema, paths: readonly SchemaPath[]): Schema {
  if (paths.some((path) => path.length === 0)) return schema;
  const node = resolved(root, schema);
  const below = (step: string): readonly SchemaPath[] =>
    paths.filter((path) => path[0] === step).map((path) => path.slice(1));
  if (node.anyOf !== undefined) return { ...node, anyOf: node.anyOf.map((each) => keepBelow(root, each, paths)) };
  if (node.type === 'array') return { ...node, items: keepBelow(root, node.items ?? { not: {} }, below('*')) };
  if (node.type !== 'object') return paths.length === 0 ? { not: {} } : node;
  const kept = Object.entries(node.properties ?? {}).flatMap(([name, each]): [string, Schema][] => {
    const rest = below(name);
    return rest.length === 0 ? [] : [[name, keepBelow(root, each, rest)]];
  });
  const { additionalProperties } = node;
  const values = below('*');
  return {
    ...node,
    properties: Object.fromEntries(kept),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: values.length === 0 ? false : keepBelow(root, additionalProperties, values),
    }),
  };
}

/** Narrows the values at a path. */
export function constrainAt(root: RestrictedSchema, path: SchemaPath, constraint: Constraint): RestrictedSchema {
  const { required, ...limits } = constraint;
  let schema = root;
  if (required === true) {
    schema = editObject(schema, path, (node, name) => ({
      ...node,
      required: [...new Set([...(node.required ?? []), name])],
    }));
  }
  return editAt(schema, path, (node) => narrow(schema, node, limits));
}

const LIMITS = {
  text: ['pattern', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  list: ['minItems', 'maxItems', 'uniqueItems'],
  any: ['enum', 'const'],
} as const;

const TAKES: Readonly<Record<string, readonly string[]>> = {
  string: [...LIMITS.text, ...LIMITS.any],
  integer: [...LIMITS.number, ...LIMITS.any],
  number: [...LIMITS.number, ...LIMITS.any],
  boolean: LIMITS.any,
  array: LIMITS.list,
};
const ALL_LIMITS: readonly string[] = [...LIMITS.text, ...LIMITS.number, ...LIMITS.list, ...LIMITS.any];

function narrow(root: RestrictedSchema, node: Schema, limits: Omit<Constraint, 'required'>): Schema {
  const given = ALL_LIMITS.filter((name) => Object.hasOwn(limits, name));
  const notes: Schema = {
    ...(limits.message !== undefined && { 'x-message': limits.message }),
    ...(limits.controls !== undefined && { 'x-controls': limits.controls }),
  };
  if (node.anyOf !== undefined) {
    if (given.length === 0) return { ...node, ...notes };
    // A form that cannot have the limit would be a way around it, so it goes.
    const forms = node.anyOf.map((each) => resolved(root, each)).filter((form) => suits(form, given));
    if (forms.length === 0) throw new EditFault('unsuitable', `no form of the value can have ${listOf(given)}`);
    return { ...node, ...notes, anyOf: forms.map((form) => narrow(root, form, limits)) };
  }
  if (node['x-free-form'] !== undefined) throw new EditFault('unsuitable', 'the value is free-form and not allowed');
  if (!suits(node, given)) {
    const what =
      node['x-approved'] === true && node.type === undefined ? 'a free-form value' : `a value of type ${node.type!}`;
    throw new EditFault(
      'unsuitable',
      `${what} cannot have ${listOf(given.filter((name) => !(TAKES[node.type ?? ''] ?? []).includes(name)))}`,
    );
  }
  const limit = limitOf(node, limits);
  if (Object.keys(limit).length === 0) return { ...node, ...notes };
  const isNew = Object.keys(limit).every((name) => name !== 'pattern' || node.pattern === undefined);
  if (isNew) return { ...node, ...limit, ...notes };
  const { pattern, ...rest } = limit;
  return { ...node, ...rest, ...notes, allOf: [...(node.allOf ?? []), { type: node.type!, pattern: pattern! }] };
}

function suits(node: Schema, given: readonly string[]): boolean {
  const takes = TAKES[node.type ?? ''] ?? [];
  return given.every((name) => takes.includes(name));
}

/** The limits as a schema has them: the narrower of what is there and what is asked for. */
function limitOf(node: Schema, limits: Omit<Constraint, 'required'>): Schema {
  const values = limits.const === undefined ? limits.enum : [limits.const];
  const { pattern, minLength, maxLength, minimum, maximum, minItems, maxItems, uniqueItems } = limits;
  const lower = (limit: number | undefined, before: number | undefined): number | undefined =>
    limit === undefined ? undefined : Math.max(limit, before ?? -Infinity);
  const upper = (limit: number | undefined, before: number | undefined): number | undefined =>
    limit === undefined ? undefined : Math.min(limit, before ?? Infinity);
  const narrowed = {
    enum: values === undefined ? undefined : fittingValues(node, values),
    pattern: pattern === undefined ? undefined : usablePattern(pattern),
    minLength: lower(minLength, node.minLength),
    maxLength: upper(maxLength, node.maxLength),
    minimum: lower(minimum, node.minimum),
    maximum: upper(maximum, node.maximum),
    minItems: lower(minItems, node.minItems),
    maxItems: upper(maxItems, node.maxItems),
    uniqueItems,
  };
  return Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value !== undefined));
}

function fittingValues(node: Schema, values: readonly Scalar[]): readonly Scalar[] {
  const isFit: Readonly<Record<string, (value: Scalar) => boolean>> = {
    string: (value) => typeof value === 'string',
    integer: (value) => Number.isInteger(value),
    number: (value) => typeof value === 'number',
    boolean: (value) => typeof value === 'boolean',
  };
  const wrong = values.find((value) => isFit[node.type ?? '']?.(value) !== true);
  if (wrong !== undefined) {
    throw new EditFault(
      'unsuitable',
      `\`${String(wrong)}\` is not of type ${node.type ?? ''}${node.type === 'string' ? '; write it in quotes' : ''}`,
    );
  }
  for (const value of values) if (typeof value === 'string') knownPlaceholders(value);
  const allowed = node.enum;
  const unknown = allowed === undefined ? undefined : values.find((value) => !allowed.includes(value));
  if (unknown !== undefined) {
    throw new EditFault(
      'widens',
      `the schema does not have the value \`${String(unknown)}\``,
      (allowed ?? []).map(String),
      String(unknown),
    );
  }
  return values;
}

function usablePattern(pattern: string): string {
  knownPlaceholders(pattern);
  const read = readPattern(pattern);
  if ('problem' in read) throw new EditFault('pattern', `the pattern \`${pattern}\` cannot be used: ${read.problem}`);
  return boundPattern(pattern);
}

function knownPlaceholders(text: string): void {
  const wrong = placeholdersIn(text).find((name) => !isPlaceholder(name));
  if (wrong !== undefined) {
    throw new EditFault('pattern', `there is no placeholder \`<${wrong}>\``, PLACEHOLDERS, wrong);
  }
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
