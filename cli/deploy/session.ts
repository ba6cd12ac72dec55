/** Connects to AWS as somebody who may administer stack sets of the described organization, or says why not. */
import {
  hookResultsClient,
  isDelegate,
  readTree,
  stackSetsClient,
  STACK_SETS_SERVICE,
  Tree,
} from '../../stacksets/index.js';
import type { HookResultsClient, Rollout, StackSetsClient } from '../../stacksets/index.js';
import type { Organization } from '../../organization/index.js';
import { calling, connect, type AwsConnection } from '../aws/connect.js';
import { InputError } from '../input-error.js';
import { notAdministrator } from './diagnostics.js';

/** What the subcommands call AWS with. */
export interface DeploySession {
  readonly stackSets: StackSetsClient;
  readonly connection: AwsConnection;
  readonly tree: () => Promise<Tree>;
  readonly account: string;
  readonly partition: string;
  /** Who asks the accounts for what their hooks said; `null` when the rollout names no role for that. */
  results(rollout: Rollout): Promise<HookResultsClient | null>;
  close(): void;
}

/** @throws InputError when there are no credentials, they are of another organization, or may not administer stack sets. */
export async function openSession(organization: Organization): Promise<DeploySession> {
  const connection = await connect();
  const open: { close(): void }[] = [connection];
  const close = (): void => {
    for (const each of open) each.close();
  };
  try {
    const { account, arn } = await calling('it cannot be told who calls', () => identity(organization.homeRegion));
    const callAs = await administers(organization, account, connection);
    const stackSets = await stackSetsClient({ region: organization.homeRegion, callAs });
    open.push(stackSets);
    const access = await calling('the access of StackSets to the organization cannot be read', () =>
      stackSets.organizationsAccess(),
    );
    if (access !== 'ENABLED') {
      throw new InputError([
        notAdministrator(
          `StackSets has no trusted access to the organization (${access})`,
          'call `stackade deploy enable` (or `aws cloudformation activate-organizations-access`) from the management account',
        ),
      ]);
    }
    const partition = arn.split(':')[1] ?? 'aws';
    return {
      stackSets,
      connection,
      account,
      partition,
      tree: () =>
        calling('the organization cannot be read', async () => new Tree(await readTree(connection.organizations))),
      async results({ hook }) {
        const role = hook?.resultsRole ?? null;
        if (role === null) return null;
        const client = await hookResultsClient({ role, region: organization.homeRegion, partition });
        open.push(client);
        return client;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Who calls. @throws the errors of the SDK. */
export async function identity(region: string): Promise<{ readonly account: string; readonly arn: string }> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region, maxAttempts: 5 });
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (Account === undefined || Arn === undefined) throw new Error('STS did not tell who calls');
    return { account: Account, arn: Arn };
  } finally {
    client.destroy();
  }
}

/** As whom stack sets are administered. */
async function administers(
  described: Organization,
  account: string,
  { organizations }: AwsConnection,
): Promise<'SELF' | 'DELEGATED_ADMIN'> {
  const found = await calling('the organization cannot be read', () => organizations.describeOrganization());
  const pairs = [
    [described.id, found.id, 'organization'],
    [described.managementAccount, found.managementAccountId, 'management account'],
  ] as const;
  for (const [wanted, is, what] of pairs) {
    if (wanted === null || wanted === is) continue;
    throw new InputError([
      notAdministrator(
        `the description is of the ${what} ${wanted}, the credentials (account ${account}) are of ${is}`,
        'take the credentials or the description of the other one',
      ),
    ]);
  }
  if (account === found.managementAccountId) return 'SELF';
  let isOne: boolean;
  try {
    isOne = await isDelegate(organizations, account);
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') {
      return calling('delegated administrators cannot be read', () => Promise.reject(error as Error));
    }
    isOne = false;
  }
  if (isOne) return 'DELEGATED_ADMIN';
  throw new InputError([
    notAdministrator(
      `the account ${account} is neither the management account nor a delegated administrator of stack sets`,
      `call from an administrator's account; the management account makes one by \`aws organizations register-delegated-administrator --account-id ${account} --service-principal ${STACK_SETS_SERVICE}\``,
    ),
  ]);
}
