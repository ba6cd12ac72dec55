/** What every template of the hooks has in common, and what holds them to the controls that they enforce. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printTemplate } from '../../../hooks/package/index.js';
import type { JsonMap } from '../../../hooks/package/index.js';
import { check, folderOf, removeFolders, reportOf } from '../../cli/check/support.js';
import { stackade } from '../../e2e/check/support.js';
import { oncePassed } from '../../support/recorded.js';
import {
  controlTowerFolder,
  controlTowerRules,
  describeWithReference,
  validateFiles,
} from '../../support/reference.js';
import { repositoryRoot } from '../../support/repository.js';
import { deployed, REGION, SAMPLES } from './support.js';

afterEach(removeFolders);

const names = Object.keys(SAMPLES);
const resourcesOf = (name: string): readonly (readonly [string, JsonMap])[] =>
  Object.entries(SAMPLES[name]!.template['Resources'] as Readonly<Record<string, JsonMap>>);

describe('hooks', () => {
  const HOOKS = ['AWS::CloudFormation::LambdaHook', 'AWS::CloudFormation::GuardHook'];

  it.each(names)('%s: each is enabled and says what a refusal does', (name) => {
    const found = resourcesOf(name).flatMap(([, resource]): unknown[] => {
      const properties = resource['Properties'] as JsonMap;
      if (HOOKS.includes(resource['Type'] as string)) {
        return [
          [properties['Alias'], properties['HookStatus'], properties['FailureMode'], properties['TargetOperations']],
        ];
      }
      if (resource['Type'] !== 'AWS::CloudFormation::HookTypeConfig') return [];
      const configuration = JSON.parse(properties['Configuration'] as string) as {
        CloudFormationConfiguration: { HookConfiguration: Readonly<Record<string, unknown>> };
      };
      const { HookConfiguration: settings } = configuration.CloudFormationConfiguration;
      return [
        [
          properties['TypeName'],
          settings['HookInvocationStatus'],
          settings['FailureMode'],
          settings['TargetOperations'],
        ],
      ];
    });
    const expected: Readonly<Record<string, readonly unknown[]>> = {
      'member-warn': [
        ['Stackade::Policy::Resources', 'ENABLED', 'WARN', ['RESOURCE', 'CLOUD_CONTROL']],
        ['Stackade::Policy::Templates', 'ENABLED', 'WARN', ['STACK', 'CHANGE_SET']],
      ],
      'member-fail': [
        ['Stackade::Policy::Resources', 'ENABLED', 'FAIL', ['RESOURCE', 'CLOUD_CONTROL']],
        ['Stackade::Policy::Templates', 'ENABLED', 'FAIL', ['STACK', 'CHANGE_SET']],
        ['Stackade::Policy::GuardRules', 'ENABLED', 'FAIL', ['RESOURCE', 'CLOUD_CONTROL']],
      ],
      'member-rollout': [
        ['Stackade::Policy::Resources', 'ENABLED', { Ref: 'FailureMode' }, ['RESOURCE', 'CLOUD_CONTROL']],
        ['Stackade::Policy::Templates', 'ENABLED', { Ref: 'FailureMode' }, ['STACK', 'CHANGE_SET']],
      ],
      'private-hook': [['Example::Hooks::Buckets', 'ENABLED', 'FAIL', ['RESOURCE', 'CLOUD_CONTROL']]],
    };
    expect(found).toStrictEqual(expected[name] ?? []);
    expect(found.length > 0).toBe(SAMPLES[name]!.mode !== null);
  });

  it('are asked about updates, and call a version of the function', () => {
    const { ResourcesHook } = deployed(SAMPLES['member-fail']!.template, '111122223333');
    expect(ResourcesHook?.Properties['TargetFilters']).toStrictEqual({
      Actions: ['CREATE', 'UPDATE', 'DELETE'],
      InvocationPoints: ['PRE_PROVISION'],
    });
    const written = Object.fromEntries(resourcesOf('member-fail'))['ResourcesHook']!['Properties'] as JsonMap;
    const { Ref: version } = written['LambdaFunction'] as { Ref: string };
    expect(Object.fromEntries(resourcesOf('member-fail'))[version]!['Type']).toBe('AWS::Lambda::Version');
  });
});

it.each(names)('%s has neither transforms nor nested stacks, and fits a stack set', (name) => {
  const text = printTemplate(SAMPLES[name]!.template);
  expect(text).not.toMatch(/"Transform"|Fn::Transform|"Type": "AWS::CloudFormation::Stack"/);
  expect(text.length).toBeLessThan(51_200);
});

it.each(names)('%s: names of roles hold the Region, since they count in all Regions', (name) => {
  const roles = Object.values(deployed(SAMPLES[name]!.template, SAMPLES[name]!.account)).filter(
    ({ Type }) => Type === 'AWS::IAM::Role',
  );
  // These two are made in one Region only.
  const once = ['stackade-hook-results', 'stackade-release'];
  for (const { Properties } of roles) {
    if (once.includes(Properties['RoleName'] as string)) continue;
    expect(Properties['RoleName']).toMatch(new RegExp(`^stackade-.*-${REGION}$`));
  }
  expect(roles.length > 0).toBe(!['assets', 'stack-sets'].includes(name));
});

it('stack sets go in waves, each behind the one before, and stay when their stack goes', () => {
  const sets = resourcesOf('stack-sets').map(([id, resource]) => {
    const properties = resource['Properties'] as JsonMap;
    return [id, resource['DependsOn'] ?? null, properties['StackSetName'], resource['DeletionPolicy']];
  });
  expect(sets).toStrictEqual([
    ['CanaryHooks', null, 'stackade-hooks-canary', 'RetainExceptOnCreate'],
    ['CanaryWatch', ['CanaryHooks'], 'stackade-hooks-canary-watch', 'RetainExceptOnCreate'],
    ['GeneralHooks', ['CanaryWatch'], 'stackade-hooks', 'RetainExceptOnCreate'],
    ['GeneralWatch', ['GeneralHooks'], 'stackade-hooks-watch', 'RetainExceptOnCreate'],
  ]);
});

/** Findings of the own rules that stay, and why; of one resource only where it is named. */
const OWN: Readonly<Record<string, string>> = {
  's3-bucketpolicy-known-networks': 'CloudFormation and functions without a VPC read, from networks that nobody knows',
  's3-bucket-key-fits-class': 'access logs of Amazon S3 cannot be written with a key of AWS KMS',
  's3-bucket-access-logged': 'reports of a Guard Hook are logs themselves',
  'iam-role-name-governed': 'names begin with the prefix that the policy protects, and not with that of applications',
};

