/** Finds the functions in a template once, so that parts without any are never looked at again. */
import { Float, isList, keysOf } from '../values.js';
import type { Path, Value } from '../values.js';
import { callOf } from './intrinsics.js';
import { hasLoop } from './loops.js';

/** Levels of nesting that are taken; CloudFormation's own limits are far below. */
export const MAX_DEPTH = 400;

/** Thrown by {@link Calls.scan}. */
export class TooDeep extends Error {
  constructor(readonly path: Path) {
    super('nested too deep');
  }
}

export class Calls {
  private readonly dynamic = new Map<object, boolean>();
  private readonly places = new Map<object, Path>();

  /**
   * Marks the functions of a part of the template, and where they are written.
   *
   * @returns Whether there are any.
   * @throws TooDeep when it is nested too deep to be evaluated by recursion.
   */
  scan(node: Value, path: Path): boolean {
    return this.scanBelow(node, [...path]);
  }

  /** Whether a node holds a function or is one. */
  isDynamic(node: Value): boolean {
    if (typeof node !== 'object' || node === null || node instanceof Float) return false;
    return this.dynamic.get(node) ?? this.scan(node, []);
  }

  /** Where a function is written. */
  placeOf(node: object): Path | undefined {
    return this.places.get(node);
  }

  private scanBelow(node: Value, path: (string | number)[]): boolean {
    if (typeof node !== 'object' || node === null || node instanceof Float) return false;
    const known = this.dynamic.get(node);
    if (known !== undefined) return known;
    if (path.length > MAX_DEPTH) throw new TooDeep(path.slice(0, 8));
    let dynamic = false;
    if (isList(node)) {
      for (let index = 0; index < node.length; index++) {
        const child = node[index];
        if (typeof child !== 'object' || child === null) continue;
        path.push(index);
        if (this.scanBelow(child, path)) dynamic = true;
        path.pop();
      }
    } else {
      for (const key of keysOf(node)) {
        const child = node[key];
        if (typeof child !== 'object' || child === null) continue;
        path.push(key);
        if (this.scanBelow(child, path)) dynamic = true;
        path.pop();
      }
      if (callOf(node) !== undefined || hasLoop(node)) {
        dynamic = true;
        this.places.set(node, path.slice());
      }
    }
    this.dynamic.set(node, dynamic);
    return dynamic;
  }
}
