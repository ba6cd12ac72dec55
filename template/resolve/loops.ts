/**
 * `Fn::ForEach`: copies of a fragment, one for each item of a collection.
 *
 * Follows "Fn::ForEach" of the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html):
 * every `${Identifier}` and `&{Identifier}` in keys and values of the fragment, and every `Ref` to the identifier, is
 * replaced by the item; `&{Identifier}` leaves out what is not alphanumeric. A copy shares what the item does not change
 * with the fragment. A loop may have several identifiers, which take the items of a list or a map's keys and values.
 */
import { isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { mapOf, textOf } from './build.js';
import { badLoop, malformed } from './diagnostics.js';
import { LOOP_PREFIX } from './intrinsics.js';
import { Invalid, Stuck } from './scope.js';

/** Most copies that the loops of one template make; CloudFormation takes at most 500 resources in a template. */
const MAX_COPIES = 20_000;

/** An entry of a map after expansion of its loops. */
export interface Entry {
  readonly key: string;
  readonly node: Value;
  /** Where it is written, seen from the map. */
  readonly from: Path;
}

/** Entries of a map, and the loops in it that could not be expanded. */
export interface Expansion {
  readonly entries: readonly Entry[];
  /** `key` is that of the outermost loop. */
  readonly unexpanded: readonly { readonly key: string; readonly from: Path; readonly why: Stuck | Invalid }[];
}

/** Whether a map has a loop among its keys. */
export function hasLoop(map: ValueMap): boolean {
  for (const key in map) if (key.startsWith(LOOP_PREFIX)) return true;
  return false;
}

/** Expands loops; one for each template. */
export class Loops {
  private readonly copies = new Map<object, Map<string, Value>>();
  private readonly originals = new Map<object, object>();
  private made = 0;

  /** The map or list of the template that a node was copied from, or the node itself. */
  original<T extends object>(node: T): T {
    return (this.originals.get(node) as T | undefined) ?? node;
  }

  /** The key of the template that a key of a copied map was made from. */
  writtenKey(map: ValueMap, key: string): string {
    const original = this.originals.get(map) as ValueMap | undefined;
    if (original === undefined) return key;
    return keysOf(original)[keysOf(map).indexOf(key)] ?? key;
  }

  /** @param collection - Evaluates the collection of a loop. */
  expand(map: ValueMap, collection: (node: Value) => Value | Stuck | Invalid): Expansion {
    const entries: Entry[] = [];
    const unexpanded: { key: string; from: Path; why: Stuck | Invalid }[] = [];
    const refuse = (from: Path, why: Stuck | Invalid): number => unexpanded.push({ key: String(from[0]), from, why });
    const seen = new Set<string>();
    const walk = (level: ValueMap, at: Path): void => {
      for (const key of keysOf(level)) {
        const node = level[key]!;
        const from = [...at, this.writtenKey(level, key)];
        if (!key.startsWith(LOOP_PREFIX)) {
          if (seen.has(key)) refuse(from, new Invalid(badLoop(key, 'is made more than once')));
          else entries.push({ key, node, from });
          seen.add(key);
          continue;
        }
        const bodies = this.bodies(key, node, collection);
        if (!Array.isArray(bodies)) refuse(from, bodies);
        else for (const body of bodies) walk(body, [...from, 2]);
      }
    };
    walk(map, []);
    return { entries, unexpanded };
  }

  private bodies(
    key: string,
    loop: Value,
    collection: (node: Value) => Value | Stuck | Invalid,
  ): ValueMap[] | Stuck | Invalid {
    const [named, written, body] = isList(loop) ? loop : [];
    const identifiers = identifiersOf(named);
    if (!isList(loop) || loop.length !== 3 || identifiers === null || !isMap(body) || written === undefined) {
      return new Invalid(malformed(key, 'it takes a list of an identifier, a collection and a map'));
    }
    const items = collection(written);
    if (items instanceof Stuck || items instanceof Invalid) return items;
    const rows = rowsOf(items, identifiers.length);
    if (typeof rows === 'string') return new Invalid(badLoop(key, rows));
    const copies: ValueMap[] = [];
    for (const row of rows) {
      const texts = row.map(textOf);
      if (texts.includes(undefined)) return new Invalid(badLoop(key, 'has an item that is no text'));
      if (++this.made > MAX_COPIES) return new Invalid(badLoop(key, `makes more than ${MAX_COPIES} copies`));
      const copy = identifiers.reduce<Value>((node, name, at) => this.substitute(node, name, texts[at]!), body);
      copies.push(copy as ValueMap);
    }
    return copies;
  }

  private substitute(node: Value, identifier: string, item: string): Value {
    if (typeof node === 'string') return replaced(node, identifier, item);
    if (!isList(node) && !isMap(node)) return node;
    const key = JSON.stringify([identifier, item]);
    let copies = this.copies.get(node);
    if (copies === undefined) this.copies.set(node, (copies = new Map<string, Value>()));
    let copy = copies.get(key);
    if (copy === undefined) {
      copy = this.copy(node, identifier, item);
      copies.set(key, copy);
      if (copy !== node && typeof copy === 'object' && copy !== null) this.originals.set(copy, this.original(node));
    }
    return copy;
  }

  private copy(node: ValueMap | readonly Value[], identifier: string, item: string): Value {
    if (isList(node)) {
      const items = node.map((value) => this.substitute(value, identifier, item));
      return items.every((value, index) => value === node[index]) ? node : items;
    }
    const keys = keysOf(node);
    if (keys.length === 1 && keys[0] === 'Ref' && node['Ref'] === identifier) return item;
    const entries = keys.map(
      (key) => [replaced(key, identifier, item), this.substitute(node[key]!, identifier, item)] as const,
    );
    const same = entries.every(([key, value], index) => key === keys[index] && value === node[key]);
    return same ? node : mapOf(entries);
  }
}

/** The identifiers of a loop: one, or a list of several. */
function identifiersOf(named: Value | undefined): readonly string[] | null {
  if (typeof named === 'string') return [named];
  if (!isList(named) || named.length < 2) return null;
  const names = named.filter((one) => typeof one === 'string');
  return names.length === named.length ? names : null;
}

/**
 * What each copy puts for the identifiers: an item; with several identifiers the items of a list, or a key of a map and
 * its value (https://github.com/aws-cloudformation/cfn-lint/pull/4285).
 *
 * @returns What is wrong with the collection when it has no such rows.
 */
function rowsOf(items: Value, count: number): readonly (readonly Value[])[] | string {
  if (count === 1) {
    if (!isList(items)) return 'has a collection that is no list';
    return items.flatMap((one) => (isList(one) ? one : [one])).map((one) => [one]);
  }
  if (isMap(items)) {
    return count === 2
      ? keysOf(items).map((key) => [key, items[key]!])
      : 'goes through a map with two identifiers only';
  }
  const rows = isList(items) ? items.filter((one) => isList(one)) : [];
  const fits = isList(items) && rows.length === items.length && rows.every((row) => row.length === count);
  return fits ? rows : `has ${count} identifiers and a collection that is no list of lists of ${count} items`;
}

function replaced(text: string, identifier: string, item: string): string {
  if (!text.includes('{')) return text;
  return text
    .replaceAll(`\${${identifier}}`, () => item)
    .replaceAll(`&{${identifier}}`, () => item.replace(/[^A-Za-z0-9]/g, ''));
}
