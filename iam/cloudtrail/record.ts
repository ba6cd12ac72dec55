/**
 * A CloudTrail record as data. Records come from many services and versions, so nothing is taken for granted: what is
 * not of the expected type counts as not there
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
 */
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';

/** A map of a record, empty when there is none. */
export function mapAt(map: ValueMap, key: string): ValueMap {
  const value = get(map, key);
  return isMap(value) ? value : {};
}

/** A text of a record that is not empty. */
export function textAt(map: ValueMap, key: string): string | undefined {
  const value = get(map, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list of a record, empty when there is none. */
export function listAt(map: ValueMap, key: string): readonly Value[] {
  const value = get(map, key);
  return isList(value) ? value : [];
}

/** A boolean of a record, which may be written as text. */
export function flagAt(map: ValueMap, key: string): boolean | undefined {
  const value = get(map, key);
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** CloudTrail hides some values. */
export function isMasked(text: string): boolean {
  return text === 'HIDDEN_DUE_TO_SECURITY_REASONS' || /^\*+$/.test(text);
}

/** The partition of a Region: `aws-cn` and `aws-us-gov` have Regions of their own. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  return region.startsWith('us-isob-') ? 'aws-iso-b' : 'aws';
}

/** Visits every text of a value with the key that it stands under; depth and number are bounded. */
export function eachText(value: Value, visit: (text: string, key: string) => void): void {
  let left = 10_000;
  const walk = (item: Value, key: string, depth: number): void => {
    if (left-- <= 0 || depth > 50) return;
    if (typeof item === 'string') visit(item, key);
    else if (isList(item)) for (const each of item) walk(each, key, depth + 1);
    else if (isMap(item)) for (const name of Object.keys(item)) walk(get(item, name)!, name, depth + 1);
  };
  walk(value, '', 0);
}
