/**
 * Runs operations of stack sets: Regions in their order, accounts side by side as far as the preferences let them, until too
 * many have failed in a Region ("Stack set operation options" of the CloudFormation User Guide,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html#stackset-ops-options).
 */
import type { Host } from '../../service.js';
import { driftOf } from '../drift.js';
import type { Engine } from '../engine.js';
import { failedCount, keyOf, STACK_SETS } from './data.js';
import type { InstanceData, OperationData, ResultData, StackSetData } from './data.js';
import { standingOf } from './dependencies.js';
import { deploy, InstanceFailure, remove } from './deploy.js';
import type { DeploymentFaults } from './faults.js';
import { concurrencyOf, toleranceOf } from './preferences.js';

export class Operations {
  constructor(
    private readonly host: Host,
    private readonly engine: Engine,
    private readonly faults: DeploymentFaults,
  ) {}

  /** All stack sets of the organization, of all Regions. */
  sets(): readonly StackSetData[] {
    return STACK_SETS.all(this.host.state).flatMap(({ value }) => [...value.sets.values()]);
  }

  /** Starts what waits in a set when nothing runs there. */
  kick(set: StackSetData): void {
    if (set.operations.some(({ status }) => status === 'RUNNING' || status === 'STOPPING')) return;
    const next = set.operations.find(({ status }) => status === 'QUEUED');
    if (next === undefined) return;
    const standing = next.event === undefined ? 'ready' : standingOf(set, next, this.sets());
    if (standing === 'waits') return;
    next.status = 'RUNNING';
    this.engine.go(this.run(set, next, standing === 'failed'));
  }

  /** @param isRefused - Whether a set that this one depends on has failed where the operation would go. */
  private async run(set: StackSetData, operation: OperationData, isRefused: boolean): Promise<void> {
    await this.engine.world.pause();
    for (const { account, region, unitId } of operation.results) {
      const key = keyOf(account, region);
      if (operation.action === 'CREATE' && !set.instances.has(key)) {
        set.instances.set(key, newInstance(account, region, unitId));
      }
      const instance = set.instances.get(key);
      if (instance === undefined) continue;
      // Who looks for drift changes nothing.
      if (operation.action === 'DETECT_DRIFT') continue;
      instance.lastOperationId = operation.id;
      instance.detailed = 'PENDING';
      if (operation.overrides !== undefined) instance.overrides = operation.overrides;
    }
    if (isRefused) {
      this.end(set, operation, false, 'an operation of a stack set that this one depends on did not succeed');
      return;
    }
    const byRegion = new Map<string, ResultData[]>();
    for (const result of operation.results) {
      byRegion.set(result.region, [...(byRegion.get(result.region) ?? []), result]);
    }
    let isWithin = true;
    if (operation.preferences.regionConcurrency === 'PARALLEL') {
      const each = await Promise.all([...byRegion.values()].map((results) => this.region(set, operation, results)));
      isWithin = each.every(Boolean);
    } else {
      for (const results of byRegion.values()) {
        isWithin &&= await this.region(set, operation, results);
      }
    }
    this.end(set, operation, isWithin);
  }

  /** @param why - Why nothing was tried. */
  private end(set: StackSetData, operation: OperationData, isWithin: boolean, why?: string): void {
    for (const result of operation.results) {
      if (result.status !== 'PENDING') continue;
      result.status = 'CANCELLED';
      result.reason = `Cancelled since ${operation.status === 'STOPPING' ? 'the operation was stopped' : (why ?? 'failure tolerance has exceeded')}`;
      const instance = set.instances.get(keyOf(result.account, result.region));
      if (instance !== undefined && operation.action !== 'DETECT_DRIFT') {
        instance.detailed = 'CANCELLED';
        instance.reason = result.reason;
      }
    }
    operation.endedAt = this.engine.world.now();
    operation.status = operation.status === 'STOPPING' ? 'STOPPED' : isWithin ? 'SUCCEEDED' : 'FAILED';
    if (operation.status === 'FAILED') {
      operation.reason =
        why ??
        `The number of failed stack instances is ${failedCount(operation)}, which exceeds the failure tolerance.`;
    }
    for (const each of this.sets()) this.kick(each);
  }

