/** The lifecycle rules of buckets, and how long the organization keeps data. */
import type { Path, Unknown, Value } from '../../template/index.js';
import { at, itemsOf, pathOf, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** How long a data set is kept; the form of the parameter `retention`. */
export interface Kept {
  readonly expireDays?: number;
  readonly minYears?: number;
  /** Whether the age of an object is what a tag says, because objects are rewritten. */
  readonly byAge?: boolean;
  readonly tiers?: readonly { readonly storageClass: string; readonly afterMonths: number }[];
}

/** Something that a rule does to objects of an age. */
export interface Step {
  /** `undefined` for a step at a date, whatever the age. */
  readonly days: number | undefined;
  /** The class to which objects move; `undefined` for their end. */
  readonly storageClass: string | undefined;
  /** Whether it is for all objects of the bucket, or for all of an age. */
  readonly isForAll: boolean;
  /** Whether a tag says the age. */
  readonly isByAge: boolean;
  readonly path: Path;
}

/** What the enabled rules of a bucket do, and the unknown values on which it hangs. */
export interface Lifecycle {
  readonly steps: readonly Step[];
  readonly unknowns: readonly Unknown[];
}

const DAYS_PER_MONTH = 30.4375;

/** Whole days of some months. */
export function daysOfMonths(months: number): number {
  return Math.floor(months * DAYS_PER_MONTH);
}

/** The days that some years have at most. */
export function daysOfYears(years: number): number {
  return Math.ceil(years * 12 * DAYS_PER_MONTH);
}

/** @param ageTag - Key of the tag of objects that says their age in months. */
export function lifecycleOf(view: View, bucket: ResourceUnder, ageTag: string): Lifecycle {
  const steps: Step[] = [];
  const unknowns: Unknown[] = [];
  const text = (value: Value | undefined): string | undefined => {
    const found = scalar(view, value);
    unknowns.push(...view.unknownsIn(found ?? ''));
    return found;
  };
  const configuration = at(bucket.properties, 'LifecycleConfiguration');
  text(configuration);
  text(at(configuration, 'Rules'));
  for (const [index, rule] of itemsOf(at(configuration, 'Rules')).entries()) {
    text(rule);
    if (text(at(rule, 'Status')) !== 'Enabled') continue;
    const filters = itemsOf(at(rule, 'TagFilters'));
    const ages = filters.filter((filter) => text(at(filter, 'Key')) === ageTag);
    const months = ages.length === 0 ? 0 : Number(text(at(ages[0], 'Value')));
    const narrow = ['Prefix', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'].map((name) => text(at(rule, name)) ?? '');
    const scope = {
      isForAll: filters.length === ages.length && narrow.every((one) => one === ''),
      isByAge: ages.length > 0,
    };
    const add = (
      days: Value | undefined,
      date: Value | undefined,
      storageClass: Value | undefined,
      path: Path,
    ): void => {
      if (days === undefined && date === undefined) return;
      const count = days === undefined ? undefined : daysOfMonths(months) + Number(text(days));
      const where = pathOf(bucket, 'LifecycleConfiguration', 'Rules', index, ...path);
      steps.push({ ...scope, days: count, storageClass: text(storageClass), path: where });
    };
    const [days, date] = ['ExpirationInDays', 'ExpirationDate'];
    add(at(rule, days), at(rule, date), undefined, [at(rule, days) === undefined ? date : days]);
    const single = at(rule, 'Transition');
    const transitions = itemsOf(at(rule, 'Transitions')).map((one, place) => [one, ['Transitions', place]] as const);
    for (const [one, path] of [...transitions, ...itemsOf(single).map((it) => [it, ['Transition']] as const)]) {
      add(at(one, 'TransitionInDays'), at(one, 'TransitionDate'), at(one, 'StorageClass'), path);
    }
  }
  return { steps, unknowns };
}
