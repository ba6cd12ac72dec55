/** Debian's `awscli`, which shares no code with the SDK for JavaScript, against the sandbox: one session of calls. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { startSandbox } from '../../sandbox/index.js';
import type { Credentials } from '../../sandbox/index.js';
import { itWithAwsCli, writeAwsCommand } from '../support/quick-aws.js';
import { DOCUMENT, TRUST } from './clients.js';
import { seeded } from './organization.js';

const SHOP = '444444444444';
const MANAGEMENT = '111111111111';

/** Holds what waits between two steps of an operation, so that it is certain to run meanwhile. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const held: (() => void)[] = [];
  const later = globalThis.setTimeout;
  const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, milliseconds?: number) => {
    if (milliseconds !== 1) return later(run, milliseconds);
    held.push(run);
    return undefined;
  }) as typeof setTimeout);
  try {
    return await work();
  } finally {
    spy.mockRestore();
    for (const run of held) run();
  }
}

itWithAwsCli()(
  'drives the sandbox',
  async () => {
    const sandbox = await startSandbox({ organization: seeded() });
    const folder = mkdtempSync(join(tmpdir(), 'awscli-'));
    const server = writeAwsCommand(join(folder, 'aws'));
    const output = join(folder, 'output');
    const aws = async (by: Credentials, ...args: readonly string[]): Promise<{ code: number | null; said: string }> => {
      // A file, because what runs the commands opens the streams of others, and sockets cannot be opened.
      const child = spawn('/bin/sh', ['-c', `: > '${output}'; exec ./aws "$@" >> '${output}' 2>&1`, 'aws', ...args], {
        env: {
          PATH: '/usr/bin:/bin',
          HOME: folder,
          AWS_ENDPOINT_URL: sandbox.url,
          AWS_ACCESS_KEY_ID: by.accessKeyId,
          AWS_SECRET_ACCESS_KEY: by.secretAccessKey,
          ...(by.sessionToken !== undefined && { AWS_SESSION_TOKEN: by.sessionToken }),
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
        cwd: folder,
        stdio: 'ignore',
      });
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, said: readFileSync(output, 'utf8').trim() };
    };
    const at = ['--output', 'json'];
    const credentials = sandbox.credentials(MANAGEMENT);
    const management = new CloudFormation({ endpoint: sandbox.url, region: 'us-east-1', credentials });
    try {
      const admin = sandbox.credentials(SHOP);
      writeFileSync(join(folder, 'trust.json'), TRUST(SHOP));
      const read = DOCUMENT({ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' });
      writeFileSync(join(folder, 'body.txt'), 'hello');
      const create = [
        'iam',
        'create-role',
        '--role-name',
        'reader',
        '--assume-role-policy-document',
        'file://trust.json',
      ];
      const role = `arn:aws:iam::${SHOP}:role/OrganizationAccountAccessRole`;
      const assume = ['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'ann', '--policy', read];
      const created = await aws(admin, ...at, ...create);
      const bucket = await aws(admin, ...at, 's3api', 'create-bucket', '--bucket', 'data');
      const assumed = await aws(credentials, ...at, ...assume);
      expect([created.code, bucket.code, assumed.code]).toStrictEqual([0, 0, 0]);
      expect(JSON.parse(created.said)).toMatchObject({
        Role: { AssumeRolePolicyDocument: JSON.parse(TRUST(SHOP)) as object },
      });
      const { Credentials: made } = JSON.parse(assumed.said) as { Credentials: Record<string, string> };
      const session = {
        accessKeyId: made['AccessKeyId']!,
        secretAccessKey: made['SecretAccessKey']!,
        sessionToken: made['SessionToken']!,
      };
      expect((await aws(admin, ...at, 's3', 'cp', 'body.txt', 's3://data/a b+c/x.txt')).code).toBe(0);
      const got = await aws(
        session,
        ...at,
        's3api',
        'get-object',
        '--bucket',
        'data',
        '--key',
        'a b+c/x.txt',
        'got.txt',
      );
      const put = ['s3api', 'put-object', '--bucket', 'data', '--key', 'y', '--body', 'body.txt'];
      const refused = await aws(session, ...at, ...put);
      expect([got.code, readFileSync(join(folder, 'got.txt'), 'utf8'), refused.code]).toStrictEqual([0, 'hello', 254]);
      expect(refused.said).toMatch(
        /\(AccessDenied\) when calling the PutObject operation: User: arn:aws:sts::444444444444:assumed-role\/OrganizationAccountAccessRole\/ann is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::data\/y because no session policy allows/,
      );
      const json = async (...args: readonly string[]): Promise<unknown> => {
        const { code, said } = await aws(admin, ...at, ...args);
        // What was printed tells what went wrong.
        return code === 0 ? (JSON.parse(said === '' ? '{}' : said) as unknown) : said;
      };
      // AWS Config: a rule, and its results.
      const rule = { ConfigRuleName: 'encrypted', Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' } };
      expect(await json('configservice', 'put-config-rule', '--config-rule', JSON.stringify(rule))).toStrictEqual({});
      expect(await json('configservice', 'describe-compliance-by-config-rule')).toMatchObject({
        ComplianceByConfigRules: [{ ConfigRuleName: 'encrypted', Compliance: { ComplianceType: 'INSUFFICIENT_DATA' } }],
      });
      expect(await json('configservice', 'get-compliance-details-by-config-rule', '--config-rule-name', 'x')).toContain(
        '(NoSuchConfigRuleException)',
      );
      // IAM Access Analyzer: an analyzer, its findings, a check of policies.
      const analyzer = ['accessanalyzer', 'create-analyzer', '--analyzer-name', 'own', '--type', 'ACCOUNT'];
      const { arn } = (await json(...analyzer)) as { readonly arn: string };
      const open = DOCUMENT({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::data/*',
      });
      const block = ['--public-access-block-configuration', 'BlockPublicPolicy=false,RestrictPublicBuckets=false'];
      expect(await json('s3api', 'put-public-access-block', '--bucket', 'data', ...block)).toStrictEqual({});
      expect(await json('s3api', 'put-bucket-policy', '--bucket', 'data', '--policy', open)).toStrictEqual({});
      const only = ['--filter', 'resourceType={eq=AWS::S3::Bucket}'];
      expect(await json('accessanalyzer', 'list-findings', '--analyzer-arn', arn, ...only)).toMatchObject({
        findings: [{ resource: 'arn:aws:s3:::data', resourceType: 'AWS::S3::Bucket', status: 'ACTIVE' }],
      });
      const wrong = DOCUMENT({ Effect: 'Allow', Action: 's3:GetObjekt', Resource: '*' });
      const check = ['accessanalyzer', 'validate-policy', '--policy-type', 'IDENTITY_POLICY', '--policy-document'];
      expect(await json(...check, wrong)).toMatchObject({
        findings: [{ findingType: 'ERROR', issueCode: 'INVALID_ACTION' }],
      });
      // Cloud Control API: a resource is read, and one that is not there is told.
      const named = ['--type-name', 'AWS::S3::Bucket', '--identifier'];
      expect(await json('cloudcontrol', 'get-resource', ...named, 'data')).toMatchObject({
        TypeName: 'AWS::S3::Bucket',
        ResourceDescription: { Identifier: 'data' },
      });
      expect(await json('cloudcontrol', 'get-resource', ...named, 'none')).toContain('(ResourceNotFoundException)');
      // A Guard Hook is activated and configured; it refuses a stack, and the events of the stack tell why.
      const cfn = (...args: readonly string[]): Promise<unknown> => json('cloudformation', ...args);
      const logs = JSON.stringify({ Resources: { Log: { Type: 'AWS::Logs::LogGroup' } } });
      writeFileSync(join(folder, 'hook.json'), TRUST({ Service: 'hooks.cloudformation.amazonaws.com' }));
      writeFileSync(
        join(folder, 'rules.guard'),
        "rule KEPT { Resources.*[ Type == 'AWS::Logs::LogGroup' ].Properties.RetentionInDays exists }",
      );
      const load = ['--bucket', 'data', '--key', 'rules.guard', '--body', 'rules.guard'];
      expect(await json('s3api', 'put-object', ...load)).toHaveProperty('ETag');
      const hookRole = ['--role-name', 'hook', '--assume-role-policy-document', 'file://hook.json'];
      const mayRead = ['--role-name', 'hook', '--policy-name', 'read', '--policy-document', read];
      expect(await json('iam', 'create-role', ...hookRole)).toHaveProperty('Role');
      expect(await json('iam', 'put-role-policy', ...mayRead)).toStrictEqual({});
      const type = ['--type', 'HOOK', '--type-name'];
      const TypeName = 'Org::Test::Rules';
      const activate = ['AWS::Hooks::GuardHook', '--publisher-id', 'aws-hooks', '--type-name-alias', TypeName];
      const byRole = ['--execution-role-arn', `arn:aws:iam::${SHOP}:role/hook`];
      const typeArn = `arn:aws:cloudformation:us-east-1:${SHOP}:type/hook/Org-Test-Rules`;
      expect(await cfn('activate-type', ...type, ...activate, ...byRole)).toStrictEqual({ Arn: typeArn });
      const HookConfiguration = {
        HookInvocationStatus: 'ENABLED',
        TargetOperations: ['RESOURCE'],
        FailureMode: 'FAIL',
        Properties: { ruleLocation: 's3://data/rules.guard' },
      };
      const configuration = JSON.stringify({ CloudFormationConfiguration: { HookConfiguration } });
      const configure = ['set-type-configuration', ...type, TypeName, '--configuration'];
      expect(await cfn(...configure, '{}')).toContain('(CFNRegistryException)');
      expect(await cfn(...configure, configuration)).toStrictEqual({
        ConfigurationArn: `${typeArn.replace(':type/', ':type-configuration/')}/default`,
      });
      const publicTypes = ['list-types', '--type', 'HOOK', '--visibility', 'PUBLIC'];
      expect(await cfn(...publicTypes)).toMatchObject({
        TypeSummaries: [
          { TypeName: 'AWS::Hooks::GuardHook', IsActivated: true, PublisherId: 'aws-hooks' },
          { TypeName: 'AWS::Hooks::LambdaHook', IsActivated: false },
        ],
      });
      const refusedStack = ['--stack-name', 'refused'];
      await cfn('create-stack', ...refusedStack, '--template-body', logs);
      expect(await cfn('wait', 'stack-create-complete', ...refusedStack)).toMatch(
        /failure state.* "ROLLBACK_(?:IN_PROGRESS|COMPLETE)"/,
      );
      const { StackEvents } = (await cfn('describe-stack-events', ...refusedStack)) as { StackEvents: object[] };
      expect(StackEvents.filter((event) => 'HookType' in event)).toContainEqual(
        expect.objectContaining({
          HookType: TypeName,
          HookStatus: 'HOOK_COMPLETE_FAILED',
          HookStatusReason: expect.stringContaining('the following rule(s) failed: KEPT.') as string,
          HookInvocationPoint: 'PRE_PROVISION',
          HookFailureMode: 'FAIL',
        }),
      );
      // Stack sets: an operation is stopped while it runs, the set updated, its drift looked for.
      const sets = async (...args: readonly string[]): Promise<unknown> => {
        const { code, said } = await aws(credentials, ...at, 'cloudformation', ...args, '--stack-set-name', 'logs');
        return code === 0 ? (JSON.parse(said === '' ? '{}' : said) as unknown) : said;
      };
      const ended = async (OperationId: string): Promise<string | undefined> => {
        for (;;) {
          const asked = { StackSetName: 'logs', OperationId };
          const { StackSetOperation: operation } = await management.describeStackSetOperation(asked);
          if (operation?.EndTimestamp !== undefined) return operation.Status;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      // The version of Debian does not know the call.
      await management.activateOrganizationsAccess({});
      expect(await sets('detect-stack-set-drift')).toContain('(StackSetNotFoundException)');
      const model = ['--permission-model', 'SERVICE_MANAGED', '--auto-deployment', 'Enabled=false'];
      expect(await sets('create-stack-set', '--template-body', logs, ...model)).toHaveProperty('StackSetId');
      const where = ['--deployment-targets', 'OrganizationalUnitIds=ou-ab12-11111111', '--regions'];
      const first = ['--operation-id', 'first'];
      const stopped = await whileHeld(async () => [
        await sets('create-stack-instances', ...where, 'us-east-1', 'eu-west-1', ...first),
        await sets('stop-stack-set-operation', ...first),
        await sets('describe-stack-set-operation', ...first),
      ]);
      const stopping = { StackSetOperation: { Status: 'STOPPING', Action: 'CREATE' } };
      expect(stopped).toMatchObject([{ OperationId: 'first' }, {}, stopping]);
      expect(await ended('first')).toBe('STOPPED');
      expect(await sets('stop-stack-set-operation', ...first)).toContain('(InvalidOperationException)');
      const update = ['update-stack-set', '--use-previous-template', '--description', 'kept', '--operation-id'];
      expect(await sets(...update, 'second')).toStrictEqual({ OperationId: 'second' });
      expect(await ended('second')).toBe('SUCCEEDED');
      expect(await sets('detect-stack-set-drift', '--operation-id', 'third')).toStrictEqual({ OperationId: 'third' });
      expect(await ended('third')).toBe('SUCCEEDED');
      expect(await sets('describe-stack-set')).toMatchObject({
        StackSet: {
          Description: 'kept',
          StackSetDriftDetectionDetails: { DriftStatus: 'IN_SYNC', DriftDetectionStatus: 'COMPLETED' },
        },
      });
    } finally {
      management.destroy();
      server.close();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
