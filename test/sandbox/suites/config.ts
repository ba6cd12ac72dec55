/** AWS Config by the AWS SDK: a rule of a stack, whose function, the one of packages, is run and tells what it finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import * as sdk from '@aws-sdk/client-config-service';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { startSandbox } from '../../../sandbox/index.js';
import type { Sandbox } from '../../../sandbox/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { Clients, outcome } from '../clients.js';
import { seeded } from '../organization.js';

const SHOP = '444444444444';
/** The function that packages bring, as `npm run build` makes it. */
const BUILT = join(repositoryRoot(), 'dist', 'hook', 'config-rule.mjs');
const HOOK = 'Private::Guard::Hook';
const RULES = 's3://rules/r.guard';
const expected = { typeName: HOOK, failureMode: 'WARN', targetOperations: ['STACK'], actions: [], ruleLocation: RULES };
const EXPECTED = JSON.stringify({ namePrefixes: ['watch'], hooks: [expected] });
const trust = (Service: string): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});
const TEMPLATE = {
  Resources: {
    HookRole: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: trust('hooks.cloudformation.amazonaws.com') },
    },
    Hook: {
      Type: 'AWS::CloudFormation::GuardHook',
      Properties: {
        ...{
          Alias: HOOK,
          ExecutionRole: { 'Fn::GetAtt': ['HookRole', 'Arn'] },
          HookStatus: 'ENABLED',
        },
        ...{ FailureMode: 'WARN', TargetOperations: ['STACK'], RuleLocation: { Uri: RULES } },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'watch',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: [
                    'config:PutEvaluations',
                    'cloudformation:DescribeType',
                    'cloudformation:BatchDescribeTypeConfigurations',
                  ],
                  Resource: '*',
                },
              ],
            },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{ Runtime: 'nodejs24.x', Handler: 'config-rule.handler', Timeout: 30 },
        Code: { S3Bucket: 'code', S3Key: 'rule.zip' },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { EXPECTED } },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        ...{ FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] }, Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'config.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } },
      },
    },
    Rule: {
      Type: 'AWS::Config::ConfigRule',
      DependsOn: ['Permission'],
      Properties: {
        ConfigRuleName: 'hooks-in-force',
        Source: {
          ...{ Owner: 'CUSTOM_LAMBDA', SourceIdentifier: { 'Fn::GetAtt': ['Function', 'Arn'] } },
          SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ScheduledNotification' }],
        },
      },
    },
    Recorder: {
      Type: 'AWS::Config::ConfigurationRecorder',
      Properties: {
        Name: 'default',
        RoleARN: { 'Fn::GetAtt': ['Role', 'Arn'] },
        RecordingGroup: { AllSupported: true },
      },
    },
    Analyzer: { Type: 'AWS::AccessAnalyzer::Analyzer', Properties: { AnalyzerName: 'own', Type: 'ACCOUNT' } },
  },
};

