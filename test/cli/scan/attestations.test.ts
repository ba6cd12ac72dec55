/** `stackade scan attestations`: a file to begin with, that is read, wants much and attests nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  attestationChecks,
  type CheckContext,
  readAttestations,
  UNCHECKED_CONTROLS,
} from '../../../analyzers/scan/index.js';
import { type ScanAttestationsFlags, runScanAttestations } from '../../../cli/scan/attestations-skeleton.js';
import type { Terminal } from '../../../cli/terminal.js';
import { loadLibrary } from '../../../cli/library.js';
import { AT } from '../../support/scan-command.js';
import { folderOf, removeFolders } from '../check/support.js';

afterEach(removeFolders);

const attestable = loadLibrary()
  .controls.filter(({ layers }) => layers.includes('attest'))
  .map(({ id }) => id);

function run(flags: ScanAttestationsFlags, cwd = '/'): { code: number; printed: string; told: string } {
  let [printed, told] = ['', ''];
  const terminal = {
    cwd,
    env: {},
    stdout: { isTTY: false },
    stderr: { isTTY: false },
    print: (text: string) => (printed += text),
    tell: (text: string) => (told += text),
  } as unknown as Terminal;
  return { code: runScanAttestations(flags, terminal), printed, told };
}

it('is read as it is, and wants the controls that nothing else answers for', () => {
  const { code, printed } = run({});
  const { attestations, diagnostics } = readAttestations(printed, 'attestations.yaml', attestable);
  expect([code, diagnostics]).toStrictEqual([0, []]);
  const unchecked = attestable.filter((id) => Object.hasOwn(UNCHECKED_CONTROLS, id));
  expect(unchecked.length).toBeGreaterThan(10);
  expect(attestations).toStrictEqual({ controls: [...unchecked].sort(), statements: [] });
  for (const id of attestable) expect(printed).toContain(`- ${id}\n`);
});

it('is a finding for each control until somebody attests it', () => {
  const { printed } = run({ controls: ['ORG-MAP-01'] });
  const { attestations } = readAttestations(printed, 'attestations.yaml', attestable);
  const [check, ...others] = attestationChecks(attestations);
  expect([check!.controls, others]).toStrictEqual([['ORG-MAP-01'], []]);
  const outcome = check!.check({ started: AT } as CheckContext);
  expect(outcome).toMatchObject({ findings: [{ resource: { arn: 'ORG-MAP-01' } }] });
});

it('writes a new file, and none over one that is there', () => {
  const cwd = folderOf({ 'mine.yaml': 'mine' });
  expect(run({ outputFile: 'new.yaml' }, cwd)).toStrictEqual({ code: 0, printed: '', told: '' });
  expect(readFileSync(join(cwd, 'new.yaml'), 'utf8')).toBe(run({}).printed);
  const { code, told } = run({ outputFile: 'mine.yaml' }, cwd);
  expect([code, told]).toStrictEqual([2, expect.stringContaining('`mine.yaml` is there already')]);
  expect(readFileSync(join(cwd, 'mine.yaml'), 'utf8')).toBe('mine');
});

it.each([
  ['NOPE-01', 'there is no control `NOPE-01`'],
  ['TLS-RCP-01', '`TLS-RCP-01` cannot be attested'],
])('says of %s: %s', (control, message) => {
  const { code, printed, told } = run({ controls: [control] });
  expect([code, printed, told]).toStrictEqual([2, '', expect.stringContaining(message)]);
});
