/** Sessions: who may assume which role, what the session carries, and when it ends. */
import * as iamSdk from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { AttachPolicyCommand, CreatePolicyCommand, DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { startSandbox } from '../../../sandbox/index.js';
import type { Credentials, Sandbox } from '../../../sandbox/index.js';
import { Clients, DOCUMENT, outcome, TRUST } from '../clients.js';
import { seeded } from '../organization.js';

const [MANAGEMENT, SHOP, BILLING] = ['111111111111', '444444444444', '555555555555'];
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

export function stsSuite(): void {
  let sandbox: Sandbox;
  let clock = 0;
  const clients = new Clients(
    () => sandbox,
    () => clock,
  );

  beforeEach(async () => {
    clock = 0;
    sandbox = await startSandbox({ organization: seeded(), now: () => Date.now() + clock });
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
    expect(clients.departures).toStrictEqual([]);
  });

  const arnOf = (name: string, account = SHOP): string => `arn:aws:iam::${account}:role/${name}`;

  /** Makes a role in the shop's account with all rights, or with those of a document. */
  async function role(
    RoleName: string,
    trust: string,
    more: Partial<iamSdk.CreateRoleCommandInput> = {},
  ): Promise<string> {
    const iam = clients.iam(sandbox.credentials(SHOP));
    await iam.send(new iamSdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }));
    await iam.send(new iamSdk.AttachRolePolicyCommand({ RoleName, PolicyArn: ADMIN }));
    return arnOf(RoleName);
  }

  const assume = (by: Credentials, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}): Promise<string> =>
    outcome(clients.sts(by).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...more })));

  const buckets = (by: Credentials): Promise<string> => outcome(clients.s3(by).send(new ListBucketsCommand({})));

  it('tells who calls, and whose key it is', async () => {
    const by = sandbox.credentials(SHOP);
    expect(await clients.sts(by).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: SHOP,
      Arn: `arn:aws:iam::${SHOP}:user/administrator`,
    });
    const root = await clients.sts(sandbox.credentials(SHOP, 'root')).send(new GetCallerIdentityCommand({}));
    expect(root).toMatchObject({ Arn: `arn:aws:iam::${SHOP}:root`, UserId: SHOP });
    const info = await clients.sts(by).send(new GetAccessKeyInfoCommand({ AccessKeyId: by.accessKeyId }));
    expect(info.Account).toBe(SHOP);
  });

  it('makes sessions that end', async () => {
    const access = arnOf('OrganizationAccountAccessRole');
    const answer = await clients
      .sts(sandbox.credentials(MANAGEMENT))
      .send(new AssumeRoleCommand({ RoleArn: access, RoleSessionName: 'ann', DurationSeconds: 900 }));
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${SHOP}:assumed-role/OrganizationAccountAccessRole/ann`);
    expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{16}:ann$/);
    const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
    const session = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
    expect(await buckets(session)).toBe('ok');
    expect(await buckets({ ...session, sessionToken: 'made up' })).toMatch(/^InvalidAccessKeyId/);
    const { sessionToken, ...without } = session;
    expect(sessionToken).toBeDefined();
    expect(await buckets(without)).toMatch(/^InvalidAccessKeyId/);
    clock = 898_000;
    expect(await buckets(session)).toBe('ok');
    clock = 901_000;
    expect(await buckets(session)).toMatch(/^ExpiredToken: /);
    expect(await outcome(clients.sts(session).send(new GetCallerIdentityCommand({})))).toMatch(/^ExpiredToken/);
  });

  it('lets in whom the trust policy and the own policies let in', async () => {
    const own = sandbox.credentials(SHOP);
    const billing = sandbox.credentials(BILLING);
    const byAccount = await role('by-account', TRUST(BILLING));
    expect(await assume(billing, byAccount)).toBe('ok');
    expect(await assume(own, byAccount)).toBe(
      `AccessDenied: User: arn:aws:iam::${SHOP}:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${byAccount} because no role trust policy allows the sts:AssumeRole action`,
    );
    expect(await assume(own, arnOf('none'))).toMatch(/^AccessDenied: .*sts:AssumeRole on resource: \S+role\/none$/);
    const iam = clients.iam(billing);
    await iam.send(new iamSdk.CreateUserCommand({ UserName: 'weak' }));
    const { AccessKey } = await iam.send(new iamSdk.CreateAccessKeyCommand({ UserName: 'weak' }));
    const weak = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    expect(await assume(weak, byAccount)).toMatch(/because no identity-based policy allows the sts:AssumeRole action$/);
    // Named directly, a user of another account still needs its own account to allow it.
    const direct = await role('direct', TRUST(`arn:aws:iam::${BILLING}:user/weak`));
    expect(await assume(weak, direct)).toMatch(/^AccessDenied/);
    const shop = clients.iam(own);
    await shop.send(new iamSdk.CreateUserCommand({ UserName: 'weak' }));
    const key = await shop.send(new iamSdk.CreateAccessKeyCommand({ UserName: 'weak' }));
    const near = { accessKeyId: key.AccessKey!.AccessKeyId!, secretAccessKey: key.AccessKey!.SecretAccessKey! };
    expect(await assume(near, await role('near', TRUST(`arn:aws:iam::${SHOP}:user/weak`)))).toBe('ok');
    expect(await assume(sandbox.credentials(SHOP, 'root'), byAccount)).toMatch(/may not be assumed by root accounts/);
    const external = await role(
      'external',
      TRUST(BILLING, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }),
    );
    expect(await assume(billing, external)).toMatch(/^AccessDenied/);
    expect(await assume(billing, external, { ExternalId: 'secret' })).toBe('ok');
  });

  it('takes a principal that was made anew for another', async () => {
    const iam = clients.iam(sandbox.credentials(SHOP));
    const make = async (): Promise<Credentials> => {
      await role('caller', TRUST(SHOP));
      return clients.session(sandbox.credentials(SHOP), arnOf('caller'));
    };
    const before = await make();
    const trusting = await role('trusting', TRUST(arnOf('caller')));
    expect(await assume(before, trusting)).toBe('ok');
    await iam.send(new iamSdk.DetachRolePolicyCommand({ RoleName: 'caller', PolicyArn: ADMIN }));
    await iam.send(new iamSdk.DeleteRoleCommand({ RoleName: 'caller' }));
    expect(await assume(before, trusting)).toMatch(/^InvalidClientTokenId/);
    const after = await make();
    expect(await assume(after, trusting)).toMatch(/no role trust policy allows/);
    const { Role } = await iam.send(new iamSdk.GetRoleCommand({ RoleName: 'trusting' }));
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toMatch(/"AWS":"AROA/);
  });

  it('holds durations to the role, and to an hour in chains', async () => {
    const by = sandbox.credentials(SHOP);
    const long = await role('long', TRUST(SHOP), { MaxSessionDuration: 43_200 });
    expect(await assume(by, long, { DurationSeconds: 43_200 })).toBe('ok');
    expect(await assume(by, long, { DurationSeconds: 899 })).toMatch(/^ValidationError: .*durationSeconds/);
    const short = await role('short', TRUST(SHOP));
    expect(await assume(by, short, { DurationSeconds: 3_601 })).toMatch(/exceeds the MaxSessionDuration/);
    const session = await clients.session(by, short);
    expect(await assume(session, long, { DurationSeconds: 3_601 })).toMatch(
      /1 hour session limit for roles assumed by role chaining/,
    );
    expect(await assume(session, long, { DurationSeconds: 3_600 })).toBe('ok');
  });

  describe('session tags', () => {
    const tags = (...pairs: readonly string[]): { Key: string; Value: string }[] =>
      pairs.map((pair) => ({ Key: pair.split('=')[0]!, Value: pair.split('=')[1]! }));

    it('keep tenants apart', async () => {
      const by = sandbox.credentials(SHOP);
      const s3 = clients.s3(by);
      await s3.send(new CreateBucketCommand({ Bucket: 'pool' }));
      for (const Key of ['a/x', 'b/x']) await s3.send(new PutObjectCommand({ Bucket: 'pool', Key, Body: Key }));
      const trust = DOCUMENT({
        Effect: 'Allow',
        Principal: { AWS: SHOP },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringLike: { 'aws:RequestTag/tenant': '?*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
        },
      });
      const iam = clients.iam(by);
      await iam.send(new iamSdk.CreateRoleCommand({ RoleName: 'tenant', AssumeRolePolicyDocument: trust }));
      const PolicyDocument = DOCUMENT(
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: 'arn:aws:s3:::pool/${aws:PrincipalTag/tenant}/*',
        },
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::pool',
          Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/tenant}/*' } },
        },
      );
      await iam.send(new iamSdk.PutRolePolicyCommand({ RoleName: 'tenant', PolicyName: 'p', PolicyDocument }));
      expect(await assume(by, arnOf('tenant'))).toMatch(/^AccessDenied/);
      expect(await assume(by, arnOf('tenant'), { Tags: tags('tenant=a', 'more=1') })).toMatch(/^AccessDenied/);
      const a = clients.s3(await clients.session(by, arnOf('tenant'), { Tags: tags('tenant=a') }));
      const list = (Prefix?: string): Promise<string> =>
        outcome(a.send(new ListObjectsV2Command({ Bucket: 'pool', ...(Prefix !== undefined && { Prefix }) })));
      const put = (Key: string): Promise<string> =>
        outcome(a.send(new PutObjectCommand({ Bucket: 'pool', Key, Body: 'x' })));
      expect(await put('a/new')).toBe('ok');
      expect(await put('b/new')).toMatch(/^AccessDenied/);
      expect(await put('ab/new')).toMatch(/^AccessDenied/);
      expect(await list('a/')).toBe('ok');
      expect(await list('b/')).toMatch(/^AccessDenied/);
      expect(await list()).toMatch(/^AccessDenied/);
    });

    it('go on in chains where they are transitive, and cannot be replaced', async () => {
      const by = sandbox.credentials(SHOP);
      const first = await role('first', TRUST(SHOP));
      const needs = await role(
        'needs',
        TRUST(SHOP, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }),
        {
          Tags: tags('team=of-the-role'),
        },
      );
      const plain = await clients.session(by, first, { Tags: tags('team=x', 'other=y'), TransitiveTagKeys: ['TEAM'] });
      const next = await clients.session(plain, needs);
      // The session's tag wins over the role's; what was not transitive is gone.
      expect(
        await assume(
          next,
          await role(
            'last',
            TRUST(SHOP, {
              Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'x' }, Null: { 'aws:PrincipalTag/other': 'true' } },
            }),
          ),
        ),
      ).toBe('ok');
      expect(await assume(plain, needs, { Tags: tags('Team=z') })).toMatch(/^InvalidParameterValue/);
      expect(await assume(by, first, { TransitiveTagKeys: ['team'] })).toMatch(/^InvalidParameterValue/);
      expect(await assume(by, first, { Tags: tags('team=x', 'Team=y') })).toMatch(
        /^InvalidParameterValue: Duplicate tag keys/,
      );
      expect(await assume(by, first, { TransitiveTagKeys: Array<string>(51).fill('team') })).toMatch(
        /^ValidationError: .*less than or equal to 50/,
      );
      const untagged = await role(
        'untagged',
        DOCUMENT({ Effect: 'Allow', Principal: { AWS: SHOP }, Action: 'sts:AssumeRole' }),
      );
      expect(await assume(by, untagged)).toBe('ok');
      expect(await assume(by, untagged, { Tags: tags('a=b') })).toMatch(/sts:TagSession/);
      expect(await assume(plain, untagged)).toMatch(/sts:TagSession/);
    });
  });

  it('carries the source identity through chains', async () => {
    const by = sandbox.credentials(SHOP);
    const first = await role('first', TRUST(SHOP));
    const second = await role('second', TRUST(SHOP, { Condition: { StringEquals: { 'aws:SourceIdentity': 'ann' } } }));
    const ann = await clients.session(by, first, { SourceIdentity: 'ann' });
    const bob = await clients.session(by, first, { SourceIdentity: 'bob' });
    expect(await assume(ann, second)).toBe('ok');
    expect(await assume(bob, second)).toMatch(/^AccessDenied/);
    expect(await assume(bob, second, { SourceIdentity: 'ann' })).toMatch(/^AccessDenied: .*sts:SetSourceIdentity/);
    const answer = await clients.sts(ann).send(new AssumeRoleCommand({ RoleArn: second, RoleSessionName: 'x1' }));
    expect(answer.SourceIdentity).toBe('ann');
  });

  it('cuts sessions down by their own policies', async () => {
    const by = sandbox.credentials(SHOP);
    const any = await role('any', TRUST(SHOP));
    const Policy = DOCUMENT({ Effect: 'Allow', Action: 's3:CreateBucket', Resource: '*' });
    const narrow = await clients.session(by, any, { Policy });
    expect(await buckets(narrow)).toMatch(/because no session policy allows the s3:ListAllMyBuckets action$/);
    expect(await outcome(clients.s3(narrow).send(new CreateBucketCommand({ Bucket: 'made' })))).toBe('ok');
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }];
    expect(await buckets(await clients.session(by, any, { Policy, PolicyArns }))).toBe('ok');
    expect(await assume(by, any, { Policy: '{' })).toMatch(/^MalformedPolicyDocument/);
    expect(await assume(by, any, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/None' }] })).toMatch(
      /^ValidationError/,
    );
    const big = DOCUMENT({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'b'.repeat(2_048)}` });
    expect(await assume(by, any, { Policy: big })).toMatch(/^PackedPolicyTooLarge/);
  });

  it('gives users sessions of their own', async () => {
    const by = sandbox.credentials(SHOP);
    const { Credentials: made } = await clients.sts(by).send(new GetSessionTokenCommand({}));
    const session = {
      accessKeyId: made!.AccessKeyId!,
      secretAccessKey: made!.SecretAccessKey!,
      sessionToken: made!.SessionToken!,
    };
    expect(await buckets(session)).toBe('ok');
    expect(await outcome(clients.sts(session).send(new GetSessionTokenCommand({})))).toMatch(/^AccessDenied/);
  });

  describe('policies of the organization', () => {
    let made = 0;

    async function attach(
      target: string,
      Content: string,
      Type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY' = 'SERVICE_CONTROL_POLICY',
    ): Promise<string> {
      const organizations = clients.organizations(sandbox.credentials(MANAGEMENT));
      const { Policy } = await organizations.send(
        new CreatePolicyCommand({ Name: `p${(made += 1)}`, Description: '', Content, Type }),
      );
      await organizations.send(new AttachPolicyCommand({ PolicyId: Policy!.PolicySummary!.Id!, TargetId: target }));
      return Policy!.PolicySummary!.Arn!;
    }

    it('restrain member accounts, their root users too, and not the management account', async () => {
      const arn = await attach('r-ab12', DOCUMENT({ Effect: 'Deny', Action: 's3:ListAllMyBuckets', Resource: '*' }));
      const denied = new RegExp(`^AccessDenied: .* with an explicit deny in a service control policy: ${arn}$`);
      expect(await buckets(sandbox.credentials(SHOP))).toMatch(denied);
      expect(await buckets(sandbox.credentials(SHOP, 'root'))).toMatch(denied);
      const session = await clients.session(sandbox.credentials(MANAGEMENT), arnOf('OrganizationAccountAccessRole'));
      expect(await buckets(session)).toMatch(denied);
      expect(await buckets(sandbox.credentials(MANAGEMENT))).toBe('ok');
    });

    it('hold on their branch of the tree, with the keys of the organization', async () => {
      const unit = [...sandbox.state.organization.units.values()].find(({ name }) => name === 'Production')!.id;
      const paths = [...sandbox.state.organization.units.values()].find(({ name }) => name === 'Workloads')!.id;
      await attach(
        unit,
        DOCUMENT({
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: {
            'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `o-exampleorgid/r-ab12/${paths}/*` },
            StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:RequestedRegion': 'us-east-1' },
          },
        }),
      );
      expect(await buckets(sandbox.credentials(SHOP))).toMatch(/^AccessDenied/);
      expect(await buckets(sandbox.credentials('333333333333'))).toBe('ok');
      // Organizations says it in its own form.
      await attach(SHOP, DOCUMENT({ Effect: 'Deny', Action: 'organizations:*', Resource: '*' }));
      expect(
        await outcome(clients.organizations(sandbox.credentials(SHOP)).send(new DescribeOrganizationCommand({}))),
      ).toMatch(/^AccessDeniedException: .*service control policy/);
    });

    it('guard resources against all callers', async () => {
      await sandbox.close();
      sandbox = await startSandbox({ organization: seeded(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']) });
      await clients.s3(sandbox.credentials(SHOP)).send(new CreateBucketCommand({ Bucket: 'guarded' }));
      const list = (account: string): Promise<string> =>
        outcome(clients.s3(sandbox.credentials(account)).send(new ListObjectsV2Command({ Bucket: 'guarded' })));
      expect(await list(SHOP)).toBe('ok');
      const rcp = DOCUMENT({ Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource: '*' });
      await attach('r-ab12', rcp, 'RESOURCE_CONTROL_POLICY');
      expect(await list(SHOP)).toMatch(/explicit deny in a resource control policy/);
      await clients.s3(sandbox.credentials(MANAGEMENT)).send(new CreateBucketCommand({ Bucket: 'of-management' }));
      const own = await outcome(
        clients.s3(sandbox.credentials(MANAGEMENT)).send(new ListObjectsV2Command({ Bucket: 'of-management' })),
      );
      expect(own).toBe('ok');
    });
  });
}
