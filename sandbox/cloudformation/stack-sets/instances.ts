/** Operations on stack instances, and on the operations of stack sets. */
import { pathTo } from '../../organizations/data.js';
import { ServiceError } from '../../errors.js';
import { newId } from '../data.js';
import { parametersOf } from '../engine.js';
import type { CfnCall, Output } from '../engine.js';
import { flag, optional, page, structures, text, texts, validationError } from '../input.js';
import { Template } from '../template.js';
import { namedOperation, namedSet, OPERATION_ID, refuseUnlessAdministrator } from './access.js';
import { isOpen, keyOf } from './data.js';
import type { Action, InstanceData, OperationData, Preferences, StackSetData, Targets } from './data.js';
import type { Operations } from './operations.js';
import { preferencesOf } from './preferences.js';
import { instanceShape, instanceSummary, operationShape, operationSummary, resultShape } from './shapes.js';
import { accountsOf, targetsOf } from './targets.js';

const REGION = { pattern: /^[a-zA-Z0-9-]{1,128}$/ };
const REGION_NAME = /^[a-z]{2,4}(?:-[a-z]+)+-[0-9]$/;
const ACCOUNT = { pattern: /^[0-9]{12}$/ };
/** Words with commas between them. */
const FILTER_VALUES = { pattern: /^\S{1,128}$/ };
const MAX_QUEUED = 10_000;

/** An instance that an operation deals with. */
type Chosen = Pick<InstanceData, 'account' | 'region' | 'unitId'>;

interface Plan {
  readonly id: string;
  readonly action: Action;
  readonly targets: Targets | undefined;
  readonly chosen: readonly Chosen[];
  readonly overrides?: ReadonlyMap<string, string> | undefined;
  readonly retainStacks?: boolean;
  readonly event?: string;
}

/** @throws ServiceError when the set has had an operation of this id. */
export function operationId(set: StackSetData, { input }: CfnCall): string {
  const id = optional(input, 'OperationId', OPERATION_ID) ?? newId();
  if (set.operations.some((each) => each.id === id)) {
    throw new ServiceError(
      'OperationIdAlreadyExistsException',
      `The specified operation ID already exists: ${id}`,
      409,
    );
  }
  return id;
}

/** @throws ServiceError when an operation goes on, and this one may not wait for it. */
export function refuseWhileOpen(set: StackSetData): void {
  const open = set.operations.filter(isOpen);
  if (open.length === 0) return;
  if (!set.managedExecution) {
    throw new ServiceError(
      'OperationInProgressException',
      `Another Operation on StackSet ${set.arn} is in progress: ${open[0]!.id}`,
      409,
    );
  }
  if (open.length >= MAX_QUEUED) {
    throw new ServiceError('LimitExceededException', `StackSet ${set.name} has ${MAX_QUEUED} queued operations.`);
  }
}

/** Puts an operation in the queue of a set, which starts it when nothing runs. @param first - Done once nothing refuses it. */
export function enqueue(
  operations: Operations,
  call: CfnCall,
  set: StackSetData,
  plan: Plan,
  first: () => void = () => undefined,
): void {
  const preferences = preferencesOf(call.input, [...new Set(plan.chosen.map(({ region }) => region))]);
  refuseWhileOpen(set);
  first();
  set.operations.push(operationOf(plan, preferences, call.by.now));
  operations.kick(set);
}

export function operationOf(plan: Plan, preferences: Preferences, now: number): OperationData {
  const { regionOrder } = preferences;
  const regions = [...new Set([...regionOrder, ...plan.chosen.map(({ region }) => region)])];
  return {
    id: plan.id,
    action: plan.action,
    status: 'QUEUED',
    preferences: { ...preferences, regionOrder: regions },
    targets: plan.targets,
    retainStacks: plan.retainStacks ?? false,
    overrides: plan.overrides,
    ...(plan.event !== undefined && { event: plan.event }),
    createdAt: now,
    endedAt: undefined,
    reason: undefined,
    results: regions.flatMap((region) =>
      plan.chosen
        .filter((each) => each.region === region)
        .map(({ account, unitId }) => ({ account, region, unitId, status: 'PENDING' as const, reason: undefined })),
    ),
  };
}

