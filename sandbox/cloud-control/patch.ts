/** JSON Patch (RFC 6902), as `UpdateResource` takes it. */
import type { Json } from '../cloudformation/json.js';

/** Why a patch cannot be made. */
export class PatchFailure extends Error {}

interface Step {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * Applies a patch; what is given stays as it is.
 *
 * @throws PatchFailure when the patch is none, or does not fit.
 */
export function patched(document: Json, text: string): Json {
  let steps: unknown;
  try {
    steps = JSON.parse(text);
  } catch {
    throw new PatchFailure('the patch document is no JSON');
  }
  if (!Array.isArray(steps)) throw new PatchFailure('the patch document is no list of operations');
  const root: { document: unknown } = { document: structuredClone(document) };
  for (const step of steps as readonly unknown[]) apply(root, stepOf(step));
  if (!isMap(root.document)) throw new PatchFailure('the patch leaves no properties');
  return root.document;
}

function stepOf(value: unknown): Step {
  const { op, path, from } = isMap(value) ? value : ({} as Json);
  if (typeof op !== 'string' || typeof path !== 'string') throw new PatchFailure('an operation has no op or no path');
  if (from !== undefined && typeof from !== 'string') throw new PatchFailure('from is no path');
  return value as Step;
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function apply(root: { document: unknown }, { op, path, from, value }: Step): void {
  switch (op) {
    case 'add':
    case 'replace':
      put(root, path, value, op === 'replace');
      return;
    case 'remove':
      take(root, path);
      return;
    case 'move':
      put(root, path, take(root, from ?? ''), false);
      return;
    case 'copy':
      put(root, path, structuredClone(at(root, from ?? '')), false);
      return;
    case 'test':
      if (JSON.stringify(at(root, path)) !== JSON.stringify(value)) throw new PatchFailure(`the test of ${path} fails`);
      return;
    default:
      throw new PatchFailure(`there is no operation ${op}`);
  }
}

function keysOf(path: string): readonly string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new PatchFailure(`${path} is no JSON pointer`);
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return (parent as readonly unknown[])[indexOf(parent, key, false)];
  return isMap(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function at({ document }: { document: unknown }, path: string): unknown {
  const found = keysOf(path).reduce<unknown>(child, document);
  if (found === undefined) throw new PatchFailure(`there is nothing at ${path}`);
  return found;
}

function indexOf(list: readonly unknown[], key: string, mayAppend: boolean): number {
  const index = mayAppend && key === '-' ? list.length : /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  if (index < 0 || index > list.length || (index === list.length && !mayAppend)) {
    throw new PatchFailure(`there is no entry ${key}`);
  }
  return index;
}

function put(root: { document: unknown }, path: string, value: unknown, mustExist: boolean): void {
  if (mustExist) at(root, path);
  const keys = keysOf(path);
  const last = keys.at(-1);
  if (last === undefined) {
    root.document = value;
    return;
  }
  const parent = keys.slice(0, -1).reduce<unknown>(child, root.document);
  if (Array.isArray(parent)) {
    parent.splice(indexOf(parent, last, !mustExist), mustExist ? 1 : 0, value);
  } else if (isMap(parent)) {
    Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true });
  } else {
    throw new PatchFailure(`there is nothing above ${path}`);
  }
}

function take(root: { document: unknown }, path: string): unknown {
  const value = at(root, path);
  const keys = keysOf(path);
  const last = keys.at(-1);
  if (last === undefined) throw new PatchFailure('the whole cannot be removed');
  const parent = keys.slice(0, -1).reduce<unknown>(child, root.document);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, last, false), 1);
  else Reflect.deleteProperty(parent as object, last);
  return value;
}
