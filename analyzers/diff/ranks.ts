/** How good properties are: what a table says of values, the worst of lists first. */
import { get, isList, isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { leastTls } from './orders.js';
import type { Order } from './orders.js';
import { textOf } from './side.js';
import type { Resource } from './side.js';

/** How good a property is: a rank, or a text that nobody can rank. */
export type Rank = number | string;

/** An order of values, and not of sets of them. */
export type RankedOrder = Exclude<Order, { kind: 'set' }>;

/** The ranks of the values at a path; `undefined` for a list without elements, which has nothing that could be weak. */
export function ranksOf(
  { properties }: Resource,
  path: readonly string[],
  order: RankedOrder,
): readonly Rank[] | undefined {
  const values = valuesAt(properties, path);
  if (values.length === 0) {
    const isList = path.includes('*') && order.kind !== 'present' && order.kind !== 'key';
    return isList && order.kind !== 'same' ? undefined : [rank(undefined, order, false)];
  }
  if (order.kind === 'same') return [jsonOf(values.map(({ value }) => value ?? null))];
  return values.map(({ value, hasParent }) => rank(value, order, hasParent));
}

/** All ranks as one: the worst of them, or those that nobody can rank. */
export function worstOf(ranks: readonly Rank[]): Rank {
  const unranked = ranks.filter((each) => typeof each === 'string');
  return unranked.length > 0 ? [...unranked].sort().join(' ') : Math.min(...(ranks as number[]));
}

/** Whether more elements than before are as weak, at some rank below the best. */
export function isWeaker(had: readonly Rank[], has: readonly Rank[], best: number): boolean {
  const below = (ranks: readonly Rank[], rank: number): number =>
    ranks.filter((each) => typeof each === 'number' && each <= rank).length;
  return has.some((each) => typeof each === 'number' && each < best && below(has, each) > below(had, each));
}

function rank(value: Value | undefined, order: RankedOrder, hasParent: boolean): Rank {
  const text = textOf(value);
  switch (order.kind) {
    case 'flag': {
      const flag = value === undefined ? (hasParent ? (order.within ?? order.absent) : order.absent) : undefined;
      const is = flag ?? (/^true$/i.test(text ?? '') ? true : /^false$/i.test(text ?? '') ? false : undefined);
      return is === undefined ? (text ?? jsonOf(value)) : Number(is === order.good);
    }
    case 'present':
      return Number(value !== undefined && value !== '' && !(isList(value) && value.length === 0));
    case 'more': {
      const number = value === undefined ? order.absent : Number(text ?? Number.NaN);
      return Number.isNaN(number) ? (text ?? jsonOf(value)) : number;
    }
    case 'less': {
      const number = value === undefined ? order.absent : Number(text ?? Number.NaN);
      return Number.isNaN(number) ? (text ?? jsonOf(value)) : -number;
    }
    case 'key': {
      if (value === undefined || value === '') return order.absent === 'aws' ? 1 : 0;
      return /(?:^|:)alias\/aws\//.test(text ?? '') ? 1 : 2;
    }
    case 'tls':
      return leastTls(text ?? (value === undefined ? order.absent : '')) ?? text ?? jsonOf(value);
    case 'without':
      return Number(value === undefined || (isList(value) && value.length === 0));
    case 'exact':
      return value === undefined ? 1 : text === undefined ? jsonOf(value) : Number(!text.includes('*'));
    case 'same':
      return jsonOf(value ?? null);
    case 'ranked': {
      const wanted = value === undefined ? order.absent : (text ?? jsonOf(value));
      const index = order.ranks.findIndex((each) =>
        typeof each === 'string' ? each === wanted : each.includes(wanted),
      );
      return index < 0 ? wanted : index;
    }
  }
}

/** Whether elements of a list are there still, in their order, with others among them; or none has the property at all. */
export function hasGrown(old: Resource, now: Resource, path: readonly string[], order: RankedOrder): boolean {
  if (order.kind !== 'same' || !path.includes('*')) return false;
  const [had, has] = [old, now].map(({ properties }) =>
    valuesAt(properties, path).map(({ value }) => (value === undefined ? undefined : jsonOf(value))),
  );
  if ([...had!, ...has!].every((each) => each === undefined)) return true;
  const left = [...had!];
  for (const each of has!) if (left.length > 0 && each === left[0]) left.shift();
  return order.grows === true && left.length === 0;
}

export function bestOf(order: Order): number {
  if (order.kind === 'more') return Number.MAX_SAFE_INTEGER;
  if (order.kind === 'less') return 0;
  if (order.kind === 'key') return 2;
  if (order.kind === 'tls') return 3;
  return order.kind === 'ranked' ? order.ranks.length - 1 : 1;
}

/** The values at a path; `undefined` for an element or object that lacks the last name. */
export function valuesAt(
  value: Value,
  path: readonly string[],
): readonly { readonly value: Value | undefined; readonly hasParent: boolean }[] {
  const [first, ...rest] = path;
  if (first === undefined) return [{ value, hasParent: true }];
  if (first === '*') return (isList(value) ? value : [value]).flatMap((item) => valuesAt(item, rest));
  // An object that nobody knows stands for each of its properties.
  if (typeof value === 'string') return [{ value, hasParent: true }];
  const next = isMap(value) ? get(value, first) : undefined;
  if (next !== undefined) return valuesAt(next, rest);
  return rest.includes('*') ? [] : [{ value: undefined, hasParent: rest.length === 0 }];
}
