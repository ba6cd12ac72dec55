/** The guide of the scan, followed in the sandbox: what it shows is what is printed, and its files do what it says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerScanOrg } from '../../../cli/scan/org.js';
import { seedFindings } from '../../../sandbox/index.js';
import { noteChange } from '../../../sandbox/state.js';
import { ANALYZERS } from '../../../sandbox/access-analyzer/data.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { pageAt } from '../../docs/files.js';
import { matches } from '../../docs/shell.js';
import { runScan, scanOf, type RanFlags, type RanScan } from '../../support/scan-command.js';
import {
  bucketFinding,
  GOVERNANCE,
  HOME,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
  type ScanSandbox,
} from '../../support/scan-organization.js';

const PAGE = pageAt('docs/scan-org.md');
const MEMBERS = ['333333333333', '333333333334'] as const;

let scanned: ScanSandbox;
let folder: string;

beforeAll(async () => {
  scanned = await startScanSandbox(MEMBERS);
  seedBuckets(scanned, MEMBERS, 3);
  const archive = PAGE.blocks.find(({ section, language }) => section === 'Archive rules' && language === 'yaml')!;
  folder = folderOf({ 'org.yaml': scanOrganizationText(MEMBERS), 'archive.yaml': archive.text });
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

function run(flags: RanFlags = {}): Promise<RanScan> {
  return runScan(folder, scanEnvironment(scanned, folder), { controls: ['IAM-EXT-01'], ...flags });
}

/** Reports tell when they begun. */
const timeless = (text: string): string => text.replace(/begun \S+/, 'begun THEN');

it('prints what the guide shows', async () => {
  const [shown] = PAGE.blocks.filter(({ section, language }) => section === 'Running it' && language === 'text');
  const { stdout, exitCode } = await run({ format: 'pretty', at: undefined });
  expect(exitCode).toBe(1);
  const isShown = matches(timeless(stdout), timeless(shown!.text));
  expect(isShown ? shown!.text : stdout).toBe(shown!.text);
});

it('names every option of the command', () => {
  const parent = new Command();
  registerScanOrg(parent);
  const text = readFileSync(join(__dirname, '../../../docs/scan-org.md'), 'utf8');
  const options = parent.commands[0]!.options.map(({ long }) => long!);
  expect(options.length).toBeGreaterThan(15);
  expect(options.filter((option) => !text.includes(`\`${option}`) && !text.includes(` ${option}`))).toStrictEqual([]);
});

it('sets aside what the file of the guide names, and tells since the last scan, or since a file', async () => {
  const first = await run();
  writeFileSync(join(folder, 'first.json'), first.stdout);
  const before = scanOf(first).findings.map(({ fingerprint }) => fingerprint);
  // One bucket is closed, another is opened.
  const { analyzers } = ANALYZERS.of(scanned.sandbox.state, GOVERNANCE, HOME);
  const { findings } = analyzers.get('organization')!;
  findings.delete(`f-${MEMBERS[1]}-1`);
  seedFindings(scanned.sandbox.state, scanned.analyzers[HOME]!, [bucketFinding(MEMBERS[0], 9)]);
  noteChange(scanned.sandbox.state);
  const second = await run({ archive: 'archive.yaml', previous: 'latest' });
  expect(second.stderr).toBe('');
  const scan = scanOf(second);
  const archived = scan.findings.filter((finding) => finding.archived !== null);
  expect(archived.map(({ resource }) => resource.arn)).toStrictEqual([`arn:aws:s3:::data-${MEMBERS[0]}-0`]);
  expect(archived[0]!.archived).toMatchObject({ rule: 'partner-reads-exports', owner: 'data@example.com' });
  const named = (arn: string): string => scan.findings.find(({ resource }) => resource.arn === arn)!.fingerprint;
  const gone = scanOf(first).findings.find(({ resource }) => resource.arn === `arn:aws:s3:::data-${MEMBERS[1]}-1`)!;
  // What is set aside is still there.
  const changes = { appeared: [named(`arn:aws:s3:::data-${MEMBERS[0]}-9`)], gone: [gone.fingerprint] };
  expect(scan.changes).toStrictEqual({ since: scanOf(first).started, ...changes });
  expect(scanOf(await run({ previous: 'latest' })).changes).toMatchObject({ appeared: [], gone: [] });
  expect(scanOf(await run({ previous: 'first.json' })).changes).toMatchObject(changes);
  expect(before).not.toContain(changes.appeared[0]);
  const none = await run({ state: 'fresh', previous: 'latest' });
  expect([none.stderr, scanOf(none).changes]).toStrictEqual([
    'There is no earlier scan to tell changes since.\n',
    null,
  ]);
});

it('says what is near to a name that is not there, and that a finished scan is not read anew', async () => {
  const near = async (flags: RanFlags): Promise<string> => (await run(flags)).stderr;
  expect(await near({ accounts: ['shop'] })).toContain('did you mean shop-1?');
  expect(await near({ accounts: ['nobody'] })).toContain('write its id of twelve digits');
  expect(await near({ ou: ['Worklods'] })).toContain('did you mean /Workloads?');
  const state = 'finished';
  const first = await run({ state });
  const again = await run({ state, restart: undefined, resume: true });
  expect(again.stdout).toBe(first.stdout);
  expect(again.stderr).toMatch(
    /^The scan of \S+ is finished: nothing is read anew\. Leave --resume out to scan again\.\n$/,
  );
});