  /** Deals with one Region. @returns Whether no more have failed than may. */
  private async region(set: StackSetData, operation: OperationData, results: readonly ResultData[]): Promise<boolean> {
    const { preferences } = operation;
    const tolerance = toleranceOf(preferences, results.length);
    const most = concurrencyOf(preferences, results.length);
    let failed = 0;
    let next = 0;
    const running = new Set<Promise<void>>();
    const mayStart = (): boolean => {
      if (next >= results.length || failed > tolerance || operation.status === 'STOPPING') return false;
      // Strictly: never more at once than could fail without passing the tolerance by more than one.
      const room = preferences.mode === 'STRICT_FAILURE_TOLERANCE' ? tolerance + 1 - failed : most;
      return running.size < Math.min(most, room);
    };
    while (next < results.length || running.size > 0) {
      while (mayStart()) {
        const result = results[next]!;
        next += 1;
        const work = this.one(set, operation, result).then((isGood) => {
          if (!isGood) failed += 1;
          running.delete(work);
        });
        running.add(work);
      }
      if (running.size === 0) break;
      await Promise.race(running);
    }
    return failed <= tolerance;
  }

  /** Looks whether what an instance's stack has made is still so. @returns Whether there is a stack to look at. */
  private look(instance: InstanceData, result: ResultData): boolean {
    const { account, region, stackId } = instance;
    const stack = this.engine.places.at(account, region).stacks.get(stackId ?? '');
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') {
      result.status = 'FAILED';
      result.reason = 'The stack of the instance does not exist';
      return false;
    }
    const isDrifted = driftOf(this.host.state, stack).some(({ status }) => status !== 'IN_SYNC');
    instance.drift = { status: isDrifted ? 'DRIFTED' : 'IN_SYNC', at: this.engine.world.now() };
    result.status = 'SUCCEEDED';
    return true;
  }

  /** Deals with one account in one Region. @returns Whether it did not fail. */
  private async one(set: StackSetData, operation: OperationData, result: ResultData): Promise<boolean> {
    const { account, region } = result;
    const key = keyOf(account, region);
    const instance = set.instances.get(key);
    const { state } = this.host.state.organization.accounts.get(account) ?? { state: 'CLOSED' };
    if (instance === undefined) {
      result.status = 'SUCCEEDED';
      return true;
    }
    if (state !== 'ACTIVE') {
      result.status = 'CANCELLED';
      result.reason = 'Cancelled since the account is suspended';
      if (operation.action === 'DETECT_DRIFT') return true;
      instance.detailed = 'SKIPPED_SUSPENDED_ACCOUNT';
      instance.reason = result.reason;
      return true;
    }
    result.status = 'RUNNING';
    if (operation.action === 'DETECT_DRIFT') return this.look(instance, result);
    instance.detailed = 'RUNNING';
    await this.engine.world.pause();
    try {
      const fault = this.faults.take(set.name, account, region);
      if (fault !== undefined) throw new InstanceFailure(fault);
      if (operation.action === 'DELETE') {
        if (!operation.retainStacks) await remove(this.host, this.engine, instance);
        release(this.engine, instance);
        set.instances.delete(key);
      } else {
        await deploy(this.host, this.engine, set, instance);
        instance.status = 'CURRENT';
        instance.detailed = 'SUCCEEDED';
        instance.reason = undefined;
      }
      result.status = 'SUCCEEDED';
      return true;
    } catch (error) {
      if (!(error instanceof InstanceFailure)) throw error;
      result.status = 'FAILED';
      result.reason = error.message;
      instance.status = operation.action === 'DELETE' ? 'INOPERABLE' : 'OUTDATED';
      instance.detailed = operation.action === 'DELETE' ? 'INOPERABLE' : 'FAILED';
      instance.reason = error.message;
      return false;
    }
  }
}

export function newInstance(account: string, region: string, unitId: string): InstanceData {
  return {
    account,
    region,
    unitId,
    stackId: undefined,
    overrides: new Map(),
    status: 'OUTDATED',
    detailed: 'PENDING',
    reason: undefined,
    lastOperationId: undefined,
  };
}

/** A stack that is kept belongs to no set any more. */
function release(engine: Engine, { account, region, stackId }: InstanceData): void {
  const stack = stackId === undefined ? undefined : engine.places.at(account, region).stacks.get(stackId);
  if (stack !== undefined) stack.stackSetId = undefined;
}
