/** Stacks and change sets, as a client of AWS sees them. */
import { IAM } from '@aws-sdk/client-iam';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import { client, HOME, OTHER, refusal, running, settled, told, until, useSandbox } from './harness.js';

useSandbox();

const ACCOUNT = '300000000001';

const log = (LogGroupName: string, more: object = {}): object => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName },
  ...more,
});
const template = (Resources: object, more: object = {}): string => JSON.stringify({ Resources, ...more });

async function make(by: CloudFormation, StackName: string, TemplateBody: string, more: object = {}) {
  await by.createStack({ StackName, TemplateBody, ...more });
  return settled(by, StackName);
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

describe('a stack', () => {
  it('is made step by step, with parameters, conditions, functions, outputs and exports', async () => {
    const by = client(ACCOUNT);
    const TemplateBody = `
Description: A worker
Parameters:
  Days: { Type: Number, Default: 30, AllowedValues: [30, 90] }
  Token: { Type: String, NoEcho: true }
Conditions:
  IsLong: !Equals [!Ref Days, 90]
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub '\${AWS::StackName}-worker'
      Role: !GetAtt Role.Arn
      Runtime: nodejs24.x
      Handler: index.handler
      Code: { ZipFile: 'exports.handler = async () => ({})' }
      Environment: { Variables: { LOG: !Ref Log } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !Ref Days } }
  Never: { Type: AWS::SNS::Topic, Condition: IsLong }
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: ${JSON.stringify(TRUST)} }
Outputs:
  Arn: { Value: !GetAtt Worker.Arn, Export: { Name: worker } }
`;
    const asked = {
      StackName: 'work',
      TemplateBody,
      Parameters: [{ ParameterKey: 'Token', ParameterValue: 'secret' }],
    };
    expect(await refusal(by.createStack(asked))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]',
    );
    const { StackId } = await by.createStack({
      ...asked,
      Capabilities: ['CAPABILITY_IAM'],
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    const statuses = await until(
      async () => (await by.describeStacks({ StackName: 'work' })).Stacks![0]!.StackStatus,
      (status) => status !== 'CREATE_IN_PROGRESS',
    );
    expect([...new Set(statuses)]).toStrictEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    const [stack] = (await by.describeStacks({ StackName: StackId })).Stacks!;
    expect(stack).toMatchObject({
      Description: 'A worker',
      Parameters: [
        { ParameterKey: 'Days', ParameterValue: '30' },
        { ParameterKey: 'Token', ParameterValue: '****' },
      ],
      Outputs: [
        {
          OutputKey: 'Arn',
          OutputValue: `arn:aws:lambda:${HOME}:${ACCOUNT}:function:work-worker`,
          ExportName: 'worker',
        },
      ],
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    const { StackResources } = await by.describeStackResources({ StackName: 'work' });
    const resources = new Map(StackResources!.map((each) => [each.LogicalResourceId, each]));
    expect([...resources.keys()].sort()).toStrictEqual(['Log', 'Role', 'Worker']);
    // What depends on others comes last.
    expect(StackResources!.at(-1)!.LogicalResourceId).toBe('Worker');
    const iam = new IAM({ endpoint: running().url, region: HOME, credentials: running().credentials(ACCOUNT) });
    const { Role } = await iam.getRole({ RoleName: resources.get('Role')!.PhysicalResourceId });
    expect(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!))).toStrictEqual(TRUST);
    expect((await by.listExports({})).Exports).toStrictEqual([
      { ExportingStackId: StackId, Name: 'worker', Value: stack!.Outputs![0]!.OutputValue },
    ]);
    const importing = template({
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': 'worker' }, DisplayName: 'x' } },
    });
    expect((await make(by, 'importing', importing)).StackStatus).toBe('CREATE_COMPLETE');
    await by.deleteStack({ StackName: 'work' });
    await until(
      async () => (await by.describeStacks({ StackName: StackId })).Stacks![0]!.StackStatus,
      (status) => status === 'DELETE_COMPLETE',
    );
    expect(await refusal(by.describeStacks({ StackName: 'work' }))).toBe(
      'ValidationError: Stack with id work does not exist',
    );
    expect(await refusal(iam.getRole({ RoleName: Role!.RoleName }))).toContain('NoSuchEntity');
    iam.destroy();
  });

  it('that fails is rolled back, deleted or left as it is', async () => {
    const by = client(ACCOUNT);
    await make(by, 'first', template({ Log: log('taken') }));
    const wrong = template({ A: log('a'), B: log('taken', { DependsOn: 'A' }), C: log('c', { DependsOn: 'B' }) });
    expect(await make(by, 'second', wrong)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    expect(await told(by, 'second')).toStrictEqual([
      'second CREATE_IN_PROGRESS User Initiated',
      'A CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS Resource creation Initiated',
      'A CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      expect.stringMatching(/^B CREATE_FAILED taken already exists in stack arn:aws:.*:stack\/first\//) as string,
      'second ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'second ROLLBACK_COMPLETE',
    ]);
    expect(await refusal(by.updateStack({ StackName: 'second', TemplateBody: template({ A: log('a') }) }))).toMatch(
      /^ValidationError: Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
    );
    expect(await refusal(by.createStack({ StackName: 'second', TemplateBody: wrong }))).toBe(
      'AlreadyExistsException: Stack [second] already exists',
    );
    expect(await make(by, 'third', wrong, { OnFailure: 'DO_NOTHING' })).toMatchObject({ StackStatus: 'CREATE_FAILED' });
    const { StackId } = await by.createStack({
      StackName: 'fourth',
      TemplateBody: wrong.replaceAll('"a"', '"d"'),
      OnFailure: 'DELETE',
    });
    expect(await settled(by, StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });

  it('is updated, replaced, cleaned up, and put back when that fails', async () => {
    const by = client(ACCOUNT);
    const kept = { DeletionPolicy: 'Retain' };
    await make(by, 'taken', template({ Log: log('taken') }));
    await make(by, 'it', template({ A: log('a'), B: log('b'), C: log('c', kept) }));
    const before = (await by.describeStackResources({ StackName: 'it' })).StackResources;
    const update = { StackName: 'it', TemplateBody: template({ A: log('a'), B: log('b'), C: log('c', kept) }) };
    expect(await refusal(by.updateStack(update))).toBe('ValidationError: No updates are to be performed.');
    const failing = {
      A: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a', RetentionInDays: 1 } },
      B: log('b2'),
      D: log('taken', { DependsOn: ['A', 'B'] }),
    };
    await by.updateStack({ StackName: 'it', TemplateBody: template(failing) });
    expect(await settled(by, 'it')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    const physical = (list: typeof before): readonly unknown[] =>
      list!.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]);
    const after = (await by.describeStackResources({ StackName: 'it' })).StackResources;
    expect(physical(after)).toStrictEqual(physical(before));
    // What the rollback took away can be made elsewhere.
    expect((await make(by, 'other', template({ B: log('b2') }))).StackStatus).toBe('CREATE_COMPLETE');
    await by.updateStack({ StackName: 'it', TemplateBody: template({ ...failing, B: log('b3'), D: log('d') }) });
    expect(await settled(by, 'it')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    const events = await told(by, 'it');
    const last = events.slice(events.lastIndexOf('it UPDATE_IN_PROGRESS User Initiated'));
    // A, B and D do not wait for each other.
    expect(last.filter((each) => /^(?:B|C|it) /.test(each))).toStrictEqual([
      'it UPDATE_IN_PROGRESS User Initiated',
      'B UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'B UPDATE_IN_PROGRESS Resource creation Initiated',
      'B UPDATE_COMPLETE',
      'it UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'C DELETE_SKIPPED',
      'it UPDATE_COMPLETE',
    ]);
    expect(last.filter((each) => /^[AD] /.test(each)).sort()).toStrictEqual([
      'A UPDATE_COMPLETE',
      'A UPDATE_IN_PROGRESS',
      'D CREATE_COMPLETE',
      'D CREATE_IN_PROGRESS',
      'D CREATE_IN_PROGRESS Resource creation Initiated',
    ]);
    expect((await make(by, 'again', template({ B: log('b') }))).StackStatus).toBe('CREATE_COMPLETE');
    expect((await make(by, 'still', template({ C: log('c') }))).StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('is refused in the words of CloudFormation when its template is wrong', async () => {
    const by = client(ACCOUNT);
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['{', /^Template format error: JSON not well-formed/],
      ['a: [', /^Template format error: YAML not well-formed/],
      ['{"Parameters":{}}', /At least one Resources member must be defined/],
      [template({ A: { Type: 'AWS::No::Such' } }), /Unrecognized resource types: \[AWS::No::Such\]/],
      [
        template({ A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'B' } } } }),
        /Unresolved resource dependencies \[B\]/,
      ],
      [
        template({ A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['B', 'Arn'] } } } }),
        /references undefined resource B/,
      ],
      [
        template({ A: log('a', { DependsOn: 'B' }), B: log('b', { DependsOn: 'A' }) }),
        /Circular dependency between resources: \[A, B\]/,
      ],
      [template({ A: log('a') }, { Parameters: { P: { Type: 'String' } } }), /Parameters: \[P\] must have values/],
      [template({ A: log('a') }, { Transform: 'Mine' }), /No transform named Mine found/],
      [template({ A: { Type: 'AWS::CloudFormation::Stack' } }), /not emulated by the sandbox/],
    ];
    for (const [TemplateBody, message] of wrong) {
      const told = await refusal(
        by.createStack({ StackName: 'x', TemplateBody, Capabilities: ['CAPABILITY_AUTO_EXPAND'] }),
      );
      expect(told.replace('ValidationError: ', '')).toMatch(message);
    }
    const good = { StackName: 'x', TemplateBody: template({ A: log('a') }) };
    expect(await refusal(by.createStack({ ...good, StackName: '1x' }))).toContain('regular expression pattern');
    expect(await refusal(by.createStack({ ...good, Parameters: [{ ParameterKey: 'N', ParameterValue: '1' }] }))).toBe(
      'ValidationError: Parameters: [N] do not exist in the template',
    );
    expect(await refusal(by.createStack({ StackName: 'x' }))).toContain('Either Template URL or Template Body');
    expect(await refusal(by.updateStack(good))).toBe('ValidationError: Stack [x] does not exist');
    expect((await by.listStacks({})).StackSummaries).toStrictEqual([]);
  });

  it('is protected from deletion, and is of its account and Region alone', async () => {
    const by = client(ACCOUNT);
    await make(by, 'kept', template({ A: log('a') }), { EnableTerminationProtection: true });
    expect(await refusal(by.deleteStack({ StackName: 'kept' }))).toContain('TerminationProtection is enabled');
    expect(await refusal(client(ACCOUNT, OTHER).describeStacks({ StackName: 'kept' }))).toContain('does not exist');
    expect(await refusal(client('300000000002').describeStacks({ StackName: 'kept' }))).toContain('does not exist');
    await by.updateTerminationProtection({ StackName: 'kept', EnableTerminationProtection: false });
    await by.deleteStack({ StackName: 'kept' });
    expect(await refusal(by.deleteStack({ StackName: 'no-such' }))).toBe('no refusal');
  });

  it('is made with the rights of the caller, or of a role that CloudFormation may use', async () => {
    const { organization } = running().state;
    const content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:CreateBucket',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' } },
        },
        { Effect: 'Deny', Action: 'sns:CreateTopic', Resource: '*' },
      ],
    });
    organization.policies.set('p-onlycfn0', {
      id: 'p-onlycfn0',
      name: 'x',
      type: 'SERVICE_CONTROL_POLICY',
      description: '',
      content,
      awsManaged: false,
    });
    const held = organization.attachments.get(ACCOUNT) ?? [];
    organization.attachments.set(ACCOUNT, [...held, 'p-onlycfn0']);
    const by = client(ACCOUNT);
    const bucket = template({ Data: { Type: 'AWS::S3::Bucket' } });
    expect((await make(by, 'bucket', bucket)).StackStatus).toBe('CREATE_COMPLETE');
    expect((await make(by, 'topic', template({ T: { Type: 'AWS::SNS::Topic' } }))).StackStatus).toBe(
      'ROLLBACK_COMPLETE',
    );
    expect((await told(by, 'topic')).join('\n')).toMatch(
      /T CREATE_FAILED Resource handler returned message: "User: arn:aws:iam::300000000001:user\/administrator is not authorized to perform: sns:CreateTopic .*service control policy.*HandlerErrorCode: AccessDenied/,
    );
    const iam = new IAM({ endpoint: running().url, region: HOME, credentials: running().credentials(ACCOUNT) });
    const trust = JSON.stringify(TRUST).replace('lambda', 'cloudformation');
    const { Role } = await iam.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trust });
    await iam.attachRolePolicy({ RoleName: 'deployer', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    // A role of the stack's own is not the caller's: nothing is called on behalf of anybody.
    expect((await make(by, 'by-role', bucket, { RoleARN: Role!.Arn })).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'by-role')).join('\n')).toContain(
      'assumed-role/deployer/AWSCloudFormation is not authorized',
    );
    iam.destroy();
  });
});

