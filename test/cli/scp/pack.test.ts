/** `stackade scp pack` with files, without a process. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPack } from '../../../cli/scp/pack.js';
import type { PackOptions } from '../../../cli/scp/pack.js';
import type { Terminal } from '../../../cli/terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'stackade-pack-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Certificate {
  readonly documents: readonly { readonly document: { readonly Statement: readonly unknown[] } }[];
  readonly overflow: unknown;
  readonly packed: number;
  readonly minified: number;
  readonly steps: readonly { readonly step: string; readonly proof: string; readonly taken: boolean }[];
}

function run(
  documents: readonly object[],
  options: Partial<PackOptions> = {},
): { code: number; printed: string; told: string } {
  const paths = documents.map((document, index) => {
    const path = join(folder, `in-${index}.json`);
    writeFileSync(path, JSON.stringify(document, null, 2));
    return path;
  });
  let [printed, told] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (printed += text),
    tell: (text) => void (told += text),
  };
  const code = runPack(paths, { kind: 'scp', format: 'json', ...options }, terminal);
  return { code, printed, told: told.replaceAll(folder, '') };
}

const document = (...Statement: readonly object[]): object => ({ Version: '2012-10-17', Statement });
const deny = (action: string | readonly string[], resource = '*'): object => ({
  Effect: 'Deny',
  Action: action,
  Resource: resource,
});

it('packs files together and says which steps were proven', () => {
  const { code, printed } = run([
    document(deny(['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail'])),
    document(
      deny(['config:StopConfigurationRecorder']),
      deny('cloudtrail:StopLogging', 'arn:aws:cloudtrail:*:*:trail/x'),
    ),
  ]);
  const { documents, steps, packed, minified } = JSON.parse(printed) as Certificate;
  expect(code).toBe(0);
  expect(documents.map((one) => one.document)).toStrictEqual([
    document(deny(['cloudtrail:DeleteTrail', 'cloudtrail:StopLogging', 'config:StopConfigurationRecorder'])),
  ]);
  expect(steps.map(({ step, proof, taken }) => [step, proof, taken])).toStrictEqual([
    ['merged', 'HOLDS', true],
    ['dropped', 'HOLDS', true],
  ]);
  expect(packed).toBeLessThan(minified);
});

it('writes the documents and the certificate', () => {
  const out = join(folder, 'out');
  const { code, printed } = run([document(deny('s3:*'))], { out, format: 'pretty' });
  expect([code, printed]).toStrictEqual([0, expect.stringContaining('written to')]);
  expect(readdirSync(out)).toStrictEqual(['certificate.json', 'policy-1.json']);
  expect(readFileSync(join(out, 'policy-1.json'), 'utf8')).toBe(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
  );
});

/** A policy of some length whose list of actions only wildcards inside of words make shorter. */
function longPolicy(length: number): object {
  const names = ['DeleteTrail', 'StopLogging', 'UpdateTrail'].map((name) => `cloudtrail:${name}`);
  const policy = (fill: number): object =>
    document({ ...deny(names), Resource: ['arn:aws:s3:::b', `arn:aws:s3:::${'x'.repeat(fill)}`] });
  return policy(length - JSON.stringify(policy(0)).length);
}

it('cuts words only when whole ones are too long', () => {
  expect(run([longPolicy(10_240)], { slots: 1 }).printed).toContain('"wildcards": "words"');
  expect(run([longPolicy(10_241)], { slots: 1 }).printed).toContain('"wildcards": "characters"');
  expect(run([longPolicy(10_241)], { slots: 1, wildcards: 'none' }).code).toBe(1);
});

it('writes nothing when it does not fit, and says by how much', () => {
  const out = join(folder, 'nothing');
  const { code, printed } = run([longPolicy(10_300)], { slots: 1, out, format: 'pretty' });
  expect(code).toBe(1);
  expect(printed).toMatch(
    /^does not fit: \d+ documents? and \d+ characters too many for 1 slot; largest statements:$/m,
  );
  expect(existsSync(out)).toBe(false);
});

it.each([
  ['a statement that SCPs do not have', document({ ...deny('s3:*'), Principal: '*' })],
  ['no policy', { Statement: 1 }],
])('refuses %s', (_name, bad) => {
  const { code, printed, told } = run([bad]);
  expect([code, printed]).toStrictEqual([2, '']);
  expect(told).toMatch(/in-0\.json:\d+:\d+/);
});
