/**
 * Open answers that are the same for all values of the unknown keys.
 *
 * Each statement is first taken as free to match or not. Where two of them speak of one key that is too pessimistic: one
 * that wants a Region and one that wants any other leave nothing open. So the keys are given one value of each kind that
 * the undecided statements tell apart, where these are few and certain.
 */
import type { Condition, Request } from '../model.js';
import { kindsOf, type KeyValue } from './kinds.js';
import type { Source } from './statement.js';
import { isDerivedKey } from './world.js';

/** More completions than this are not tried. */
const MOST = 256;

type Entry = readonly [key: string, value: KeyValue];

/**
 * Requests of every kind that the undecided statements tell apart.
 *
 * @param sources - Of all undecided statements; `undefined` for one whose source is not known.
 * @param missing - The keys that they hang on.
 * @returns `undefined` when there are too many, or not all are known.
 */
export function completionsOf(
  request: Request,
  sources: readonly (Source | undefined)[],
  missing: readonly string[],
): readonly Request[] | undefined {
  const conditions: Condition[] = [];
  for (const source of sources) {
    if (source === undefined || source.hasVariables) return undefined;
    conditions.push(...source.conditions);
  }
  let completions: readonly (readonly Entry[])[] = [[]];
  let isUseful = false;
  for (const key of missing) {
    const lower = key.toLowerCase();
    // The account of the resource, and what follows from the caller, decide more than conditions.
    if (isDerivedKey(lower)) return undefined;
    const own = conditions.filter((each) => each.key.toLowerCase() === lower);
    const kinds = own.length === 0 ? undefined : kindsOf(key, own);
    if (kinds === undefined || completions.length * kinds.length > MOST) return undefined;
    // A key that one condition asks for leaves every statement free, unless all values are alike to it.
    if (own.length > 1 || kinds.length === 1) isUseful = true;
    completions = completions.flatMap((entries) => kinds.map((value): readonly Entry[] => [...entries, [key, value]]));
  }
  return isUseful ? completions.map((entries) => completed(request, entries)) : undefined;
}

function completed(request: Request, entries: readonly Entry[]): Request {
  const given = entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const absent = entries.flatMap(([key, value]) => (value === undefined ? [key] : []));
  return {
    ...request,
    context: { ...request.context, ...Object.fromEntries(given) },
    absent: [...(request.absent ?? []), ...absent],
  };
}
