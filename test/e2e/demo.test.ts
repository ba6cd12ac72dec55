/** The demo, as a process of its own: every chapter comes to its end, and says what the sandbox answered. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';

const folders = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('stackade-demo-'));

it('tells the whole story, and leaves nothing', () => {
  const before = folders();
  const { PATH, HOME } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'demo-report-'));
  const report = join(folder, 'scan.html');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryRoot(), 'dist', 'bin', 'main.js'), 'demo', '--report', report],
    { encoding: 'utf8', env: { PATH, HOME } },
  );
  expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
  expect(stdout.match(/^== .*$/gm)).toHaveLength(10);
  for (const line of [
    /12 accounts; below the root are Platform, Sandbox, Workloads\./,
    /stackade-assets-222222222222-eu-central-1: \d+ written, 0 there already/,
    /The hooks are in force in 12 places/,
    /The rule stackade-hooks-in-force of AWS Config says COMPLIANT, and then NON_COMPLIANT:\n.*\n.*put back: COMPLIANT\./,
    /A stack with an encrypted bucket: CREATE_COMPLETE\./,
    /A bucket without encryption: ROLLBACK_COMPLETE\.\n.*s3-bucket-default-encryption at Orders/,
    /A property that nobody has approved: ROLLBACK_COMPLETE\.\n.*`AnnouncedYesterday` is not approved/,
    /A type that nobody has approved: ROLLBACK_COMPLETE\.\n.*no approved schema for the type `AWS::SQS::Queue`/,
    /developer\/ada is not authorized to perform: s3:CreateBucket .* explicit deny in a service control policy/,
    /cloudformation:SetTypeConfiguration .* explicit deny in a service control policy/,
    /has the hooks in 2 Regions; nobody did anything in it\.\n.*ROLLBACK_COMPLETE/,
    /The tenant red reads red\/order: red's order\n.*blue\/order:\n.*tenant-access\/red is not authorized/,
    /13 accounts in eu-central-1 and eu-west-1: \d+ findings/,
    /external-access-bucket: 999999999999 may s3:GetObject\n.*reachable/,
    /developer\/mallory is not authorized .* explicit deny in a service control policy.*\n.*Grace, .* goes on\./,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(folders()).toStrictEqual(before);
  expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[^]*experiments-of-the-playground/i);
  rmSync(folder, { recursive: true });
}, 180_000);
