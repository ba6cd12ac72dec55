/** The story, chapter by chapter. Each sentence tells what a request was answered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { assume, createStack, denial, makeRole, policyOf, roleArn } from './aws.js';
import { APPROVED_TYPES, BUCKET, GOVERNANCE, MANAGEMENT, REGIONS, SHOP, TEMPLATES, WORKLOADS } from './organization.js';
import type { Keys, Stage } from './stage.js';

/** Who acts in the story. */
export interface Cast {
  readonly management: Keys;
  /** The account that administers the stack sets. */
  readonly governance: Keys;
  /** Administrator of the shop. */
  readonly shop: Keys;
}

export const ADMINISTRATORS = 'OrganizationAccountAccessRole';
const RELEASE = 'stackade-release';
const DEVELOPER = 'developer';

/** An organization, with nothing in force. */
export async function begin(stage: Stage): Promise<Cast> {
  stage.chapter('An organization in the sandbox');
  const management = stage.sandbox.credentials(MANAGEMENT);
  const sdk = await import('@aws-sdk/client-organizations');
  const client = new sdk.OrganizationsClient(stage.client(management));
  const accounts = [];
  for await (const page of sdk.paginateListAccounts({ client }, {})) accounts.push(...(page.Accounts ?? []));
  const { Roots: [root] = [] } = await client.send(new sdk.ListRootsCommand({}));
  const units = await client.send(new sdk.ListOrganizationalUnitsForParentCommand({ ParentId: root?.Id }));
  client.destroy();
  const names = (units.OrganizationalUnits ?? []).map(({ Name }) => Name ?? '').sort();
  stage.say(`${accounts.length} accounts; below the root are ${names.join(', ')}.`);
  const [governance, shop] = [
    await assume(stage, management, roleArn(GOVERNANCE, ADMINISTRATORS), { name: 'platform' }),
    await assume(stage, management, roleArn(SHOP, ADMINISTRATORS), { name: 'platform' }),
  ];
  await makeRole(
    stage,
    shop,
    DEVELOPER,
    policyOf({ Effect: 'Allow', Principal: { AWS: SHOP }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }),
    policyOf({ Effect: 'Allow', Action: '*', Resource: '*' }),
  );
  return { management, governance, shop };
}

/** Hooks: packaged, published, rolled out. */
export async function rollOutHooks(stage: Stage, { management, governance }: Cast): Promise<void> {
  stage.chapter('Hooks for every account of the unit Workloads');
  await stage.stackade(governance, ['gate', 'build', '--types', ...APPROVED_TYPES, '--out', 'schemas']);
  const packing = [
    'hook',
    'package',
    '--org',
    'org.yaml',
    '--ou',
    WORKLOADS.path,
    '--schemas',
    'schemas',
    '--overlay',
    'overlay.yaml',
  ];
  await stage.stackade(governance, [...packing, '--out', 'package']);
  await publish(stage, governance);
  await stage.stackade(management, ['deploy', 'enable', '--config', 'org.yaml']);
  await stage.stackade(governance, ['deploy', 'apply', '--config', 'org.yaml']);
  const { stdout } = await stage.stackade(governance, [
    'deploy',
    'status',
    '--config',
    'org.yaml',
    '--rollout',
    'hooks',
  ]);
  const current = stdout.split('\n').filter((line) => line.includes(': current'));
  stage.expect(current.length === 12, `the hooks are not everywhere:\n${stdout}`);
  stage.say(`The hooks are in force in ${current.length} places: 6 accounts in ${REGIONS.join(' and ')}.`);
}

interface PackageList {
  readonly buckets: readonly { readonly region: string; readonly bucket: string }[];
  readonly assets: readonly { readonly key: string }[];
}

/** The role that releases, the buckets of the packages, and the packages in them. */
async function publish(stage: Stage, governance: Keys): Promise<void> {
  const folder = join(stage.folder, 'package');
  const list = JSON.parse(readFileSync(join(folder, 'stackade-package.json'), 'utf8')) as PackageList;
  const template = (name: string): string => readFileSync(join(folder, 'templates', `${name}.json`), 'utf8');
  const cfn = await import('@aws-sdk/client-cloudformation');
  const deploy = async (
    by: Keys,
    region: string,
    name: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const client = new cfn.CloudFormationClient(stage.client(by, region));
    const { status, reason } = await createStack(client, `stackade-${name}`, template(name), parameters);
    client.destroy();
    stage.expect(status === 'CREATE_COMPLETE', `the stack of ${name} is ${status}: ${reason}`);
  };
  await deploy(governance, REGIONS[0]!, 'release', { TrustedRole: ADMINISTRATORS });
  const release = await assume(stage, governance, roleArn(GOVERNANCE, RELEASE), { name: 'pipeline' });
  for (const { region } of list.buckets) await deploy(release, region, 'assets');
  const { stdout } = await stage.stackade(release, ['hook', 'upload', 'package']);
  for (const line of stdout.trim().split('\n')) stage.say(line);
  await replaced(stage, governance, release, list);
}

