/**
 * What CloudFormation says of stack sets, and the interface through which it is asked and told. Operations are those of
 * the API (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html, read 2026-11-21); pages,
 * throttling, retries and `CallAs` are the business of who implements them.
 */

/** How accounts that join and leave are followed. */
export interface AutoDeployment {
  readonly isEnabled: boolean;
  readonly retainStacks: boolean;
  /** ARNs of the stack sets that an account which joins gets before, sorted. */
  readonly dependsOn: readonly string[];
}

/** A stack set as DescribeStackSet tells it. */
export interface AwsStackSet {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  /** Text of the template. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly permissionModel: string;
  readonly autoDeployment: AutoDeployment;
  /** Whether operations that conflict wait for each other. */
  readonly managedExecution: boolean;
  readonly drift: AwsStackSetDrift | null;
}

/** Counts of the last drift detection. */
export interface AwsStackSetDrift {
  /** `DRIFTED`, `IN_SYNC` or `NOT_CHECKED`. */
  readonly status: string;
  /** `COMPLETED`, `FAILED`, `PARTIAL_SUCCESS`, `IN_PROGRESS` or `STOPPED`. */
  readonly detection: string | null;
  readonly total: number;
  readonly drifted: number;
  readonly inSync: number;
  readonly failed: number;
}

/** A stack instance: the stack of one account and Region, or the attempt at one. */
export interface AwsStackInstance {
  readonly account: string;
  readonly region: string;
  readonly unit: string | null;
  /** `CURRENT`, `OUTDATED` or `INOPERABLE`. */
  readonly status: string;
  /** `SUCCEEDED`, `FAILED`, `CANCELLED`, `SKIPPED_SUSPENDED_ACCOUNT`, …; `null` when it was not told. */
  readonly detail: string | null;
  readonly reason: string | null;
  /** `null` when there is no stack. */
  readonly stackId: string | null;
  readonly driftStatus: string | null;
  readonly lastOperationId: string | null;
}

export interface AwsOperation {
  readonly id: string;
  /** `CREATE`, `UPDATE`, `DELETE` or `DETECT_DRIFT`. */
  readonly action: string;
  /** `QUEUED`, `RUNNING`, `STOPPING`, `SUCCEEDED`, `FAILED` or `STOPPED`. */
  readonly status: string;
  /** In milliseconds. */
  readonly createdAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** What an operation did in one account and Region. */
export interface AwsOperationResult {
  readonly account: string;
  readonly region: string;
  /** `PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`. */
  readonly status: string;
  readonly reason: string | null;
}

/** A unit that gets stacks by itself when accounts join it. */
export interface AwsAutoDeploymentTarget {
  readonly unit: string;
  readonly regions: readonly string[];
}

/** Asks CloudFormation. Each call returns all pages; what AWS refuses is thrown. */
export interface StackSetsReader {
  /** `ENABLED`, `DISABLED` or `DISABLED_PERMANENTLY`: trusted access with AWS Organizations. */
  organizationsAccess(): Promise<string>;
  /** Names of the stack sets that are not deleted. */
  listStackSets(): Promise<readonly string[]>;
  /** `null` when there is none. */
  describeStackSet(name: string): Promise<AwsStackSet | null>;
  listAutoDeploymentTargets(name: string): Promise<readonly AwsAutoDeploymentTarget[]>;
  listInstances(name: string): Promise<readonly AwsStackInstance[]>;
  listOperations(name: string): Promise<readonly AwsOperation[]>;
  /** `null` when there is none. */
  describeOperation(name: string, operationId: string): Promise<AwsOperation | null>;
  listOperationResults(name: string, operationId: string): Promise<readonly AwsOperationResult[]>;
  /** Parameters that one instance has for itself. */
  parameterOverrides(name: string, account: string, region: string): Promise<Readonly<Record<string, string>>>;
}

/** Where a call for instances goes. At most fifty units. */
export interface DeploymentTargets {
  readonly units: readonly string[];
  /** Only these accounts of the units; `null` for all of them. */
  readonly accounts: readonly string[] | null;
}

/** How an operation goes on, in the names of the API. */
export interface OperationPreferences {
  readonly RegionConcurrencyType: 'SEQUENTIAL' | 'PARALLEL';
  readonly ConcurrencyMode: 'STRICT_FAILURE_TOLERANCE' | 'SOFT_FAILURE_TOLERANCE';
  readonly MaxConcurrentCount?: number;
  readonly MaxConcurrentPercentage?: number;
  readonly FailureToleranceCount?: number;
  readonly FailureTolerancePercentage?: number;
}

/** What a stack set is to hold. */
export interface StackSetContent {
  readonly description: string;
  readonly template: { readonly text: string } | { readonly url: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly autoDeployment: AutoDeployment;
}

/** Tells CloudFormation. A call returns when the operation was taken, not when it has ended. */
export interface StackSetsWriter {
  /** @param token - The same token makes no second stack set. */
  createStackSet(name: string, content: StackSetContent, token: string): Promise<void>;
  /** Changes the set and, as an operation, all its instances. */
  updateStackSet(
    name: string,
    content: StackSetContent,
    preferences: OperationPreferences,
    operationId: string,
  ): Promise<void>;
  /** Turns automatic deployment off, and changes nothing else. */
  stopAutoDeployment(name: string, preferences: OperationPreferences, operationId: string): Promise<void>;
  createInstances(
    name: string,
    targets: DeploymentTargets,
    regions: readonly string[],
    preferences: OperationPreferences,
    operationId: string,
  ): Promise<void>;
  deleteInstances(
    name: string,
    targets: DeploymentTargets,
    regions: readonly string[],
    retainStacks: boolean,
    preferences: OperationPreferences,
    operationId: string,
  ): Promise<void>;
  deleteStackSet(name: string): Promise<void>;
  detectDrift(name: string, preferences: OperationPreferences, operationId: string): Promise<void>;
}

/** What a hook said of one target. */
export interface HookResult {
  readonly account: string;
  readonly region: string;
  /** `HOOK_COMPLETE_SUCCEEDED`, `HOOK_COMPLETE_FAILED`, `HOOK_FAILED` or `HOOK_IN_PROGRESS`. */
  readonly status: string;
  readonly reason: string | null;
  readonly target: string | null;
  /** In milliseconds. */
  readonly invokedAt: number | null;
}

/** How a hook is set in an account and Region. */
export interface HookConfiguration {
  /** `ENABLED` or `DISABLED`. */
  readonly invocation: string;
  /** `FAIL` or `WARN`. */
  readonly failureMode: string;
}

/** Asks member accounts about their hooks. */
export interface HookResultsReader {
  /** Results of a hook type in one account and Region, the newest first. @throws what AWS refuses. */
  hookResults(account: string, region: string, typeName: string): Promise<readonly HookResult[]>;
  /** `null` when the account has no such hook, or it is not set. @throws what AWS refuses. */
  hookConfiguration(account: string, region: string, typeName: string): Promise<HookConfiguration | null>;
}
