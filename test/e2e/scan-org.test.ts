/** `stackade scan org` against a sandbox: what it says, what stands in its way, killed and gone on with. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, removeFolders } from '../cli/check/support.js';
import {
  MANAGEMENT,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
  type ScanSandbox,
} from '../support/scan-organization.js';
import { runs } from '../support/runs.js';

const COMMAND = join(__dirname, '../../dist/bin/main.js');
const MEMBERS = Array.from({ length: 6 }, (_, index) => String(333_333_333_330 + index));
const LAST = MEMBERS.at(-1)!;

let scanned: ScanSandbox;
let folder: string;
/** Is told each request that was answered. */
let watch: () => void = () => undefined;

beforeAll(async () => {
  const log = (): void => {
    watch();
  };
  // One account lacks the role of the scanner.
  scanned = await startScanSandbox(MEMBERS, { log }, [LAST]);
  seedBuckets(scanned, MEMBERS, 3);
  folder = folderOf({ 'org.yaml': scanOrganizationText(MEMBERS) });
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param dies - Kill it behind so many requests. */
function run(args: readonly string[], dies = Infinity, environment = scanEnvironment(scanned, folder)): Promise<Ran> {
  const words = ['scan', 'org', '--config', 'org.yaml', '--controls', 'IAM-EXT-01', 'BND-ROLE-01', ...args];
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  let requests = 0;
  watch = () => {
    if (++requests === dies) child.kill('SIGKILL');
  };
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr });
    });
  });
}

const FIXED = ['--at', '2026-11-21T08:00:00Z', '--format', 'json'];

it('tells who reaches what, and which account could not be read', async () => {
  const { exitCode, stdout } = await run([...FIXED, '--state', 'first']);
  expect(exitCode).toBe(1);
  const scan = JSON.parse(stdout) as {
    readonly findings: readonly { readonly checkId: string; readonly reach: { readonly verdict: string } | null }[];
    readonly units: readonly {
      readonly account: { readonly id: string };
      readonly region: string;
      readonly failures: readonly { readonly code: string }[];
    }[];
  };
  const buckets = scan.findings.filter(({ checkId }) => checkId === 'external-access-bucket');
  expect(buckets).toHaveLength(MEMBERS.length * 6);
  expect(new Set(buckets.map(({ reach }) => reach?.verdict))).toStrictEqual(new Set(['reachable']));
  const closed = scan.units.filter(({ failures }) => failures.some(({ code }) => code === 'AccessDenied'));
  expect(closed.map(({ account }) => account.id)).toContain(LAST);
  expect(new Set(closed.map(({ account }) => account.id)).size).toBe(1);
}, 60_000);

/** Requests behind which the process is killed: those of the organization, of analyzers and of accounts. */
const MOMENTS = Array.from({ length: 20 }, (_, index) => 6 + 3 * index);

it('kill -9 at several moments, then --resume: equal to the scan that was not interrupted, byte for byte', async () => {
  const whole = await run([...FIXED, '--state', 'whole']);
  for (const dies of runs([41], MOMENTS)) {
    const state = `killed-${dies}`;
    const killed = await run([...FIXED, '--state', state], dies);
    expect(killed.exitCode).toBeNull();
    const resumed = await run([...FIXED, '--state', state, '--resume']);
    // Before the organization was read there is nothing to go on with.
    const again = resumed.exitCode === 2 ? await run([...FIXED, '--state', state]) : resumed;
    expect(again.stdout).toBe(whole.stdout);
  }
}, 120_000);

it('refuses a checkpoint that was changed, and one of other options; a cut last line is mended', async () => {
  const whole = await run([...FIXED, '--state', 'kept']);
  const file = join(folder, 'kept/scan.jsonl');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 20));
  const mended = await run([...FIXED, '--state', 'kept', '--resume']);
  expect(mended.stdout).toBe(whole.stdout);
  const other = await run([...FIXED, '--state', 'kept', '--resume', '--regions', 'eu-west-1']);
  expect([other.exitCode, other.stderr]).toStrictEqual([2, expect.stringContaining('begun with other options')]);
  const changed = Buffer.from(readFileSync(file).toString().replace('data-', 'dada-'));
  writeFileSync(file, changed);
  const refused = await run([...FIXED, '--state', 'kept', '--resume']);
  expect([refused.exitCode, refused.stderr]).toStrictEqual([2, expect.stringContaining('SCN1002')]);
  expect(readFileSync(file)).toStrictEqual(changed);
}, 60_000);

it('says what stands in its way', async () => {
  const stranger = await run(['--state', 'none'], Infinity, scanEnvironment(scanned, folder, MEMBERS[0]));
  const denied = 'the organization cannot be read: AccessDeniedException';
  expect([stranger.exitCode, stranger.stderr]).toStrictEqual([2, expect.stringContaining(denied)]);
  const nobody = Object.fromEntries(
    Object.entries(scanEnvironment(scanned, folder, MANAGEMENT)).filter(([name]) => !name.includes('KEY')),
  );
  const anonymous = await run(['--state', 'none'], Infinity, nobody);
  expect([anonymous.exitCode, anonymous.stderr]).toStrictEqual([
    2,
    expect.stringContaining('there are no credentials'),
  ]);
}, 60_000);