/** What stays open: who reads the reports of the Guard Hook, and who releases, is up to the account. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'member-fail': ['kms-key-policy-duties-separate'],
  release: ['iam-role-trust-closed'],
};

describe('the own packs', () => {
  it.each(names)('%s passes all of them', async (name) => {
    const { template, account } = SAMPLES[name]!;
    const folder = folderOf({ 'template.json': printTemplate(template) });
    const all = ['cost', 'data', 'encryption', 'foundation', 'identity', 'logging', 'network', 'pipelines'];
    const pack = [...all, 'resilience', 'tagging', 'tenant'];
    const report = reportOf(await check(folder, ['template.json'], { pack, account, region: REGION }));
    const findings = report.findings.map(
      ({ ruleId, resource, message }) => `${ruleId} ${resource?.logicalId}: ${message}`,
    );
    const stays = (finding: string): boolean =>
      Object.hasOwn(OWN, finding.split(' ')[0]!) || Object.hasOwn(OWN, finding.split(':')[0]!);
    expect(findings.filter((finding) => !stays(finding))).toStrictEqual([]);
    const open = report.notEvaluated.map(({ ruleId }) => ruleId);
    expect(open).toStrictEqual(OPEN[name] ?? []);
  });
});

it('the schema lint has nothing to say (UPDATE_RECORDED=1 records it)', async () => {
  const lint = join(repositoryRoot(), 'node_modules', '@aws', 'cloudformation-validate', 'package.json');
  const { version } = JSON.parse(readFileSync(lint, 'utf8')) as { readonly version: string };
  const texts = names.map((name) => printTemplate(SAMPLES[name]!.template));
  await oncePassed('hook-templates', [version, ...texts], () => {
    const folder = folderOf(Object.fromEntries(names.map((name, index) => [`${name}.json`, texts[index]!])));
    const place = ['--account', '111122223333', '--region', REGION];
    const { stdout } = stackade(['check', '.', '--pack', 'cost', '--format', 'json', ...place], { cwd: folder });
    const { findings, files } = JSON.parse(stdout) as { findings: readonly unknown[]; files: readonly unknown[] };
    expect([findings, files.length]).toStrictEqual([[], names.length]);
  });
});

/** Rules of AWS Control Tower that stay, and why. */
const CONTROL_TOWER: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  s3_bucket_default_encryption_kms_check: ['access logs cannot be written with a key of AWS KMS', ['assets']],
  s3_bucket_logging_enabled_check: ['buckets of logs and reports are logs themselves', ['assets', 'member-fail']],
  s3_event_notifications_enabled_check: ['nothing waits for objects', ['assets', 'member-fail']],
  s3_bucket_object_lock_enabled_check: [
    'the policy of the bucket refuses to write over what is there',
    ['assets', 'member-fail'],
  ],
  s3_bucket_policy_ssl_requests_only_check: [
    'the statement is there; the rule does not read `Fn::Sub`',
    ['assets', 'member-fail'],
  ],
  lambda_function_public_access_prohibited_check: [
    'account and source are there; the rule does not read pseudo parameters',
    ['watch'],
  ],
  lambda_inside_vpc_check: [
    'the functions reach nothing in a network',
    ['member-fail', 'member-rollout', 'member-warn', 'watch'],
  ],
};

describeWithReference('cfn-guard', () => {
  it('finds nothing else with the rules of AWS Control Tower', async () => {
    const folder = folderOf({});
    for (const name of names) writeFileSync(join(folder, `${name}.json`), printTemplate(SAMPLES[name]!.template));
    // Rules about types that no template has would be skipped.
    const types = [...new Set(names.flatMap(resourcesOf).map(([, resource]) => resource['Type'] as string))];
    const rules = controlTowerRules()
      .filter(({ text }) => types.some((type) => text.includes(type)))
      .map(({ path }) => join(controlTowerFolder, path));
    expect(rules.length).toBeGreaterThan(20);
    const { reports } = await validateFiles(rules, [folder]);
    const found = new Map<string, string[]>();
    for (const { name, failed } of reports) {
      for (const rule of new Set(failed)) found.set(rule, [...(found.get(rule) ?? []), basename(name, '.json')]);
    }
    const expected = Object.entries(CONTROL_TOWER).map(([rule, [, templates]]) => [rule, templates]);
    expect(Object.fromEntries([...found].map(([rule, templates]) => [rule, templates.sort()]))).toStrictEqual(
      Object.fromEntries(expected),
    );
  });
});
