/**
 * StackSets in memory, after "Managing stacks across accounts and Regions with StackSets": one operation at a time, or a
 * queue; results for each account and Region; tolerance; automatic deployment. An operation goes on with each look at it.
 */
import type {
  AwsAutoDeploymentTarget,
  AwsOperation,
  AwsOperationResult,
  AwsStackInstance,
  AwsStackSet,
  DeploymentTargets,
  OperationPreferences,
  StackSetContent,
  StackSetsOperations,
} from '../../stacksets/index.js';
import { isInactive, Tree, type TreeData } from '../../stacksets/index.js';

export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message = name,
  ) {
    super(message);
  }
}

interface Instance {
  account: string;
  region: string;
  status: string;
  detail: string;
  reason: string | null;
  stackId: string | null;
  operation: string | null;
  /** What its stack was made from; `null` without a stack. */
  holds: string | null;
}

interface Task {
  readonly account: string;
  readonly region: string;
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly retain: boolean;
  status: string;
  reason: string | null;
}

interface Operation {
  readonly id: string;
  readonly action: string;
  status: string;
  readonly createdAt: number;
  endedAt: number | null;
  readonly tasks: Task[];
  readonly preferences: OperationPreferences;
}

interface ModelSet {
  set: AwsStackSet;
  readonly targets: Map<string, Set<string>>;
  readonly instances: Map<string, Instance>;
  readonly operations: Operation[];
}

const key = (account: string, region: string): string => `${account} ${region}`;

export class StackSetsModel implements StackSetsOperations {
  readonly sets = new Map<string, ModelSet>();
  /** Why the stack of a place fails; `null` when it does not. */
  fails: (account: string, region: string, action: string) => string | null = () => null;
  /** Places that an operation changes at each look. */
  pace = 3;
  now = 1_000_000;
  access = 'ENABLED';
  private made = 0;

  constructor(public data: TreeData) {}

  private get tree(): Tree {
    return new Tree(this.data);
  }

  /** Moves an account, as AWS Organizations does; automatic deployment follows. */
  move(account: string, parentId: string): void {
    const accounts = this.data.accounts.map((each) => (each.id === account ? { ...each, parentId } : each));
    this.data = { ...this.data, accounts };
    this.deployAutomatically();
  }

  deployAutomatically(): void {
    for (const each of this.sets.values()) {
      if (!each.set.autoDeployment.isEnabled) continue;
      const wanted = new Set<string>();
      for (const [unit, regions] of each.targets) {
        for (const account of this.tree.accountsBelow(unit).filter((one) => !isInactive(one))) {
          for (const region of regions) wanted.add(key(account.id, region));
        }
      }
      for (const place of each.instances.keys()) if (!wanted.has(place)) each.instances.delete(place);
      for (const place of wanted) {
        const [account = '', region = ''] = place.split(' ');
        if (!each.instances.has(place)) this.put(each, account, region, `auto-${(this.made += 1)}`);
      }
    }
  }

