/** IAM of the management account, by the AWS SDK: what is there, and the calls of a plan. */
import type { IAMClient, ManagedPolicyDetail } from '@aws-sdk/client-iam';
import { OWNER_TAG } from '../../scp/apply/index.js';
import { isManagementName, REVOCATION_SET } from '../../scp/revoke/index.js';
import type { ManagementEntity, ManagementPolicy, ManagementState, ManagementStep } from '../../scp/revoke/index.js';

/** Calls on IAM of one account. */
export interface ManagementClient {
  /** @throws the errors of the SDK. */
  read(): Promise<ManagementState>;
  /** Makes the call of a step. @throws the errors of the SDK. */
  run(step: ManagementStep): Promise<void>;
  close(): void;
}

const REGION = 'us-east-1';

/** @param account - That the credentials of the environment are of. */
export async function managementClient(account: string): Promise<ManagementClient> {
  const sdk = await import('@aws-sdk/client-iam');
  const client = new sdk.IAMClient({ region: REGION, maxAttempts: 3 });
  const arnOf = (name: string): string => `arn:aws:iam::${account}:policy/${name}`;
  return {
    read: () => readState(client, account),
    async run(step) {
      switch (step.kind) {
        case 'createPolicy': {
          const Tags = [{ Key: OWNER_TAG, Value: REVOCATION_SET }];
          const Description = 'Revoked sessions. Made by stackade revoke; change it with that only.';
          await client.send(
            new sdk.CreatePolicyCommand({ PolicyName: step.name, PolicyDocument: step.content, Description, Tags }),
          );
          return;
        }
        case 'createPolicyVersion':
          await client.send(
            new sdk.CreatePolicyVersionCommand({
              PolicyArn: arnOf(step.name),
              PolicyDocument: step.content,
              SetAsDefault: true,
            }),
          );
          return;
        case 'deletePolicyVersion':
          await client.send(
            new sdk.DeletePolicyVersionCommand({ PolicyArn: arnOf(step.name), VersionId: step.version }),
          );
          return;
        case 'attachPolicy':
        case 'detachPolicy':
          await client.send(attachment(sdk, step.kind, step.entity, arnOf(step.name)) as never);
          return;
        case 'putInlinePolicy':
          await client.send(
            new sdk.PutRolePolicyCommand({
              RoleName: step.role,
              PolicyName: step.name,
              PolicyDocument: step.content,
            }),
          );
          return;
        case 'deleteInlinePolicy':
          await client.send(new sdk.DeleteRolePolicyCommand({ RoleName: step.role, PolicyName: step.name }));
          return;
        case 'deletePolicy':
          await client.send(new sdk.DeletePolicyCommand({ PolicyArn: arnOf(step.name) }));
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

function attachment(
  sdk: typeof import('@aws-sdk/client-iam'),
  kind: 'attachPolicy' | 'detachPolicy',
  { kind: of, name }: { readonly kind: 'role' | 'user'; readonly name: string },
  PolicyArn: string,
): object {
  if (of === 'role') {
    const input = { RoleName: name, PolicyArn };
    return kind === 'attachPolicy' ? new sdk.AttachRolePolicyCommand(input) : new sdk.DetachRolePolicyCommand(input);
  }
  const input = { UserName: name, PolicyArn };
  return kind === 'attachPolicy' ? new sdk.AttachUserPolicyCommand(input) : new sdk.DetachUserPolicyCommand(input);
}

/** What IAM tells of an entity, as far as this needs it. */
interface Detail {
  readonly Arn?: string | undefined;
  readonly Path?: string | undefined;
  readonly AttachedManagedPolicies?: readonly { readonly PolicyArn?: string | undefined }[] | undefined;
}

interface InlineDetail {
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: string | undefined;
}

async function readState(client: IAMClient, account: string): Promise<ManagementState> {
  const sdk = await import('@aws-sdk/client-iam');
  const entities: ManagementEntity[] = [];
  const details: ManagedPolicyDetail[] = [];
  const own = `arn:aws:iam::${account}:policy/`;
  const entity = (kind: 'role' | 'user', name: string, detail: Detail, inline: readonly InlineDetail[]): void => {
    const attached = (detail.AttachedManagedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? '');
    entities.push({
      kind,
      name,
      arn: detail.Arn ?? '',
      path: detail.Path ?? '/',
      trust: null,
      attached: attached.filter((arn) => arn.startsWith(own)).map((arn) => arn.slice(own.length)),
      inline: Object.fromEntries(
        inline.map(({ PolicyName, PolicyDocument }) => [PolicyName ?? '', decodeURIComponent(PolicyDocument ?? '')]),
      ),
    });
  };
  const Filter = ['Role', 'User', 'LocalManagedPolicy'] as const;
  for await (const page of sdk.paginateGetAccountAuthorizationDetails({ client }, { Filter: [...Filter] })) {
    for (const user of page.UserDetailList ?? []) entity('user', user.UserName ?? '', user, user.UserPolicyList ?? []);
    for (const role of page.RoleDetailList ?? []) {
      entity('role', role.RoleName ?? '', role, role.RolePolicyList ?? []);
      entities.push({ ...entities.pop()!, trust: parsed(decodeURIComponent(role.AssumeRolePolicyDocument ?? '')) });
    }
    details.push(...(page.Policies ?? []));
  }
  const policies: ManagementPolicy[] = [];
  for (const { PolicyName = '', Arn = '', PolicyVersionList = [] } of details) {
    if (Arn !== own + PolicyName || !isManagementName(PolicyName)) continue;
    const { Tags = [] } = await client.send(new sdk.ListPolicyTagsCommand({ PolicyArn: Arn }));
    const versions = [...PolicyVersionList].sort((a, b) => numberOf(a.VersionId) - numberOf(b.VersionId));
    policies.push({
      name: PolicyName,
      arn: Arn,
      isOwn: Tags.some(({ Key, Value }) => Key === OWNER_TAG && Value === REVOCATION_SET),
      versions: versions.map(({ VersionId = '', Document = '', IsDefaultVersion }) => ({
        id: VersionId,
        text: decodeURIComponent(Document),
        isDefault: IsDefaultVersion === true,
      })),
    });
  }
  return { account, entities, policies };
}

const numberOf = (version: string | undefined): number => Number((version ?? 'v0').slice(1));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
