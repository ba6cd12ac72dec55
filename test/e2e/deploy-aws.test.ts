/**
 * docs/deploy-aws.md from top to bottom, and docs/incidents.md where hooks and policies are in force: each command of both
 * is run, by `stackade` and by Debian's `aws`, in a sandbox.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readOrganization } from '../../organization/index.js';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { pageAt } from '../docs/files.js';
import { itWithAwsCli, writeAwsCommand } from '../support/quick-aws.js';
import { writeCommand } from '../support/quick-command.js';

const installed = pageAt('docs/deploy-aws.md').blocks;
const inForce = installed.findIndex(({ section }) => section === 'Updates');
const blocks = [...installed.slice(0, inForce), ...pageAt('docs/incidents.md').blocks, ...installed.slice(inForce)];
const fileOf = (name: string): string => blocks.find(({ file }) => file === name)!.text;
const MANAGEMENT = '111111111111';

/** The organization before anything: nobody administers stack sets yet. */
function seeded(): Parameters<typeof seedOrganization>[0] {
  const text = fileOf('org.yaml').replace(/ {2}delegatedAdministrators:\n.*\n/, '');
  const { organization } = readOrganization(text, 'org.yaml');
  if (organization === null) throw new Error('the description of the page has a fault');
  return organization;
}

/** Credentials of a session of the administrators of the management account, as a file of the AWS CLI. */
async function signIn(sandbox: Sandbox): Promise<string> {
  const settings = {
    region: 'eu-central-1',
    endpoint: sandbox.url,
    credentials: sandbox.credentials(MANAGEMENT),
  };
  const iam = new IAMClient(settings);
  const RoleName = 'PlatformAdministrator';
  const trust = { Effect: 'Allow', Principal: { AWS: MANAGEMENT }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const sts = new STSClient(settings);
  const RoleArn = `arn:aws:iam::${MANAGEMENT}:role/${RoleName}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  iam.destroy();
  sts.destroy();
  return `[management]
aws_access_key_id = ${Credentials!.AccessKeyId!}
aws_secret_access_key = ${Credentials!.SecretAccessKey!}
aws_session_token = ${Credentials!.SessionToken!}
`;
}

interface Ran {
  readonly code: number | null;
  readonly printed: string;
}

itWithAwsCli()(
  'each command does what the page says',
  async () => {
    const sandbox = await startSandbox({ organization: seedOrganization(seeded(), Date.now()) });
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-deploy-aws-')));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeCommand(join(bin, 'stackade'));
    const aws = writeAwsCommand(join(bin, 'aws'));
    // A file, because what serves the commands opens the streams of others, and sockets cannot be opened.
    const output = join(folder, 'output');
    const run = (script: string): Promise<Ran> =>
      new Promise((resolve) => {
        const child = spawn('sh', ['-ec', `: > '${output}'; exec >> '${output}' 2>&1\n${script}`], {
          cwd: folder,
          stdio: 'ignore',
          env: {
            PATH: `${bin}:/usr/bin:/bin`,
            HOME: folder,
            NO_COLOR: '1',
            AWS_ENDPOINT_URL: sandbox.url,
            AWS_CONFIG_FILE: join(folder, 'aws-config'),
            AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_PAGER: '',
          },
        });
        child.on('close', (code) => {
          resolve({ code, printed: readFileSync(output, 'utf8') });
        });
      });
    try {
      writeFileSync(join(folder, 'credentials'), await signIn(sandbox));
      const ran = new Map<string, string>();
      for (const { language, file, text, section } of blocks) {
        if (file !== null) writeFileSync(join(folder, file), text);
        if (language !== 'sh') continue;
        const { code, printed } = await run(text);
        // What was printed tells what went wrong.
        expect([section, code, code === 0 ? '' : printed]).toStrictEqual([section, 0, '']);
        ran.set(section, (ran.get(section) ?? '') + printed);
      }
      const said = (section: string): string =>
        [...ran].find(([name]) => name.includes(section))?.[1] ?? `nothing was run in ${section}`;
      expect(said('1. ')).toMatch(/does not administer stack sets yet[^]*222222222222 administers stack sets\.\n$/);
      expect(said('4. ')).toMatch(/eu-central-1: \d+ written, 0 there already/);
      expect(said('5. ')).toMatch(/waits behind the wave canary-warn[^]*the account says ENABLED WARN/);
      expect(said('5. ')).toMatch(/Successfully created\/updated stack - try-warn[^]*s3-bucket-default-encryption/);
      expect(said('6. ')).toMatch(/waits behind the wave canary-fail[^]*Failed to create\/update the stack/);
      expect(said('7. ').match(/hook FAIL; the account says ENABLED FAIL/g)).toHaveLength(4);
      expect(said('7. ')).not.toContain('BUT');
      // Incidents: each guard that was taken away is back at the end of its section.
      expect(said('A hook refuses').match(/the account says ENABLED WARN/g)).toHaveLength(4);
      expect(said('A hook refuses').match(/BUT the account says DISABLED/g)).toHaveLength(4);
      expect(said('A hook refuses')).toMatch(
        /(?:the account says ENABLED FAIL[^]*){4}are in force: 6 calls\.\n[^]*(?:the account says ENABLED FAIL[^]*){4}$/,
      );
      expect(said('A policy locks')).toMatch(
        /explicit deny in a service control[^]*are as they were before: 2 calls\./,
      );
      expect(said('A policy locks')).toMatch(/"TargetId"[^]*stackade-hooks-general/);
      expect(said('A policy locks')).toMatch(/PASS {2}the release role[^]*FAIL {2}the release role/);
      expect(said('A session has to end')).toContain('HOLDS: everybody else is denied nothing');
      // Other policies are there, and nothing is to be rolled out.
      expect(said('Policies without')).toMatch(
        /: 1 written, \d+ there already[^]*The rollout hooks [^\n]* is as declared/,
      );
      expect(said('Taking it away')).toMatch(/The rollout watch is gone[^]*The rollout hooks is gone/);
    } finally {
      aws.close();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