describe('a change set', () => {
  const reaches = async (by: CloudFormation, ChangeSetName: string | undefined) =>
    (
      await until(
        () => by.describeChangeSet({ ChangeSetName }),
        ({ Status }) => Status === 'FAILED' || Status === 'CREATE_COMPLETE',
      )
    ).at(-1)!;

  it('of a new stack and of one that is there', async () => {
    const by = client(ACCOUNT);
    const first = { StackName: 'it', TemplateBody: template({ A: log('a'), B: log('b') }) };
    expect(await refusal(by.createChangeSet({ ...first, ChangeSetName: 'one' }))).toContain(
      'Stack [it] does not exist',
    );
    const { Id } = await by.createChangeSet({ ...first, ChangeSetName: 'one', ChangeSetType: 'CREATE' });
    expect((await by.describeStacks({ StackName: 'it' })).Stacks![0]!.StackStatus).toBe('REVIEW_IN_PROGRESS');
    const made = await reaches(by, Id);
    expect(made).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect(
      made.Changes!.map(({ ResourceChange: change }) => [change!.Action, change!.LogicalResourceId]),
    ).toStrictEqual([
      ['Add', 'A'],
      ['Add', 'B'],
    ]);
    await by.executeChangeSet({ ChangeSetName: Id });
    await until(
      async () => (await by.describeStacks({ StackName: 'it' })).Stacks![0]!.StackStatus,
      (status) => status === 'CREATE_COMPLETE',
    );
    const same = await by.createChangeSet({ ...first, ChangeSetName: 'two' });
    expect(await reaches(by, same.Id)).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes") as string,
      ExecutionStatus: 'UNAVAILABLE',
    });
    expect(await refusal(by.executeChangeSet({ ChangeSetName: same.Id }))).toContain('InvalidChangeSetStatus');
    const changed = template({
      A: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a', RetentionInDays: 7 } },
      C: log('c'),
    });
    const next = await by.createChangeSet({ StackName: 'it', TemplateBody: changed, ChangeSetName: 'three' });
    const { Changes } = await reaches(by, next.Id);
    expect(
      Changes!.map(({ ResourceChange: change }) => [change!.Action, change!.LogicalResourceId, change!.Replacement]),
    ).toStrictEqual([
      ['Modify', 'A', 'False'],
      ['Add', 'C', undefined],
      ['Remove', 'B', undefined],
    ]);
    await by.executeChangeSet({ ChangeSetName: 'three', StackName: 'it' });
    expect((await settled(by, 'it')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(
      (await by.listChangeSets({ StackName: 'it' })).Summaries!.map(({ ExecutionStatus }) => ExecutionStatus),
    ).toStrictEqual(['EXECUTE_COMPLETE', 'OBSOLETE', 'EXECUTE_COMPLETE']);
    await by.deleteChangeSet({ ChangeSetName: 'two', StackName: 'it' });
    expect(await refusal(by.describeChangeSet({ ChangeSetName: 'two', StackName: 'it' }))).toContain(
      'ChangeSetNotFound',
    );
  });
});

it('templates are read, validated and summed up', async () => {
  const by = client(ACCOUNT);
  const TemplateBody = template(
    { A: { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'Name' }, AssumeRolePolicyDocument: TRUST } } },
    { Parameters: { Name: { Type: 'String', Description: 'what it is called' } } },
  );
  await expect(by.validateTemplate({ TemplateBody })).resolves.toMatchObject({
    Parameters: [{ ParameterKey: 'Name', Description: 'what it is called', NoEcho: false }],
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
  });
  await expect(by.getTemplateSummary({ TemplateBody })).resolves.toMatchObject({ ResourceTypes: ['AWS::IAM::Role'] });
  await make(by, 'it', template({ A: log('a') }));
  expect((await by.getTemplate({ StackName: 'it' })).TemplateBody).toBe(template({ A: log('a') }));
});
