/** `stackade scan org` against a sandbox, in a process of its own: what it says, killed and gone on with. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Scan } from '../../analyzers/scan/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import {
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
  type ScanSandbox,
} from '../support/scan-organization.js';
import { Random } from '../support/random.js';
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

/** Where each draw of moments begins; `STACKADE_SEED` gives another. */
const SEED = Number(process.env['STACKADE_SEED'] ?? 20_261_122);
/** Requests that a scan makes, about: of the organization, of analyzers and of accounts. */
const REQUESTS = 66;

/** Requests behind which the process is killed: one, or fixed ones and twenty at random. */
function moments(): readonly number[] {
  const random = new Random(SEED);
  const drawn = Array.from({ length: 20 }, () => 1 + random.below(REQUESTS));
  return runs([41], [...Array.from({ length: 20 }, (_, index) => 6 + 3 * index), ...drawn]);
}

it(
  'tells who reaches what; killed by -9 at several moments and gone on with, it is equal to the scan that was not interrupted, byte for byte',
  async () => {
    const whole = await run([...FIXED, '--state', 'whole']);
    expect(whole.exitCode).toBe(1);
    const { findings, units } = JSON.parse(whole.stdout) as Scan;
    const buckets = findings.filter(({ checkId }) => checkId === 'external-access-bucket');
    expect(buckets).toHaveLength(MEMBERS.length * 6);
    expect(new Set(buckets.map(({ reach }) => reach?.verdict))).toStrictEqual(new Set(['reachable']));
    const closed = units.filter(({ failures }) => failures.some(({ code }) => code === 'AccessDenied'));
    expect(closed.map(({ account }) => account.id)).toStrictEqual([LAST]);
    for (const [index, dies] of moments().entries()) {
      const state = `killed-${index}`;
      const killed = await run([...FIXED, '--state', state], dies);
      expect(killed.exitCode).toBeNull();
      // The lock of the dead process is there still.
      const resumed = await run([...FIXED, '--state', state, '--resume']);
      // Before the organization was read there is nothing to go on with.
      const again = resumed.exitCode === 2 ? await run([...FIXED, '--state', state]) : resumed;
      const came = again.stdout === whole.stdout ? 'the same scan' : again.stdout + again.stderr;
      expect([`seed ${SEED}, killed behind request ${dies}`, came]).toStrictEqual([
        `seed ${SEED}, killed behind request ${dies}`,
        'the same scan',
      ]);
    }
  },
  runs(300_000, 1_800_000),
);
