/** Calls that people and pipelines of the demo make, with the plain SDK. */
import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation';
import type { Keys, Stage } from './stage.js';

/** What is asked for with a session. */
export interface SessionWish {
  readonly name: string;
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export const roleArn = (account: string, role: string): string => `arn:aws:iam::${account}:role/${role}`;

/** Credentials of a role. @throws the errors of the SDK. */
export async function assume(stage: Stage, keys: Keys, arn: string, wish: SessionWish): Promise<Keys> {
  const sts = await import('@aws-sdk/client-sts');
  const client = new sts.STSClient(stage.client(keys));
  const { Credentials: given } = await client.send(
    new sts.AssumeRoleCommand({
      RoleArn: arn,
      RoleSessionName: wish.name,
      ...(wish.sourceIdentity !== undefined && { SourceIdentity: wish.sourceIdentity }),
      ...(wish.tags !== undefined && { Tags: Object.entries(wish.tags).map(([Key, Value]) => ({ Key, Value })) }),
    }),
  );
  client.destroy();
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
    throw new Error('STS gave no credentials');
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
  };
}

/** A policy of one statement. */
export const policyOf = (statement: object): object => ({ Version: '2012-10-17', Statement: [statement] });

/** A role with its own permissions. @param trust, permissions - Policy documents. */
export async function makeRole(
  stage: Stage,
  keys: Keys,
  name: string,
  trust: object,
  permissions: object,
): Promise<void> {
  const iam = await import('@aws-sdk/client-iam');
  const client = new iam.IAMClient(stage.client(keys));
  const [trusted, allowed] = [JSON.stringify(trust), JSON.stringify(permissions)];
  await client.send(new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trusted }));
  await client.send(
    new iam.PutRolePolicyCommand({ RoleName: name, PolicyName: 'permissions', PolicyDocument: allowed }),
  );
  client.destroy();
}

/** Whether a call was denied, and with which words; `null` when it went through. @throws other errors. */
export async function denial(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('AccessDenied')) throw error;
    return error.message;
  }
}

/** How a stack ended. */
export interface StackEnd {
  readonly status: string;
  /** The words of the hook or of the resource that stopped it. */
  readonly reason: string;
}

/** Creates a stack and waits for its end. */
export async function createStack(
  client: CloudFormationClient,
  name: string,
  template: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<StackEnd> {
  const cfn = await import('@aws-sdk/client-cloudformation');
  await client.send(
    new cfn.CreateStackCommand({
      StackName: name,
      TemplateBody: template,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  for (let looks = 0; ; looks++) {
    if (looks > 1_000) throw new Error(`the stack ${name} does not come to its end`);
    const { Stacks } = await client.send(new cfn.DescribeStacksCommand({ StackName: name }));
    const status: string = Stacks?.[0]?.StackStatus ?? '';
    if (!status.endsWith('IN_PROGRESS')) {
      const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: name }));
      return { status, reason: reasonOf(StackEvents) };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function reasonOf(events: readonly StackEvent[]): string {
  const hook = events.find(({ HookStatus }) => HookStatus === 'HOOK_COMPLETE_FAILED' || HookStatus === 'HOOK_FAILED');
  const failed = events.findLast(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED') === true);
  return hook?.HookStatusReason ?? failed?.ResourceStatusReason ?? '';
}
