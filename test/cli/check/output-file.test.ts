import { chmodSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openOutputFile } from '../../../cli/check/output-file.js';
import { folderOf, refusals, removeFolders } from './support.js';

afterEach(removeFolders);

it('writes nothing before there is something to write, then everything', () => {
  const folder = folderOf({ 'old.json': 'old' });
  const [fresh, old] = ['n'.repeat(255), 'old.json'].map((name) => openOutputFile(name, folder));
  expect(readdirSync(folder)).toStrictEqual(['old.json']);
  fresh!.write('new');
  old!.write('newer');
  expect(readdirSync(folder).sort()).toStrictEqual(['n'.repeat(255), 'old.json']);
  expect(['n'.repeat(255), 'old.json'].map((name) => readFileSync(join(folder, name), 'utf8'))).toStrictEqual([
    'new',
    'newer',
  ]);
});

it('keeps the permissions of a file and follows a link to it', () => {
  const folder = folderOf({ 'real/file': 'old', link: { link: 'real/file' } });
  chmodSync(join(folder, 'real/file'), 0o640);
  openOutputFile('link', folder).write('new');
  expect(readlinkSync(join(folder, 'link'))).toBe('real/file');
  expect(readFileSync(join(folder, 'real/file'), 'utf8')).toBe('new');
  expect(statSync(join(folder, 'real/file')).mode & 0o777).toBe(0o640);
});

it('does not replace a device', () => {
  openOutputFile('/dev/null', '/').write('text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

it.each([
  ['missing/x.json', 'its folder does not exist', 'make the folder first'],
  ['.', 'it is a folder', 'name another place, or make this one writable'],
  ['file/x.json', 'a part of the path is no folder', 'name another place, or make this one writable'],
  ['x'.repeat(300), 'the name is too long', 'name another place, or make this one writable'],
])('refuses %s before the work', (name, reason, help) => {
  const folder = folderOf({ file: '' });
  expect(refusals(() => openOutputFile(name, folder))).toStrictEqual([
    `CLI2004 \`${name}\` cannot be written: ${reason} | ${help}`,
  ]);
});

it('leaves the file as it was when it cannot be written in the end', () => {
  const folder = folderOf({ 'sub/x': '' });
  const file = openOutputFile('sub/report.json', folder);
  rmSync(join(folder, 'sub'), { recursive: true });
  expect(
    refusals(() => {
      file.write('text');
    }),
  ).toStrictEqual(['CLI2004 `sub/report.json` cannot be written: its folder does not exist | make the folder first']);
  expect(readdirSync(folder)).toStrictEqual([]);
});

it('leaves nothing beside the file when it cannot be put in its place', () => {
  const folder = folderOf({});
  const file = openOutputFile('report.json', folder);
  mkdirSync(join(folder, 'report.json'));
  expect(
    refusals(() => {
      file.write('text');
    }),
  ).toStrictEqual([
    'CLI2004 `report.json` cannot be written: it is a folder | name another place, or make this one writable',
  ]);
  expect(readdirSync(folder)).toStrictEqual(['report.json']);
});
