/** Hooks: what they are told, what becomes of their answers. */
import { PutObjectCommand, S3Client, CreateBucketCommand } from '@aws-sdk/client-s3';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import { strToU8, zipSync } from 'fflate';
import { client, HOME, refusal, running, settled, told, until, useSandbox } from './harness.js';

useSandbox();

const ACCOUNT = '300000000001';
const HOOK = 'Org::Test::Check';

/**
 * Tells what it was told, in an annotation; what it answers depends on the names of what it sees. None of these could stand
 * in an id or a signature by chance, as `bad` did.
 */
const HANDLER = `exports.handler = async (event, context) => {
  const { requestData, clientRequestToken } = event;
  const payload = requestData.payload ? JSON.parse(await (await fetch(requestData.payload)).text()) : null;
  const seen = JSON.stringify(requestData) + JSON.stringify(payload);
  if (seen.includes('is-crash')) throw new TypeError('oops');
  if (seen.includes('is-die')) process.exit(3);
  if (seen.includes('is-slow')) await new Promise((resolve) => setTimeout(resolve, 60000));
  if (seen.includes('is-later') && event.requestContext.invocation < 3) {
    return { hookStatus: 'IN_PROGRESS', callbackContext: { count: event.requestContext.invocation }, callbackDelaySeconds: 0 };
  }
  const name = process.env.WHO + ' ' + context.functionName + ' ' + (process.env.AWS_ACCESS_KEY_ID ?? '').slice(0, 4);
  const annotations = [{ annotationName: 'SEEN', status: 'PASSED', statusMessage: JSON.stringify({ event, payload, name }) }];
  const bad = seen.includes('is-bad');
  return bad
    ? { hookStatus: 'FAILED', errorCode: 'NonCompliant', message: 'found something bad', clientRequestToken, annotations }
    : { hookStatus: 'SUCCESS', message: 'fine', clientRequestToken, annotations };
};`;

interface Settings {
  readonly mode?: string;
  readonly operations?: readonly string[];
  readonly filters?: object;
  readonly timeout?: number;
  readonly code?: object;
  readonly mayInvoke?: boolean;
}

function role(service: string, action: string): object {
  const allow = (rest: object): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: allow({
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(service.startsWith('hooks') && { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
      }),
      Policies: [{ PolicyName: 'it', PolicyDocument: allow({ Action: action, Resource: '*' }) }],
    },
  };
}

function hookTemplate({
  mode = 'FAIL',
  operations = ['RESOURCE'],
  filters,
  timeout,
  code,
  mayInvoke = true,
}: Settings): string {
  return JSON.stringify({
    Resources: {
      Check: {
        Type: 'AWS::CloudFormation::LambdaHook',
        Properties: {
          Alias: HOOK,
          ExecutionRole: { 'Fn::GetAtt': ['HookRole', 'Arn'] },
          LambdaFunction: { 'Fn::GetAtt': ['Function', 'Arn'] },
          FailureMode: mode,
          TargetOperations: operations,
          TargetFilters: filters ?? { TargetNames: ['AWS::Logs::*'], Actions: ['CREATE', 'UPDATE', 'DELETE'] },
        },
      },
      HookRole: role('hooks.cloudformation.amazonaws.com', mayInvoke ? 'lambda:InvokeFunction' : 's3:ListBucket'),
      FunctionRole: role('lambda.amazonaws.com', 'logs:PutLogEvents'),
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'check',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: timeout ?? 20,
          Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
          Environment: { Variables: { WHO: 'stackade' } },
          Code: code ?? { ZipFile: HANDLER },
        },
      },
    },
  });
}

async function deployHook(settings: Settings = {}): Promise<CloudFormation> {
  const by = client(ACCOUNT);
  await by.createStack({ StackName: 'hook', TemplateBody: hookTemplate(settings), Capabilities: ['CAPABILITY_IAM'] });
  expect(await settled(by, 'hook')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  return by;
}

function log(name: string, days?: number): string {
  return JSON.stringify({
    Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name, RetentionInDays: days } } },
  });
}

