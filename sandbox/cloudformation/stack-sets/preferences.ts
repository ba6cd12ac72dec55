/** How an operation goes about (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html). */
import { integer, optionalWord, structure, texts, validationError } from '../input.js';
import type { Input } from '../input.js';
import type { Shape } from '../shapes.js';
import type { Preferences } from './data.js';

export const DEFAULT_PREFERENCES: Preferences = {
  regionConcurrency: 'SEQUENTIAL',
  regionOrder: [],
  toleranceCount: undefined,
  tolerancePercentage: undefined,
  concurrentCount: undefined,
  concurrentPercentage: undefined,
  mode: 'STRICT_FAILURE_TOLERANCE',
};

/** @param regions - Those of the operation: an order may name no others. */
export function preferencesOf(input: Input, regions: readonly string[]): Preferences {
  const given = structure(input, 'OperationPreferences');
  if (given === undefined) return DEFAULT_PREFERENCES;
  const preferences: Preferences = {
    regionConcurrency:
      optionalWord(given, 'RegionConcurrencyType', ['SEQUENTIAL', 'PARALLEL'] as const) ??
      DEFAULT_PREFERENCES.regionConcurrency,
    regionOrder: texts(given, 'RegionOrder'),
    toleranceCount: integer(given, 'FailureToleranceCount'),
    tolerancePercentage: integer(given, 'FailureTolerancePercentage', 0, 100),
    concurrentCount: integer(given, 'MaxConcurrentCount', 1),
    concurrentPercentage: integer(given, 'MaxConcurrentPercentage', 1, 100),
    mode:
      optionalWord(given, 'ConcurrencyMode', ['STRICT_FAILURE_TOLERANCE', 'SOFT_FAILURE_TOLERANCE'] as const) ??
      DEFAULT_PREFERENCES.mode,
  };
  if (preferences.toleranceCount !== undefined && preferences.tolerancePercentage !== undefined) {
    throw validationError('Only one of FailureToleranceCount and FailureTolerancePercentage can be specified');
  }
  if (preferences.concurrentCount !== undefined && preferences.concurrentPercentage !== undefined) {
    throw validationError('Only one of MaxConcurrentCount and MaxConcurrentPercentage can be specified');
  }
  const strange = preferences.regionOrder.find((region) => !regions.includes(region));
  if (strange !== undefined) {
    throw validationError(`Region order can only contain Regions of the operation; ${strange} is none of them`);
  }
  return preferences;
}

/** How many accounts of a Region may fail. */
export function toleranceOf({ toleranceCount, tolerancePercentage }: Preferences, accounts: number): number {
  if (tolerancePercentage !== undefined) return Math.floor((tolerancePercentage * accounts) / 100);
  return toleranceCount ?? 0;
}

/** How many accounts of a Region are dealt with at once, as long as none has failed. */
export function concurrencyOf({ concurrentCount, concurrentPercentage }: Preferences, accounts: number): number {
  if (concurrentPercentage !== undefined) return Math.max(1, Math.floor((concurrentPercentage * accounts) / 100));
  return concurrentCount ?? 1;
}

export function preferencesShape(preferences: Preferences): Shape {
  return {
    RegionConcurrencyType: preferences.regionConcurrency,
    RegionOrder: [...preferences.regionOrder],
    FailureToleranceCount: preferences.toleranceCount,
    FailureTolerancePercentage: preferences.tolerancePercentage,
    MaxConcurrentCount: preferences.concurrentCount,
    MaxConcurrentPercentage: preferences.concurrentPercentage,
    ConcurrencyMode: preferences.mode,
  };
}