export function configSuite(): void {
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

  it('runs the function of a rule, which reports that a hook is disabled or gone', async () => {
    const s3 = new S3Client({ ...clients.options(sandbox.credentials(SHOP), 'us-east-1'), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    const Body = zipSync({ 'config-rule.mjs': readFileSync(BUILT) }, { level: 1 });
    await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'rule.zip', Body }));
    s3.destroy();
    const cfn = new CloudFormation(clients.options(sandbox.credentials(SHOP), 'us-east-1'));
    const Capabilities = ['CAPABILITY_IAM' as const];
    await cfn.createStack({ StackName: 'watch', TemplateBody: JSON.stringify(TEMPLATE), Capabilities });
    const statusOf = async (): Promise<string> =>
      (await cfn.describeStacks({ StackName: 'watch' })).Stacks![0]!.StackStatus!;
    while ((await statusOf()) === 'CREATE_IN_PROGRESS') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await statusOf()).toBe('CREATE_COMPLETE');
    const by = clients.json(sdk, sdk.ConfigServiceClient, sandbox.credentials(SHOP));
    const ask = async (): Promise<unknown> => {
      const { EvaluationResults } = await by.send(
        new sdk.GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'hooks-in-force' }),
      );
      return EvaluationResults!.map(({ ComplianceType, Annotation }) => [ComplianceType, Annotation]);
    };
    expect(await ask()).toStrictEqual([['COMPLIANT', 'every hook is as it was rolled out']]);
    const { TypeConfigurations } = await cfn.batchDescribeTypeConfigurations({
      TypeConfigurationIdentifiers: [{ Type: 'HOOK', TypeName: HOOK, TypeConfigurationAlias: 'default' }],
    });
    const Configuration = TypeConfigurations![0]!.Configuration!.replace('"ENABLED"', '"DISABLED"');
    await cfn.setTypeConfiguration({ Type: 'HOOK', TypeName: HOOK, Configuration });
    expect(await ask()).toStrictEqual([['NON_COMPLIANT', `the hook ${HOOK} is disabled`]]);
    await cfn.deactivateType({ Type: 'HOOK', TypeName: HOOK });
    expect(await ask()).toStrictEqual([['NON_COMPLIANT', `the hook ${HOOK} is gone`]]);
    const { ComplianceByConfigRules } = await by.send(new sdk.DescribeComplianceByConfigRuleCommand({}));
    expect(ComplianceByConfigRules).toMatchObject([{ Compliance: { ComplianceType: 'NON_COMPLIANT' } }]);
    const management = clients.json(sdk, sdk.ConfigServiceClient, sandbox.credentials('111111111111'));
    const ConfigurationAggregatorName = 'all';
    await management.send(
      new sdk.PutConfigurationAggregatorCommand({
        ConfigurationAggregatorName,
        AccountAggregationSources: [{ AccountIds: [SHOP], AllAwsRegions: true }],
      }),
    );
    const { AggregateComplianceByConfigRules } = await management.send(
      new sdk.DescribeAggregateComplianceByConfigRulesCommand({ ConfigurationAggregatorName }),
    );
    expect(AggregateComplianceByConfigRules).toMatchObject([{ AccountId: SHOP, AwsRegion: 'us-east-1' }]);
    const { ConfigurationRecordersStatus } = await by.send(new sdk.DescribeConfigurationRecorderStatusCommand({}));
    expect(ConfigurationRecordersStatus).toMatchObject([{ name: 'default', recording: true }]);
    // A function that AWS Config may not call is told by the status of its rule, and says nothing of compliance.
    const kept = Object.entries(TEMPLATE.Resources).filter(([id]) => id !== 'Permission' && id !== 'Hook');
    const { Type, Properties } = TEMPLATE.Resources.Rule;
    await cfn.updateStack({
      ...{ StackName: 'watch', Capabilities },
      TemplateBody: JSON.stringify({ Resources: { ...Object.fromEntries(kept), Rule: { Type, Properties } } }),
    });
    while ((await statusOf()).endsWith('_IN_PROGRESS')) await new Promise((resolve) => setTimeout(resolve, 5));
    await ask();
    const { ConfigRulesEvaluationStatus } = await by.send(new sdk.DescribeConfigRuleEvaluationStatusCommand({}));
    expect(ConfigRulesEvaluationStatus).toMatchObject([{ LastErrorCode: 'AccessDenied' }]);
    cfn.destroy();
  });

  it('refuses what it does not know', async () => {
    const by = clients.json(sdk, sdk.ConfigServiceClient, sandbox.credentials(SHOP));
    const details = new sdk.GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'x' });
    expect(await outcome(by.send(details))).toMatch(/^NoSuchConfigRuleException/);
    const put = new sdk.PutEvaluationsCommand({ ResultToken: 'x', Evaluations: [] });
    expect(await outcome(by.send(put))).toMatch(/^InvalidResultTokenException/);
    const recorder = new sdk.StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'x' });
    expect(await outcome(by.send(recorder))).toMatch(/^NoSuchConfigurationRecorderException/);
  });
}
