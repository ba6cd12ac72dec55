/** Cloud Control API by the AWS SDK. */
import * as sdk from '@aws-sdk/client-cloudcontrol';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { seedResource, startSandbox } from '../../../sandbox/index.js';
import type { Sandbox } from '../../../sandbox/index.js';
import { Clients, DOCUMENT, outcome, TRUST } from '../clients.js';
import { seeded } from '../organization.js';

const SHOP = '444444444444';

export function cloudControlSuite(): void {
  let sandbox: Sandbox;
  const clients = new Clients(() => sandbox);

  beforeEach(async () => {
    sandbox = await startSandbox({ organization: seeded() });
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
    expect(clients.departures.splice(0)).toStrictEqual([]);
  });

  const client = (): sdk.CloudControlClient =>
    clients.json(sdk, sdk.CloudControlClient, sandbox.credentials(SHOP), 'us-east-1');

  async function settled(by: sdk.CloudControlClient, event: sdk.ProgressEvent | undefined): Promise<sdk.ProgressEvent> {
    for (;;) {
      const status = new sdk.GetResourceRequestStatusCommand({ RequestToken: event!.RequestToken });
      const { ProgressEvent: now } = await by.send(status);
      if (now!.OperationStatus !== 'IN_PROGRESS') return now!;
    }
  }
  const create = async (by: sdk.CloudControlClient, TypeName: string, state: object): Promise<sdk.ProgressEvent> => {
    const { ProgressEvent } = await by.send(
      new sdk.CreateResourceCommand({ TypeName, DesiredState: JSON.stringify(state) }),
    );
    return await settled(by, ProgressEvent);
  };

  it('makes, changes, tells and deletes resources', async () => {
    const by = client();
    const trust = JSON.parse(TRUST(`arn:aws:iam::${SHOP}:root`)) as object;
    const made = await create(by, 'AWS::IAM::Role', { RoleName: 'made', AssumeRolePolicyDocument: trust });
    expect(made).toMatchObject({ OperationStatus: 'SUCCESS', Identifier: 'made', Operation: 'CREATE' });
    const update = new sdk.UpdateResourceCommand({
      ...{ TypeName: 'AWS::IAM::Role', Identifier: 'made' },
      PatchDocument: JSON.stringify([{ op: 'replace', path: '/MaxSessionDuration', value: 7200 }]),
    });
    const { ProgressEvent } = await by.send(update);
    expect((await settled(by, ProgressEvent)).OperationStatus).toBe('SUCCESS');
    const { Role } = await clients.iam(sandbox.credentials(SHOP)).send(new GetRoleCommand({ RoleName: 'made' }));
    expect(Role!.MaxSessionDuration).toBe(7200);
    const get = new sdk.GetResourceCommand({ TypeName: 'AWS::IAM::Role', Identifier: 'made' });
    const { ResourceDescription } = await by.send(get);
    expect(JSON.parse(ResourceDescription!.Properties!)).toStrictEqual({
      ...{ RoleName: 'made', Path: '/', MaxSessionDuration: 7200, AssumeRolePolicyDocument: trust },
      ...{ Arn: `arn:aws:iam::${SHOP}:role/made`, RoleId: Role!.RoleId },
    });
    const renamed = new sdk.UpdateResourceCommand({
      ...{ TypeName: 'AWS::IAM::Role', Identifier: 'made' },
      PatchDocument: JSON.stringify([{ op: 'replace', path: '/RoleName', value: 'other' }]),
    });
    expect(await outcome(by.send(renamed))).toMatch(/^NotUpdatableException/);
    const gone = await by.send(new sdk.DeleteResourceCommand({ TypeName: 'AWS::IAM::Role', Identifier: 'made' }));
    expect((await settled(by, gone.ProgressEvent)).OperationStatus).toBe('SUCCESS');
    expect(await outcome(by.send(get))).toMatch(/^ResourceNotFoundException/);
    const { ResourceRequestStatusSummaries: all } = await by.send(new sdk.ListResourceRequestsCommand({}));
    expect(all!.map(({ Operation }) => Operation)).toStrictEqual(['DELETE', 'UPDATE', 'CREATE']);
  });

  it('lists what stacks made and what was put there, in pages', async () => {
    const place = { account: SHOP, region: 'us-east-1', type: 'AWS::SQS::Queue' };
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      seedResource(sandbox.state, { ...place, properties: { QueueName: name } });
    }
    const names: string[] = [];
    for await (const page of sdk.paginateListResources({ client: client(), pageSize: 2 }, { TypeName: place.type })) {
      names.push(...page.ResourceDescriptions!.map(({ Identifier }) => Identifier!.split('/').at(-1)!));
    }
    expect(names).toStrictEqual(['a', 'b', 'c', 'd', 'e']);
    const wrong = new sdk.ListResourcesCommand({ TypeName: 'AWS::SQS::Queues' });
    expect(await outcome(client().send(wrong))).toMatch(/^TypeNotFoundException: .*AWS::SQS::Queue\?/);
  });

  it('asks hooks of Cloud Control, whatever their stack filters say', async () => {
    const by = client();
    const s3 = clients.s3(sandbox.credentials(SHOP));
    await create(by, 'AWS::S3::Bucket', { BucketName: 'rules' });
    const Body =
      "rule versioned when Resources exists { Resources.*.Properties.VersioningConfiguration.Status == 'Enabled' }";
    await s3.send(new PutObjectCommand({ Bucket: 'rules', Key: 'r.guard', Body }));
    const trust = JSON.parse(
      TRUST({ Service: 'hooks.cloudformation.amazonaws.com' }, { Action: 'sts:AssumeRole' }),
    ) as object;
    const allow = JSON.parse(DOCUMENT({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' })) as object;
    await create(by, 'AWS::IAM::Role', {
      ...{ RoleName: 'hook', AssumeRolePolicyDocument: trust },
      Policies: [{ PolicyName: 'read', PolicyDocument: allow }],
    });
    const hook = await create(by, 'AWS::CloudFormation::GuardHook', {
      ...{ Alias: 'Private::Guard::Hook', ExecutionRole: `arn:aws:iam::${SHOP}:role/hook`, HookStatus: 'ENABLED' },
      ...{ FailureMode: 'FAIL', TargetOperations: ['CLOUD_CONTROL'], RuleLocation: { Uri: 's3://rules/r.guard' } },
      StackFilters: { FilteringCriteria: 'ALL', StackNames: { Include: ['nothing'] } },
    });
    expect(hook.OperationStatus).toBe('SUCCESS');
    const bad = await create(by, 'AWS::S3::Bucket', { BucketName: 'plain' });
    expect(bad).toMatchObject({
      OperationStatus: 'FAILED',
      ErrorCode: 'NonCompliant',
      StatusMessage: expect.stringContaining('Private::Guard::Hook') as string,
    });
    const status = new sdk.GetResourceRequestStatusCommand({ RequestToken: bad.RequestToken });
    const { HooksProgressEvent } = await by.send(status);
    expect(HooksProgressEvent).toMatchObject([{ HookStatus: 'HOOK_COMPLETE_FAILED', FailureMode: 'FAIL' }]);
    const cfn = new CloudFormation(clients.options(sandbox.credentials(SHOP), 'us-east-1'));
    const results = await cfn.listHookResults({ TargetType: 'CLOUD_CONTROL', TargetId: bad.HooksRequestToken! });
    cfn.destroy();
    expect(results.HookResults).toHaveLength(1);
    const good = { BucketName: 'versioned', VersioningConfiguration: { Status: 'Enabled' } };
    expect((await create(by, 'AWS::S3::Bucket', good)).OperationStatus).toBe('SUCCESS');
  });

  it('refuses what cannot be a request, and repeats none', async () => {
    const by = client();
    const bucket = (state: string, ClientToken?: string): Promise<sdk.CreateResourceCommandOutput> =>
      by.send(
        new sdk.CreateResourceCommand({ TypeName: 'AWS::S3::Bucket', DesiredState: state, ClientToken: ClientToken! }),
      );
    expect(await outcome(bucket('[]'))).toMatch(/^InvalidRequestException/);
    expect(await outcome(bucket('{"Colour":"red"}'))).toMatch(/extraneous key \[Colour\]/);
    const first = await bucket('{"BucketName":"once"}', 'token');
    const second = await bucket('{"BucketName":"once"}', 'token');
    expect(second.ProgressEvent!.RequestToken).toBe(first.ProgressEvent!.RequestToken);
    expect(await outcome(bucket('{"BucketName":"twice"}', 'token'))).toMatch(/^ClientTokenConflictException/);
    await settled(by, first.ProgressEvent);
    const again = await create(by, 'AWS::S3::Bucket', { BucketName: 'once' });
    expect(again).toMatchObject({ OperationStatus: 'FAILED', ErrorCode: 'AlreadyExists' });
    const unknown = new sdk.GetResourceRequestStatusCommand({ RequestToken: 'x' });
    expect(await outcome(by.send(unknown))).toMatch(/^RequestTokenNotFoundException/);
  });

  it('lists what is inside of a parent by its model only', async () => {
    const by = client();
    for (const ClusterName of ['one', 'two']) {
      const properties = { ClusterName, AddonName: 'vpc-cni' };
      seedResource(sandbox.state, { account: SHOP, region: 'us-east-1', type: 'AWS::EKS::Addon', properties });
    }
    const TypeName = 'AWS::EKS::Addon';
    const list = (model?: object): Promise<sdk.ListResourcesCommandOutput> =>
      by.send(new sdk.ListResourcesCommand({ TypeName, ...(model && { ResourceModel: JSON.stringify(model) }) }));
    expect(await outcome(list())).toMatch(/^InvalidRequestException.*Required property: \[ClusterName\]/);
    expect(await outcome(list([]))).toMatch(/^InvalidRequestException.*ResourceModel is no JSON object/);
    const { ResourceDescriptions = [] } = await list({ ClusterName: 'two' });
    expect(ResourceDescriptions.map(({ Identifier }) => Identifier)).toStrictEqual(['two|vpc-cni']);
    // Grants of Lake Formation are listed of one resource.
    const grants = { TypeName: 'AWS::LakeFormation::PrincipalPermissions' };
    expect(await outcome(by.send(new sdk.ListResourcesCommand(grants)))).toMatch(/Required property: \[Resource\]/);
    const ResourceModel = JSON.stringify({ Resource: { Catalog: {} } });
    expect(await outcome(by.send(new sdk.ListResourcesCommand({ ...grants, ResourceModel })))).toBe('ok');
  });

  it('needs the rights of the type, too', async () => {
    const iam = clients.iam(sandbox.credentials(SHOP));
    const { CreateRoleCommand, PutRolePolicyCommand } = await import('@aws-sdk/client-iam');
    const AssumeRolePolicyDocument = TRUST(`arn:aws:iam::${SHOP}:root`);
    await iam.send(new CreateRoleCommand({ RoleName: 'poor', AssumeRolePolicyDocument }));
    const PolicyDocument = DOCUMENT({ Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'poor', PolicyName: 'p', PolicyDocument }));
    const session = await clients.session(sandbox.credentials(SHOP), `arn:aws:iam::${SHOP}:role/poor`);
    const poor = clients.json(sdk, sdk.CloudControlClient, session);
    const denied = await create(poor, 'AWS::S3::Bucket', { BucketName: 'mine' });
    expect(denied).toMatchObject({ OperationStatus: 'FAILED', ErrorCode: 'AccessDenied' });
    expect(await outcome(poor.send(new sdk.ListResourcesCommand({ TypeName: 'AWS::IAM::Role' })))).toMatch(
      /^AccessDeniedException: .*iam:ListRoles/,
    );
  });
}
