/**
 * Readers of JSON of a known form. A bundle comes from a bucket: what is not of the form that this version writes is
 * refused with its place, also when it only has more keys than that.
 */

/** A bundle that cannot be used, with the reason as a sentence without full stop. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** Gives the value as its type. @throws BundleError that names the place. */
export type Reader<T> = (value: unknown, at: string) => T;

type Keys<T> = Exclude<keyof T, never> & string;
type Optional<T> = { [K in Keys<T>]-?: Record<string, never> extends Pick<T, K> ? K : never }[Keys<T>];

/** A reader for each key; those of keys that may be missing stand in `optional`. */
export type Fields<T> = { readonly [K in Exclude<Keys<T>, Optional<T>>]-?: Reader<T[K]> };
export type OptionalFields<T> = { readonly [K in Optional<T>]-?: Reader<Exclude<T[K], undefined>> };

export function refuse(at: string, what: string): never {
  throw new BundleError(`${at === '' ? 'the bundle' : at} ${what}`);
}

/** An object with these keys and no others. */
export function object<T extends object>(
  required: Fields<T>,
  ...[optional]: keyof OptionalFields<T> extends never ? [] : [OptionalFields<T>]
): Reader<T> {
  const needed = Object.entries<Reader<unknown>>(required as Readonly<Record<string, Reader<unknown>>>);
  const all = new Map([...needed, ...Object.entries((optional ?? {}) as Readonly<Record<string, Reader<unknown>>>)]);
  return (value, at) => {
    const map = record(value, at);
    for (const [key] of needed) if (!Object.hasOwn(map, key)) refuse(at, `lacks \`${key}\``);
    const entries = Object.entries(map).map(([key, each]): [string, unknown] => {
      const reader = all.get(key) ?? refuse(at, `has the unknown key \`${key}\``);
      return [key, reader(each, `${at}/${key}`)];
    });
    return Object.fromEntries(entries) as T;
  };
}

/** An object whose `kind` says which form it has. */
export function byKind<T extends { readonly kind: string }>(forms: {
  readonly [K in T['kind']]: Reader<Extract<T, { readonly kind: K }>>;
}): Reader<T> {
  const known = new Map(Object.entries<Reader<T>>(forms as Readonly<Record<string, Reader<T>>>));
  return (value, at) => {
    const { kind } = record(value, at);
    const reader = typeof kind === 'string' ? known.get(kind) : undefined;
    return (reader ?? refuse(at, 'is of an unknown kind'))(value, at);
  };
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) refuse(at, 'is no list');
    return (value as readonly unknown[]).map((each, index) => reader(each, `${at}/${index}`));
  };
}

/** Lists of two things. */
export function pair<A, B>(first: Reader<A>, second: Reader<B>): Reader<readonly [A, B]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length !== 2) refuse(at, 'is no pair');
    return [first(value[0], `${at}/0`), second(value[1], `${at}/1`)];
  };
}

/** An object whose keys anybody chooses. */
export function mapOf<T>(reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at) =>
    Object.fromEntries(Object.entries(record(value, at)).map(([key, each]) => [key, reader(each, `${at}/${key}`)]));
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : refuse(at, 'is no text'));
export const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuse(at, 'is neither true nor false');
export const count: Reader<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : refuse(at, 'is no whole number from 0 on');

/** A text that fits. @param what - Continues "is no". */
export function matching(pattern: RegExp, what: string): Reader<string> {
  return (value, at) => (typeof value === 'string' && pattern.test(value) ? value : refuse(at, `is no ${what}`));
}

/** One of some texts, numbers or Booleans. */
export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Reader<T> {
  return (value, at) => values.find((each) => each === value) ?? refuse(at, `is none of ${values.join(', ')}`);
}

export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(at, 'is no object');
  return value as Readonly<Record<string, unknown>>;
}

/** JSON text that two values share only when they are the same: keys in order, no blanks. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : each,
  );
}

/** A value that JSON keeps: as it is read again, it is the same. */
export function parseJson(json: string, at: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return refuse(at, 'is no JSON');
  }
}
