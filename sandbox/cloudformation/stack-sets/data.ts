/** What the sandbox knows of stack sets with service-managed permissions: plain data. They live in the management account. */
import { Part } from '../../state.js';
import type { SandboxState } from '../../state.js';

export type Action = 'CREATE' | 'UPDATE' | 'DELETE' | 'DETECT_DRIFT';

/** How an operation goes about; see "StackSet operation options" of the CloudFormation User Guide. */
export interface Preferences {
  readonly regionConcurrency: 'SEQUENTIAL' | 'PARALLEL';
  readonly regionOrder: readonly string[];
  readonly toleranceCount: number | undefined;
  readonly tolerancePercentage: number | undefined;
  readonly concurrentCount: number | undefined;
  readonly concurrentPercentage: number | undefined;
  readonly mode: 'STRICT_FAILURE_TOLERANCE' | 'SOFT_FAILURE_TOLERANCE';
}

export type AccountFilter = 'NONE' | 'INTERSECTION' | 'DIFFERENCE' | 'UNION';

export interface Targets {
  readonly units: readonly string[];
  readonly accounts: readonly string[];
  readonly filter: AccountFilter | undefined;
}

export interface InstanceData {
  readonly account: string;
  readonly region: string;
  /** The unit, or the root, that it was asked for by. */
  readonly unitId: string;
  stackId: string | undefined;
  overrides: ReadonlyMap<string, string>;
  status: 'CURRENT' | 'OUTDATED' | 'INOPERABLE';
  detailed: string;
  reason: string | undefined;
  lastOperationId: string | undefined;
  /** Left out while nobody has looked. */
  drift?: { readonly status: 'DRIFTED' | 'IN_SYNC'; readonly at: number };
}

export interface ResultData {
  readonly account: string;
  readonly region: string;
  readonly unitId: string;
  status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason: string | undefined;
}

export interface OperationData {
  readonly id: string;
  readonly action: Action;
  status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPING' | 'STOPPED';
  readonly preferences: Preferences;
  readonly targets: Targets | undefined;
  readonly retainStacks: boolean;
  /** Values for the instances that it deals with; `undefined` leaves theirs alone. */
  readonly overrides: ReadonlyMap<string, string> | undefined;
  /** The move of an account that it was made for; left out when somebody has asked for it. */
  readonly event?: string | undefined;
  readonly createdAt: number;
  endedAt: number | undefined;
  reason: string | undefined;
  /** In the order in which they are dealt with. */
  results: ResultData[];
}

export interface AutoDeployment {
  readonly enabled: boolean;
  readonly retainStacks: boolean;
  readonly dependsOn: readonly string[];
}

export interface StackSetData {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  status: 'ACTIVE' | 'DELETED';
  description: string | undefined;
  template: string;
  parameters: ReadonlyMap<string, string>;
  capabilities: readonly string[];
  tags: ReadonlyMap<string, string>;
  autoDeployment: AutoDeployment;
  managedExecution: boolean;
  token: string | undefined;
  /** By {@link keyOf}. */
  readonly instances: Map<string, InstanceData>;
  /** Oldest first. */
  readonly operations: OperationData[];
  /** Regions by unit, for accounts that join. */
  readonly autoTargets: Map<string, Set<string>>;
}

export interface StackSets {
  /** By id. */
  readonly sets: Map<string, StackSetData>;
}

export const STACK_SETS = new Part<StackSets>('cloudformation-stack-sets', () => ({ sets: new Map() }));

/** What the organization as a whole has agreed to. */
export const ACCESS = new Part<{ isEnabled: boolean }>('cloudformation-access', () => ({ isEnabled: false }));

/** Whether CloudFormation may act in all accounts of the organization. */
export function accessOf(state: SandboxState): { isEnabled: boolean } {
  return ACCESS.of(state, state.organization.managementAccountId);
}

export function keyOf(account: string, region: string): string {
  return `${account}/${region}`;
}

/** An operation that runs or waits. */
export function isOpen({ status }: OperationData): boolean {
  return status === 'QUEUED' || status === 'RUNNING' || status === 'STOPPING';
}

export function failedCount({ results }: OperationData): number {
  return results.filter(({ status }) => status === 'FAILED').length;
}
