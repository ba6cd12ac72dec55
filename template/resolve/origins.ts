/**
 * Parts of a template and where they are written.
 *
 * Maps and lists that the template does not write (what a SAM resource stands for) remember for each entry where it comes
 * from; copies that a loop makes are looked up at their fragment.
 */
import { get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value } from '../values.js';
import { mapOf } from './build.js';
import { callOf } from './intrinsics.js';
import type { Loops } from './loops.js';

/** A part of a template and where it is written. */
export interface Located {
  readonly node: Value;
  readonly path: Path;
}

/** Where parts of one template come from. */
export class Origins {
  private readonly made = new Map<object, { readonly path: Path; readonly children: ReadonlyMap<string, Path> }>();

  constructor(private readonly loops: Loops) {}

  /** A map of these entries. */
  map(path: Path, entries: Iterable<readonly [string, Located]>): Located {
    const all = [...entries];
    const node = mapOf(all.map(([key, entry]) => [key, entry.node] as const));
    this.made.set(node, { path, children: new Map(all.map(([key, entry]) => [key, entry.path])) });
    return { node, path };
  }

  /** A list of these items. */
  list(path: Path, items: readonly Located[]): Located {
    const node = items.map((item) => item.node);
    this.made.set(node, { path, children: new Map(items.map((item, index) => [String(index), item.path])) });
    return { node, path };
  }

  /** A value that the template does not write, all of it at one place. */
  constant(path: Path, node: Value): Located {
    if (isList(node) || isMap(node)) {
      this.made.set(node, { path, children: new Map() });
      for (const child of isList(node) ? node : Object.values(node)) this.constant(path, child);
    }
    return { node, path };
  }

  /** The written child of a map or list; `undefined` when there is none. */
  child(parent: Located, key: string | number): Located | undefined {
    const { node } = parent;
    const child = isList(node) ? node[key as number] : isMap(node) ? get(node, String(key)) : undefined;
    return child === undefined ? undefined : { node: child, path: this.pathOf(parent, key) };
  }

  /** The children of a map, by key. */
  entries(parent: Located): readonly (readonly [string, Located])[] {
    const { node } = parent;
    return isMap(node) ? keysOf(node).map((key) => [key, this.child(parent, key)!] as const) : [];
  }

  /** The items of a list. */
  items(parent: Located): readonly Located[] {
    const { node } = parent;
    return isList(node) ? node.map((_item, index) => this.child(parent, index)!) : [];
  }

  /** Where a child of a map or list is written. */
  pathOf(parent: Located, key: string | number): Path {
    const origin = this.made.get(parent.node as object);
    if (origin !== undefined) return origin.children.get(String(key)) ?? origin.path;
    const written = isMap(parent.node) ? this.loops.writtenKey(parent.node, String(key)) : key;
    return [...parent.path, written];
  }

  /** Converts a value that may stand in the branches of an `Fn::If`. */
  inBranches(value: Located, convert: (branch: Located) => Located): Located {
    const call = isMap(value.node) ? callOf(value.node) : undefined;
    if (call?.name !== 'Fn::If' || !isList(call.argument) || call.argument.length !== 3) return convert(value);
    const [condition, ifTrue, ifFalse] = this.items(this.child(value, 'Fn::If')!);
    const parts = [condition!, this.inBranches(ifTrue!, convert), this.inBranches(ifFalse!, convert)];
    return this.map(value.path, [['Fn::If', this.list(value.path, parts)]]);
  }
}

/** Whether a value is `Ref: AWS::NoValue`. */
export function isNoValue(node: Value): boolean {
  return isMap(node) && get(node, 'Ref') === 'AWS::NoValue';
}