/** Instances that targets and Regions name; all when they name nothing. */
export function instancesIn(
  call: CfnCall,
  set: StackSetData,
  targets: Targets | undefined,
  regions: readonly string[],
): readonly InstanceData[] {
  const data = call.by.state.organization;
  const meant = targets && new Set(accountsOf(data, targets).map(({ account }) => account));
  return [...set.instances.values()].filter(({ account, region, unitId }) => {
    if (regions.length > 0 && !regions.includes(region)) return false;
    // Accounts that have left the unit, or the organization, are found by the unit that they were asked for by.
    const isGone = !data.accounts.has(account) && targets?.units.includes(unitId) === true;
    return meant === undefined || meant.has(account) || isGone;
  });
}

function regionsOf(call: CfnCall): readonly string[] {
  const regions = texts(call.input, 'Regions', REGION);
  if (regions.length === 0) throw validationError('Regions must be specified');
  const strange = regions.find((region) => !REGION_NAME.test(region));
  if (strange !== undefined) throw validationError(`Region ${strange} is not supported`);
  return [...new Set(regions)];
}

function neededTargets(call: CfnCall, isCreation: boolean): Targets {
  const targets = targetsOf(call.input, call.by.state.organization, isCreation);
  if (targets !== undefined) return targets;
  throw validationError('DeploymentTargets must be specified for StackSets with SERVICE_MANAGED permission model');
}

function overridesOf(set: StackSetData, { input }: CfnCall): ReadonlyMap<string, string> | undefined {
  if (structures(input, 'ParameterOverrides').length === 0) return undefined;
  const overrides = parametersOf(input, 'ParameterOverrides', set.parameters);
  Template.read(set.template).parameterValues(new Map([...set.parameters, ...overrides]));
  return overrides;
}

export function createStackInstances(operations: Operations, call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const regions = regionsOf(call);
  const targets = neededTargets(call, true);
  const overrides = overridesOf(set, call);
  const id = operationId(set, call);
  const accounts = accountsOf(call.by.state.organization, targets);
  const chosen = regions.flatMap((region) =>
    accounts.map(({ account, unitId }) => {
      const known = set.instances.get(keyOf(account, region));
      return { account, region, unitId: known?.unitId ?? unitId };
    }),
  );
  enqueue(operations, call, set, { id, action: 'CREATE', targets, chosen, overrides }, () => {
    for (const unit of targets.units) {
      set.autoTargets.set(unit, new Set([...(set.autoTargets.get(unit) ?? []), ...regions]));
    }
  });
  return { OperationId: id };
}

export function updateStackInstances(operations: Operations, call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const regions = regionsOf(call);
  const targets = neededTargets(call, false);
  const overrides = overridesOf(set, call) ?? new Map<string, string>();
  const id = operationId(set, call);
  const chosen = instancesIn(call, set, targets, regions).filter(({ status }) => status !== 'INOPERABLE');
  enqueue(operations, call, set, { id, action: 'UPDATE', targets, chosen, overrides });
  return { OperationId: id };
}

export function deleteStackInstances(operations: Operations, call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const regions = regionsOf(call);
  const targets = neededTargets(call, false);
  const retainStacks = flag(call.input, 'RetainStacks');
  if (retainStacks === undefined) {
    throw validationError(
      "1 validation error detected: Value null at 'retainStacks' failed to satisfy constraint: Member must not be null",
    );
  }
  const id = operationId(set, call);
  const chosen = instancesIn(call, set, targets, regions);
  enqueue(operations, call, set, { id, action: 'DELETE', targets, chosen, retainStacks }, () => {
    if (targets.filter === undefined || targets.filter === 'NONE' || targets.filter === 'UNION') {
      forgetTargets(call, set, targets.units, regions);
    }
  });
  return { OperationId: id };
}

