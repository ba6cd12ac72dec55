/** The last chapter: the organization is scanned, and something is found. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Scan } from '../../analyzers/index.js';
import type { OutputFile } from '../check/output-file.js';
import { assume, makeRole, policyOf, roleArn } from './aws.js';
import {
  GOVERNANCE,
  MANAGEMENT,
  PARTNER,
  PLAYGROUND,
  REGION,
  REGIONS,
  SCANNER,
  SHARED,
  SHOP,
  WATCHED,
} from './organization.js';
import type { Keys, Stage } from './stage.js';
import { ADMINISTRATORS, policies, type Cast } from './story.js';

/** What the caller of a scan needs beside the roles that it assumes. */
const CALLER = policyOf({
  Effect: 'Allow',
  Action: [
    'access-analyzer:Get*',
    'access-analyzer:List*',
    'cloudformation:Describe*',
    'cloudformation:Get*',
    'cloudformation:List*',
    'iam:Get*',
    'iam:List*',
    'organizations:Describe*',
    'organizations:List*',
    's3:GetBucket*',
    's3:ListAllMyBuckets',
    'sts:AssumeRole',
  ],
  Resource: '*',
});

/** Somebody shares a bucket with another company; the scan finds it, and says whether a policy stops it. */
export async function scan(stage: Stage, { management, governance }: Cast, report?: OutputFile): Promise<void> {
  stage.chapter('The organization is scanned');
  const shared = await share(stage, await administrator(stage, management, PLAYGROUND));
  await analyzers(stage, governance);
  const caller = await assume(stage, governance, roleArn(GOVERNANCE, SCANNER.caller), { name: 'scan' });
  const words = ['scan', 'org', '--config', 'org.yaml', '--controls', ...WATCHED, '--format', 'json'];
  await stage.stackade(caller, [...words, '--output-file', 'scan.json'], 1);
  const found = JSON.parse(readFileSync(join(stage.folder, 'scan.json'), 'utf8')) as Scan;
  const accounts = new Set(found.units.map(({ account }) => account.id));
  const closed = new Set(
    found.units
      .filter(({ failures }) => failures.some(({ code }) => code.startsWith('AccessDenied')))
      .map(({ account }) => account.name),
  );
  const counts = (['error', 'warning', 'info'] as const).map(
    (severity) => `${found.findings.filter((one) => one.severity === severity).length} of severity ${severity}`,
  );
  const passed = found.controls.filter(({ verdict }) => verdict === 'PASS').length;
  stage.say(
    `${accounts.size} accounts in ${REGIONS.join(' and ')}: ${found.findings.length} findings, ${counts.join(', ')};`,
  );
  stage.say(
    `${passed} of ${WATCHED.length} controls hold everywhere; without the role of the scan: ${[...closed].join(', ')}.`,
  );
  const partner = found.findings.find(
    ({ resource, source }) => source === 'access-analyzer' && resource.arn === shared,
  );
  stage.expect(partner !== undefined, `nobody found that ${shared} is shared`);
  stage.say(`${partner?.checkId ?? ''}: ${partner?.message ?? ''}`);
  stage.say(`  ${partner?.reach?.verdict ?? ''}: ${partner?.reach?.reason ?? ''}`);
  if (report === undefined) return;
  const { scanAsHtml } = await import('../../analyzers/report/index.js');
  report.write(scanAsHtml(found, []));
  stage.say('The report is written.');
}

const administrator = (stage: Stage, management: Keys, account: string): Promise<Keys> =>
  assume(stage, management, roleArn(account, ADMINISTRATORS), { name: 'platform' });

/** A bucket of an account that no guardrail covers. @returns Its ARN. */
async function share(stage: Stage, keys: Keys): Promise<string> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({ ...stage.client(keys), forcePathStyle: true });
  const [name, arn] = [SHARED, `arn:aws:s3:::${SHARED}`];
  await client.send(
    new sdk.CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const reads = { Effect: 'Allow', Principal: { AWS: PARTNER }, Action: 's3:GetObject', Resource: `${arn}/*` };
  await client.send(new sdk.PutBucketPolicyCommand({ Bucket: name, Policy: JSON.stringify(policyOf(reads)) }));
  client.destroy();
  stage.say(
    `In the playground, where no guardrail is, somebody lets the account ${PARTNER} of another company read ${name}.`,
  );
  return arn;
}

/** IAM Access Analyzer looks at all accounts, in each Region. */
async function analyzers(stage: Stage, governance: Keys): Promise<void> {
  const sdk = await import('@aws-sdk/client-accessanalyzer');
  for (const region of REGIONS) {
    const client = new sdk.AccessAnalyzerClient(stage.client(governance, region));
    await client.send(new sdk.CreateAnalyzerCommand({ analyzerName: 'organization', type: 'ORGANIZATION' }));
    client.destroy();
  }
}

/** The roles of the scan: before guardrails are there, which let nobody make roles of that name. */
export async function makeScanners(stage: Stage, { management, governance }: Cast): Promise<void> {
  const trusted = policyOf({ Effect: 'Allow', Principal: { AWS: GOVERNANCE }, Action: 'sts:AssumeRole' });
  await makeRole(stage, governance, SCANNER.caller, trusted, CALLER);
  const { permissions, trust } = await policies(stage, governance, 'scanner-role', 'scanner.yaml');
  const sdk = await import('@aws-sdk/client-organizations');
  const client = new sdk.OrganizationsClient(stage.client(management));
  const accounts: string[] = [];
  for await (const page of sdk.paginateListAccounts({ client }, {})) {
    accounts.push(...(page.Accounts ?? []).map(({ Id = '' }) => Id));
  }
  client.destroy();
  for (const account of accounts) {
    const keys = account === MANAGEMENT ? management : await administrator(stage, management, account);
    const here = (policy: object): object => JSON.parse(JSON.stringify(policy).replaceAll(SHOP, account)) as object;
    await makeRole(stage, keys, SCANNER.reader, here(trust), here(permissions));
  }
  stage.say(`The role ${SCANNER.reader} is in ${accounts.length} accounts; only ${SCANNER.caller} may take it.`);
}