async function make(by: CloudFormation, StackName: string, TemplateBody: string): Promise<string | undefined> {
  await by.createStack({ StackName, TemplateBody });
  return (await settled(by, StackName)).StackStatus;
}

/** What the hook was told, the last first; an invocation that still runs has told nothing yet. */
async function seenBy(by: CloudFormation): Promise<readonly { event: object; payload: unknown; name: string }[]> {
  const { HookResults = [] } = await by.listHookResults({});
  const seen: { event: object; payload: unknown; name: string }[] = [];
  for (const { HookResultId } of HookResults) {
    const { Annotations: [answer] = [] } = await by.getHookResult({ HookResultId });
    if (answer !== undefined) seen.push(JSON.parse(answer.StatusMessage!) as (typeof seen)[number]);
  }
  return seen;
}

describe('a Lambda Hook on resources', () => {
  it('lets pass, refuses on creation, update and deletion, and is told what it is about', async () => {
    const by = await deployHook();
    expect(await make(by, 'good', log('good', 30))).toBe('CREATE_COMPLETE');
    expect(await told(by, 'good')).toStrictEqual([
      'good CREATE_IN_PROGRESS User Initiated',
      'Log CREATE_IN_PROGRESS',
      'Log HOOK_IN_PROGRESS',
      'Log HOOK_COMPLETE_SUCCEEDED fine',
      'Log CREATE_IN_PROGRESS Resource creation Initiated',
      'Log CREATE_COMPLETE',
      'good CREATE_COMPLETE',
    ]);
    expect(await make(by, 'wrong', log('is-bad'))).toBe('ROLLBACK_COMPLETE');
    expect(await told(by, 'wrong')).toStrictEqual([
      'wrong CREATE_IN_PROGRESS User Initiated',
      'Log CREATE_IN_PROGRESS',
      'Log HOOK_IN_PROGRESS',
      'Log HOOK_COMPLETE_FAILED Hook failed with message: found something bad',
      `Log CREATE_FAILED The following hook(s) failed: [${HOOK}]`,
      'wrong ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Log]. Rollback requested by user.',
      'Log DELETE_IN_PROGRESS',
      'Log DELETE_COMPLETE',
      'wrong ROLLBACK_COMPLETE',
    ]);
    const { StackEvents } = await by.describeStackEvents({ StackName: 'wrong' });
    expect(StackEvents!.find(({ HookStatus }) => HookStatus === 'HOOK_COMPLETE_FAILED')).toMatchObject({
      HookType: HOOK,
      HookFailureMode: 'FAIL',
      HookInvocationPoint: 'PRE_PROVISION',
      ResourceStatus: 'CREATE_IN_PROGRESS',
    });
    const tagged = JSON.stringify({
      Resources: {
        Log: {
          Type: 'AWS::Logs::LogGroup',
          Properties: { LogGroupName: 'good', RetentionInDays: 30, Tags: [{ Key: 'is-bad', Value: 'yes' }] },
        },
      },
    });
    await by.updateStack({ StackName: 'good', TemplateBody: tagged });
    expect((await settled(by, 'good')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    await by.deleteStack({ StackName: 'good' });
    const [deletion, update, , creation] = await until(
      () => seenBy(by),
      (all) => all.length === 4,
    ).then((all) => all.at(-1)!);
    const { Stacks } = await by.describeStacks({ StackName: 'hook' });
    expect(Stacks).toHaveLength(1);
    expect(creation).toMatchObject({
      name: 'stackade check ASIA',
      event: {
        awsAccountId: ACCOUNT,
        stackId: expect.stringContaining(`:${ACCOUNT}:stack/good/`) as string,
        changeSetId: null,
        hookTypeName: HOOK,
        hookTypeVersion: '00000001',
        hookModel: { LambdaFunction: `arn:aws:lambda:${HOME}:${ACCOUNT}:function:check` },
        actionInvocationPoint: 'CREATE_PRE_PROVISION',
        requestData: {
          targetName: 'AWS::Logs::LogGroup',
          targetType: 'AWS::Logs::LogGroup',
          targetLogicalId: 'Log',
          targetModel: {
            resourceProperties: { LogGroupName: 'good', RetentionInDays: 30 },
            previousResourceProperties: {},
          },
        },
        requestContext: { invocation: 1, callbackContext: null },
      },
    });
    expect(update!.event).toMatchObject({
      actionInvocationPoint: 'UPDATE_PRE_PROVISION',
      requestData: {
        targetModel: {
          resourceProperties: { Tags: [{ Key: 'is-bad', Value: 'yes' }] },
          previousResourceProperties: { LogGroupName: 'good', RetentionInDays: 30 },
        },
      },
    });
    expect(deletion!.event).toMatchObject({
      actionInvocationPoint: 'DELETE_PRE_PROVISION',
      requestData: { targetModel: { resourceProperties: {} } },
    });
  });

  it('that crashes, dies, takes too long or is not done stops what it guards, and with WARN only tells', async () => {
    const by = await deployHook({ timeout: 1 });
    expect(await make(by, 'waits', log('is-later'))).toBe('CREATE_COMPLETE');
    const reasons: Record<string, RegExp> = {
      crash: /HOOK_FAILED Hook failed with error code InternalFailure and message: TypeError: oops/,
      die: /HOOK_FAILED .*the process of the function has ended/,
      slow: /HOOK_FAILED .*Task timed out after 1.00 seconds/,
    };
    for (const [name, reason] of Object.entries(reasons)) {
      expect(await make(by, `x-${name}`, log(`is-${name}`))).toBe('ROLLBACK_COMPLETE');
      expect((await told(by, `x-${name}`)).join('\n')).toMatch(reason);
    }
    await by.updateStack({
      StackName: 'hook',
      TemplateBody: hookTemplate({ mode: 'WARN', timeout: 1 }),
      Capabilities: ['CAPABILITY_IAM'],
    });
    expect((await settled(by, 'hook')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await make(by, 'warned', log('is-crash-again'))).toBe('CREATE_COMPLETE');
    expect((await told(by, 'warned')).join('\n')).toMatch(/HOOK_FAILED .*oops/);
  });

  it('needs the rights of its role', async () => {
    const by = await deployHook({ mayInvoke: false });
    expect(await make(by, 'good', log('good'))).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'good')).join('\n')).toMatch(
      /HOOK_FAILED Hook failed with error code AccessDenied and message: User: .* is not authorized to perform: lambda:InvokeFunction/,
    );
  });
});

