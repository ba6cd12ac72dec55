/** Reads how operations go on, and what must be seen before the next wave. */
import { get, isMap } from '../../template/index.js';
import type { Path, ValueMap } from '../../template/index.js';
import { badValue } from '../diagnostics.js';
import type { Amount, Preferences, Promotion } from './model.js';
import type { RolloutShapes } from './shape.js';

const PREFERENCE_KEYS = ['regions', 'maxConcurrent', 'failureTolerance', 'concurrency'];
const PROMOTION_KEYS = ['manually', 'quietMinutes', 'invocations', 'failures', 'errors', 'unfinished', 'expected'];

/**
 * The defaults of the service are one account at a time and no failure
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html, read
 * 2026-11-21); ours keep the tolerance and go on in all Regions at once.
 */
const DEFAULT_PREFERENCES: Preferences = {
  regions: 'PARALLEL',
  maxConcurrent: { value: 25, unit: 'percent' },
  failureTolerance: { value: 0, unit: 'count' },
  concurrency: 'STRICT_FAILURE_TOLERANCE',
};

/** What is not said asks for nothing, but for a wave that is finished and a hook that works. */
const DEFAULT_PROMOTION: Promotion = {
  isManual: false,
  quietMinutes: 0,
  invocations: 0,
  failures: 0,
  errors: 0,
  unfinished: 0,
  expected: [],
};

export function readPreferences(map: ValueMap, path: Path, shapes: RolloutShapes): Preferences {
  const value = get(map, 'preferences');
  if (value === undefined) return DEFAULT_PREFERENCES;
  const at = [...path, 'preferences'];
  const preferences = shapes.map(value, at, '`preferences`', PREFERENCE_KEYS);
  if (preferences === null) return DEFAULT_PREFERENCES;
  const regions = shapes.text(preferences, 'regions', at, {
    pattern: /^(parallel|sequential)$/,
    expected: 'parallel or sequential',
  });
  const concurrency = shapes.text(preferences, 'concurrency', at, {
    pattern: /^(strict|soft)$/,
    expected: 'strict or soft',
  });
  return {
    regions: regions === 'sequential' ? 'SEQUENTIAL' : 'PARALLEL',
    maxConcurrent: amount(preferences, 'maxConcurrent', 1, at, shapes) ?? DEFAULT_PREFERENCES.maxConcurrent,
    failureTolerance: amount(preferences, 'failureTolerance', 0, at, shapes) ?? DEFAULT_PREFERENCES.failureTolerance,
    concurrency: concurrency === 'soft' ? 'SOFT_FAILURE_TOLERANCE' : 'STRICT_FAILURE_TOLERANCE',
  };
}

/** `5`, or `25%`. */
function amount(map: ValueMap, key: string, least: number, path: Path, shapes: RolloutShapes): Amount | null {
  const value = get(map, key);
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return { value, unit: 'count' };
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value)?.[1] : undefined;
  if (percent !== undefined && Number(percent) >= least && Number(percent) <= 100) {
    return { value: Number(percent), unit: 'percent' };
  }
  const expected = `a number of accounts from ${least} on, or a share such as 25%`;
  shapes.tell(badValue(`\`${key}\``, expected, shapes.range([...path, key])));
  return null;
}

/** @param inherited - What holds where nothing is written; `null` for the defaults. */
export function readPromotion(
  map: ValueMap,
  path: Path,
  inherited: Promotion | null,
  shapes: RolloutShapes,
): Promotion {
  const before = inherited ?? DEFAULT_PROMOTION;
  const value = get(map, 'promote');
  if (value === undefined) return before;
  if (value === 'manually') return { ...before, isManual: true };
  const at = [...path, 'promote'];
  if (!isMap(value)) {
    shapes.tell(
      badValue('`promote`', '`manually`, or a map with quietMinutes, invocations, failures', shapes.range(at)),
    );
    return before;
  }
  const promotion = shapes.map(value, at, '`promote`', PROMOTION_KEYS)!;
  const count = (key: Exclude<keyof Promotion, 'isManual' | 'expected'>): number =>
    shapes.count(promotion, key, at, before[key]);
  return {
    isManual: shapes.boolean(promotion, 'manually', at, false),
    quietMinutes: count('quietMinutes'),
    invocations: count('invocations'),
    failures: count('failures'),
    errors: count('errors'),
    unfinished: count('unfinished'),
    expected:
      get(promotion, 'expected') === undefined
        ? before.expected
        : shapes
            .list(promotion, 'expected', at, 'a list of patterns')
            .flatMap(
              (each) =>
                shapes.textAt(each.value, each.path, { pattern: /^\S+$/, expected: 'a pattern without spaces' }) ?? [],
            ),
  };
}
