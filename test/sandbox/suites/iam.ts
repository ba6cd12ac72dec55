/** IAM as the sandbox serves it, by the AWS SDK. */
import * as sdk from '@aws-sdk/client-iam';
import { startSandbox } from '../../../sandbox/index.js';
import type { Sandbox } from '../../../sandbox/index.js';
import { Clients, DOCUMENT, outcome, TRUST } from '../clients.js';
import { seeded } from '../organization.js';

const SHOP = '444444444444';
const READ = DOCUMENT({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
const AWS_READ = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

export function iamSuite(): void {
  let sandbox: Sandbox;
  let iam: sdk.IAMClient;
  const clients = new Clients(() => sandbox);

  beforeEach(async () => {
    sandbox = await startSandbox({ organization: seeded() });
    iam = clients.iam(sandbox.credentials(SHOP));
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
    expect(clients.departures).toStrictEqual([]);
  });

  const createRole = (
    RoleName: string,
    more: Partial<sdk.CreateRoleCommandInput> = {},
  ): Promise<sdk.CreateRoleCommandOutput> =>
    iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST(SHOP), ...more }));

  it('keeps users, their policies, tags, boundaries and keys', async () => {
    const UserName = 'ann';
    const { User } = await iam.send(
      new sdk.CreateUserCommand({
        UserName,
        Path: '/team/',
        Tags: [{ Key: 'Team', Value: 'a b' }],
        PermissionsBoundary: AWS_READ,
      }),
    );
    expect(User).toMatchObject({
      Arn: `arn:aws:iam::${SHOP}:user/team/ann`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{16}$/) as string,
      PermissionsBoundary: { PermissionsBoundaryArn: AWS_READ },
    });
    await iam.send(new sdk.TagUserCommand({ UserName, Tags: [{ Key: 'TEAM', Value: 'c' }] }));
    expect((await iam.send(new sdk.ListUserTagsCommand({ UserName }))).Tags).toStrictEqual([
      { Key: 'TEAM', Value: 'c' },
    ]);
    await iam.send(new sdk.UntagUserCommand({ UserName, TagKeys: ['team'] }));
    expect((await iam.send(new sdk.GetUserCommand({ UserName }))).User?.Tags).toBeUndefined();
    await iam.send(new sdk.PutUserPolicyCommand({ UserName, PolicyName: 'read', PolicyDocument: READ }));
    const { PolicyDocument } = await iam.send(new sdk.GetUserPolicyCommand({ UserName, PolicyName: 'read' }));
    expect(decodeURIComponent(PolicyDocument!)).toBe(READ);
    expect((await iam.send(new sdk.ListUserPoliciesCommand({ UserName }))).PolicyNames).toStrictEqual(['read']);
    await iam.send(new sdk.AttachUserPolicyCommand({ UserName, PolicyArn: AWS_READ }));
    await iam.send(new sdk.AttachUserPolicyCommand({ UserName, PolicyArn: AWS_READ }));
    expect((await iam.send(new sdk.ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies).toStrictEqual([
      { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: AWS_READ },
    ]);
    const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName }));
    await iam.send(new sdk.CreateAccessKeyCommand({ UserName }));
    expect(await outcome(iam.send(new sdk.CreateAccessKeyCommand({ UserName })))).toBe(
      'LimitExceededException: Cannot exceed quota for AccessKeysPerUser: 2',
    );
    const own = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const self = (): Promise<string> => outcome(clients.iam(own).send(new sdk.GetUserCommand({})));
    expect(await self()).toMatch(/^AccessDenied: .* because no permissions boundary allows the iam:GetUser action$/);
    const inactive = { UserName, AccessKeyId: own.accessKeyId, Status: 'Inactive' as const };
    await iam.send(new sdk.UpdateAccessKeyCommand(inactive));
    expect(await self()).toMatch(/^InvalidClientTokenId/);
    const { AccessKeyMetadata } = await iam.send(new sdk.ListAccessKeysCommand({ UserName }));
    expect(AccessKeyMetadata?.map(({ Status }) => Status)).toStrictEqual(['Inactive', 'Active']);

    const remove = (): Promise<string> => outcome(iam.send(new sdk.DeleteUserCommand({ UserName })));
    expect(await remove()).toMatch(/^DeleteConflictException: .*must detach all policies first/);
    await iam.send(new sdk.DetachUserPolicyCommand({ UserName, PolicyArn: AWS_READ }));
    expect(await remove()).toMatch(/must delete policies first/);
    await iam.send(new sdk.DeleteUserPolicyCommand({ UserName, PolicyName: 'read' }));
    expect(await remove()).toMatch(/must delete access keys first/);
    for (const { AccessKeyId } of AccessKeyMetadata!) {
      await iam.send(new sdk.DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    }
    await iam.send(new sdk.DeleteUserPermissionsBoundaryCommand({ UserName }));
    await iam.send(new sdk.PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: AWS_READ }));
    expect(await remove()).toBe('ok');
    expect(await outcome(iam.send(new sdk.GetUserCommand({ UserName })))).toBe(
      'NoSuchEntityException: The user with name ann cannot be found.',
    );
  });

  it('keeps roles', async () => {
    const { Role } = await createRole('deploy', {
      Description: 'd',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'k', Value: '' }],
    });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(TRUST(SHOP));
    const RoleName = 'deploy';
    expect(await outcome(createRole('DEPLOY'))).toBe(
      'EntityAlreadyExistsException: Role with name DEPLOY already exists.',
    );
    await iam.send(new sdk.UpdateRoleCommand({ RoleName, MaxSessionDuration: 3600 }));
    await iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: READ }));
    await iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: AWS_READ }));
    await iam.send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'l', Value: '1' }] }));
    for (const missing of [
      new sdk.TagRoleCommand({ RoleName, Tags: undefined }),
      new sdk.UntagRoleCommand({ RoleName, TagKeys: undefined }),
    ]) {
      expect(await outcome(iam.send(missing as sdk.TagRoleCommand))).toMatch(/^ValidationError: .*must not be null/);
    }
    const got = await iam.send(new sdk.GetRoleCommand({ RoleName }));
    expect(got.Role).toMatchObject({ Description: 'd', MaxSessionDuration: 3600, Tags: [{ Key: 'k' }, { Key: 'l' }] });
    const { Roles } = await iam.send(new sdk.ListRolesCommand({}));
    expect(Roles?.map((each) => each.RoleName)).toStrictEqual(['OrganizationAccountAccessRole', 'deploy']);
    expect(await outcome(iam.send(new sdk.DeleteRoleCommand({ RoleName })))).toMatch(/^DeleteConflictException/);
    await iam.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn: AWS_READ }));
    await iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }));
    await iam.send(new sdk.DeleteRoleCommand({ RoleName }));
    expect(await outcome(iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName: 'p' })))).toMatch(
      /^NoSuchEntity/,
    );
    await iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: 'config.amazonaws.com' }));
    const linked = { RoleName: 'AWSServiceRoleForConfig' };
    expect(await outcome(iam.send(new sdk.DeleteRoleCommand(linked)))).toMatch(/^UnmodifiableEntityException/);
    expect(await outcome(iam.send(new sdk.AttachRolePolicyCommand({ ...linked, PolicyArn: AWS_READ })))).toMatch(
      /^Unmodif/,
    );
  });

  it('keeps managed policies and their versions', async () => {
    const { Policy } = await iam.send(
      new sdk.CreatePolicyCommand({ PolicyName: 'team', PolicyDocument: READ, Description: 'd' }),
    );
    const PolicyArn = Policy!.Arn!;
    expect(PolicyArn).toBe(`arn:aws:iam::${SHOP}:policy/team`);
    const version = (SetAsDefault = false): Promise<sdk.CreatePolicyVersionCommandOutput> =>
      iam.send(
        new sdk.CreatePolicyVersionCommand({
          PolicyArn,
          PolicyDocument: DOCUMENT({ Effect: 'Deny', Action: '*', Resource: '*' }),
          SetAsDefault,
        }),
      );
    await version(true);
    for (let count = 0; count < 3; count += 1) await version();
    expect(await outcome(version())).toBe('LimitExceededException: Cannot exceed quota for VersionsPerPolicy: 5');
    const { Versions } = await iam.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.filter(({ IsDefaultVersion }) => IsDefaultVersion)).toMatchObject([{ VersionId: 'v2' }]);
    await iam.send(new sdk.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const { PolicyVersion } = await iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(READ);
    expect(await outcome(iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' })))).toMatch(
      /^DeleteConflict/,
    );
    await createRole('user-of-it', { PermissionsBoundary: PolicyArn });
    await iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'user-of-it', PolicyArn }));
    const { PolicyRoles } = await iam.send(new sdk.ListEntitiesForPolicyCommand({ PolicyArn }));
    expect(PolicyRoles).toMatchObject([{ RoleName: 'user-of-it' }]);
    expect((await iam.send(new sdk.GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 1,
    });
    const remove = (): Promise<string> => outcome(iam.send(new sdk.DeletePolicyCommand({ PolicyArn })));
    expect(await remove()).toMatch(/attached to entities/);
    await iam.send(new sdk.DetachRolePolicyCommand({ RoleName: 'user-of-it', PolicyArn }));
    expect(await remove()).toMatch(/attached to entities/);
    await iam.send(new sdk.DeleteRolePermissionsBoundaryCommand({ RoleName: 'user-of-it' }));
    expect(await remove()).toMatch(/more than one version/);
    for (const VersionId of ['v2', 'v3', 'v4', 'v5']) {
      await iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    }
    expect(await remove()).toBe('ok');
    const { Policies } = await iam.send(new sdk.ListPoliciesCommand({ Scope: 'AWS', OnlyAttached: true }));
    expect(Policies?.map(({ PolicyName }) => PolicyName)).toStrictEqual(['AdministratorAccess']);
    expect(await outcome(iam.send(new sdk.DeletePolicyCommand({ PolicyArn: AWS_READ })))).toMatch(/^AccessDenied/);
  });

  it('refuses documents, names and quotas as AWS does', async () => {
    const role = (AssumeRolePolicyDocument: string): Promise<string> =>
      outcome(createRole('x', { AssumeRolePolicyDocument }));
    expect(await role('{')).toBe('MalformedPolicyDocumentException: This policy contains invalid Json');
    expect(await role(READ)).toMatch(/^MalformedPolicyDocumentException/);
    expect(await role(TRUST(`arn:aws:iam::${SHOP}:role/none`))).toBe(
      `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"arn:aws:iam::${SHOP}:role/none"`,
    );
    const long = (count: number): string =>
      DOCUMENT({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'a'.repeat(count).replace(/^/, 'arn:aws:s3:::') });
    const put = (PolicyDocument: string): Promise<string> =>
      outcome(iam.send(new sdk.PutUserPolicyCommand({ UserName: 'administrator', PolicyName: 'p', PolicyDocument })));
    expect(await put(long(2_100))).toMatch(/^LimitExceededException/);
    // White space does not count.
    expect(await put(long(1_500).replaceAll(',', `,${' '.repeat(300)}`))).toBe('ok');
    expect(await put(DOCUMENT({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }))).toMatch(
      /^Malformed/,
    );
    expect(await outcome(createRole('a b'))).toMatch(
      /^ValidationError: 1 validation error detected: Value 'a b' at 'roleName'/,
    );
    expect(await outcome(createRole('x', { Path: 'no' }))).toMatch(/^ValidationError/);
    expect(
      await outcome(
        createRole('x', {
          Tags: [
            { Key: 'a', Value: '' },
            { Key: 'A', Value: '' },
          ],
        }),
      ),
    ).toMatch(/^InvalidInput/);
    expect(await outcome(createRole('x', { PermissionsBoundary: `arn:aws:iam::${SHOP}:policy/none` }))).toMatch(
      /^NoSuchEntity/,
    );
  });

  it('is paged through, and told as a whole', async () => {
    for (let index = 0; index < 7; index += 1) await createRole(`r${index}`);
    const names: string[] = [];
    for await (const page of sdk.paginateListRoles({ client: iam, pageSize: 3 }, {})) {
      names.push(...page.Roles!.map(({ RoleName }) => RoleName!));
    }
    expect(names).toStrictEqual(['OrganizationAccountAccessRole', 'r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
    const found: string[] = [];
    const pages = sdk.paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 4 }, {});
    for await (const { UserDetailList, RoleDetailList, Policies } of pages) {
      found.push(
        ...UserDetailList!.map(({ UserName }) => UserName!),
        ...RoleDetailList!.map(({ RoleName }) => RoleName!),
      );
      found.push(...Policies!.map(({ PolicyName }) => PolicyName!));
    }
    expect(found.sort()).toStrictEqual([...names, 'AdministratorAccess', 'administrator'].sort());
  });

  it('decides by tags, boundaries and paths of what is asked about', async () => {
    const PolicyDocument = DOCUMENT(
      { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'iam:CreateRole',
        Resource: '*',
        Condition: { StringNotEquals: { 'iam:PermissionsBoundary': AWS_READ } },
      },
      {
        Effect: 'Deny',
        Action: 'iam:TagRole',
        Resource: '*',
        Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['tenant'] } },
      },
      {
        Effect: 'Deny',
        Action: 'iam:DeleteRole',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/keep': 'yes' } },
      },
      {
        Effect: 'Deny',
        Action: 'iam:AttachRolePolicy',
        Resource: '*',
        Condition: { ArnEquals: { 'iam:PolicyARN': AWS_READ } },
      },
      { Effect: 'Deny', Action: 'iam:*', Resource: `arn:aws:iam::${SHOP}:role/protected/*` },
    );
    await iam.send(new sdk.CreateUserCommand({ UserName: 'dev' }));
    await iam.send(new sdk.PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'p', PolicyDocument }));
    await createRole('kept', { Tags: [{ Key: 'keep', Value: 'yes' }] });
    await createRole('safe', { Path: '/protected/' });
    const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName: 'dev' }));
    const dev = clients.iam({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
    const make = (RoleName: string, more: object = {}): Promise<string> =>
      outcome(dev.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST(SHOP), ...more })));
    const denied = /^AccessDenied: .* with an explicit deny in an identity-based policy$/;
    expect(await make('a')).toMatch(denied);
    expect(await make('a', { PermissionsBoundary: AWS_READ })).toBe('ok');
    expect(await make('b', { PermissionsBoundary: AWS_READ, Tags: [{ Key: 'tenant', Value: 't' }] })).toMatch(denied);
    const RoleName = 'a';
    expect(
      await outcome(dev.send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'tenant', Value: '1' }] }))),
    ).toMatch(denied);
    expect(await outcome(dev.send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: '1' }] })))).toBe(
      'ok',
    );
    expect(await outcome(dev.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: AWS_READ })))).toMatch(denied);
    expect(await outcome(dev.send(new sdk.DeleteRoleCommand({ RoleName: 'kept' })))).toMatch(denied);
    expect(await outcome(dev.send(new sdk.DeleteRoleCommand({ RoleName: 'safe' })))).toMatch(denied);
    expect(await outcome(dev.send(new sdk.DeleteRoleCommand({ RoleName })))).toBe('ok');
  });

  it('tells of the whole account: summary, credential report, last use', async () => {
    const client = clients.iam(sandbox.credentials('444444444444'));
    const { SummaryMap } = await client.send(new sdk.GetAccountSummaryCommand({}));
    expect(SummaryMap).toMatchObject({ Users: 1, Roles: 1, AccountAccessKeysPresent: 0 });
    expect(await outcome(client.send(new sdk.GetCredentialReportCommand({})))).toMatch(/ReportNotPresent/);
    await client.send(new sdk.GenerateCredentialReportCommand({}));
    const { Content } = await client.send(new sdk.GetCredentialReportCommand({}));
    const [head, root, administrator] = Buffer.from(Content!).toString().split('\n');
    expect(root).toMatch(/^<root_account>,arn:aws:iam::444444444444:root,/);
    const columns = administrator!.split(',');
    expect(columns).toHaveLength(head!.split(',').length);
    expect(columns.slice(8, 13)).toMatchObject(
      ['true', /T/, /T/, 'us-east-1', 'iam'].map((each) =>
        typeof each === 'string' ? each : (expect.stringMatching(each) as string),
      ),
    );
    const { AccessKeyMetadata } = await client.send(new sdk.ListAccessKeysCommand({}));
    const { AccessKeyId } = AccessKeyMetadata![0]!;
    const used = await client.send(new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId }));
    expect(used.AccessKeyLastUsed).toMatchObject({ ServiceName: 'iam', Region: 'us-east-1' });
    const { JobId } = await client.send(
      new sdk.GenerateServiceLastAccessedDetailsCommand({ Arn: 'arn:aws:iam::444444444444:user/administrator' }),
    );
    const details = await client.send(new sdk.GetServiceLastAccessedDetailsCommand({ JobId }));
    expect(details.ServicesLastAccessed!.map(({ ServiceNamespace }) => ServiceNamespace)).toStrictEqual(['iam']);
    expect((await client.send(new sdk.ListMFADevicesCommand({}))).MFADevices).toStrictEqual([]);
    expect((await client.send(new sdk.ListSAMLProvidersCommand({}))).SAMLProviderList).toStrictEqual([]);
    expect(await outcome(client.send(new sdk.GetLoginProfileCommand({ UserName: 'administrator' })))).toMatch(
      /^NoSuchEntity/,
    );
    expect(clients.departures).toStrictEqual([]);
  });
}
