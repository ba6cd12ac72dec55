/** Small templates, and unknowns shown as data. */
import { ABSENT, isList, isMap, keysOf } from '../../../template/index.js';
import type { Assignment, Resolution, ResolveOptions, Value, ValueMap } from '../../../template/index.js';
import { resolveTemplate } from '../../../template/index.js';

export const EXTENSIONS = 'AWS::LanguageExtensions';

/** Resolves a template whose resource `R` has the property `P`. */
export function resolveProperty(
  property: Value,
  sections: Readonly<Record<string, Value>> = {},
  options: ResolveOptions = {},
): Resolution & { readonly value: Value | undefined } {
  const resources = {
    R: { Type: 'AWS::Test::Resource', Properties: { P: property } },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Key: { Type: 'AWS::KMS::Key' },
    ...((sections['Resources'] as ValueMap | undefined) ?? {}),
  };
  const resolution = resolveTemplate({ Transform: EXTENSIONS, ...sections, Resources: resources }, options);
  return { ...resolution, value: at(resolution.document.value, ['Resources', 'R', 'Properties', 'P']) };
}

/** The value at a path of plain data. */
export function at(value: Value, path: readonly (string | number)[]): Value | undefined {
  let current: Value | undefined = value;
  for (const key of path) {
    if (isList(current)) current = current[Number(key)];
    else current = isMap(current) && Object.hasOwn(current, key) ? current[String(key)] : undefined;
  }
  return current;
}

/** Every assignment of some choices that can be reached. */
export function assignments(
  { document }: Resolution,
  unknown: { choices: readonly { id: string; values: readonly Value[] }[] },
): Assignment[] {
  let all = [new Map<string, Value>()];
  for (const { id, values } of unknown.choices) {
    all = all.flatMap((before) => values.map((value) => new Map(before).set(id, value)));
  }
  return all.filter((assignment) => document.feasible(assignment));
}

/**
 * A value with its unknowns as data: `{ '?': kind }`, or `{ '?': kind, 'id=value …': value }` with what each reachable
 * assignment makes of it.
 */
export function show(resolution: Resolution, value: Value | typeof ABSENT | undefined): unknown {
  if (value === ABSENT) return 'ABSENT';
  if (value === undefined || typeof value !== 'object' || value === null) return value;
  const unknown = resolution.document.unknownAt(value);
  if (unknown !== undefined) {
    const shown: Record<string, unknown> = { '?': unknown.kind };
    if (unknown.choices.length === 0) return shown;
    for (const assignment of assignments(resolution, unknown)) {
      const key = [...assignment].map(([id, given]) => `${id}=${JSON.stringify(given)}`.replaceAll('"', '')).join(' ');
      shown[key] = show(resolution, unknown.under(assignment));
    }
    return shown;
  }
  if (isList(value)) return value.map((item) => show(resolution, item));
  return isMap(value) ? Object.fromEntries(keysOf(value).map((key) => [key, show(resolution, value[key])])) : value;
}

/** What a property becomes, unknowns shown as data. */
export function shown(property: Value, sections?: Readonly<Record<string, Value>>, options?: ResolveOptions): unknown {
  const resolution = resolveProperty(property, sections, options);
  return show(resolution, resolution.value);
}

/** Diagnostics as `code path`. */
export function codes({ diagnostics }: Pick<Resolution, 'diagnostics'>): string[] {
  return diagnostics.map(({ code, path }) => `${code} ${path.join('/')}`);
}