/** Somebody wants to have another package at the place of one that is there. */
async function replaced(stage: Stage, governance: Keys, release: Keys, list: PackageList): Promise<void> {
  const { bucket: Bucket, region } = list.buckets[0]!;
  const { key: Key } = list.assets[0]!;
  const sdk = await import('@aws-sdk/client-s3');
  const put = async (by: Keys, IfNoneMatch?: '*'): Promise<string | null> => {
    const s3 = new sdk.S3Client({ ...stage.client(by, region), forcePathStyle: true });
    const told = await denial(
      s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'another function', ...(IfNoneMatch && { IfNoneMatch }) })),
    );
    s3.destroy();
    return told;
  };
  const stranger = await put(governance, '*');
  stage.expect(stranger !== null, 'an administrator wrote to the bucket of packages');
  stage.say('An administrator of the same account puts another package in the place of one:');
  stage.say(`  ${stranger ?? ''}`);
  const over = await put(release);
  stage.expect(over !== null, 'the release role wrote over a package');
  stage.say('Neither can the release role, since packages are written once:');
  stage.say(`  ${over ?? ''}`);
}

/** Somebody switches a hook off before a policy forbids it: AWS Config tells. */
export async function watch(stage: Stage, { shop }: Cast): Promise<void> {
  stage.chapter('An administrator of the shop switches the hook off, and it is reported');
  const cfn = await import('@aws-sdk/client-cloudformation');
  const config = await import('@aws-sdk/client-config-service');
  const client = new cfn.CloudFormationClient(stage.client(shop));
  const reports = new config.ConfigServiceClient(stage.client(shop));
  const hook = { Type: 'HOOK', TypeName: 'Stackade::Policy::Resources' } as const;
  const rule = { ConfigRuleName: 'stackade-hooks-in-force' };
  const told = async (): Promise<{ readonly verdict: string; readonly why: string }> => {
    await reports.send(new config.StartConfigRulesEvaluationCommand({ ConfigRuleNames: [rule.ConfigRuleName] }));
    const { EvaluationResults = [] } = await reports.send(new config.GetComplianceDetailsByConfigRuleCommand(rule));
    const bad = EvaluationResults.find(({ ComplianceType }) => ComplianceType === 'NON_COMPLIANT');
    const verdict = bad === undefined ? (EvaluationResults[0]?.ComplianceType ?? 'nothing') : 'NON_COMPLIANT';
    return { verdict, why: bad?.Annotation ?? '' };
  };
  const before = await told();
  stage.expect(before.verdict === 'COMPLIANT', `the rule says ${before.verdict} before: ${before.why}`);
  const { TypeConfigurations: [set] = [] } = await client.send(
    new cfn.BatchDescribeTypeConfigurationsCommand({ TypeConfigurationIdentifiers: [hook] }),
  );
  await client.send(new cfn.SetTypeConfigurationCommand({ ...hook, Configuration: OFF }));
  const after = await told();
  stage.expect(after.verdict === 'NON_COMPLIANT', `the rule says ${after.verdict} after`);
  stage.say(`The rule ${rule.ConfigRuleName} of AWS Config says ${before.verdict}, and then ${after.verdict}:`);
  stage.say(`  ${after.why}`);
  await client.send(new cfn.SetTypeConfigurationCommand({ ...hook, Configuration: set?.Configuration }));
  const again = await told();
  stage.expect(again.verdict === 'COMPLIANT', `the rule says ${again.verdict} at the end: ${again.why}`);
  stage.say(`The hook is put back: ${again.verdict}.`);
  client.destroy();
  reports.destroy();
}

/** A configuration under which a hook is not asked. */
const OFF = JSON.stringify({
  CloudFormationConfiguration: { HookConfiguration: { HookInvocationStatus: 'DISABLED' } },
});

