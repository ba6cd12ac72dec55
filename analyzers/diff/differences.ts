/** Where two values of a template differ in what they say: order, and numbers written as texts, do not count. */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { textOf } from './side.js';

/** A part that is on one side only, or another one. */
export interface Difference {
  /** Names; `*` stands for an element of a list, and is followed by what the element is called where it has a name. */
  readonly path: readonly string[];
  readonly had: Value | undefined;
  readonly has: Value | undefined;
  /** Where in the path names of elements stand: they are the author's. */
  readonly named: readonly number[];
}

/** Properties that name an element of a list, such as `{ Key: …, Value: … }`. */
const NAMING = ['Key', 'Name', 'ParameterName', 'OptionName', 'Id', 'Sid'];

/** The differences of two values, each as deep as one can look. */
export function differencesOf(
  older: Value | undefined,
  newer: Value | undefined,
  path: readonly string[] = [],
  named: readonly number[] = [],
): readonly Difference[] {
  const [had, has] = [parsed(older), parsed(newer)];
  if (canonical(had) === canonical(has)) return [];
  if (isList(had ?? null) || isList(has ?? null)) return inLists(elementsOf(had), elementsOf(has), path, named);
  if ((had === undefined || isMap(had)) && (has === undefined || isMap(has))) {
    const maps = [had, has].map((each) => (each !== undefined && isMap(each) ? each : {}));
    const names = [...new Set(maps.flatMap(keysOf))];
    // An empty map says something by being there, such as `{ Allow: {} }`.
    if (names.length === 0) return [{ path, had, has, named }];
    return names.flatMap((name) => differencesOf(get(maps[0]!, name), get(maps[1]!, name), [...path, name], named));
  }
  return [{ path, had, has, named }];
}

function elementsOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : isList(value) ? value : [value];
}

function inLists(
  had: readonly Value[],
  has: readonly Value[],
  path: readonly string[],
  named: readonly number[],
): readonly Difference[] {
  const [texts, others] = [had, has].map((list) => new Set(list.map(canonical)));
  const [gone, come] = [
    had.filter((each) => !others!.has(canonical(each))),
    has.filter((each) => !texts!.has(canonical(each))),
  ];
  if (gone.length + come.length === 0) {
    return had.length === has.length ? [] : [{ path, had: [...had], has: [...has], named }];
  }
  const left = [...come];
  const pairs = gone.map((old): readonly [Value, Value | undefined] => {
    const name = nameOf(old);
    const index = left.findIndex((each) => (name === undefined ? nameOf(each) === undefined : nameOf(each) === name));
    return [old, index < 0 ? undefined : left.splice(index, 1)[0]];
  });
  return [...pairs, ...left.map((each) => [undefined, each] as const)].flatMap(([old, now]) => {
    const name = nameOf(now ?? old!);
    if (name === undefined) return differencesOf(old, now, [...path, '*'], named);
    return differencesOf(old, now, [...path, '*', name], [...named, path.length + 1]);
  });
}

function nameOf(value: Value): string | undefined {
  if (!isMap(value)) return undefined;
  for (const name of NAMING) {
    const text = textOf(get(value, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Equal for values that say the same. */
export function canonical(value: Value | undefined): string {
  if (value === undefined) return '';
  const text = textOf(value);
  if (text !== undefined) {
    const inner = parsed(text);
    return typeof inner === 'string' ? jsonOf(inner) : canonical(inner);
  }
  if (isList(value)) {
    // A single value where a list belongs is a list of one.
    return value.length === 1 ? canonical(value[0]) : `[${value.map(canonical).join()}]`;
  }
  if (!isMap(value)) return jsonOf(value);
  return `{${[...keysOf(value)]
    .sort()
    .map((key) => `${jsonOf(key)}:${canonical(get(value, key))}`)
    .join()}}`;
}

/** What JSON text says; every other value as it is. */
function parsed(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}
