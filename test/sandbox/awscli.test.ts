/** Debian's `awscli`, which shares no code with the SDK for JavaScript, against the sandbox: one session of calls. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.js';
import type { Credentials } from '../../sandbox/index.js';
import { hasAwsCli, writeAwsCommand } from '../support/quick-aws.js';
import { DOCUMENT, TRUST } from './clients.js';
import { seeded } from './organization.js';

const isThere = hasAwsCli();
const SHOP = '444444444444';

if (!isThere) {
  const message = 'NOT TESTED: there is no /usr/bin/aws in Python. Install it: apt-get install -y awscli';
  if (process.env['CI'] !== undefined) {
    it('is installed', () => {
      throw new Error(message);
    });
  } else process.stderr.write(`\n${message}\n`);
}

(isThere ? it : it.failing)(
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
      const assumed = await aws(sandbox.credentials('111111111111'), ...at, ...assume);
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
    } finally {
      server.close();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
