/**
 * CloudFormation StackSets through the AWS SDK: the reader and the writer. The SDK is loaded when a client is made,
 * because it takes time that commands without AWS do not have.
 */
import type {
  CloudFormationClient,
  DeploymentTargets as SdkTargets,
  StackInstanceSummary,
  StackSet,
} from '@aws-sdk/client-cloudformation';
import type {
  AwsOperation,
  AwsStackInstance,
  AwsStackSet,
  DeploymentTargets,
  OperationPreferences,
  StackSetContent,
  StackSetsReader,
  StackSetsWriter,
} from './reader.js';

export interface StackSetsClientOptions {
  /** The Region in which the stack sets are administered. */
  readonly region: string;
  /** `DELEGATED_ADMIN` for an account that administers stack sets for the organization, `SELF` for the management account. */
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  /** Such as `http://127.0.0.1:4567`. `@default` what `AWS_ENDPOINT_URL` or the configuration of AWS says. */
  readonly endpoint?: string;
  /** `@default` the chain of the SDK: environment, profiles, roles of the machine. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Tries of a call that is throttled or fails on its way. `@default` 10 */
  readonly maxAttempts?: number;
}

/** A client with what it holds open. */
export interface StackSetsClient extends StackSetsReader, StackSetsWriter {
  /** Lets StackSets into the organization; only the management account may. */
  activateOrganizationsAccess(): Promise<void>;
  /** Closes its connections. */
  close(): void;
}

type Sdk = typeof import('@aws-sdk/client-cloudformation');

/** Makes a client. Calls throw the errors of the SDK, whose `name` is the one of AWS. */
export async function stackSetsClient(options: StackSetsClientOptions): Promise<StackSetsClient> {
  const sdk = await import('@aws-sdk/client-cloudformation');
  const { region, endpoint, credentials, maxAttempts = 10 } = options;
  const client = new sdk.CloudFormationClient({
    region,
    retryMode: 'adaptive',
    maxAttempts,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  });
  return {
    ...reading(sdk, client, options.callAs),
    ...writing(sdk, client, options.callAs),
    async activateOrganizationsAccess() {
      await client.send(new sdk.ActivateOrganizationsAccessCommand({}));
    },
    close: () => {
      client.destroy();
    },
  };
}

/** All pages of a list. */
async function all<T extends { readonly NextToken?: string | undefined }, U>(
  next: (token: string | undefined) => Promise<T>,
  items: (page: T) => readonly U[] | undefined,
): Promise<readonly U[]> {
  const found: U[] = [];
  let token: string | undefined;
  do {
    const page = await next(token);
    for (const item of items(page) ?? []) found.push(item);
    if (token !== undefined && page.NextToken === token) {
      throw new Error('CloudFormation gives the same page of a list again');
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** A member that AWS always gives. @throws Error when it does not: going on would take nothing for something. */
function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`CloudFormation gave no ${what}`);
  return value;
}

/** `null` for one that is not there. */
async function orNull<T>(call: Promise<T>, name: string): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if ((error as Error).name === name) return null;
    throw error;
  }
}

const time = (date: Date | undefined): number | null => date?.getTime() ?? null;

