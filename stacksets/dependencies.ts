/**
 * What a rollout needs of those that it depends on. Two things come of it: a wave does not begin before they are in force
 * in its accounts, and each stack set says so itself (`DependsOn`), so that accounts which join later get their stacks in
 * the same order
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_AutoDeployment.html, read 2026-11-22).
 */
import type { StackSetDependency } from './content.js';
import { listed } from './diagnostics.js';
import type { RingPlan, RolloutPlan } from './rollout-plan.js';
import type { Problem, ResolvedRing } from './rings.js';
import type { Awaited } from './steps.js';
import type { Tree } from './tree.js';

/**
 * Dependencies of one stack set, and of all in an administrator account ("Understand CloudFormation quotas",
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-11-22).
 */
const MOST_OF_ONE = 10;
const MOST_OF_ALL = 100;

/** Rings of the rollouts before whose units have accounts in common with a ring, in the order of their names. */
function ringsBefore(
  { units }: Pick<ResolvedRing, 'units'>,
  before: readonly RolloutPlan[],
  tree: Tree,
): readonly (RingPlan & { readonly rollout: string })[] {
  return before
    .flatMap(({ rollout, rings }) => rings.map((ring) => ({ ...ring, rollout })))
    .filter((each) =>
      each.units.some((there) => units.some((here) => tree.isWithin(here, there) || tree.isWithin(there, here))),
    )
    .sort((left, right) => (left.ring.stackSet < right.ring.stackSet ? -1 : 1));
}

/** The stack sets that the one of a ring depends on. Without automatic deployment nobody asks for them. */
export function dependenciesOf(
  ring: ResolvedRing,
  before: readonly RolloutPlan[],
  tree: Tree,
): readonly StackSetDependency[] {
  return ringsBefore(ring, before, tree).map(({ ring: { stackSet }, state }) => ({
    stackSet,
    arn: state?.set.arn ?? null,
  }));
}

/**
 * What is not there yet of what a ring depends on.
 *
 * @param accounts - Where something is to be done.
 * @param isRelease - Whether the rings before have to hold a wave of their present release, as for a wave of this one;
 * otherwise it is enough that their stacks are as their stack sets.
 */
export function awaitedBy(
  ring: ResolvedRing,
  accounts: ReadonlySet<string>,
  before: readonly RolloutPlan[],
  tree: Tree,
  isRelease: boolean,
): readonly Awaited[] {
  return ringsBefore(ring, before, tree).flatMap(({ rollout, ring: { name, stackSet }, state, wave, unfinished }) => {
    const tell = (why: string): readonly Awaited[] => [{ rollout, ring: name, why }];
    if (state === undefined) return tell(`there is no stack set ${stackSet} yet`);
    if (isRelease && wave === null) return tell(`${stackSet} does not hold what is declared yet`);
    const open = [...new Set(unfinished.map(({ account }) => account))].filter((account) => accounts.has(account));
    return open.length === 0 ? [] : tell(`${stackSet} is not in force in ${listed(open, 3)}`);
  });
}

/** Accounts of a ring that get nothing of a rollout that it depends on: nobody waits for what never comes. */
export function notReached({ ring, accounts }: ResolvedRing, before: readonly RolloutPlan[]): readonly string[] {
  return before.flatMap(({ rollout, rings }) => {
    const left = [...accounts].filter((id) => !rings.some((each) => each.accounts.has(id)));
    return left.length === 0
      ? []
      : [
          `${listed(left, 3)} of the ring ${ring.name} get nothing of the rollout ${rollout}, which this one depends on`,
        ];
  });
}

/** What CloudFormation would not take of one ring. */
export function tooManyOfOne({ ring }: ResolvedRing, found: readonly StackSetDependency[]): readonly Problem[] {
  if (found.length <= MOST_OF_ONE) return [];
  return [
    {
      message: `the stack set \`${ring.stackSet}\` would depend on ${found.length} others; CloudFormation takes ${MOST_OF_ONE}`,
      help: 'depend on fewer rollouts, or on one with fewer rings: what a rollout depends on is kept in order without being named again',
    },
  ];
}

/** What CloudFormation would not take of all rollouts together. */
export function tooManyOfAll(plans: readonly RolloutPlan[]): readonly Problem[] {
  const count = plans.reduce((sum, { rings }) => sum + rings.reduce((all, each) => all + each.dependsOn.length, 0), 0);
  if (count <= MOST_OF_ALL) return [];
  return [
    {
      message: `the stack sets of this file would depend on others ${count} times; CloudFormation takes ${MOST_OF_ALL} in one account`,
      help: 'depend on fewer rollouts, or put rings together',
    },
  ];
}