describe('a Lambda Hook on stacks and change sets', () => {
  it('finds the templates behind an address, and the changes with texts for numbers', async () => {
    const by = await deployHook({ operations: ['STACK', 'CHANGE_SET'] });
    expect(await make(by, 'wrong', log('is-bad'))).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'wrong')).slice(1, 4)).toStrictEqual([
      'wrong HOOK_IN_PROGRESS',
      'wrong HOOK_COMPLETE_FAILED Hook failed with message: found something bad',
      `wrong ROLLBACK_IN_PROGRESS The following hook(s) failed: [${HOOK}]. Rollback requested by user.`,
    ]);
    expect(await make(by, 'good', log('good', 30))).toBe('CREATE_COMPLETE');
    const changeSet = async (name: string, TemplateBody: string) => {
      const { Id } = await by.createChangeSet({ StackName: 'good', ChangeSetName: name, TemplateBody });
      const all = await until(
        () => by.describeChangeSet({ ChangeSetName: Id }),
        ({ Status }) => Status === 'FAILED' || Status === 'CREATE_COMPLETE',
      );
      return all.at(-1)!;
    };
    expect(await changeSet('no', log('is-bad', 30))).toMatchObject({
      Status: 'FAILED',
      StatusReason: `The following hook(s) failed: [${HOOK}].`,
      ExecutionStatus: 'UNAVAILABLE',
    });
    const pretty = JSON.stringify(JSON.parse(log('good', 90)), null, 2);
    const made = await changeSet('yes', pretty);
    expect(made.Status).toBe('CREATE_COMPLETE');
    const [last, , creation] = await seenBy(by);
    expect(creation).toMatchObject({
      event: {
        actionInvocationPoint: 'CREATE_PRE_PROVISION',
        requestData: { targetName: 'STACK', targetType: 'STACK', targetLogicalId: 'good' },
      },
      payload: { template: log('good', 30), previousTemplate: '' },
    });
    expect(last).toMatchObject({
      event: { requestData: { targetName: 'CHANGE_SET', targetLogicalId: made.ChangeSetId } },
      payload: {
        template: pretty,
        changedResources: [
          {
            logicalResourceId: 'Log',
            resourceType: 'AWS::Logs::LogGroup',
            action: 'UPDATE',
            lineNumber: 3,
            beforeContext: '{"Properties":{"LogGroupName":"good","RetentionInDays":"30"}}',
            afterContext: '{"Properties":{"LogGroupName":"good","RetentionInDays":"90"}}',
          },
        ],
      },
    });
    await by.executeChangeSet({ ChangeSetName: made.ChangeSetId });
    expect((await settled(by, 'good')).StackStatus).toBe('UPDATE_COMPLETE');
    const { HookResults } = await by.listHookResults({ TargetType: 'CHANGE_SET', TargetId: made.ChangeSetId });
    expect(HookResults!.map(({ Status }) => Status)).toStrictEqual(['HOOK_COMPLETE_SUCCEEDED']);
    await by.deleteStack({ StackName: 'good' });
    await until(
      async () => (await by.listStacks({ StackStatusFilter: ['DELETE_COMPLETE'] })).StackSummaries!.length,
      (count) => count === 1,
    );
    expect((await seenBy(by))[0]).toMatchObject({ payload: { template: '', previousTemplate: '' } });
  });
});

