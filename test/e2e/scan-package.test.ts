/** `stackade scan package`: the functions, their template, batches and an estimate, in one folder. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { digestOf } from '../../hooks/package/index.js';
import { stackade, type Ran } from './check/support.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const ORGANIZATION = `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '999999999999'
  homeRegion: eu-central-1
  governedRegions: [eu-central-1, eu-west-1]
  delegatedAdministrators:
    access-analyzer.amazonaws.com: ['555555555555']
root:
  accounts:
    - { name: management, id: '999999999999' }
    - { name: security, id: '555555555555' }
`;

function run(args: readonly string[], description = ORGANIZATION): Ran & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-scan-package-'));
  folders.push(folder);
  writeFileSync(join(folder, 'org.yaml'), description);
  return { ...stackade(['scan', 'package', '--config', 'org.yaml', '--out', 'out', ...args], { cwd: folder }), folder };
}

it('writes the same bytes for the same input: package, template, batches, estimate', () => {
  const [first, second] = [run([]), run([])];
  expect([first.exitCode, first.stderr]).toStrictEqual([0, '']);
  const files = readdirSync(join(first.folder, 'out'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[a-z]+$/.test(name))
    .sort();
  const asset = files.find((name) => name.startsWith('assets/'))!;
  expect(files).toStrictEqual([asset, 'batches.json', 'estimate.json', 'stackade-scan.json', 'templates/scan.json']);
  for (const file of files) {
    expect(readFileSync(join(first.folder, 'out', file)).equals(readFileSync(join(second.folder, 'out', file)))).toBe(
      true,
    );
  }
  const archive = readFileSync(join(first.folder, 'out', asset));
  expect(asset).toBe(`assets/scan/${digestOf(archive)}.zip`);
  expect(Object.keys(unzipSync(archive)).sort()).toStrictEqual([
    'dist/rules/library.json',
    'dist/scp/library.json',
    'dist/scp/management.json',
    'org.yaml',
    'package.json',
    'settings.json',
    'worker.mjs',
  ]);
  const batches = JSON.parse(readFileSync(join(first.folder, 'out', 'batches.json'), 'utf8')) as { parts: string[] }[];
  expect(batches.map(({ parts }) => parts)).toStrictEqual(
    ['555555555555', '999999999999'].map((id) => [`${id} global`, `${id} eu-central-1`, `${id} eu-west-1`]),
  );
  expect(first.stdout).toMatch(/^ +10000 +10000 +\d+ min +\d+\.\d\d USD$/m);
});

it.each<readonly [string, readonly string[], string, string]>([
  ['no delegated administrator', [], ORGANIZATION.replace(/ {2}delegated[^]*?\]\n/, ''), '--administrator-account'],
  ['no id of the organization', [], ORGANIZATION.replace('  id: o-exampleorgid\n', ''), '`id`'],
  ['a Region that is none', ['--regions', 'eu-nowhere-1'], ORGANIZATION, 'eu-nowhere-1'],
  ['a control that is none', ['--controls', 'X-1'], ORGANIZATION, 'X-1'],
  ['a prefix that breaks names', ['--prefix', '${x}'], ORGANIZATION, '--prefix'],
  ['a role that is none', ['--role', 'a b'], ORGANIZATION, '--role'],
  ['a tag without a value', ['--tags', 'owner'], ORGANIZATION, 'Key=value'],
])('%s: exit 2, nothing written', (_, args, description, words) => {
  const { exitCode, stderr, folder } = run(args, description);
  expect([exitCode, readdirSync(folder)]).toStrictEqual([2, ['org.yaml']]);
  expect(stderr).toContain(words);
});
