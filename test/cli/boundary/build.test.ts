/** `stackade boundary build` in this process: what is written, and that nothing is when something is wrong. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../../cli/boundary/build.js';
import type { Terminal } from '../../../cli/terminal.js';
import { folderOf, removeFolders } from '../check/support.js';

afterEach(removeFolders);

const PARAMETERS = `developer-boundary:
  account: '111122223333'
  boundaryName: team/dev
tenant-aurora-role:
  region: eu-central-1
  databaseResourceId: cluster-ABCDEFGHIJKL01234
  tables: [orders]
  tenants: [alpha]
`;

function run(folder: string): { readonly code: number; readonly out: string; readonly err: string } {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      err += text;
    },
  };
  const code = build({ parameters: join(folder, 'parameters.yaml'), out: 'build' }, terminal);
  return { code, out, err };
}

const listed = (folder: string): readonly string[] =>
  readdirSync(join(folder, 'build'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'build').length + 1))
    .sort();
const read = (folder: string, path: string): unknown => JSON.parse(readFileSync(join(folder, 'build', path), 'utf8'));

it('writes CloudFormation for every template, JSON where the account is given, and SQL', () => {
  const folder = folderOf({ 'parameters.yaml': PARAMETERS });
  const { code, out, err } = run(folder);
  expect([code, err]).toStrictEqual([0, '']);
  const files = [
    'build.json',
    'developer-boundary/boundary.json',
    'developer-boundary/cloudformation.json',
    'tenant-aurora-role/cloudformation.json',
    'tenant-aurora-role/companion-1.sql',
  ];
  expect(listed(folder)).toStrictEqual(files);
  expect((read(folder, 'build.json') as { files: string[] }).files.sort()).toStrictEqual(files);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => line.split('  ')[0]!.slice('build/'.length))
      .sort(),
  ).toStrictEqual(files.slice(1));
  expect(JSON.stringify(read(folder, 'developer-boundary/boundary.json'))).toContain(
    'arn:aws:iam::111122223333:policy/team/dev',
  );
  expect(JSON.stringify(read(folder, 'developer-boundary/cloudformation.json'))).not.toContain('111122223333');
  expect(readFileSync(join(folder, 'build', 'tenant-aurora-role', 'companion-1.sql'), 'utf8')).toContain(
    'ALTER TABLE orders FORCE ROW LEVEL SECURITY;',
  );
});

it('replaces an earlier build with all its files, and nothing else', () => {
  const folder = folderOf({ 'parameters.yaml': PARAMETERS });
  expect(run(folder).code).toBe(0);
  writeFileSync(join(folder, 'parameters.yaml'), 'tenant-broker-role: { region: eu-central-1 }\n');
  expect(run(folder)).toMatchObject({ code: 0, err: '' });
  expect(listed(folder)).toStrictEqual(['build.json', 'tenant-broker-role/cloudformation.json']);
  writeFileSync(join(folder, 'build', 'notes.txt'), 'mine');
  const { code, err } = run(folder);
  expect([code, listed(folder).includes('notes.txt')]).toStrictEqual([2, true]);
  expect(err).toContain('`notes.txt`');
});

it.each([
  ['a template that does not exist', 'developer-boundry: {}\n', 'developer-boundary'],
  ['a parameter that a template does not have', 'developer-boundary: { boundary: dev }\n', 'parameters.yaml:1'],
  ['a value that is not accepted', "developer-boundary: { boundaryName: '*' }\n", 'parameters.yaml:1'],
  ['parameters that are missing', 'tenant-s3-role:\n', 'bucket'],
  ['a list in place of the map', '- developer-boundary\n', 'names no template'],
  ['an empty map', '{}\n', 'names no template'],
])('refuses %s, and writes nothing', (_name, text, part) => {
  const folder = folderOf({ 'parameters.yaml': text });
  const { code, out, err } = run(folder);
  expect([code, out, existsSync(join(folder, 'build'))]).toStrictEqual([2, '', false]);
  expect(err).toContain(part);
});
