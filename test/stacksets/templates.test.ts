/** The templates that come with Stackade: they fit stack sets, pass the own packs and the rules of AWS Control Tower, and hold what the posture says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRolloutTemplate } from '../../stacksets/index.js';
import { check, folderOf, removeFolders, reportOf } from '../cli/check/support.js';
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import { repositoryRoot } from '../support/repository.js';

afterEach(removeFolders);

const folder = join(repositoryRoot(), 'stacksets', 'templates');
const texts = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const names = Object.keys(texts);

it.each(names)('%s fits a service-managed stack set', (name) => {
  const { template, diagnostics } = readRolloutTemplate(texts[name]!, name);
  expect(diagnostics).toStrictEqual([]);
  expect(template).not.toBeNull();
  expect(texts[name]!.length).toBeLessThan(51_200);
});

/** Findings of the own rules that stay, and why. */
const OWN: Readonly<Record<string, string>> = {
  'tagging-resource-required-tags': 'a stack set, or the stack, puts its tags on everything in it',
  'tagging-datastore-data-class': 'the same',
  'tagging-datastore-owner': 'the same',
  'tagging-workload-application-stage': 'the same',
  'iam-role-bounded SettingsRole': 'the parameter RoleBoundary names one, where the organization asks for it',
  'iam-role-name-governed SettingsRole':
    'names begin with the prefix that a policy protects, and not with that of applications',
  's3-bucketpolicy-known-networks LogsPolicy':
    'CloudTrail and AWS Config write from networks of AWS, and readers are of the account',
};
/** What stays open, and why. */
const OPEN: Readonly<Record<string, string>> = {
  'kms-key-policy-duties-separate': 'who reads the logs is up to the log account',
  'cloudtrail-trail-customer-key': 'the key is a parameter: that of the log archive',
};

it('all pass the own packs', async () => {
  const packs = [
    'cost',
    'data',
    'encryption',
    'foundation',
    'identity',
    'logging',
    'network',
    'pipelines',
    'resilience',
  ];
  const pack = [...packs, 'tagging', 'tenant'];
  const place = { account: '111122223333', region: 'eu-central-1' };
  const { findings, notEvaluated } = reportOf(await check(folderOf(texts), names, { pack, ...place }));
  const stays = ({ ruleId, resource }: (typeof findings)[number]): boolean =>
    Object.hasOwn(OWN, ruleId) || Object.hasOwn(OWN, `${ruleId} ${resource?.logicalId ?? ''}`);
  expect(findings.filter((each) => !stays(each)).map(({ ruleId, message }) => `${ruleId}: ${message}`)).toStrictEqual(
    [],
  );
  expect(notEvaluated.map(({ ruleId }) => ruleId).filter((id) => !Object.hasOwn(OPEN, id))).toStrictEqual([]);
});

/** Rules of AWS Control Tower that stay, and why. */
const CONTROL_TOWER: Readonly<Record<string, string>> = {
  lambda_inside_vpc_check: 'the function reaches nothing in a network',
  s3_bucket_logging_enabled_check: 'the bucket holds logs itself',
  s3_event_notifications_enabled_check: 'nothing waits for objects',
  s3_bucket_policy_ssl_requests_only_check: 'the statement is there; the rule does not read `Fn::Sub`',
  cloud_trail_cloud_watch_logs_enabled_check: 'the records are in the log archive, out of reach of the account',
  cloud_trail_encryption_enabled_check: 'the key is a parameter, which the rule does not read',
  cloudwatch_log_group_encrypted_check: 'the log tells that a setting was made, and nothing else',
  guardduty_s3_protection_enabled_check: 'it is on as a feature; the rule reads the older property',
};

describeWithReference('cfn-guard', () => {
  it('finds nothing else with the rules of AWS Control Tower', async () => {
    const written = folderOf(texts);
    const types = new Set(Object.values(texts).flatMap((text) => text.match(/AWS::\w+::\w+/g) ?? []));
    const rules = controlTowerRules()
      .filter(({ text }) => [...types].some((type) => text.includes(type)))
      .map(({ path }) => join(controlTowerFolder, path));
    const { reports } = await validateFiles(rules, [written]);
    expect(reports.length).toBeGreaterThan(0);
    expect([...new Set(reports.flatMap(({ failed }) => failed))].sort()).toStrictEqual(
      Object.keys(CONTROL_TOWER).sort(),
    );
  });
});

it('rules of AWS Config name the controls that they are for', () => {
  const controls = [...texts['config-rules.yaml']!.matchAll(/Controls: \[([^\]]+)\]/g)].flatMap(([, ids]) =>
    ids!.split(', '),
  );
  const coverage = JSON.parse(readFileSync(join(repositoryRoot(), 'rules', 'coverage.json'), 'utf8')) as Readonly<
    Record<string, { readonly rollout?: string }>
  >;
  expect(controls.filter((id) => coverage[id]?.rollout?.includes('config-rules.yaml') !== true)).toStrictEqual([]);
  const named = Object.values(coverage).flatMap(({ rollout = '' }) => rollout.match(/[a-z-]+\.yaml/g) ?? []);
  expect(named.filter((name) => !names.includes(name))).toStrictEqual([]);
  expect(names.filter((name) => !named.includes(name))).toStrictEqual([]);
});
