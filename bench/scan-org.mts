/**
 * `stackade scan org` in the sandbox: 1,000 accounts in two Regions with 100,000 findings, whole and gone on with, at the rate
 * that the server allows.
 */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  REGIONS,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
} from '../test/support/scan-organization.js';
import { run } from './processes.mjs';
import type { Row } from './report.mjs';

const ACCOUNTS = 1_000;
const FINDINGS = 100_000;
/** Requests a second that the server allows the account that scans; AWS tells no figure for IAM Access Analyzer. */
const ALLOWED = 50;

export async function scanOrganizations(work: string, command: string): Promise<Row[]> {
  const folder = join(work, 'scan-org');
  mkdirSync(folder, { recursive: true });
  const members = Array.from({ length: ACCOUNTS }, (_, index) => String(300_000_000_000 + index));
  let requests = 0;
  const scanned = await startScanSandbox(members, {
    log: ({ result }) => {
      if (result === '200') requests++;
    },
    requestsPerSecond: ALLOWED,
  });
  try {
    seedBuckets(scanned, members, FINDINGS / ACCOUNTS / REGIONS.length);
    writeFileSync(join(folder, 'org.yaml'), scanOrganizationText(members));
    const words = [command, 'scan', 'org', '--config', 'org.yaml', '--controls', 'IAM-EXT-01', '--format', 'json'];
    const env = { PATH: process.env['PATH'], ...scanEnvironment(scanned, folder) };
    const output = join(folder, 'scan.json');
    const scan = (...more: readonly string[]) =>
      run(process.execPath, [...words, ...more], output, { env, cwd: folder });
    requests = 0;
    const whole = await scan();
    const asked = requests;
    const { findings } = JSON.parse(readFileSync(output, 'utf8')) as { readonly findings: readonly unknown[] };
    if (findings.length !== FINDINGS) throw new Error(`${findings.length} findings`);
    const first = readFileSync(output);
    // The last part is scanned anew.
    const journal = join(folder, '.stackade/scan/scan.jsonl');
    truncateSync(journal, readFileSync(journal).length - 20);
    requests = 0;
    const resumed = await scan('--resume');
    if (!readFileSync(output).equals(first)) throw new Error('the resumed scan is another');
    const size = `${ACCOUNTS.toLocaleString('en')} accounts × ${REGIONS.length} Regions, ${FINDINGS.toLocaleString('en')} findings`;
    return [
      {
        what: '`scan org` of access from outside, in the sandbox',
        size,
        result: `**${(asked / whole.seconds).toFixed(0)} of ${ALLOWED} requests a second** that the server allows (${asked} in ${whole.seconds.toFixed(1)} s, processor ${whole.processorSeconds?.toFixed(1) ?? '?'} s)`,
        goal: 'as fast as the server allows',
      },
      { what: 'its memory', size, result: `**${whole.peakMegabytes?.toFixed(0) ?? '?'} MB**`, goal: 'under 400 MB' },
      {
        what: 'gone on with at the last part',
        size,
        result: `**${((100 * resumed.seconds) / whole.seconds).toFixed(1)} %** of the time (${resumed.seconds.toFixed(1)} s), ${((100 * requests) / asked).toFixed(1)} % of the requests`,
        goal: 'under 5 %',
      },
    ];
  } finally {
    await scanned.sandbox.close();
  }
}
