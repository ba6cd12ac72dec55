/**
 * Stack sets that depend on others in automatic deployment (`DependsOn` of
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_AutoDeployment.html; at most 10 of a set and 100 of
 * an account, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
 */
import { ServiceError } from '../../errors.js';
import { validationError } from '../input.js';
import { isOpen } from './data.js';
import type { OperationData, StackSetData } from './data.js';

const MOST_OF_ALL = 100;

/**
 * @param set - The set that is to depend on others; `undefined` for one that there is not yet.
 * @throws ServiceError when one of them is not there, they go in a circle, or there are too many.
 */
export function refuseDependencies(
  dependsOn: readonly string[],
  set: StackSetData | undefined,
  sets: readonly StackSetData[],
): void {
  const active = sets.filter(({ status }) => status === 'ACTIVE');
  for (const arn of dependsOn) {
    if (!active.some((each) => each.arn === arn)) {
      throw validationError(`StackSet ${arn} in AutoDeployment.DependsOn does not exist`);
    }
  }
  if (set !== undefined && reaches(dependsOn, set.arn, active)) {
    throw validationError(`AutoDeployment.DependsOn of StackSet ${set.arn} would create a circular dependency`);
  }
  const others = active
    .filter((each) => each !== set)
    .reduce((sum, each) => sum + each.autoDeployment.dependsOn.length, 0);
  if (others + dependsOn.length > MOST_OF_ALL) {
    throw new ServiceError(
      'LimitExceededException',
      `StackSets of an account depend on others at most ${MOST_OF_ALL} times`,
    );
  }
}

function reaches(from: readonly string[], arn: string, sets: readonly StackSetData[]): boolean {
  const seen = new Set<string>();
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === arn) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(sets.find((each) => each.arn === next)?.autoDeployment.dependsOn ?? []));
  }
  return false;
}

/** What the sets that another one depends on have to say to an operation of it: go, wait, or never. */
export function standingOf(
  { autoDeployment: { dependsOn } }: StackSetData,
  { event }: OperationData,
  sets: readonly StackSetData[],
): 'ready' | 'waits' | 'failed' {
  const before = sets
    .filter(({ arn }) => dependsOn.includes(arn))
    .flatMap(({ operations }) => operations.filter((each) => each.event !== undefined));
  if (before.some(isOpen)) return 'waits';
  return before.some((each) => each.event === event && each.status !== 'SUCCEEDED') ? 'failed' : 'ready';
}
