/**
 * Makes the calls of a plan, one after the other. A call that finds its work done already (it was sent, and the answer
 * got lost) counts as made; what changes under way by other hands is told and ends the run.
 */
import { API_POLICY_TYPES } from '../../organization/index.js';
import { sameContent } from './content.js';
import { BUSY_ERRORS, OWNER_TAG } from './model.js';
import type { ApplyPlan, ApplyStep, PolicyState, Stage } from './model.js';
import { findPolicy, simulate } from './simulate.js';
import { isOwn, targetsOfPolicy, type PolicyOperations } from './state.js';

/** What happens around the calls. Whatever is thrown here ends the run as a failed call does. */
export interface ApplyHooks {
  /** Before a call. */
  readonly begin?: (step: ApplyStep, number: number) => void | Promise<void>;
  /** After a call, with the id of what it made. */
  readonly done?: (step: ApplyStep, number: number, createdId: string | null) => void;
  /** After a stage that has another behind it: waits, and looks whether all is well. */
  readonly between?: (finished: Stage, next: Stage) => Promise<void>;
  /** Waits before a call is tried again. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** How far a run came. */
export interface ApplyOutcome {
  /** What ended it; `null` when all calls were made. */
  readonly failure: {
    readonly error: unknown;
    /** The call that failed; `null` when it was a check between two stages. */
    readonly step: ApplyStep | null;
  } | null;
  /** The calls that were made. */
  readonly done: readonly ApplyStep[];
  /** Those that were not, the failed one among them. */
  readonly pending: readonly ApplyStep[];
  /** The state that the calls made, as far as nobody else changed anything. */
  readonly state: PolicyState;
}

/** The organization is not as the calls left it: somebody else is at work. */
export class ChangedMeanwhileError extends Error {}

/** Tries for a call that AWS Organizations refuses because another change is under way. */
const TRIES = 6;
/** Looks at a policy type that is being enabled. */
const LOOKS = 30;

/**
 * Executes a plan.
 *
 * @param start - The state that the plan was made from.
 */
export async function applyPlan(
  plan: ApplyPlan,
  start: PolicyState,
  operations: PolicyOperations,
  hooks: ApplyHooks,
): Promise<ApplyOutcome> {
  let state = start;
  const done: ApplyStep[] = [];
  const all = plan.stages.flatMap(({ steps }) => steps);
  const stopped = (error: unknown, step: ApplyStep | null): ApplyOutcome => ({
    failure: { error, step },
    done,
    pending: all.slice(done.length),
    state,
  });
  for (const [index, stage] of plan.stages.entries()) {
    for (const step of stage.steps) {
      try {
        await hooks.begin?.(step, done.length + 1);
        const createdId = await call(step, state, plan.set, operations, hooks);
        state = simulate(state, step, plan.set, createdId ?? undefined);
        done.push(step);
        hooks.done?.(step, done.length, createdId);
      } catch (error) {
        return stopped(error, step);
      }
    }
    const next = plan.stages[index + 1];
    if (next === undefined) continue;
    try {
      await hooks.between?.(stage, next);
      await checkState(state, plan.set, operations);
    } catch (error) {
      return stopped(error, null);
    }
  }
  return { failure: null, done, pending: [], state };
}

/** Names of errors that say that the work of a call is done already. */
const DONE_ALREADY: Readonly<Partial<Record<ApplyStep['kind'], string>>> = {
  enablePolicyType: 'PolicyTypeAlreadyEnabledException',
  attachPolicy: 'DuplicatePolicyAttachmentException',
  detachPolicy: 'PolicyNotAttachedException',
  deletePolicy: 'PolicyNotFoundException',
};

/** @returns The id of what the call made. */
async function call(
  step: ApplyStep,
  state: PolicyState,
  set: string,
  operations: PolicyOperations,
  hooks: ApplyHooks,
): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await make(step, state, set, operations, hooks);
    } catch (error) {
      const { name } = error as Error;
      if (name === DONE_ALREADY[step.kind]) return null;
      if (step.kind === 'createPolicy' && name === 'DuplicatePolicyException') {
        const id = await ownTwin(step, set, operations);
        if (id !== null) return id;
      }
      if (!BUSY_ERRORS.includes(name) || tries >= TRIES) throw error;
      await hooks.wait(2 ** (tries - 1));
    }
  }
}

async function make(
  step: ApplyStep,
  state: PolicyState,
  set: string,
  operations: PolicyOperations,
  hooks: ApplyHooks,
): Promise<string | null> {
  switch (step.kind) {
    case 'enablePolicyType':
      await operations.enablePolicyType(step.rootId, API_POLICY_TYPES[step.type]);
      await enabled(API_POLICY_TYPES[step.type], operations, hooks);
      return null;
    case 'createPolicy': {
      const { name, type, description, content } = step.document;
      const tags = { [OWNER_TAG]: set };
      return operations.createPolicy({ name, type: API_POLICY_TYPES[type], description, content, tags });
    }
    case 'updatePolicy': {
      const { description, content } = step;
      await operations.updatePolicy(findPolicy(state, step.policy, set).id, { description, content });
      return null;
    }
    case 'attachPolicy':
      await operations.attachPolicy(findPolicy(state, step.policy, set).id, step.target.id);
      return null;
    case 'detachPolicy':
      await operations.detachPolicy(findPolicy(state, step.policy, set).id, step.target.id);
      return null;
    case 'deletePolicy':
      await operations.deletePolicy(findPolicy(state, step.policy, set).id);
      return null;
  }
}

/** AWS Organizations enables a type in the background. */
async function enabled(type: string, operations: PolicyOperations, hooks: ApplyHooks): Promise<void> {
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const roots = await operations.listRoots();
    if (roots.some(({ enabledPolicyTypes }) => enabledPolicyTypes.includes(type))) return;
    await hooks.wait(2);
  }
  throw new ChangedMeanwhileError(`the policy type ${type} is still not enabled`);
}

/** The policy that an earlier try of the same call made. */
async function ownTwin(
  { document }: Extract<ApplyStep, { readonly kind: 'createPolicy' }>,
  set: string,
  operations: PolicyOperations,
): Promise<string | null> {
  const policies = await operations.listPolicies(API_POLICY_TYPES[document.type]);
  const twin = policies.find(({ name }) => name === document.name);
  if (twin === undefined) return null;
  const tags = await operations.listTagsForResource(twin.id);
  if (tags[OWNER_TAG] !== set) return null;
  return sameContent(await operations.describePolicy(twin.id), document.content) ? twin.id : null;
}

/** Whether the policies of the set are as the calls left them. @throws ChangedMeanwhileError when they are not. */
async function checkState(expected: PolicyState, set: string, operations: PolicyOperations): Promise<void> {
  for (const policy of expected.policies.filter((each) => isOwn(expected, each, set))) {
    if (!sameContent(await operations.describePolicy(policy.id), policy.content ?? '')) {
      throw new ChangedMeanwhileError(`the text of the policy \`${policy.name}\` (${policy.id}) is not the one given`);
    }
    const found = [...(await operations.listTargetsForPolicy(policy.id))].sort();
    const wanted = [...targetsOfPolicy(expected, policy.id)].sort();
    if (found.join(' ') !== wanted.join(' ')) {
      throw new ChangedMeanwhileError(
        `the policy \`${policy.name}\` (${policy.id}) is attached at ${found.join(', ') || 'no target'}, and not at ${wanted.join(', ') || 'none'}`,
      );
    }
  }
}