  /** What is in force: by stack set and place, and whether it is current. */
  inForce(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      [...this.sets].sort().map(([name, { set, instances, targets }]) => [
        name,
        {
          tags: set.tags,
          parameters: set.parameters,
          autoDeployment: set.autoDeployment,
          targets: [...targets].map(([unit, regions]) => [unit, [...regions].sort()]).sort(),
          instances: [...instances.values()]
            .map(({ account, region, status, holds }) => [account, region, status, holds])
            .sort(),
        },
      ]),
    );
  }

  private contentOf({ template, parameters }: AwsStackSet): string {
    return JSON.stringify([template, Object.entries(parameters).sort()]);
  }

  private put(each: ModelSet, account: string, region: string, operation: string): void {
    each.instances.set(key(account, region), {
      account,
      region,
      status: 'CURRENT',
      detail: 'SUCCEEDED',
      reason: null,
      stackId: `arn:aws:cloudformation:${region}:${account}:stack/StackSet-${each.set.name}`,
      operation,
      holds: this.contentOf(each.set),
    });
  }

  private found(name: string): ModelSet {
    const each = this.sets.get(name);
    if (each === undefined) throw new ServiceError('StackSetNotFoundException', `StackSet ${name} not found`);
    return each;
  }

  private begin(each: ModelSet, id: string, action: string, preferences: OperationPreferences, tasks: Task[]): void {
    if (each.operations.some((operation) => operation.id === id)) {
      throw new ServiceError('OperationIdAlreadyExistsException');
    }
    const isBusy = each.operations.some(({ status }) => status === 'RUNNING' || status === 'QUEUED');
    if (isBusy && !each.set.managedExecution) throw new ServiceError('OperationInProgressException');
    this.now += 1_000;
    each.operations.unshift({
      id,
      action,
      status: isBusy ? 'QUEUED' : 'RUNNING',
      createdAt: this.now,
      endedAt: null,
      tasks,
      preferences,
    });
  }

  /** Goes on with the oldest operation that has not ended. */
  private go(each: ModelSet): void {
    const operation = each.operations.findLast(({ status }) => status === 'RUNNING' || status === 'QUEUED');
    if (operation === undefined) return;
    operation.status = 'RUNNING';
    const most =
      operation.preferences.FailureToleranceCount ??
      Math.floor(((operation.preferences.FailureTolerancePercentage ?? 0) * operation.tasks.length) / 100);
    let left = this.pace;
    for (const task of operation.tasks) {
      if (task.status !== 'PENDING') continue;
      if (left === 0) return;
      left -= 1;
      const failures = operation.tasks.filter((one) => one.region === task.region && one.status === 'FAILED').length;
      if (failures > most) task.status = 'CANCELLED';
      else this.change(each, operation, task);
    }
    const failed = operation.tasks.some(({ status }) => status === 'CANCELLED');
    const regions = new Set(operation.tasks.map(({ region }) => region));
    const over = [...regions].some(
      (region) => operation.tasks.filter((one) => one.region === region && one.status === 'FAILED').length > most,
    );
    operation.status = failed || over ? 'FAILED' : 'SUCCEEDED';
    this.now += 1_000;
    operation.endedAt = this.now;
  }

  private change(each: ModelSet, { id }: Operation, task: Task): void {
    const { account, region, action } = task;
    const place = key(account, region);
    const before = each.instances.get(place);
    const reason = this.fails(account, region, action);
    task.status = reason === null ? 'SUCCEEDED' : 'FAILED';
    task.reason = reason;
    if (action === 'DELETE') {
      if (reason === null || task.retain) {
        task.status = 'SUCCEEDED';
        each.instances.delete(place);
      } else if (before !== undefined) {
        each.instances.set(place, { ...before, status: 'INOPERABLE', detail: 'FAILED', reason, operation: id });
      }
      return;
    }
    if (reason === null) {
      this.put(each, account, region, id);
      return;
    }
    each.instances.set(place, {
      account,
      region,
      status: 'OUTDATED',
      detail: 'FAILED',
      reason,
      stackId: before?.stackId ?? null,
      operation: id,
      holds: before?.holds ?? null,
    });
  }

  private places(
    { units, accounts }: DeploymentTargets,
    regions: readonly string[],
  ): readonly { account: string; region: string }[] {
    const chosen = units
      .flatMap((unit) => this.tree.accountsBelow(unit))
      .filter((each) => !isInactive(each) && (accounts === null || accounts.includes(each.id)));
    return chosen.flatMap(({ id }) => regions.map((region) => ({ account: id, region })));
  }

  // The reader.

  organizationsAccess(): Promise<string> {
    return Promise.resolve(this.access);
  }

  listStackSets(): Promise<readonly string[]> {
    return Promise.resolve([...this.sets.keys()]);
  }

  describeStackSet(name: string): Promise<AwsStackSet | null> {
    return Promise.resolve(this.sets.get(name)?.set ?? null);
  }

  listAutoDeploymentTargets(name: string): Promise<readonly AwsAutoDeploymentTarget[]> {
    return Promise.resolve([...this.found(name).targets].map(([unit, regions]) => ({ unit, regions: [...regions] })));
  }

  listInstances(name: string): Promise<readonly AwsStackInstance[]> {
    return Promise.resolve(
      [...this.found(name).instances.values()].map(
        ({ account, region, status, detail, reason, stackId, operation }) => ({
          account,
          region,
          unit: this.tree.accounts.get(account)?.parentId ?? null,
          status,
          detail,
          reason,
          stackId,
          driftStatus: null,
          lastOperationId: operation,
        }),
      ),
    );
  }

  listOperations(name: string): Promise<readonly AwsOperation[]> {
    return Promise.resolve(this.found(name).operations.map(shown));
  }

  describeOperation(name: string, operationId: string): Promise<AwsOperation | null> {
    const each = this.found(name);
    this.go(each);
    const operation = each.operations.find(({ id }) => id === operationId);
    return Promise.resolve(operation === undefined ? null : shown(operation));
  }

  listOperationResults(name: string, operationId: string): Promise<readonly AwsOperationResult[]> {
    const operation = this.found(name).operations.find(({ id }) => id === operationId);
    return Promise.resolve(
      (operation?.tasks ?? []).map(({ account, region, status, reason }) => ({ account, region, status, reason })),
    );
  }

  parameterOverrides(): Promise<Readonly<Record<string, string>>> {
    return Promise.resolve({});
  }

  // The writer.

  createStackSet(name: string, content: StackSetContent): Promise<void> {
    if (this.sets.has(name)) throw new ServiceError('NameAlreadyExistsException');
    const id = `${name}:${(this.made += 1)}`;
    const arn = `arn:aws:cloudformation:eu-central-1:111111111111:stackset/${id}`;
    const set = { ...described(name, content), id, arn };
    this.sets.set(name, { set, targets: new Map(), instances: new Map(), operations: [] });
    return Promise.resolve();
  }

  updateStackSet(name: string, content: StackSetContent, preferences: OperationPreferences, id: string): Promise<void> {
    const each = this.found(name);
    const tasks = [...each.instances.values()].map(({ account, region }) => task(account, region, 'UPDATE'));
    this.begin(each, id, 'UPDATE', preferences, tasks);
    each.set = { ...described(name, content), id: each.set.id, arn: each.set.arn };
    for (const instance of each.instances.values()) instance.status = 'OUTDATED';
    return Promise.resolve();
  }

  stopAutoDeployment(name: string, preferences: OperationPreferences, id: string): Promise<void> {
    const each = this.found(name);
    this.begin(each, id, 'UPDATE', preferences, []);
    each.set = { ...each.set, autoDeployment: { isEnabled: false, retainStacks: false, dependsOn: [] } };
    each.targets.clear();
    return Promise.resolve();
  }

  createInstances(
    name: string,
    targets: DeploymentTargets,
    regions: readonly string[],
    preferences: OperationPreferences,
    id: string,
  ): Promise<void> {
    const each = this.found(name);
    const tasks = this.places(targets, regions).map(({ account, region }) => task(account, region, 'CREATE'));
    this.begin(each, id, 'CREATE', preferences, tasks);
    for (const { account, region } of tasks) {
      if (each.instances.has(key(account, region))) continue;
      const empty = { reason: null, stackId: null, operation: id, holds: null };
      each.instances.set(key(account, region), { account, region, status: 'OUTDATED', detail: 'PENDING', ...empty });
    }
    if (each.set.autoDeployment.isEnabled) {
      for (const unit of targets.units) {
        each.targets.set(unit, new Set([...(each.targets.get(unit) ?? []), ...regions]));
      }
    }
    return Promise.resolve();
  }

  deleteInstances(
    name: string,
    targets: DeploymentTargets,
    regions: readonly string[],
    retainStacks: boolean,
    preferences: OperationPreferences,
    id: string,
  ): Promise<void> {
    const each = this.found(name);
    const tasks = this.places(targets, regions)
      .filter(({ account, region }) => each.instances.has(key(account, region)))
      .map(({ account, region }) => ({ ...task(account, region, 'DELETE'), retain: retainStacks }));
    this.begin(each, id, 'DELETE', preferences, tasks);
    if (targets.accounts === null) {
      for (const unit of targets.units) {
        const left = [...(each.targets.get(unit) ?? [])].filter((region) => !regions.includes(region));
        if (left.length === 0) each.targets.delete(unit);
        else each.targets.set(unit, new Set(left));
      }
    }
    return Promise.resolve();
  }

  deleteStackSet(name: string): Promise<void> {
    if (this.found(name).instances.size > 0) throw new ServiceError('StackSetNotEmptyException');
    this.sets.delete(name);
    return Promise.resolve();
  }

  detectDrift(name: string, preferences: OperationPreferences, id: string): Promise<void> {
    this.begin(this.found(name), id, 'DETECT_DRIFT', preferences, []);
    return Promise.resolve();
  }
}

