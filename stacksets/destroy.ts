/**
 * Takes a rollout away, in the order of "Delete StackSets"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-delete.html, read 2026-11-21): automatic
 * deployment off, so that nobody who joins gets a stack anew; instances; stack sets. Rings go in the order of waves.
 */
import { preferencesOf, TAGS } from './content.js';
import type { Rollout } from './declaration/model.js';
import type { Problem } from './rings.js';
import { runningOperations, type RolloutState, type StackSetState } from './state.js';
import { StepMaker, type Stage, type Step } from './steps.js';
import { isInactive, type Tree } from './tree.js';

export interface DestroyOptions {
  /** Leaves the stacks where they are, without a stack set. `@default` false */
  readonly retainStacks?: boolean;
  /** Only this ring. `@default` all of them, those that are not declared any more too */
  readonly ring?: string;
}

export interface DestroyPlan {
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly instances: number;
}

export function planDestroy(
  rollout: Rollout,
  tree: Tree,
  state: RolloutState,
  { retainStacks = false, ring }: DestroyOptions = {},
): DestroyPlan {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const order = [...new Set(rollout.waves.map((wave) => wave.ring))];
  const sets = [...order.flatMap((name) => state.rings.get(name) ?? []), ...state.leftOver].filter(
    ({ set }) => ring === undefined || set.tags[TAGS.ring] === ring,
  );
  const stages = sets.flatMap((each): readonly Stage[] => {
    const { set } = each;
    if (set.tags[TAGS.rollout] !== rollout.name) {
      problems.push({
        message: `the stack set \`${set.name}\` is not of the rollout \`${rollout.name}\``,
        help: 'what Stackade did not make, it does not delete',
      });
      return [];
    }
    return destroySteps(rollout, each, tree, retainStacks, notes).map((step) => ({
      key: `destroy ${keyOf(step)}`,
      title: `${set.tags[TAGS.ring] ?? set.name}: taken away`,
      gate: null,
      awaits: [],
      steps: [step],
      mayStayUnfinished: 0,
    }));
  });
  return {
    stages: problems.length > 0 ? [] : stages,
    problems,
    notes,
    instances: sets.reduce((sum, { instances }) => sum + instances.length, 0),
  };
}

function destroySteps(
  rollout: Rollout,
  state: StackSetState,
  tree: Tree,
  retainStacks: boolean,
  notes: string[],
): readonly Step[] {
  const { set, instances, autoDeploymentTargets, operations } = state;
  const maker = new StepMaker(set.name, preferencesOf(rollout), operations);
  const running = runningOperations(state).map(({ id, action }): Step => ({
    kind: 'awaitOperation',
    stackSet: set.name,
    operationId: id,
    action,
  }));
  const steps: Step[] = [...running];
  if (set.autoDeployment.isEnabled) steps.push(maker.stopAutoDeployment());
  const targets = autoDeploymentTargets.filter(({ unit }) => tree.has(unit));
  const inTargets = new Map<string, number>();
  const regionsLeft = new Map<string, string[]>();
  for (const { account, region } of instances) {
    const parent = tree.accounts.get(account)?.parentId;
    const target = targets.find(
      ({ unit, regions }) => parent !== undefined && regions.includes(region) && tree.isWithin(parent, unit),
    );
    if (target !== undefined) inTargets.set(target.unit, (inTargets.get(target.unit) ?? 0) + 1);
    else regionsLeft.set(account, [...(regionsLeft.get(account) ?? []), region]);
  }
  const whole = targets.map(({ unit, regions }) => ({
    unit,
    regions: [...regions].sort(),
    accounts: null,
    instances: inTargets.get(unit) ?? 0,
  }));
  const single = [...regionsLeft].map(([account, regions]) => {
    const known = tree.accounts.get(account);
    const unit = known?.parentId ?? instances.find((each) => each.account === account)?.unit ?? tree.data.rootId;
    return {
      unit,
      regions: regions.sort(),
      accounts: [account],
      instances: regions.length,
      isGone: known === undefined || isInactive(known),
    };
  });
  // In an account that is closed nothing can be deleted: its instance is given up and what is there stays.
  const gone = single.filter(({ isGone }) => isGone);
  for (const {
    accounts: [account],
  } of gone) {
    notes.push(`the stacks of ${set.name} in ${account!} stay: the account is not active, or not in the organization`);
  }
  const isThere = single.filter(({ isGone }) => !isGone);
  steps.push(...maker.delete([...whole, ...isThere], retainStacks));
  steps.push(...maker.delete(gone, true));
  steps.push({ kind: 'deleteStackSet', stackSet: set.name });
  return steps;
}

/** What a step does, whatever the id of its operation. */
function keyOf(step: Step): string {
  const { kind, stackSet } = step;
  if (kind === 'awaitOperation') return `${kind} ${stackSet} ${step.operationId}`;
  return kind === 'deleteInstances'
    ? `${kind} ${stackSet} ${step.retainStacks} ${JSON.stringify([step.targets, step.regions])}`
    : `${kind} ${stackSet}`;
}