/** A unit whose instances are deleted is followed no more, nor are the units in it; one above it still is. */
function forgetTargets(call: CfnCall, set: StackSetData, units: readonly string[], regions: readonly string[]): void {
  for (const [unit, followed] of set.autoTargets) {
    if (!pathTo(call.by.state.organization, unit).some((each) => units.includes(each))) continue;
    for (const region of regions) followed.delete(region);
    if (followed.size === 0) set.autoTargets.delete(unit);
  }
}

export function listStackInstances(call: CfnCall): Output {
  const set = namedSet(call);
  const { input } = call;
  const account = optional(input, 'StackInstanceAccount', ACCOUNT);
  const region = optional(input, 'StackInstanceRegion', REGION);
  const filters = structures(input, 'Filters', { most: 3 }).map((each) => ({
    name: text(each, 'Name', { oneOf: ['DETAILED_STATUS', 'LAST_OPERATION_ID', 'DRIFT_STATUS'] }),
    values: text(each, 'Values', FILTER_VALUES).split(','),
  }));
  const instances = [...set.instances.values()].filter(
    (each) =>
      (account === undefined || each.account === account) &&
      (region === undefined || each.region === region) &&
      filters.every(({ name, values }) => values.includes(filtered(each, name))),
  );
  const what = JSON.stringify(['ListStackInstances', set.id, account, region, filters]);
  const { items, ...rest } = page(input, what, instances);
  return { Summaries: items.map((each) => instanceSummary(set, each)), ...rest };
}

function filtered(instance: InstanceData, name: string): string {
  if (name === 'DETAILED_STATUS') return instance.detailed;
  return name === 'LAST_OPERATION_ID' ? (instance.lastOperationId ?? '') : (instance.drift?.status ?? 'NOT_CHECKED');
}

export function describeStackInstance(call: CfnCall): Output {
  const set = namedSet(call);
  const account = text(call.input, 'StackInstanceAccount', ACCOUNT);
  const region = text(call.input, 'StackInstanceRegion', REGION);
  const instance = set.instances.get(keyOf(account, region));
  if (instance === undefined) {
    throw new ServiceError(
      'StackInstanceNotFoundException',
      `Stack instance for account ${account} and region ${region} does not exist in stack set ${set.id}`,
      404,
    );
  }
  return { StackInstance: instanceShape(set, instance) };
}

export function describeStackSetOperation(call: CfnCall): Output {
  const set = namedSet(call);
  return { StackSetOperation: operationShape(set, namedOperation(call, set)) };
}

export function listStackSetOperations(call: CfnCall): Output {
  const set = namedSet(call);
  const { items, ...rest } = page(call.input, `ListStackSetOperations ${set.id}`, [...set.operations].reverse());
  return { Summaries: items.map(operationSummary), ...rest };
}

export function listStackSetOperationResults(call: CfnCall): Output {
  const set = namedSet(call);
  const operation = namedOperation(call, set);
  const wanted = structures(call.input, 'Filters').map((each) => text(each, 'Values').split(','));
  const results = operation.results.filter(({ status }) => wanted.every((values) => values.includes(status)));
  const what = JSON.stringify(['ListStackSetOperationResults', set.id, operation.id, wanted]);
  const { items, ...rest } = page(call.input, what, results);
  return { Summaries: items.map(resultShape), ...rest };
}

export function stopStackSetOperation(call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const operation = namedOperation(call, set);
  if (operation.status === 'QUEUED') {
    operation.status = 'STOPPED';
    operation.endedAt = call.by.now;
    for (const result of operation.results) result.status = 'CANCELLED';
  } else if (operation.status === 'RUNNING') operation.status = 'STOPPING';
  else {
    throw new ServiceError(
      'InvalidOperationException',
      `Operation ${operation.id} cannot be stopped since it is in the status ${operation.status}`,
    );
  }
  return {};
}
