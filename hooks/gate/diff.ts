/** What differs between two sets of schemas: what AWS has added since a snapshot, and what a new one would approve. */
import { pathText, resolved } from './schema.js';
import type { RestrictedSchema, Scalar, Schema, SchemaPath } from './schema.js';
import type { SchemaSet } from './snapshot.js';

/** One difference. */
export interface SchemaChange {
  readonly type: string;
  /** Below the properties of the type; empty for the type as a whole. */
  readonly path: SchemaPath;
  readonly kind: 'type' | 'property' | 'value' | 'limit' | 'shape' | 'required' | 'free-form';
  /** What became of it: `opened` and `closed` tell what a free-form value was before, and is now. */
  readonly change: 'added' | 'removed' | 'changed';
  /** Values that are added or removed, or the shape before and after. */
  readonly detail: string;
  /** Whether the newer set accepts something that the older one refuses. */
  readonly widens: boolean;
  /** Of values: those that the older set lists. */
  readonly before?: readonly Scalar[];
  /** Of limits: the keyword, with what the older set has for it. */
  readonly limit?: Pick<Schema, LimitName>;
}

/** Keywords that limit values, other than a list of them. */
const LIMITS = [
  'pattern',
  'allOf',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'uniqueItems',
] as const;
type LimitName = (typeof LIMITS)[number];

/** What differs, and of which types not everything could be named. */
export interface SchemaDiff {
  /** In the order of types and paths. */
  readonly changes: readonly SchemaChange[];
  /** With `every` path asked for: types whose changes lie in objects that hold themselves, or at too many paths. */
  readonly unnameable: ReadonlySet<string>;
}

/**
 * Compares schemas type by type. Types whose schema cannot be read are left out; the caller has looked at them before.
 *
 * @param paths - `first`: a part that several paths share is told at the first of them.
 */
export function diffSchemas(older: SchemaSet, newer: SchemaSet, paths: 'first' | 'every' = 'first'): SchemaDiff {
  const changes: SchemaChange[] = [];
  const unnameable = new Set<string>();
  for (const type of [...new Set([...older.types, ...newer.types])].sort()) {
    const before = schemaOf(older, type);
    const after = schemaOf(newer, type);
    if (before !== null && after !== null) {
      const diff = new TypeDiff(before, after, paths);
      const found = diff.run();
      changes.push(...found);
      if (diff.isPartial && found.some(({ widens }) => widens)) unnameable.add(type);
    } else if (before !== after) {
      const change = before === null ? 'added' : 'removed';
      changes.push({ type, path: [], kind: 'type', change, detail: '', widens: before === null });
    }
  }
  return { changes, unnameable };
}

/** Most paths of one type that are looked at. */
const MAX_PATHS = 50_000;

function schemaOf(set: SchemaSet, type: string): RestrictedSchema | null {
  const loaded = set.load(type);
  return loaded !== undefined && 'schema' in loaded ? loaded.schema : null;
}

class TypeDiff {
  private readonly changes: SchemaChange[] = [];
  private readonly seen = new Map<Schema, Set<Schema>>();
  private visited = 0;
  isPartial = false;

  constructor(
    private readonly before: RestrictedSchema,
    private readonly after: RestrictedSchema,
    private readonly paths: 'first' | 'every',
  ) {}

  run(): readonly SchemaChange[] {
    this.compare(this.before, this.after, []);
    return this.changes;
  }

  private compare(one: Schema, other: Schema, path: SchemaPath): void {
    const before = resolved(this.before, one);
    const after = resolved(this.after, other);
    const known = this.seen.get(before) ?? new Set();
    if (known.has(after) || (this.visited += 1) > MAX_PATHS) {
      this.isPartial = true;
      return;
    }
    this.seen.set(before, known.add(after));
    this.compareParts(before, after, path);
    // Other paths that lead here are named, too; only what holds itself has no end.
    if (this.paths === 'every') known.delete(after);
  }

  private compareParts(before: Schema, after: Schema, path: SchemaPath): void {
    const [shapeBefore, shapeAfter] = [shapeOf(before), shapeOf(after)];
    if (shapeBefore !== shapeAfter) {
      const kind = before.not === undefined && after.not === undefined ? 'shape' : 'free-form';
      this.say(path, kind, 'changed', `${shapeBefore} → ${shapeAfter}`, after.not === undefined);
      return;
    }
    if (before.type === 'object') this.object(before, after, path);
    if (before.items !== undefined && after.items !== undefined) {
      this.compare(before.items, after.items, [...path, '*']);
    }
    const [opened, openedAfter] = [before.additionalProperties, after.additionalProperties];
    if (typeof opened === 'object' && typeof openedAfter === 'object') {
      this.compare(opened, openedAfter, [...path, '*']);
    }
    before.anyOf?.forEach((each, index) => {
      this.compare(each, after.anyOf![index]!, path);
    });
    this.values(before, after, path);
    for (const name of LIMITS) this.limit(name, before, after, path);
  }