/** Service control policies. */
export async function applyGuardrails(stage: Stage, { management }: Cast): Promise<void> {
  stage.chapter('Guardrails of the organization');
  const { stdout } = await stage.stackade(management, ['scp', 'apply', '--config', 'org.yaml', '--pause', '0']);
  stage.say(stdout.trim().split('\n').at(-1) ?? '');
}

/** What developers try. */
export async function developersTry(stage: Stage, { shop }: Cast): Promise<void> {
  stage.chapter('A developer of the shop');
  const developer = await assume(stage, shop, roleArn(SHOP, DEVELOPER), { name: 'ada', sourceIdentity: 'ada' });
  const cfn = await import('@aws-sdk/client-cloudformation');
  const client = new cfn.CloudFormationClient(stage.client(developer));
  const good = await createStack(client, 'orders', TEMPLATES.good);
  stage.expect(good.status === 'CREATE_COMPLETE', `the good stack is ${good.status}: ${good.reason}`);
  stage.say('A stack with an encrypted bucket: CREATE_COMPLETE.');
  await refused(stage, client, 'A bucket without encryption', 'unencrypted', 's3-bucket-default-encryption');
  await refused(stage, client, 'A property that nobody has approved', 'unapproved', 'AnnouncedYesterday');
  await refused(stage, client, 'A type that nobody has approved', 'type', 'AWS::SQS::Queue');
  client.destroy();

  const sdk = await import('@aws-sdk/client-s3');
  const s3 = new sdk.S3Client({ ...stage.client(developer), forcePathStyle: true });
  const told = await denial(s3.send(new sdk.CreateBucketCommand({ Bucket: 'made-by-hand' })));
  s3.destroy();
  stage.expect(told?.includes('service control policy') === true, `CreateBucket was not denied: ${String(told)}`);
  stage.say('The same developer calls CreateBucket without CloudFormation:');
  stage.say(`  ${told ?? ''}`);
}

async function refused(
  stage: Stage,
  client: CloudFormationClient,
  what: string,
  name: keyof typeof TEMPLATES,
  because: string,
): Promise<void> {
  const { status, reason } = await createStack(client, `orders-${name}`, TEMPLATES[name]);
  stage.expect(status === 'ROLLBACK_COMPLETE' && reason.includes(because), `${what}: ${status}: ${reason}`);
  stage.say(`${what}: ${status}.`);
  for (const line of reason.split('\n')) stage.say(`  ${line}`);
}

/** Somebody wants to get rid of the hook. */
export async function tamper(stage: Stage, { shop, governance }: Cast): Promise<void> {
  stage.chapter('Now that the policy is attached, the administrator cannot');
  const cfn = await import('@aws-sdk/client-cloudformation');
  const client = new cfn.CloudFormationClient(stage.client(shop));
  const told = await denial(
    client.send(
      new cfn.SetTypeConfigurationCommand({
        Type: 'HOOK',
        TypeName: 'Stackade::Policy::Resources',
        Configuration: OFF,
      }),
    ),
  );
  client.destroy();
  stage.expect(told !== null, 'the hook was switched off');
  stage.say(told ?? '');
  await stage.stackade(governance, ['deploy', 'status', '--config', 'org.yaml']);
  stage.say('The rollout is in force as declared.');
}

