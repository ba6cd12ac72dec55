/** Structures of answers on stack sets (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSet.html and its neighbours). */
import { date, parameterList, tagList } from '../shapes.js';
import type { Shape } from '../shapes.js';
import { failedCount } from './data.js';
import type { InstanceData, OperationData, ResultData, StackSetData } from './data.js';
import { preferencesShape } from './preferences.js';

function autoDeploymentShape({ autoDeployment: { enabled, retainStacks, dependsOn } }: StackSetData): Shape {
  return {
    Enabled: enabled,
    ...(enabled && { RetainStacksOnAccountRemoval: retainStacks }),
    ...(dependsOn.length > 0 && { DependsOn: [...dependsOn] }),
  };
}

export function setShape(set: StackSetData): Shape {
  const instances = [...set.instances.values()];
  return {
    StackSetName: set.name,
    StackSetId: set.id,
    Description: set.description,
    Status: set.status,
    TemplateBody: set.template,
    Parameters: parameterList(set.template, set.parameters),
    Capabilities: [...set.capabilities],
    Tags: tagList(set.tags),
    StackSetARN: set.arn,
    StackSetDriftDetectionDetails: driftDetails(set),
    AutoDeployment: autoDeploymentShape(set),
    PermissionModel: 'SERVICE_MANAGED',
    OrganizationalUnitIds: [...new Set([...set.autoTargets.keys(), ...instances.map(({ unitId }) => unitId)])],
    ManagedExecution: { Active: set.managedExecution },
    Regions: [...new Set(instances.map(({ region }) => region))],
  };
}

function driftStatusOf({ instances }: StackSetData): string {
  const all = [...instances.values()];
  if (all.some(({ drift }) => drift?.status === 'DRIFTED')) return 'DRIFTED';
  return all.some(({ drift }) => drift !== undefined) ? 'IN_SYNC' : 'NOT_CHECKED';
}

/** As the last look has it; instances that were made since are not counted as looked at. */
function driftDetails(set: StackSetData): Shape {
  const all = [...set.instances.values()];
  const last = set.operations.findLast(({ action }) => action === 'DETECT_DRIFT');
  if (last === undefined) {
    return { DriftStatus: 'NOT_CHECKED', DriftDetectionStatus: 'COMPLETED', TotalStackInstancesCount: 0 };
  }
  const count = (status: string): number => all.filter(({ drift }) => drift?.status === status).length;
  const failed = failedCount(last);
  const isOver = last.endedAt !== undefined;
  return {
    DriftStatus: driftStatusOf(set),
    DriftDetectionStatus: !isOver
      ? 'IN_PROGRESS'
      : last.status === 'STOPPED'
        ? 'STOPPED'
        : failed === 0
          ? 'COMPLETED'
          : last.status === 'FAILED'
            ? 'FAILED'
            : 'PARTIAL_SUCCESS',
    LastDriftCheckTimestamp: date(last.endedAt ?? last.createdAt),
    TotalStackInstancesCount: last.results.length,
    DriftedStackInstancesCount: count('DRIFTED'),
    InSyncStackInstancesCount: count('IN_SYNC'),
    InProgressStackInstancesCount: last.results.filter(({ status }) => status === 'PENDING' || status === 'RUNNING')
      .length,
    FailedStackInstancesCount: failed,
  };
}

export function setSummary(set: StackSetData): Shape {
  return {
    StackSetName: set.name,
    StackSetId: set.id,
    Description: set.description,
    Status: set.status,
    AutoDeployment: autoDeploymentShape(set),
    PermissionModel: 'SERVICE_MANAGED',
    DriftStatus: driftStatusOf(set),
    ManagedExecution: { Active: set.managedExecution },
  };
}

export function instanceSummary(set: StackSetData, instance: InstanceData): Shape {
  return {
    StackSetId: set.id,
    Region: instance.region,
    Account: instance.account,
    StackId: instance.stackId,
    Status: instance.status,
    StatusReason: instance.reason,
    StackInstanceStatus: { DetailedStatus: instance.detailed },
    OrganizationalUnitId: instance.unitId,
    DriftStatus: instance.drift?.status ?? 'NOT_CHECKED',
    LastDriftCheckTimestamp: date(instance.drift?.at),
    LastOperationId: instance.lastOperationId,
  };
}

export function instanceShape(set: StackSetData, instance: InstanceData): Shape {
  return { ...instanceSummary(set, instance), ParameterOverrides: parameterPairs(instance.overrides) };
}

function parameterPairs(values: ReadonlyMap<string, string>): Shape[] {
  return [...values].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

export function operationSummary(operation: OperationData): Shape {
  return {
    OperationId: operation.id,
    Action: operation.action,
    Status: operation.status,
    CreationTimestamp: date(operation.createdAt),
    EndTimestamp: date(operation.endedAt),
    StatusReason: operation.reason,
    StatusDetails: { FailedStackInstancesCount: failedCount(operation) },
    OperationPreferences: preferencesShape(operation.preferences),
  };
}

export function operationShape(set: StackSetData, operation: OperationData): Shape {
  const { targets } = operation;
  return {
    ...operationSummary(operation),
    StackSetId: set.id,
    ...(operation.action === 'DELETE' && { RetainStacks: operation.retainStacks }),
    DeploymentTargets: targets && {
      Accounts: [...targets.accounts],
      OrganizationalUnitIds: [...targets.units],
      AccountFilterType: targets.filter,
    },
  };
}

export function resultShape({ account, region, unitId, status, reason }: ResultData): Shape {
  return {
    Account: account,
    Region: region,
    Status: status,
    StatusReason: reason,
    // No account of the sandbox has a function that is asked first.
    ...(status !== 'PENDING' && status !== 'CANCELLED' && { AccountGateResult: { Status: 'SKIPPED' } }),
    OrganizationalUnitId: unitId,
  };
}