function reading(sdk: Sdk, client: CloudFormationClient, CallAs: 'SELF' | 'DELEGATED_ADMIN'): StackSetsReader {
  return {
    async organizationsAccess() {
      const { Status } = await client.send(new sdk.DescribeOrganizationsAccessCommand({ CallAs }));
      return given(Status, 'status of the access to AWS Organizations');
    },
    async listStackSets() {
      const sets = await all(
        (NextToken) => client.send(new sdk.ListStackSetsCommand({ Status: 'ACTIVE', CallAs, NextToken })),
        ({ Summaries }) => Summaries,
      );
      return sets.map(({ StackSetName }) => given(StackSetName, 'name of a stack set'));
    },
    async describeStackSet(StackSetName) {
      const call = client.send(new sdk.DescribeStackSetCommand({ StackSetName, CallAs }));
      const answer = await orNull(call, 'StackSetNotFoundException');
      return answer === null ? null : stackSet(given(answer.StackSet, 'stack set'));
    },
    async listAutoDeploymentTargets(StackSetName) {
      const targets = await all(
        (NextToken) =>
          client.send(new sdk.ListStackSetAutoDeploymentTargetsCommand({ StackSetName, CallAs, NextToken })),
        ({ Summaries }) => Summaries,
      );
      return targets.map(({ OrganizationalUnitId, Regions }) => ({
        unit: given(OrganizationalUnitId, 'unit of a target'),
        regions: Regions ?? [],
      }));
    },
    async listInstances(StackSetName) {
      const instances = await all(
        (NextToken) =>
          client.send(new sdk.ListStackInstancesCommand({ StackSetName, CallAs, NextToken, MaxResults: 100 })),
        ({ Summaries }) => Summaries,
      );
      return instances.map(instance);
    },
    async listOperations(StackSetName) {
      const operations = await all(
        (NextToken) => client.send(new sdk.ListStackSetOperationsCommand({ StackSetName, CallAs, NextToken })),
        ({ Summaries }) => Summaries,
      );
      return operations.map(operation);
    },
    async describeOperation(StackSetName, OperationId) {
      const call = client.send(new sdk.DescribeStackSetOperationCommand({ StackSetName, OperationId, CallAs }));
      const answer = await orNull(call, 'OperationNotFoundException');
      return answer === null ? null : operation(given(answer.StackSetOperation, 'operation'));
    },
    async listOperationResults(StackSetName, OperationId) {
      const results = await all(
        (NextToken) =>
          client.send(
            new sdk.ListStackSetOperationResultsCommand({
              StackSetName,
              OperationId,
              CallAs,
              NextToken,
              MaxResults: 100,
            }),
          ),
        ({ Summaries }) => Summaries,
      );
      return results.map(({ Account, Region, Status, StatusReason }) => ({
        account: given(Account, 'account of a result'),
        region: given(Region, 'Region of a result'),
        status: given(Status, 'status of a result'),
        reason: StatusReason ?? null,
      }));
    },
    async parameterOverrides(StackSetName, StackInstanceAccount, StackInstanceRegion) {
      const input = { StackSetName, StackInstanceAccount, StackInstanceRegion, CallAs };
      const { StackInstance } = await client.send(new sdk.DescribeStackInstanceCommand(input));
      return pairs(given(StackInstance, 'stack instance').ParameterOverrides);
    },
  };
}

function pairs(
  parameters: readonly {
    readonly ParameterKey?: string | undefined;
    readonly ParameterValue?: string | undefined;
  }[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    parameters.map((each) => [given(each.ParameterKey, 'name of a parameter'), each.ParameterValue ?? '']),
  );
}

function stackSet(set: StackSet): AwsStackSet {
  const drift = set.StackSetDriftDetectionDetails;
  return {
    name: given(set.StackSetName, 'name of a stack set'),
    id: given(set.StackSetId, 'id of a stack set'),
    arn: given(set.StackSetARN, 'ARN of a stack set'),
    template: set.TemplateBody ?? '',
    parameters: pairs(set.Parameters),
    capabilities: set.Capabilities ?? [],
    tags: Object.fromEntries((set.Tags ?? []).map(({ Key, Value }) => [given(Key, 'key of a tag'), Value ?? ''])),
    permissionModel: set.PermissionModel ?? 'SELF_MANAGED',
    autoDeployment: {
      isEnabled: set.AutoDeployment?.Enabled === true,
      retainStacks: set.AutoDeployment?.RetainStacksOnAccountRemoval === true,
      dependsOn: [...(set.AutoDeployment?.DependsOn ?? [])].sort(),
    },
    managedExecution: set.ManagedExecution?.Active === true,
    drift:
      drift === undefined
        ? null
        : {
            status: drift.DriftStatus ?? 'NOT_CHECKED',
            detection: drift.DriftDetectionStatus ?? null,
            total: drift.TotalStackInstancesCount ?? 0,
            drifted: drift.DriftedStackInstancesCount ?? 0,
            inSync: drift.InSyncStackInstancesCount ?? 0,
            failed: drift.FailedStackInstancesCount ?? 0,
          },
  };
}

function instance(each: StackInstanceSummary): AwsStackInstance {
  return {
    account: given(each.Account, 'account of an instance'),
    region: given(each.Region, 'Region of an instance'),
    unit: each.OrganizationalUnitId ?? null,
    status: given(each.Status, 'status of an instance'),
    detail: each.StackInstanceStatus?.DetailedStatus ?? null,
    reason: each.StatusReason ?? null,
    stackId: each.StackId ?? null,
    driftStatus: each.DriftStatus ?? null,
    lastOperationId: each.LastOperationId ?? null,
  };
}