describe('code and rules in Amazon S3', () => {
  async function withBucket(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const s3 = new S3Client({
      endpoint: running().url,
      region: HOME,
      credentials: running().credentials(ACCOUNT),
      forcePathStyle: true,
    });
    await s3.send(
      new CreateBucketCommand({ Bucket: 'assets', CreateBucketConfiguration: { LocationConstraint: HOME } }),
    );
    for (const [Key, Body] of Object.entries(files)) {
      await s3.send(new PutObjectCommand({ Bucket: 'assets', Key, Body }));
    }
    s3.destroy();
  }

  it('a zip of modules is run; a key that is not there is told', async () => {
    const handler = HANDLER.replace('exports.handler =', 'export const handler =');
    await withBucket({ 'code.zip': zipSync({ 'index.mjs': strToU8(handler), 'data/a.txt': strToU8('x') }) });
    const by = client(ACCOUNT);
    const code = (S3Key: string): object => ({ S3Bucket: 'assets', S3Key });
    await by.createStack({
      StackName: 'none',
      TemplateBody: hookTemplate({ code: code('none.zip') }),
      Capabilities: ['CAPABILITY_IAM'],
    });
    expect((await settled(by, 'none')).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'none')).join('\n')).toContain('Error occurred while GetObject. S3 Error Code: NoSuchKey.');
    await deployHook({ code: code('code.zip') });
    expect(await make(by, 'wrong', log('is-bad'))).toBe('ROLLBACK_COMPLETE');
  });

  it('a Guard Hook runs the rules on what the guide describes', async () => {
    await withBucket({
      'rules.guard': `let logs = Resources.*[ Type == 'AWS::Logs::LogGroup' ]
rule LOGS_ARE_KEPT when %logs !empty HookContext.InvocationPoint != 'DELETE_PRE_PROVISION' {
  %logs.Properties.RetentionInDays >= least
}
rule NO_SHORTENING when Previous exists {
  Previous.Resources.Log.Properties.RetentionInDays < 400
}`,
      'parameters.json': '{"least": 30}',
    });
    const by = client(ACCOUNT);
    const template = (status: string | undefined): string =>
      JSON.stringify({
        Resources: {
          Role: role('hooks.cloudformation.amazonaws.com', 's3:*'),
          Guard: {
            Type: 'AWS::CloudFormation::GuardHook',
            Properties: {
              Alias: 'Org::Test::Guard',
              ExecutionRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
              RuleLocation: { Uri: 's3://assets/rules.guard' },
              Options: { InputParams: { Uri: 's3://assets/parameters.json' } },
              LogBucket: 'assets',
              HookStatus: status,
              FailureMode: 'FAIL',
              TargetOperations: ['RESOURCE', 'STACK'],
              TargetFilters: { TargetNames: ['AWS::Logs::LogGroup'] },
            },
          },
        },
      });
    await by.createStack({ StackName: 'hook', TemplateBody: template(undefined), Capabilities: ['CAPABILITY_IAM'] });
    await settled(by, 'hook');
    // A Guard Hook that is not switched on does nothing.
    expect(await make(by, 'early', log('early', 1))).toBe('CREATE_COMPLETE');
    await by.updateStack({ StackName: 'hook', TemplateBody: template('ENABLED'), Capabilities: ['CAPABILITY_IAM'] });
    expect((await settled(by, 'hook')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await make(by, 'short', log('short', 1))).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'short')).join('\n')).toContain(
      'HOOK_COMPLETE_FAILED Hook failed with message: Template failed validation, the following rule(s) failed: LOGS_ARE_KEPT.',
    );
    expect(await make(by, 'long', log('long', 400))).toBe('CREATE_COMPLETE');
    await by.updateStack({ StackName: 'long', TemplateBody: log('long', 90) });
    expect((await settled(by, 'long')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await told(by, 'long')).join('\n')).toContain('failed: NO_SHORTENING.');
  });
});

