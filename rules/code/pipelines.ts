/**
 * The actions of pipelines in the order in which they run: stage by stage, within a stage by `RunOrder`, which is 1 where
 * none is given; actions of one stage with equal numbers run at the same time
 * (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html).
 */
import { get } from '../../template/index.js';
import type { Path, Unknown, Value } from '../../template/index.js';
import { at, itemsOf, pathOf, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** An action of a pipeline. */
export interface Action {
  readonly name: string;
  /** Number of its stage, from 0. */
  readonly stage: number;
  readonly order: number;
  readonly category: string;
  readonly provider: string;
  readonly owner: string;
  readonly value: Value;
  readonly path: Path;
}

/** The actions of a pipeline, and the unknown values on which their kind or order hangs. */
export interface ActionList {
  readonly actions: readonly Action[];
  readonly unknowns: readonly Unknown[];
}

/** Providers that change stacks. */
const STACK_PROVIDERS = ['CloudFormation', 'CloudFormationStackSet', 'CloudFormationStackInstances'];

export function actionsOf(view: View, pipeline: ResourceUnder): ActionList {
  const actions: Action[] = [];
  const unknowns: Unknown[] = [];
  const open = (value: Value | undefined): string => {
    const text = scalar(view, value) ?? '';
    unknowns.push(...view.unknownsIn(text));
    return text;
  };
  const stages = get(pipeline.properties, 'Stages');
  open(stages);
  for (const [stage, one] of itemsOf(stages).entries()) {
    open(one);
    open(at(one, 'Actions'));
    for (const [index, value] of itemsOf(at(one, 'Actions')).entries()) {
      open(value);
      const given = at(value, 'RunOrder');
      const order = given === undefined ? 1 : Number(open(given));
      const kind = (name: string): string => open(at(value, 'ActionTypeId', name));
      actions.push({
        name: scalar(view, at(value, 'Name')) ?? '',
        stage,
        order,
        category: kind('Category'),
        provider: kind('Provider'),
        owner: kind('Owner'),
        value,
        path: pathOf(pipeline, 'Stages', stage, 'Actions', index),
      });
    }
  }
  return { actions, unknowns };
}

/** Whether an action changes a stack; one that only writes a change set does not. */
export function changesStacks(view: View, { category, provider, value }: Action): boolean {
  if (category !== 'Deploy' || !STACK_PROVIDERS.includes(provider)) return false;
  return scalar(view, at(value, 'Configuration', 'ActionMode')) !== 'CHANGE_SET_REPLACE';
}

/** Whether a person has to approve. */
export function isApproval({ category, provider, owner }: Action): boolean {
  return category === 'Approval' && provider === 'Manual' && owner === 'AWS';
}

/** Whether an action has ended before another one begins. */
export function isBefore(one: Action, other: Action): boolean {
  return one.stage < other.stage || (one.stage === other.stage && one.order < other.order);
}

/** An action that changes stacks. */
export interface Deployment {
  readonly action: Action;
  /** The last stage before its own that changes stacks, `-1` for none: what was approved there says nothing of this one. */
  readonly since: number;
  /** The approvals that it waits for. */
  readonly approvals: readonly Action[];
}

/** The actions of a pipeline that change stacks, each with its approvals. */
export function deploymentsOf(view: View, actions: readonly Action[]): readonly Deployment[] {
  const changing = actions.filter((action) => changesStacks(view, action));
  return changing.map((action) => {
    const since = Math.max(-1, ...changing.map(({ stage }) => stage).filter((stage) => stage < action.stage));
    const approvals = actions.filter((one) => isApproval(one) && one.stage > since && isBefore(one, action));
    return { action, since, approvals };
  });
}
