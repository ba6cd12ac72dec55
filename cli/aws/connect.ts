/** Calls of AWS by the command. The SDK is loaded when the first client is made. */
import { organizationsClient } from '../../organization/index.js';
import type { OrganizationsClient } from '../../organization/index.js';
import type { Caller, PolicyState } from '../../scp/apply/index.js';
import { StateTree } from '../../scp/apply/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { awsDiagnostic } from './errors.js';

/** Clients that share credentials and endpoint. */
export interface AwsConnection {
  readonly organizations: OrganizationsClient;
  close(): void;
}

/** Makes ready to call AWS with the credentials and endpoint of the environment. */
export async function connect(): Promise<AwsConnection> {
  // The SDK warns on standard error of the end of its support for Node 20; users of a command cannot act on that.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const organizations = await organizationsClient();
  return {
    organizations,
    close: () => {
      organizations.close();
    },
  };
}

/** Runs calls. @throws InputError with what AWS said, in place of errors of the SDK. */
export async function calling<T>(doing: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    const diagnostic = awsDiagnostic(error, doing);
    if (diagnostic === null) throw error;
    throw new InputError([diagnostic]);
  }
}

/** Values of `--caller-context KEY=VALUE`; an empty value means that the calls have no such key. */
export function contextOf(pairs: readonly string[]): Pick<Caller, 'context'> & { readonly absent: readonly string[] } {
  const context: Record<string, string> = {};
  const absent: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) {
      throw new InputError([
        badOption('--caller-context', `\`${pair}\` is not KEY=VALUE`, 'such as aws:SourceIdentity=alice'),
      ]);
    }
    const key = pair.slice(0, equals);
    if (equals === pair.length - 1) absent.push(key);
    else context[key] = pair.slice(equals + 1);
  }
  return { context, absent };
}

/** Who calls, and what is known of the calls. @throws the errors of the SDK. */
export async function callerOf(state: PolicyState, pairs: readonly string[], now: number): Promise<Caller> {
  const given = contextOf(pairs);
  const sts = await import('@aws-sdk/client-sts');
  const client = new sts.STSClient({ region: REGION, maxAttempts: 5 });
  try {
    const { Arn, Account, UserId } = await client.send(new sts.GetCallerIdentityCommand({}));
    if (Arn === undefined || Account === undefined) throw new Error('STS did not tell who calls');
    const issuer = await roleOf(Arn, Account, state);
    const path = new StateTree(state).path(Account).slice(0, -1);
    return {
      arn: Arn,
      account: Account,
      ...(issuer !== undefined && { sessionIssuer: issuer }),
      context: {
        ...(UserId !== undefined && { 'aws:userid': UserId }),
        'aws:PrincipalOrgID': state.organization.id,
        'aws:PrincipalOrgPaths': [`${[state.organization.id, ...path].join('/')}/`],
        'aws:RequestedRegion': REGION,
        'aws:SecureTransport': 'true',
        'aws:ViaAWSService': 'false',
        'aws:PrincipalIsAWSService': 'false',
        'aws:CurrentTime': new Date(now).toISOString(),
        'aws:EpochTime': String(Math.floor(now / 1000)),
        ...given.context,
      },
      absent: given.absent,
    };
  } finally {
    client.destroy();
  }
}

const REGION = 'us-east-1';

/** The role of a session with its path, which the session's own ARN leaves out. Asked only where it matters. */
async function roleOf(arn: string, account: string, state: PolicyState): Promise<string | undefined> {
  const name = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (name === undefined || account === state.organization.managementAccountId) return undefined;
  const iam = await import('@aws-sdk/client-iam');
  const client = new iam.IAMClient({ region: REGION, maxAttempts: 5 });
  try {
    const { Role } = await client.send(new iam.GetRoleCommand({ RoleName: name }));
    return Role?.Arn;
  } finally {
    client.destroy();
  }
}
