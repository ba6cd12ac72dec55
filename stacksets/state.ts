/** What is there: the stack sets of a rollout with their instances and operations. */
import type { Rollout } from './declaration/model.js';
import { isRunning, TAGS } from './content.js';
import type {
  AwsAutoDeploymentTarget,
  AwsOperation,
  AwsStackInstance,
  AwsStackSet,
  StackSetsReader,
} from './reader.js';

/** A stack set as it is. */
export interface StackSetState {
  readonly set: AwsStackSet;
  readonly autoDeploymentTargets: readonly AwsAutoDeploymentTarget[];
  readonly instances: readonly AwsStackInstance[];
  readonly operations: readonly AwsOperation[];
}

/** The stack sets of a rollout. */
export interface RolloutState {
  /** By the names of rings. */
  readonly rings: ReadonlyMap<string, StackSetState>;
  /** Stack sets of this rollout whose ring is not declared any more. */
  readonly leftOver: readonly StackSetState[];
}

export async function readStackSet(reader: StackSetsReader, name: string): Promise<StackSetState | null> {
  const set = await reader.describeStackSet(name);
  if (set === null) return null;
  // Operations first: what runs meanwhile is seen as running, never as ended with instances of before.
  const operations = await reader.listOperations(name);
  return {
    set,
    operations,
    autoDeploymentTargets: set.autoDeployment.isEnabled ? await reader.listAutoDeploymentTargets(name) : [],
    instances: await reader.listInstances(name),
  };
}

/** Reads all that there is of a rollout. */
export async function readRollout(rollout: Rollout, reader: StackSetsReader): Promise<RolloutState> {
  const names = await reader.listStackSets();
  const rings = new Map<string, StackSetState>();
  for (const { name, stackSet } of rollout.rings) {
    const state = names.includes(stackSet) ? await readStackSet(reader, stackSet) : null;
    if (state !== null) rings.set(name, state);
  }
  const declared = new Set(rollout.rings.map(({ stackSet }) => stackSet));
  const beginning = `stackade-${rollout.name}-`;
  const leftOver: StackSetState[] = [];
  for (const name of names) {
    if (declared.has(name) || !name.startsWith(beginning)) continue;
    const state = await readStackSet(reader, name);
    if (state?.set.tags[TAGS.rollout] === rollout.name) leftOver.push(state);
  }
  return { rings, leftOver };
}

/** Operations that have not come to their end. */
export function runningOperations({ operations }: StackSetState): readonly AwsOperation[] {
  return operations.filter(isRunning);
}

/** The key of an account and Region. */
export function placeKey(account: string, region: string): string {
  return `${account} ${region}`;
}

/** Instances by account and Region. */
export function byPlace(state: StackSetState | undefined): ReadonlyMap<string, AwsStackInstance> {
  return new Map((state?.instances ?? []).map((each) => [placeKey(each.account, each.region), each]));
}

/** Whether an instance holds what its stack set holds. */
export function isDone({ status, detail }: AwsStackInstance): boolean {
  return status === 'CURRENT' && (detail === null || detail === 'SUCCEEDED');
}