function task(account: string, region: string, action: Task['action']): Task {
  return { account, region, action, retain: false, status: 'PENDING', reason: null };
}

function shown({ id, action, status, createdAt, endedAt }: Operation): AwsOperation {
  return { id, action, status, createdAt, endedAt, reason: null };
}

function described(name: string, content: StackSetContent): Omit<AwsStackSet, 'id' | 'arn'> {
  return {
    name,
    template: 'text' in content.template ? content.template.text : content.template.url,
    parameters: content.parameters,
    capabilities: content.capabilities,
    tags: content.tags,
    permissionModel: 'SERVICE_MANAGED',
    autoDeployment: content.autoDeployment,
    managedExecution: true,
    drift: null,
  };
}

/** The process that runs against a model is killed at a call. */
export class Killed extends Error {}

/** Kills at the nth call: before anything is done, or after everything is done and before the answer. */
export function killing(
  model: StackSetsModel,
  nth: number,
  when: 'before' | 'behind',
): { readonly operations: StackSetsOperations; readonly calls: () => number } {
  let calls = 0;
  const operations = new Proxy(model, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        calls += 1;
        if (calls === nth && when === 'before') throw new Killed();
        const answer: unknown = await Reflect.apply(value as (...all: readonly unknown[]) => unknown, target, args);
        if (calls === nth && when === 'behind') throw new Killed();
        return answer;
      };
    },
  });
  return { operations, calls: () => calls };
}