/** An account that is new. */
export async function joinUnit(stage: Stage, { management, governance }: Cast): Promise<void> {
  stage.chapter('A new account joins the unit');
  const sdk = await import('@aws-sdk/client-organizations');
  const client = new sdk.OrganizationsClient(stage.client(management));
  const { CreateAccountStatus: made } = await client.send(
    new sdk.CreateAccountCommand({ AccountName: 'newcomer', Email: 'newcomer@example.com' }),
  );
  const id = made?.AccountId ?? '';
  const { Parents: [parent] = [] } = await client.send(new sdk.ListParentsCommand({ ChildId: id }));
  await client.send(
    new sdk.MoveAccountCommand({ AccountId: id, SourceParentId: parent?.Id, DestinationParentId: WORKLOADS.id }),
  );
  client.destroy();
  const cfn = await import('@aws-sdk/client-cloudformation');
  const sets = new cfn.CloudFormationClient(stage.client(governance));
  const name = 'stackade-hooks-workloads';
  for (let tries = 0; ; tries++) {
    const { Summaries = [] } = await sets.send(
      new cfn.ListStackInstancesCommand({ StackSetName: name, CallAs: 'DELEGATED_ADMIN', StackInstanceAccount: id }),
    );
    const current = Summaries.filter(({ Status }) => Status === 'CURRENT');
    if (current.length === REGIONS.length) break;
    stage.expect(tries < 500, `the new account has ${current.length} instances`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  sets.destroy();
  const newcomer = await assume(stage, management, roleArn(id, ADMINISTRATORS), { name: 'platform' });
  const client2 = new cfn.CloudFormationClient(stage.client(newcomer));
  stage.say(`Account ${id} has the hooks in ${REGIONS.length} Regions; nobody did anything in it.`);
  await refused(stage, client2, 'Its first stack, a bucket without encryption', 'unencrypted', 's3-bucket-default');
  client2.destroy();
}

/** The policies of a role of the library, with the parameters of the shop. */
export async function policies(
  stage: Stage,
  keys: Keys,
  template: string,
  parameters: string,
): Promise<{ readonly permissions: object; readonly trust: object }> {
  const { stdout } = await stage.stackade(keys, ['boundary', 'show', template, '--parameters', parameters]);
  return JSON.parse(stdout) as { readonly permissions: object; readonly trust: object };
}

/** Two tenants of one bucket. */
export async function tenants(stage: Stage, { shop }: Cast): Promise<void> {
  stage.chapter('Two tenants share a bucket of the shop');
  const sdk = await import('@aws-sdk/client-s3');
  const bucket = BUCKET;
  const tenant = await policies(stage, shop, 'tenant-s3-role', 'tenants.yaml');
  const broker = await policies(stage, shop, 'tenant-broker-role', 'broker.yaml');
  // The broker is a function of the shop; here somebody of the shop takes its place.
  const trust = policyOf({ Effect: 'Allow', Principal: { AWS: SHOP }, Action: 'sts:AssumeRole' });
  await makeRole(stage, shop, 'tenant-broker', trust, broker.permissions);
  await makeRole(stage, shop, 'tenant-access', tenant.trust, tenant.permissions);
  const writer = new sdk.S3Client({ ...stage.client(shop), forcePathStyle: true });
  for (const name of ['red', 'blue']) {
    await writer.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: `${name}/order`, Body: `${name}'s order` }));
  }
  writer.destroy();
  const session = await assume(stage, shop, roleArn(SHOP, 'tenant-broker'), { name: 'broker' });
  const red = await assume(stage, session, roleArn(SHOP, 'tenant-access'), { name: 'red', tags: { tenant: 'red' } });
  const client = new sdk.S3Client({ ...stage.client(red), forcePathStyle: true });
  const own = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: 'red/order' }));
  stage.say(`The tenant red reads red/order: ${(await own.Body?.transformToString()) ?? ''}`);
  const told = await denial(client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: 'blue/order' })));
  client.destroy();
  stage.expect(told !== null, 'the tenant red reads the order of blue');
  stage.say('The tenant red reads blue/order:');
  stage.say(`  ${told ?? ''}`);
}

/** Somebody leaves. */
export async function revoke(stage: Stage, { management, shop }: Cast): Promise<void> {
  stage.chapter('Mallory leaves the company, with a session that is good for an hour');
  const session = (name: string): Promise<Keys> =>
    assume(stage, shop, roleArn(SHOP, DEVELOPER), { name, sourceIdentity: name });
  const [mallory, grace] = [await session('mallory'), await session('grace')];
  const sdk = await import('@aws-sdk/client-s3');
  const list = async (keys: Keys): Promise<string | null> => {
    const client = new sdk.S3Client({ ...stage.client(keys), forcePathStyle: true });
    try {
      return await denial(client.send(new sdk.ListBucketsCommand({})));
    } finally {
      client.destroy();
    }
  };
  stage.expect((await list(mallory)) === null, 'mallory could not list buckets before');
  await stage.stackade(management, ['revoke', '--user', 'mallory', '--apply', '--config', 'org.yaml']);
  const told = await list(mallory);
  stage.expect(told !== null, 'the session of mallory goes on');
  stage.say('Mallory lists the buckets of the shop:');
  stage.say(`  ${told ?? ''}`);
  stage.expect((await list(grace)) === null, 'grace was cut off, too');
  stage.say('Grace, in the same role: goes on.');
}
