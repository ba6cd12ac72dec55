/** Snapshots: the restricted schemas of some types on one day, and the list that pins each of them by its digest. */
import { createHash } from 'node:crypto';
import { catalogueInfo, resourceType } from '../../catalogue/index.js';
import { generateSchema } from './generate.js';
import type { SchemaSource } from './generate.js';
import type { RestrictedSchema } from './schema.js';
import { schemaFaults } from './verify.js';

/** The name of the list of a snapshot. */
export const MANIFEST_NAME = 'snapshot.json';

/** What a snapshot holds. */
export interface Manifest {
  readonly format: 1;
  readonly source: SchemaSource;
  /** Resource type → its file, and the SHA-256 of the bytes of the file in hexadecimal digits. */
  readonly types: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

/** The restricted schemas that a gate stands on. */
export interface SchemaSet {
  readonly types: readonly string[];
  /** @returns `undefined` for a type that is not among them; why not when its schema cannot be used. */
  load(type: string): LoadedSchema | undefined;
}

export type LoadedSchema = { readonly schema: RestrictedSchema } | { readonly problem: string };

/** Where the schemas of this version come from. */
export const CATALOGUE_SOURCE: SchemaSource = {
  database: catalogueInfo.package,
  version: catalogueInfo.version,
  date: catalogueInfo.date,
};

/** The types of the catalogue as it is now. @param types - Names that the catalogue has. */
export function catalogueSet(types: readonly string[]): SchemaSet {
  const made = new Map<string, LoadedSchema>();
  const names = new Set(types);
  return {
    types: [...names].sort(),
    load(name) {
      if (!names.has(name)) return undefined;
      let loaded = made.get(name);
      const type = loaded === undefined ? resourceType(name) : undefined;
      if (type !== undefined) made.set(name, (loaded = { schema: generateSchema(type, CATALOGUE_SOURCE) }));
      return loaded;
    },
  };
}

/** Schemas that are there already. */
export function fixedSet(schemas: readonly RestrictedSchema[]): SchemaSet {
  const byName = new Map(schemas.map((schema) => [schema.typeName, { schema }]));
  return { types: [...byName.keys()].sort(), load: (type) => byName.get(type) };
}

/**
 * The files of a snapshot, by name: the same bytes for the same types of the same catalogue.
 *
 * @param of - The schemas that are new; or names that the catalogue has.
 * @param before - The list of a snapshot whose other types stay as they are.
 */
export function snapshotFiles(of: SchemaSet | readonly string[], before?: Manifest): ReadonlyMap<string, string> {
  const set = 'load' in of ? of : catalogueSet(of);
  const files = new Map<string, string>();
  const entries = new Map(Object.entries(before?.types ?? {}));
  for (const type of set.types) {
    const loaded = set.load(type);
    if (loaded === undefined || !('schema' in loaded)) continue;
    const text = `${JSON.stringify(loaded.schema, null, 2)}\n`;
    const file = `${type.replaceAll('::', '-')}.json`;
    files.set(file, text);
    entries.set(type, { file, sha256: digest(text) });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest: Manifest = { format: 1, source: CATALOGUE_SOURCE, types: Object.fromEntries(sorted) };
  files.set(MANIFEST_NAME, `${JSON.stringify(manifest, null, 2)}\n`);
  return files;
}

/** Reads the list of a snapshot. @returns A sentence when it is none. */
export function readManifest(text: string): { readonly manifest: Manifest } | { readonly problem: string } {
  const value = parsed(text);
  if (!isRecord(value)) return { problem: 'it is no JSON object' };
  if (value['format'] !== 1) {
    return { problem: `its format is ${JSON.stringify(value['format'])}, and only 1 is known` };
  }
  const { source, types } = value;
  if (
    !isRecord(source) ||
    ![source['database'], source['version'], source['date']].every((each) => typeof each === 'string')
  ) {
    return { problem: 'its `source` has no database, version and date' };
  }
  if (!isRecord(types)) return { problem: 'its `types` are no map' };
  for (const [type, entry] of Object.entries(types)) {
    if (
      !isRecord(entry) ||
      !/^[A-Za-z0-9_-]+\.json$/.test(String(entry['file'])) ||
      !/^[0-9a-f]{64}$/.test(String(entry['sha256']))
    ) {
      return { problem: `the entry of \`${type}\` has no file and digest` };
    }
  }
  return { manifest: value as unknown as Manifest };
}

/**
 * The schemas of a snapshot, each read when it is first asked for.
 *
 * @param read - The text of one of its files; a sentence when there is none.
 */
export function snapshotSet(
  manifest: Manifest,
  read: (file: string) => { readonly text: string } | { readonly problem: string },
): SchemaSet {
  const loaded = new Map<string, LoadedSchema>();
  return {
    types: Object.keys(manifest.types).sort(),
    load(type) {
      if (!Object.hasOwn(manifest.types, type)) return undefined;
      let known = loaded.get(type);
      if (known === undefined) loaded.set(type, (known = readSchema(manifest, type, read)));
      return known;
    },
  };
}

function readSchema(
  { types }: Manifest,
  type: string,
  read: (file: string) => { readonly text: string } | { readonly problem: string },
): LoadedSchema {
  const { file, sha256 } = types[type]!;
  const answer = read(file);
  if ('problem' in answer) return answer;
  if (digest(answer.text) !== sha256) {
    return { problem: `\`${file}\` is not the file that the snapshot was made with: its digest differs` };
  }
  return readRestrictedSchema(answer.text, type);
}

/** Reads a restricted schema and looks whether it is closed. */
export function readRestrictedSchema(text: string, type: string): LoadedSchema {
  const value = parsed(text);
  const [fault] = schemaFaults(value, type);
  if (fault === undefined) return { schema: value as RestrictedSchema };
  return {
    problem: `its schema cannot be used: ${fault.message}${fault.pointer === '' ? '' : ` (at ${fault.pointer})`}`,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
