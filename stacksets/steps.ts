/** The steps of a plan: each is one call, and each may be made twice without harm. */
import { digestOf, operationId, type WaveContent } from './content.js';
import type { Promotion } from './declaration/model.js';
import type { AwsOperation, DeploymentTargets, OperationPreferences } from './reader.js';

interface Of {
  readonly stackSet: string;
}

interface Operates extends Of {
  /** Under which the operation runs; see `operationId`. */
  readonly operationId: string;
  readonly preferences: OperationPreferences;
}

export interface CreateStackSet extends Of {
  readonly kind: 'createStackSet';
  readonly content: WaveContent;
}

export interface UpdateStackSet extends Operates {
  readonly kind: 'updateStackSet';
  readonly content: WaveContent;
  /** What is changed, such as `template`; empty when instances are tried again that do not hold the content. */
  readonly changes: readonly string[];
  /** How many instances there are. */
  readonly instances: number;
}

export interface CreateInstances extends Operates {
  readonly kind: 'createInstances';
  readonly targets: DeploymentTargets;
  readonly regions: readonly string[];
  /** How many are missing; 0 for units without accounts, whose later accounts are meant. */
  readonly instances: number;
}

export interface DeleteInstances extends Operates {
  readonly kind: 'deleteInstances';
  readonly targets: DeploymentTargets;
  readonly regions: readonly string[];
  readonly retainStacks: boolean;
  readonly instances: number;
}

export interface StopAutoDeployment extends Operates {
  readonly kind: 'stopAutoDeployment';
}

export interface DeleteStackSet extends Of {
  readonly kind: 'deleteStackSet';
}

/** Waits for an operation that was begun before. */
export interface AwaitOperation extends Of {
  readonly kind: 'awaitOperation';
  readonly operationId: string;
  readonly action: string;
}

export type Step =
  | CreateStackSet
  | UpdateStackSet
  | CreateInstances
  | DeleteInstances
  | StopAutoDeployment
  | DeleteStackSet
  | AwaitOperation;

/** What must be seen of the wave before, for a stage to begin. */
export interface Gate {
  /** The wave before. */
  readonly wave: string;
  readonly ring: string;
  readonly promotion: Promotion;
  /** The end of its last operation, in milliseconds; `null` when it is not known. */
  readonly since: number | null;
  /** Accounts and Regions in which it is not finished. */
  readonly unfinished: readonly Place[];
  /** Active accounts of its ring, and its Regions: where hook results are. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly why: string;
}

/** A ring of a rollout that has to be in force before. */
export interface Awaited {
  readonly rollout: string;
  readonly ring: string;
  readonly why: string;
}

/** Steps that belong together. */
export interface Stage {
  /** The same for the same work in a later plan. */
  readonly key: string;
  readonly title: string;
  /** `null` when no wave begins here: moves, repairs and what is taken away. */
  readonly gate: Gate | null;
  /** What has to be there before of rollouts that this one depends on; the stage does not begin without. */
  readonly awaits: readonly Awaited[];
  readonly steps: readonly Step[];
  /** In how many accounts and Regions the stage may stay unfinished without holding up the next. */
  readonly mayStayUnfinished: number;
}

/** Units of one call at most (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html). */
export const MOST_UNITS = 50;
/** Accounts of one call: the service names no limit; this keeps a call well below a megabyte. */
const MOST_ACCOUNTS = 1_000;

/** Where instances are created or deleted: one unit and Regions, perhaps for some accounts only. */
export interface UnitWork {
  readonly unit: string;
  readonly regions: readonly string[];
  /** `null` for all accounts of the unit. */
  readonly accounts: readonly string[] | null;
  readonly instances: number;
}

/** Puts the work on units together into as few calls as there can be: units with the same Regions go together. */
export function callsFor(
  work: readonly UnitWork[],
): readonly { readonly targets: DeploymentTargets; readonly regions: readonly string[]; readonly instances: number }[] {
  const groups = new Map<string, UnitWork[]>();
  for (const each of work) {
    const key = `${each.accounts === null ? 'all' : 'some'} ${each.regions.join(' ')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap((group) => {
    const calls: UnitWork[][] = [];
    let accounts = 0;
    for (const each of group) {
      const last = calls.at(-1);
      const more = each.accounts?.length ?? 0;
      if (last === undefined || last.length === MOST_UNITS || accounts + more > MOST_ACCOUNTS) {
        calls.push([each]);
        accounts = more;
      } else {
        last.push(each);
        accounts += more;
      }
    }
    return calls.map((call) => ({
      targets: {
        units: [...new Set(call.map(({ unit }) => unit))],
        accounts: call[0]!.accounts === null ? null : call.flatMap((each) => each.accounts!),
      },
      regions: call[0]!.regions,
      instances: call.reduce((sum, each) => sum + each.instances, 0),
    }));
  });
}

/** Makes the steps of one stack set; operations that were there before give the ids. */
export class StepMaker {
  constructor(
    private readonly stackSet: string,
    private readonly preferences: OperationPreferences,
    private readonly operations: readonly AwsOperation[],
  ) {}

  create(work: readonly UnitWork[]): readonly CreateInstances[] {
    return callsFor(work).map((call) => ({
      kind: 'createInstances',
      ...this.operates('create', [call.targets, call.regions]),
      ...call,
    }));
  }

  delete(work: readonly UnitWork[], retainStacks: boolean): readonly DeleteInstances[] {
    return callsFor(work).map((call) => ({
      kind: 'deleteInstances',
      ...this.operates('delete', [call.targets, call.regions, retainStacks]),
      ...call,
      retainStacks,
    }));
  }

  update(content: WaveContent, changes: readonly string[], instances: number): UpdateStackSet {
    const { digest, autoDeployment, tags } = content;
    const { isEnabled, retainStacks, dependsOn } = autoDeployment;
    const followed = { isEnabled, retainStacks, ...(dependsOn.length > 0 && { dependsOn }) };
    return {
      kind: 'updateStackSet',
      ...this.operates('update', [digest, followed, tags]),
      content,
      changes,
      instances,
    };
  }

  stopAutoDeployment(): StopAutoDeployment {
    return { kind: 'stopAutoDeployment', ...this.operates('stop', []) };
  }

  private operates(what: string, of: readonly unknown[]): Operates {
    const { stackSet, preferences, operations } = this;
    return { stackSet, preferences, operationId: operationId([stackSet, what, digestOf(of)], operations) };
  }
}