describe('the registry', () => {
  it('activates, configures, describes and deactivates hooks', async () => {
    const by = await deployHook();
    await expect(by.describeType({ Type: 'HOOK', TypeName: HOOK })).resolves.toMatchObject({
      Arn: `arn:aws:cloudformation:${HOME}:${ACCOUNT}:type/hook/Org-Test-Check`,
      OriginalTypeName: 'AWS::Hooks::LambdaHook',
      IsActivated: true,
    });
    const { TypeSummaries } = await by.listTypes({ Type: 'HOOK' });
    expect(TypeSummaries!.map(({ TypeName }) => TypeName)).toStrictEqual([HOOK]);
    const described = await by.batchDescribeTypeConfigurations({
      TypeConfigurationIdentifiers: [
        { Type: 'HOOK', TypeName: HOOK },
        { Type: 'HOOK', TypeName: 'Org::Test::None' },
      ],
    });
    expect(described.Errors).toHaveLength(1);
    const configuration = JSON.parse(described.TypeConfigurations![0]!.Configuration!) as {
      CloudFormationConfiguration: { HookConfiguration: Record<string, unknown> };
    };
    expect(configuration.CloudFormationConfiguration.HookConfiguration).toMatchObject({
      HookInvocationStatus: 'ENABLED',
      FailureMode: 'FAIL',
    });
    configuration.CloudFormationConfiguration.HookConfiguration['HookInvocationStatus'] = 'DISABLED';
    const set = { Type: 'HOOK' as const, TypeName: HOOK };
    expect(await refusal(by.setTypeConfiguration({ ...set, Configuration: '{}' }))).toContain('CFNRegistryException');
    await by.setTypeConfiguration({ ...set, Configuration: JSON.stringify(configuration) });
    expect(await make(by, 'wrong', log('is-bad'))).toBe('CREATE_COMPLETE');
    await by.deactivateType({ Type: 'HOOK', TypeName: HOOK });
    expect(await refusal(by.describeType({ Type: 'HOOK', TypeName: HOOK }))).toContain('TypeNotFoundException');
    expect(await refusal(by.getHookResult({ HookResultId: '0'.repeat(8) }))).toContain('HookResultNotFound');
    const name = 'AWS::Hooks::GuardHook';
    await by.activateType({
      Type: 'HOOK',
      TypeName: name,
      PublisherId: 'aws-hooks',
      TypeNameAlias: 'Org::Test::Rules',
    });
    await expect(by.describeType({ Type: 'HOOK', TypeName: 'Org::Test::Rules' })).resolves.toMatchObject({
      OriginalTypeName: name,
    });
  });
});