  private object(before: Schema, after: Schema, path: SchemaPath): void {
    const { properties: old = {} } = before;
    const { properties: now = {} } = after;
    for (const name of [...new Set([...Object.keys(old), ...Object.keys(now)])].sort()) {
      const [was, is] = [Object.hasOwn(old, name), Object.hasOwn(now, name)];
      if (was && is) this.compare(old[name]!, now[name]!, [...path, name]);
      else {
        const shape = shapeOf(resolved(is ? this.after : this.before, is ? now[name]! : old[name]!));
        // A free-form property is not approved before an overlay opens it.
        this.say([...path, name], 'property', is ? 'added' : 'removed', shape, is && shape !== 'free-form');
      }
    }
    const [needed, needs] = [before.required ?? [], after.required ?? []];
    for (const name of needs.filter((each) => !needed.includes(each))) {
      this.say([...path, name], 'required', 'added', '', false);
    }
    for (const name of needed.filter((each) => !needs.includes(each) && Object.hasOwn(now, each))) {
      this.say([...path, name], 'required', 'removed', '', true);
    }
  }

  private values(before: Schema, after: Schema, path: SchemaPath): void {
    if (before.enum === undefined && after.enum === undefined) return;
    if (before.enum === undefined || after.enum === undefined) {
      const listed = before.enum === undefined ? 'any value → listed values' : 'listed values → any value';
      this.say(path, 'value', 'changed', listed, after.enum === undefined, { before: before.enum });
      return;
    }
    const [old, now] = [before.enum, after.enum];
    const added = now.filter((value) => !old.includes(value));
    const removed = old.filter((value) => !now.includes(value));
    if (added.length > 0) this.say(path, 'value', 'added', added.join(', '), true, { before: old });
    if (removed.length > 0) this.say(path, 'value', 'removed', removed.join(', '), false);
  }

  private limit(name: LimitName, before: Schema, after: Schema, path: SchemaPath): void {
    const [old, now] = [before[name], after[name]];
    const [was, is] = [old, now].map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    if (was === is) return;
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    const detail = `${name} ${[was, is].filter((each) => each !== undefined).join(' → ')}`;
    this.say(path, 'limit', change, detail, mayWiden(name, old, now), { limit: { [name]: old } });
  }

  private say(
    path: SchemaPath,
    kind: SchemaChange['kind'],
    change: SchemaChange['change'],
    detail: string,
    widens: boolean,
    more: { readonly before?: readonly Scalar[] | undefined; readonly limit?: Pick<Schema, LimitName> } = {},
  ): void {
    const { before, limit } = more;
    this.changes.push({
      type: this.after.typeName,
      path,
      kind,
      change,
      detail,
      widens,
      ...(before !== undefined && { before }),
      ...(limit !== undefined && widens && { limit }),
    });
  }
}

/** Whether a limit can let more through than before. Another pattern can: patterns are not compared. */
function mayWiden(name: LimitName, old: Schema[LimitName], now: Schema[LimitName]): boolean {
  if (old === undefined) return false;
  if (typeof old !== 'number' || typeof now !== 'number') return true;
  return name.startsWith('min') ? now < old : now > old;
}

/** What a value is in general; two forms of the same shape are compared further. */
function shapeOf(schema: Schema): string {
  if (schema.not !== undefined) return 'free-form';
  if (schema.anyOf !== undefined) return `one of ${schema.anyOf.length} forms`;
  if (schema.type === undefined) return 'anything';
  return typeof schema.additionalProperties === 'object' ? 'map' : schema.type;
}

/**
 * An overlay that refuses what a newer set would approve, so that a new snapshot can be taken first and its lines reviewed
 * one after the other. A type that is new needs no line: it is not approved before it is named.
 *
 * @param diff - With every path. A type whose changes cannot all be named is refused as a whole.
 * @returns The text of the file, YAML.
 */
export function reviewOverlay({ changes, unnameable }: SchemaDiff): string {
  const byType = new Map<string, SchemaChange[]>();
  for (const change of changes) {
    if (change.widens && change.kind !== 'type') byType.set(change.type, [...(byType.get(change.type) ?? []), change]);
  }
  const lines = ['# What a newer snapshot would approve. Take out the lines of what you approve.', 'version: 1'];
  lines.push(byType.size === 0 ? 'types: {}' : 'types:');
  for (const [type, list] of byType) lines.push(`  ${type}:`, ...linesOf(list, unnameable.has(type)));
  return `${lines.join('\n')}\n`;
}

function linesOf(changes: readonly SchemaChange[], isUnnameable: boolean): readonly string[] {
  if (isUnnameable || changes.some(({ path }) => path.length === 0)) {
    return [
      '    # Its changes lie in parts that hold themselves: leave it out of `gate build`, or approve all of them.',
      '    forbid: true',
    ];
  }
  const text = (path: SchemaPath): string => JSON.stringify(pathText(path));
  const forbid = changes
    .filter(
      ({ kind, limit }) =>
        // Limits that are joined cannot be written in an overlay.
        kind === 'property' || kind === 'shape' || kind === 'free-form' || limit?.allOf !== undefined,
    )
    .map(({ path }) => `      - ${text(path)}`);
  const constrain = changes.flatMap(({ kind, path, before, limit }) => {
    if (limit !== undefined && limit.allOf === undefined) {
      const lines = Object.entries(limit).map(([name, value]) => `        ${name}: ${JSON.stringify(value)}`);
      return [`      - path: ${text(path)}`, ...lines];
    }
    if (kind === 'required') return [`      - path: ${text(path)}`, '        required: true'];
    return kind === 'value' ? [`      - path: ${text(path)}`, `        enum: ${JSON.stringify(before ?? [])}`] : [];
  });
  return [
    ...(constrain.length > 0 ? ['    constrain:', ...constrain] : []),
    ...(forbid.length > 0 ? ['    forbid:', ...forbid] : []),
  ];
}
