/** IAM Access Analyzer by the AWS SDK: findings come from what the sandbox holds. */
import * as sdk from '@aws-sdk/client-accessanalyzer';
import * as iamSdk from '@aws-sdk/client-iam';
import * as organizationsSdk from '@aws-sdk/client-organizations';
import { CreateBucketCommand, DeletePublicAccessBlockCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { seedAnalyzer, seedFindings, startSandbox } from '../../../sandbox/index.js';
import type { Sandbox, SeededFinding } from '../../../sandbox/index.js';
import { Clients, DOCUMENT, outcome, TRUST } from '../clients.js';
import { seeded } from '../organization.js';

const MANAGEMENT = '111111111111';
const AUDIT = '222222222222';
const SHOP = '444444444444';
const STRANGER = '999999999999';
const PRINCIPAL = 'access-analyzer.amazonaws.com';
const DAY = 86_400_000;

export function accessAnalyzerSuite(): void {
  let sandbox: Sandbox;
  let later = 0;
  const clients = new Clients(
    () => sandbox,
    () => later,
  );

  beforeEach(async () => {
    later = 0;
    const organization = seeded(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']);
    organization.delegations.set(AUDIT, new Set([PRINCIPAL]));
    sandbox = await startSandbox({ organization, now: () => Date.now() + later });
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
    expect(clients.departures.splice(0)).toStrictEqual([]);
  });

  const analyzerOf = (account: string, region = 'us-east-1'): sdk.AccessAnalyzerClient =>
    clients.json(sdk, sdk.AccessAnalyzerClient, sandbox.credentials(account), region);
  const iamOf = (account: string): iamSdk.IAMClient => clients.iam(sandbox.credentials(account));
  const make = async (
    by: sdk.AccessAnalyzerClient,
    type: sdk.Type,
    more: Partial<sdk.CreateAnalyzerCommandInput> = {},
  ): Promise<string> => {
    const { arn } = await by.send(new sdk.CreateAnalyzerCommand({ analyzerName: `of-${type}`, type, ...more }));
    return arn!;
  };
  const role = (account: string, RoleName: string, AssumeRolePolicyDocument: string): Promise<unknown> =>
    iamOf(account).send(new iamSdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const list = async (
    by: sdk.AccessAnalyzerClient,
    analyzerArn: string,
    input: Partial<sdk.ListFindingsV2CommandInput> = {},
  ): Promise<readonly sdk.FindingSummaryV2[]> => {
    const { findings } = await by.send(new sdk.ListFindingsV2Command({ analyzerArn, ...input }));
    return findings!;
  };

  it('has organization analyzers in the management account and that of the delegated administrator', async () => {
    const by = analyzerOf(AUDIT);
    const analyzerArn = await make(by, 'ORGANIZATION', { tags: { team: 'security' } });
    expect(analyzerArn).toBe(`arn:aws:access-analyzer:us-east-1:${AUDIT}:analyzer/of-ORGANIZATION`);
    expect(await outcome(make(by, 'ORGANIZATION'))).toMatch(/^ConflictException/);
    expect(await outcome(make(analyzerOf(SHOP), 'ORGANIZATION'))).toMatch(
      /^AccessDeniedException: Account 444444444444 is not a delegated administrator/,
    );
    const one = analyzerOf(SHOP);
    await make(one, 'ACCOUNT');
    expect(await outcome(make(one, 'ACCOUNT', { analyzerName: 'second' }))).toMatch(/^ServiceQuotaExceededException/);
    expect(await outcome(make(one, 'ACCOUNT', { analyzerName: '1' }))).toMatch(/^ValidationException/);
    const status = async (): Promise<unknown> => {
      const { analyzer } = await by.send(new sdk.GetAnalyzerCommand({ analyzerName: 'of-ORGANIZATION' }));
      return [analyzer!.status, analyzer!.statusReason?.code];
    };
    expect(await status()).toStrictEqual(['ACTIVE', undefined]);
    const organizations = clients.organizations(sandbox.credentials(MANAGEMENT));
    await organizations.send(
      new organizationsSdk.DeregisterDelegatedAdministratorCommand({ AccountId: AUDIT, ServicePrincipal: PRINCIPAL }),
    );
    expect(await status()).toStrictEqual(['DISABLED', 'DELEGATED_ADMINISTRATOR_DEREGISTERED']);
    await organizations.send(new organizationsSdk.DisableAWSServiceAccessCommand({ ServicePrincipal: PRINCIPAL }));
    expect(await status()).toStrictEqual(['DISABLED', 'AWS_SERVICE_ACCESS_DISABLED']);
    expect(await outcome(make(analyzerOf(MANAGEMENT), 'ORGANIZATION'))).toBe(
      'ValidationException: Service not enabled for AWS Organizations',
    );
    const tags = new sdk.ListTagsForResourceCommand({ resourceArn: analyzerArn });
    await by.send(new sdk.TagResourceCommand({ resourceArn: analyzerArn, tags: { a: 'b' } }));
    await by.send(new sdk.UntagResourceCommand({ resourceArn: analyzerArn, tagKeys: ['team'] }));
    expect((await by.send(tags)).tags).toStrictEqual({ a: 'b' });
    await by.send(new sdk.DeleteAnalyzerCommand({ analyzerName: 'of-ORGANIZATION' }));
    expect((await by.send(new sdk.ListAnalyzersCommand({}))).analyzers).toStrictEqual([]);
    expect(await outcome(list(by, analyzerArn))).toMatch(/^ResourceNotFoundException/);
  });

  it('finds who gets in from outside of the account or of the organization', async () => {
    const [inside, outside] = [AUDIT, STRANGER];
    await role(SHOP, 'friend', TRUST(`arn:aws:iam::${inside}:root`));
    await role(SHOP, 'partner', TRUST(`arn:aws:iam::${outside}:root`));
    await role(SHOP, 'open', TRUST('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }));
    await role(SHOP, 'other', TRUST('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-otherorgani' } } }));
    await role(SHOP, 'service', TRUST({ Service: 'lambda.amazonaws.com' }));
    const names = async (by: sdk.AccessAnalyzerClient, arn: string): Promise<readonly string[]> => {
      const found = await list(by, arn, { filter: { resourceOwnerAccount: { eq: [SHOP] } } });
      return found.map(({ resource, status }) => `${resource!.split('/').at(-1)!} ${status!}`).sort();
    };
    const whole = analyzerOf(AUDIT);
    const organization = await make(whole, 'ORGANIZATION');
    expect(await names(whole, organization)).toStrictEqual(['other ACTIVE', 'partner ACTIVE']);
    const own = analyzerOf(SHOP);
    const account = await make(own, 'ACCOUNT');
    expect(await names(own, account)).toStrictEqual([
      'OrganizationAccountAccessRole ACTIVE',
      'friend ACTIVE',
      'open ACTIVE',
      'other ACTIVE',
      'partner ACTIVE',
    ]);
    const [partner] = await list(whole, organization, { filter: { resource: { contains: ['partner'] } } });
    const details = await whole.send(new sdk.GetFindingV2Command({ analyzerArn: organization, id: partner!.id }));
    expect(details).toMatchObject({ findingType: 'ExternalAccess', resourceType: 'AWS::IAM::Role' });
    expect(details.findingDetails).toStrictEqual([
      {
        externalAccessDetails: {
          action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
          condition: {},
          isPublic: false,
          principal: { AWS: `arn:aws:iam::${outside}:root` },
          resourceControlPolicyRestriction: 'NOT_APPLICABLE',
        },
      },
    ]);
    const first = await whole.send(new sdk.GetFindingCommand({ analyzerArn: organization, id: partner!.id }));
    expect(first.finding).toMatchObject({ isPublic: false, status: 'ACTIVE' });
    await iamOf(SHOP).send(new iamSdk.DeleteRoleCommand({ RoleName: 'partner' }));
    expect(await names(whole, organization)).toStrictEqual(['other ACTIVE', 'partner RESOLVED']);
    const { analyzedResources } = await whole.send(
      new sdk.ListAnalyzedResourcesCommand({ analyzerArn: organization, resourceType: 'AWS::IAM::Role' }),
    );
    expect(analyzedResources!.map(({ resourceArn }) => resourceArn)).toContain(`arn:aws:iam::${SHOP}:role/service`);
  });

  it('finds what bucket policies open, less what Block Public Access and denials close', async () => {
    const s3 = clients.s3(sandbox.credentials(SHOP));
    const analyzer = analyzerOf(AUDIT);
    const analyzerArn = await make(analyzer, 'ORGANIZATION');
    const Bucket = 'shop-data';
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const read = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
    const put = (...statements: object[]): Promise<unknown> =>
      s3.send(new PutBucketPolicyCommand({ Bucket, Policy: DOCUMENT(...statements) }));
    const seen = async (): Promise<unknown> => {
      const found = await list(analyzer, analyzerArn, {
        filter: { resourceType: { eq: ['AWS::S3::Bucket'] }, status: { eq: ['ACTIVE'] } },
      });
      const one = await Promise.all(
        found.map(({ id }) => analyzer.send(new sdk.GetFindingV2Command({ analyzerArn, id: id! }))),
      );
      return one.flatMap(({ findingDetails }) =>
        findingDetails!.map(({ externalAccessDetails: of }) => [
          of!.principal,
          of!.isPublic,
          of!.action,
          of!.condition,
          of!.resourceControlPolicyRestriction,
        ]),
      );
    };
    await put(read);
    const open = [{ AWS: '*' }, true, ['s3:GetObject'], {}, 'NOT_APPLICABLE'];
    expect(await seen()).toStrictEqual([open]);
    const range = { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } };
    await put({ ...read, Condition: range });
    expect(await seen()).toStrictEqual([
      [{ AWS: '*' }, false, ['s3:GetObject'], { 'aws:SourceIp': '203.0.113.0/24' }, 'NOT_APPLICABLE'],
    ]);
    const notOurs = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
    await put(read, { ...read, Effect: 'Deny', Action: 's3:*', Condition: notOurs });
    expect(await seen()).toStrictEqual([]);
    await put(read, { ...read, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(await seen()).toStrictEqual([open]);
    const organizations = clients.organizations(sandbox.credentials(MANAGEMENT));
    const { Policy } = await organizations.send(
      new organizationsSdk.CreatePolicyCommand({
        ...{ Name: 'rcp', Description: '', Type: 'RESOURCE_CONTROL_POLICY' },
        Content: DOCUMENT({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: notOurs }),
      }),
    );
    await organizations.send(
      new organizationsSdk.AttachPolicyCommand({ PolicyId: Policy!.PolicySummary!.Id!, TargetId: SHOP }),
    );
    // AWS does not count resource control policies in external access; it tells that there are some.
    expect(await seen()).toStrictEqual([[...open.slice(0, 4), 'APPLICABLE']]);
  });

  it('sets findings aside by rules and by hand', async () => {
    const by = analyzerOf(SHOP);
    const analyzerArn = await make(by, 'ACCOUNT', {
      archiveRules: [{ ruleName: 'access', filter: { resource: { contains: ['OrganizationAccountAccessRole'] } } }],
    });
    await role(SHOP, 'partner', TRUST(`arn:aws:iam::${STRANGER}:root`));
    const statuses = async (): Promise<unknown> =>
      (await list(by, analyzerArn, { sort: { attributeName: 'resource', orderBy: 'ASC' } })).map(
        ({ status }) => status,
      );
    expect(await statuses()).toStrictEqual(['ARCHIVED', 'ACTIVE']);
    const rule = { analyzerName: 'of-ACCOUNT', ruleName: 'partner' };
    const filter = { 'principal.AWS': { eq: [`arn:aws:iam::${STRANGER}:root`] } };
    await by.send(new sdk.CreateArchiveRuleCommand({ ...rule, filter }));
    expect(await outcome(by.send(new sdk.CreateArchiveRuleCommand({ ...rule, filter })))).toMatch(/^ConflictException/);
    expect(await statuses()).toStrictEqual(['ARCHIVED', 'ACTIVE']);
    await by.send(new sdk.ApplyArchiveRuleCommand({ analyzerArn, ruleName: 'partner' }));
    expect(await statuses()).toStrictEqual(['ARCHIVED', 'ARCHIVED']);
    const [first] = await list(by, analyzerArn, { filter: { resource: { contains: ['partner'] } } });
    await by.send(new sdk.UpdateFindingsCommand({ analyzerArn, status: 'ACTIVE', ids: [first!.id!] }));
    expect(await statuses()).toStrictEqual(['ARCHIVED', 'ACTIVE']);
    const narrow = { resource: { eq: ['none'] }, error: { exists: false } };
    await by.send(new sdk.UpdateArchiveRuleCommand({ ...rule, filter: narrow }));
    const { archiveRule } = await by.send(new sdk.GetArchiveRuleCommand(rule));
    expect(archiveRule!.filter).toStrictEqual(narrow);
    await by.send(new sdk.DeleteArchiveRuleCommand(rule));
    const { archiveRules } = await by.send(new sdk.ListArchiveRulesCommand({ analyzerName: 'of-ACCOUNT' }));
    expect(archiveRules!.map(({ ruleName }) => ruleName)).toStrictEqual(['access']);
    const bad = { ...rule, filter: { colour: { eq: ['red'] } } };
    expect(await outcome(by.send(new sdk.CreateArchiveRuleCommand(bad)))).toMatch(/^ValidationException/);
  });

  it('finds access that lies unused, by the calls that were made', async () => {
    const by = analyzerOf(SHOP);
    const configuration = { unusedAccess: { unusedAccessAge: 30 } };
    await role(SHOP, 'idle', TRUST(`arn:aws:iam::${SHOP}:root`));
    await role(SHOP, 'busy', TRUST(`arn:aws:iam::${SHOP}:root`));
    const iam = iamOf(SHOP);
    await iam.send(
      new iamSdk.PutRolePolicyCommand({
        ...{ RoleName: 'busy', PolicyName: 'p' },
        PolicyDocument: DOCUMENT({
          Effect: 'Allow',
          Action: ['iam:GetRole', 'iam:ListRoles', 'sqs:SendMessage'],
          Resource: '*',
        }),
      }),
    );
    const analyzerArn = await make(by, 'ACCOUNT_UNUSED_ACCESS', { configuration });
    expect(await list(by, analyzerArn)).toStrictEqual([]);
    later = 40 * DAY;
    const session = await clients.session(sandbox.credentials(SHOP), `arn:aws:iam::${SHOP}:role/busy`);
    await clients.iam(session).send(new iamSdk.GetRoleCommand({ RoleName: 'busy' }));
    const again = clients.json(sdk, sdk.AccessAnalyzerClient, sandbox.credentials(SHOP));
    const found = await list(again, analyzerArn, { filter: { resource: { contains: ['idle', 'busy'] } } });
    expect(
      found.map(({ findingType, resource }) => `${findingType!} ${resource!.split('/')[1]!}`).sort(),
    ).toStrictEqual(['UnusedIAMRole idle', 'UnusedPermission busy']);
    const { id } = found.find(({ findingType }) => findingType === 'UnusedPermission')!;
    const { findingDetails } = await again.send(new sdk.GetFindingV2Command({ analyzerArn, id }));
    expect(findingDetails).toMatchObject([
      { unusedPermissionDetails: { serviceNamespace: 'iam', actions: [{ action: 'ListRoles' }] } },
      { unusedPermissionDetails: { serviceNamespace: 'sqs' } },
    ]);
    const { findingsStatistics } = await again.send(new sdk.GetFindingsStatisticsCommand({ analyzerArn }));
    expect(findingsStatistics![0]!.unusedAccessFindingsStatistics!.topAccounts).toMatchObject([{ account: SHOP }]);
    expect(await outcome(again.send(new sdk.ListFindingsCommand({ analyzerArn })))).toMatch(/^ValidationException/);
  });

  it('finds who inside of the organization reaches a bucket', async () => {
    const s3 = clients.s3(sandbox.credentials(SHOP));
    await s3.send(new CreateBucketCommand({ Bucket: 'crown-jewels' }));
    const inclusions = [{ resourceArns: ['arn:aws:s3:::crown-jewels'] }];
    const by = analyzerOf(AUDIT);
    const analyzerArn = await make(by, 'ORGANIZATION_INTERNAL_ACCESS', {
      configuration: { internalAccess: { analysisRule: { inclusions } } },
    });
    const found = await list(by, analyzerArn, { filter: { accessType: { eq: ['INTRA_ACCOUNT'] } } });
    expect(found).toHaveLength(2);
    const { findingDetails } = await by.send(new sdk.GetFindingV2Command({ analyzerArn, id: found[0]!.id }));
    expect(findingDetails![0]!.internalAccessDetails).toMatchObject({
      serviceControlPolicyRestriction: 'NOT_APPLICABLE',
      principalOwnerAccount: SHOP,
    });
    expect(await list(by, analyzerArn)).toHaveLength(2);
  });

  it('holds findings that were put there, in pages that miss and double none', async () => {
    const analyzerArn = seedAnalyzer(sandbox.state, {
      ...{ account: AUDIT, region: 'us-east-1', name: 'big', type: 'ORGANIZATION' },
    });
    const many = Array.from({ length: 250 }, (_, index): SeededFinding => ({
      findingType: 'ExternalAccess',
      resource: `arn:aws:s3:::bucket-${String(index).padStart(3, '0')}`,
      resourceType: 'AWS::S3::Bucket',
      resourceOwnerAccount: SHOP,
      findingDetails: [{ externalAccessDetails: { condition: {}, isPublic: index % 2 === 0 } }],
    }));
    seedFindings(sandbox.state, analyzerArn, many);
    const by = analyzerOf(AUDIT);
    const seen: string[] = [];
    const sort = { attributeName: 'resource', orderBy: 'ASC' as const };
    let pages = 0;
    const filter = { resourceType: { eq: ['AWS::S3::Bucket'] } };
    for await (const page of sdk.paginateListFindingsV2({ client: by, pageSize: 60 }, { analyzerArn, sort, filter })) {
      pages += 1;
      // What changes between two pages moves nothing.
      const last = page.findings![0]!;
      await by.send(new sdk.UpdateFindingsCommand({ analyzerArn, status: 'ARCHIVED', ids: [last.id!] }));
      seen.push(...page.findings!.map(({ resource }) => resource!));
    }
    expect(pages).toBe(5);
    expect(seen).toStrictEqual(many.map(({ resource }) => resource));
    const { findingsStatistics } = await by.send(new sdk.GetFindingsStatisticsCommand({ analyzerArn }));
    expect(findingsStatistics![0]!.externalAccessFindingsStatistics).toMatchObject({
      totalActiveFindings: 245,
      totalArchivedFindings: 5,
      resourceTypeStatistics: { 'AWS::S3::Bucket': { totalActivePublic: 120, totalActiveCrossAccount: 125 } },
    });
    const wrong = list(by, analyzerArn, { nextToken: 'x' });
    expect(await outcome(wrong)).toMatch(/^ValidationException/);
  });

  it('checks policies', async () => {
    const by = analyzerOf(SHOP);
    const allow = (Action: string): string => DOCUMENT({ Sid: 'One', Effect: 'Allow', Action, Resource: '*' });
    const check = new sdk.CheckNoNewAccessCommand({
      ...{ existingPolicyDocument: allow('s3:Get*'), newPolicyDocument: allow('s3:*'), policyType: 'IDENTITY_POLICY' },
    });
    expect(await by.send(check)).toMatchObject({
      result: 'FAIL',
      reasons: [{ statementIndex: 0, statementId: 'One' }],
    });
    const granted = (action: string): Promise<sdk.CheckAccessNotGrantedCommandOutput> =>
      by.send(
        new sdk.CheckAccessNotGrantedCommand({
          ...{ policyDocument: allow('s3:Get*'), policyType: 'IDENTITY_POLICY', access: [{ actions: [action] }] },
        }),
      );
    expect((await granted('s3:PutObject')).result).toBe('PASS');
    expect((await granted('s3:GetObject')).result).toBe('FAIL');
    expect(await outcome(granted('s3:Nothing'))).toMatch(/^InvalidParameterException/);
    const open = DOCUMENT({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });
    const isPublic = new sdk.CheckNoPublicAccessCommand({
      ...{ policyDocument: open, resourceType: 'AWS::IAM::AssumeRolePolicyDocument' },
    });
    expect((await by.send(isPublic)).result).toBe('FAIL');
    const { findings } = await by.send(
      new sdk.ValidatePolicyCommand({ policyDocument: allow('s3:GetObjekt'), policyType: 'IDENTITY_POLICY' }),
    );
    expect(findings).toMatchObject([
      {
        ...{ findingType: 'ERROR', issueCode: 'INVALID_ACTION' },
        locations: [
          { path: [{ value: 'Statement' }, { index: 0 }, { value: 'Action' }], span: { start: { line: 1 } } },
        ],
      },
    ]);
  });

  it('is denied, throttled and faulty as asked for', async () => {
    const by = analyzerOf(SHOP);
    const analyzerArn = await make(by, 'ACCOUNT');
    sandbox.faults.add({ service: 'access-analyzer', account: SHOP, region: 'us-east-1', kind: 'throttle' });
    expect(await outcome(list(analyzerOf(SHOP, 'eu-west-1'), analyzerArn))).toMatch(/^ResourceNotFoundException/);
    expect(await outcome(list(by, analyzerArn))).toBe('ThrottlingException: Rate exceeded');
    expect(await outcome(list(by, analyzerArn))).toBe('ok');
    sandbox.faults.add({ operation: 'GetAnalyzer', kind: 'fail' });
    expect(await outcome(by.send(new sdk.GetAnalyzerCommand({ analyzerName: 'of-ACCOUNT' })))).toMatch(
      /^InternalServerException/,
    );
    await role(SHOP, 'poor', TRUST(`arn:aws:iam::${SHOP}:root`));
    const session = await clients.session(sandbox.credentials(SHOP), `arn:aws:iam::${SHOP}:role/poor`);
    const poor = clients.json(sdk, sdk.AccessAnalyzerClient, session);
    expect(await outcome(list(poor, analyzerArn))).toMatch(
      /^AccessDeniedException: User: .* is not authorized to perform: access-analyzer:ListFindings on resource: /,
    );
  });
}
