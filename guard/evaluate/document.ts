/** A document opened for evaluation: its root, its resources by type, and where its unknown values are. */
import type { Value } from '../../template/index.js';
import { asGuardValue, guardKeys, isGuardList, isGuardMap, keySpellings, own } from '../operators/index.js';
import type { GuardMap, GuardValue } from '../operators/index.js';

export interface DocumentOptions {
  /**
   * Whether a map stands for a value that is not known. Rules that read such a map are marked in the result. A resource
   * that is unknown may be absent, but it has the `Type` that is written: rules for other types do not read it.
   * `@default` everything is known, and nothing is marked.
   */
  readonly isUnknown?: ((node: object) => boolean) | undefined;
}

const NO_RESOURCES: readonly GuardValue[] = [];

/** The resources of a document whose `Resources` is an ordinary map of ordinary resources. */
export class ResourceIndex {
  private readonly byType = new Map<string, GuardValue[]>();

  constructor(
    readonly map: GuardMap,
    private readonly typed: readonly { readonly type: string; readonly resource: GuardMap }[],
    /** No resource of any type at all is certain to be there. */
    readonly allUnknown: boolean,
  ) {
    for (const { type, resource } of typed) {
      const bucket = this.byType.get(type);
      if (bucket === undefined) this.byType.set(type, [resource]);
      else bucket.push(resource);
    }
  }

  /** Whether there is a resource of one of these types. */
  hasAny(types: readonly string[]): boolean {
    for (const type of types) if (this.byType.has(type)) return true;
    return false;
  }

  /** Resources of one type in the order of the document. */
  ofType(type: string): readonly GuardValue[] {
    return this.byType.get(type) ?? NO_RESOURCES;
  }

  /** Resources of all types that pass a test, in the order of the document. */
  where(test: (type: string) => boolean): readonly GuardValue[] {
    const types = [...this.byType.keys()].filter(test);
    if (types.length <= 1) return types.length === 0 ? [] : this.ofType(types[0]!);
    const wanted = new Set(types);
    return this.typed.filter(({ type }) => wanted.has(type)).map(({ resource }) => resource);
  }
}

/** Where unknown values are. */
export interface Taint {
  /** The maps that stand for unknown values. */
  readonly unknown: ReadonlySet<unknown>;
  /** Those maps and every list and map that holds one, however deep. */
  readonly holding: ReadonlySet<unknown>;
}

/** The value of `Type` as a query finds it. */
function typeOf(resource: GuardMap): GuardValue | undefined {
  const exact = own(resource, 'Type');
  if (exact !== undefined) return exact;
  for (const { key } of keySpellings('Type').alternatives) {
    const value = own(resource, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A list or map whose children are being looked at. */
interface Visit {
  readonly node: object;
  readonly children: readonly GuardValue[];
  next: number;
  holds: boolean;
}

/** Finds all unknown maps and what holds them. Iterative, so that depth costs no stack; a node may have several parents. */
function findTaint(root: GuardValue, isUnknown: (node: object) => boolean): Taint | null {
  const unknown = new Set<unknown>();
  const holding = new Set<unknown>();
  const seen = new Set<unknown>();
  const visits: Visit[] = [];
  const enter = (node: object): void => {
    seen.add(node);
    const value = node as GuardValue;
    if (isGuardList(value)) visits.push({ node, children: value, next: 0, holds: false });
    else if (isGuardMap(value)) {
      const holds = isUnknown(node);
      if (holds) unknown.add(node);
      const children: GuardValue[] = [];
      // Order does not matter here, so that the order kept beside some maps need not be read.
      for (const key in value) {
        const child = own(value, key);
        if (typeof child === 'object' && child !== null) children.push(child);
      }
      visits.push({ node, children, next: 0, holds });
    }
  };
  if (typeof root === 'object' && root !== null) enter(root);
  for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
    if (visit.next < visit.children.length) {
      const child = visit.children[visit.next++];
      if (typeof child !== 'object' || child === null) continue;
      if (!seen.has(child)) enter(child);
      else if (holding.has(child)) visit.holds = true;
      continue;
    }
    visits.pop();
    if (!visit.holds) continue;
    holding.add(visit.node);
    const around = visits.at(-1);
    if (around !== undefined) around.holds = true;
  }
  return unknown.size === 0 ? null : { unknown, holding };
}

/** A document to evaluate rules on. Made once per document and used for any number of rule files. */
export class Document {
  readonly root: GuardValue;
  private index: ResourceIndex | null | undefined;
  private foundTaint: Taint | null | undefined;

  constructor(
    value: Value,
    private readonly options: DocumentOptions,
  ) {
    this.root = asGuardValue(value);
  }

  /**
   * The resources by type; `null` when the document is so unusual that only a scan gives the right answer: no map under
   * exactly `Resources`, no resource in it, a resource that is no map or whose `Type` is no string, or an unknown
   * without a `Type`.
   */
  get resources(): ResourceIndex | null {
    return this.index === undefined ? (this.index = this.makeIndex()) : this.index;
  }

  /** Where unknown values are; `null` when there is none. */
  get taint(): Taint | null {
    if (this.options.isUnknown === undefined) return null;
    return this.foundTaint === undefined
      ? (this.foundTaint = findTaint(this.root, this.options.isUnknown))
      : this.foundTaint;
  }

  private makeIndex(): ResourceIndex | null {
    const resources = isGuardMap(this.root) ? own(this.root, 'Resources') : undefined;
    if (resources === undefined || !isGuardMap(resources)) return null;
    const keys = guardKeys(resources);
    if (keys.length === 0) return null;
    const typed: { type: string; resource: GuardMap }[] = [];
    for (const key of keys) {
      const resource = resources[key]!;
      if (!isGuardMap(resource)) return null;
      const type = typeOf(resource);
      // What a macro makes may be of any type: a scan tells every query that it met an unknown.
      if (type === undefined && this.taint?.unknown.has(resource) === true) return null;
      if (type === undefined) continue;
      if (typeof type !== 'string') return null;
      typed.push({ type, resource });
    }
    const { taint } = this;
    return new ResourceIndex(
      resources,
      typed,
      taint !== null && keys.every((key) => taint.unknown.has(resources[key])),
    );
  }
}

/**
 * Opens a document for evaluation.
 *
 * @param value - The document's value tree. It is not copied and must not change.
 */
export function openDocument(value: Value, options: DocumentOptions = {}): Document {
  return new Document(value, options);
}
