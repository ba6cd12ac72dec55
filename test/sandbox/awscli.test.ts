/** Debian's `awscli`, which shares no code with the SDK for JavaScript, against the sandbox: one session of calls. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.js';
import type { Credentials } from '../../sandbox/index.js';
import { DOCUMENT, TRUST } from './clients.js';
import { seeded } from './organization.js';

/** Other programs may stand before it in the search path under its name. */
const AWS = '/usr/bin/aws';
const isThere = spawnSync(AWS, ['--version']).status === 0;
const SHOP = '444444444444';

if (!isThere) {
  const message = 'NOT TESTED: there is no /usr/bin/aws. Install it: apt-get install -y awscli';
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
    const aws = (by: Credentials, ...args: readonly string[]): Promise<{ code: number | null; said: string }> => {
      const child = spawn(AWS, args, {
        env: {
          PATH: '/usr/bin:/bin',
          HOME: folder,
          AWS_ACCESS_KEY_ID: by.accessKeyId,
          AWS_SECRET_ACCESS_KEY: by.secretAccessKey,
          ...(by.sessionToken !== undefined && { AWS_SESSION_TOKEN: by.sessionToken }),
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
        cwd: folder,
      });
      let said = '';
      child.stdout.on('data', (data: Buffer) => (said += data.toString()));
      child.stderr.on('data', (data: Buffer) => (said += data.toString()));
      return new Promise((resolve) => {
        child.on('close', (code) => {
          resolve({ code, said: said.trim() });
        });
      });
    };
    const at = ['--endpoint-url', sandbox.url, '--output', 'json'];
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
      const [created, bucket, assumed] = await Promise.all([
        aws(admin, ...at, ...create),
        aws(admin, ...at, 's3api', 'create-bucket', '--bucket', 'data'),
        aws(sandbox.credentials('111111111111'), ...at, ...assume),
      ]);
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
      const [got, refused] = await Promise.all([
        aws(session, ...at, 's3', 'cp', 's3://data/a b+c/x.txt', '-'),
        aws(session, ...at, 's3api', 'put-object', '--bucket', 'data', '--key', 'y', '--body', 'body.txt'),
      ]);
      expect([got.said, refused.code === 0]).toStrictEqual(['hello', false]);
      expect(refused.said).toMatch(
        /\(AccessDenied\) when calling the PutObject operation: User: arn:aws:sts::444444444444:assumed-role\/OrganizationAccountAccessRole\/ann is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::data\/y because no session policy allows/,
      );
    } finally {
      await sandbox.close();
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