function operation(each: {
  readonly OperationId?: string | undefined;
  readonly Action?: string | undefined;
  readonly Status?: string | undefined;
  readonly CreationTimestamp?: Date | undefined;
  readonly EndTimestamp?: Date | undefined;
  readonly StatusReason?: string | undefined;
}): AwsOperation {
  return {
    id: given(each.OperationId, 'id of an operation'),
    action: given(each.Action, 'action of an operation'),
    status: given(each.Status, 'status of an operation'),
    createdAt: time(each.CreationTimestamp),
    endedAt: time(each.EndTimestamp),
    reason: each.StatusReason ?? null,
  };
}

function writing(sdk: Sdk, client: CloudFormationClient, CallAs: 'SELF' | 'DELEGATED_ADMIN'): StackSetsWriter {
  return {
    async createStackSet(StackSetName, content, ClientRequestToken) {
      await client.send(
        new sdk.CreateStackSetCommand({
          StackSetName,
          ...contentInput(content),
          PermissionModel: 'SERVICE_MANAGED',
          ClientRequestToken,
          CallAs,
        }),
      );
    },
    async updateStackSet(StackSetName, content, preferences, OperationId) {
      await client.send(
        new sdk.UpdateStackSetCommand({
          StackSetName,
          ...contentInput(content),
          OperationPreferences: preferencesInput(preferences),
          OperationId,
          CallAs,
        }),
      );
    },
    async stopAutoDeployment(StackSetName, preferences, OperationId) {
      const { StackSet: set } = await client.send(new sdk.DescribeStackSetCommand({ StackSetName, CallAs }));
      await client.send(
        new sdk.UpdateStackSetCommand({
          StackSetName,
          UsePreviousTemplate: true,
          Parameters: (set?.Parameters ?? []).map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
          Capabilities: set?.Capabilities,
          AutoDeployment: { Enabled: false },
          OperationPreferences: preferencesInput(preferences),
          OperationId,
          CallAs,
        }),
      );
    },
    async createInstances(StackSetName, targets, Regions, preferences, OperationId) {
      await client.send(
        new sdk.CreateStackInstancesCommand({
          StackSetName,
          DeploymentTargets: targetsInput(targets),
          Regions: [...Regions],
          OperationPreferences: preferencesInput(preferences),
          OperationId,
          CallAs,
        }),
      );
    },
    async deleteInstances(StackSetName, targets, Regions, RetainStacks, preferences, OperationId) {
      await client.send(
        new sdk.DeleteStackInstancesCommand({
          StackSetName,
          DeploymentTargets: targetsInput(targets),
          Regions: [...Regions],
          RetainStacks,
          OperationPreferences: preferencesInput(preferences),
          OperationId,
          CallAs,
        }),
      );
    },
    async deleteStackSet(StackSetName) {
      await client.send(new sdk.DeleteStackSetCommand({ StackSetName, CallAs }));
    },
    async detectDrift(StackSetName, preferences, OperationId) {
      const OperationPreferences = preferencesInput(preferences);
      await client.send(
        new sdk.DetectStackSetDriftCommand({ StackSetName, OperationPreferences, OperationId, CallAs }),
      );
    },
  };
}

function contentInput({ description, template, parameters, capabilities, tags, autoDeployment }: StackSetContent) {
  return {
    Description: description,
    ...('text' in template ? { TemplateBody: template.text } : { TemplateURL: template.url }),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: [...capabilities] as ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM')[],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    AutoDeployment: autoDeployment.isEnabled
      ? {
          Enabled: true,
          RetainStacksOnAccountRemoval: autoDeployment.retainStacks,
          ...(autoDeployment.dependsOn.length > 0 && { DependsOn: [...autoDeployment.dependsOn] }),
        }
      : { Enabled: false },
    ManagedExecution: { Active: true },
  };
}

function preferencesInput(preferences: OperationPreferences) {
  return { ...preferences };
}

/** The filter is always said, because its default differs from place to place. */
function targetsInput({ units, accounts }: DeploymentTargets): SdkTargets {
  return accounts === null
    ? { OrganizationalUnitIds: [...units], AccountFilterType: 'NONE' }
    : { OrganizationalUnitIds: [...units], Accounts: [...accounts], AccountFilterType: 'INTERSECTION' };
}
