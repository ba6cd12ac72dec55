/**
 * What hooks said in member accounts. ListHookResults tells of the account and Region that it is called in
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListHookResults.html, read 2026-11-21), so a role
 * of each account is assumed.
 */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { HookConfiguration, HookResult, HookResultsReader } from './reader.js';

export interface HookResultsClientOptions {
  /** Name of the role of each account. */
  readonly role: string;
  /** Region in which roles are assumed. */
  readonly region: string;
  readonly partition: string;
  /** `@default` 5 */
  readonly maxAttempts?: number;
}

export interface HookResultsClient extends HookResultsReader {
  /** Closes its connections. */
  close(): void;
}

/** Makes a client. Sessions are kept for as long as it is open. */
export async function hookResultsClient(options: HookResultsClientOptions): Promise<HookResultsClient> {
  const { role, region: home, partition, maxAttempts = 5 } = options;
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const cloudFormation = await import('@aws-sdk/client-cloudformation');
  const sts = new STSClient({ region: home, maxAttempts });
  const sessions = new Map<string, Promise<Session>>();
  const clients = new Map<string, CloudFormationClient>();

  async function assume(account: string): Promise<Session> {
    const RoleArn = `arn:${partition}:iam::${account}:role/${role}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'stackade-deploy' }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new Error(`STS gave no credentials of ${RoleArn}`);
    }
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  }

  async function clientOf(account: string, region: string): Promise<CloudFormationClient> {
    const session = sessions.get(account) ?? assume(account);
    sessions.set(account, session);
    const credentials = await session;
    const key = `${account} ${region}`;
    const client =
      clients.get(key) ??
      new cloudFormation.CloudFormationClient({ region, credentials, maxAttempts, retryMode: 'adaptive' });
    clients.set(key, client);
    return client;
  }

  return {
    async hookResults(account, region, typeName) {
      const client = await clientOf(account, region);
      const TypeArn = `arn:${partition}:cloudformation:${region}:${account}:type/hook/${typeName.replaceAll('::', '-')}`;
      const found: HookResult[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new cloudFormation.ListHookResultsCommand({ TypeArn, NextToken }));
        for (const { Status, HookStatusReason, TargetId, InvokedAt } of page.HookResults ?? []) {
          found.push({
            account,
            region,
            status: Status ?? 'UNKNOWN',
            reason: HookStatusReason ?? null,
            target: TargetId ?? null,
            invokedAt: InvokedAt?.getTime() ?? null,
          });
        }
        if (NextToken !== undefined && page.NextToken === NextToken) {
          throw new Error('CloudFormation gives the same page of a list again');
        }
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return found;
    },
    async hookConfiguration(account, region, typeName) {
      const client = await clientOf(account, region);
      const input = { TypeConfigurationIdentifiers: [{ Type: 'HOOK', TypeName: typeName } as const] };
      const { TypeConfigurations, Errors } = await client.send(
        new cloudFormation.BatchDescribeTypeConfigurationsCommand(input),
      );
      const [failure] = Errors ?? [];
      if (failure !== undefined) throw new Error(`${failure.ErrorCode ?? ''}: ${failure.ErrorMessage ?? ''}`);
      return configurationOf(TypeConfigurations?.[0]?.Configuration);
    },
    close() {
      sts.destroy();
      for (const client of clients.values()) client.destroy();
    },
  };
}

/** "Hook configuration schema syntax reference" of the CloudFormation Hooks User Guide tells the form. */
function configurationOf(text: string | undefined): HookConfiguration | null {
  if (text === undefined) return null;
  const parsed = JSON.parse(text) as {
    readonly CloudFormationConfiguration?: {
      readonly HookConfiguration?: Readonly<
        Partial<Record<'HookInvocationStatus' | 'TargetStacks' | 'FailureMode', unknown>>
      >;
    };
  };
  const hook = parsed.CloudFormationConfiguration?.HookConfiguration;
  if (hook === undefined) return null;
  const { HookInvocationStatus, TargetStacks, FailureMode } = hook;
  // Older configurations say by TargetStacks whether a hook is invoked.
  const invocation = HookInvocationStatus ?? (TargetStacks === 'ALL' ? 'ENABLED' : 'DISABLED');
  return { invocation: word(invocation), failureMode: word(FailureMode ?? 'WARN') };
}

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
