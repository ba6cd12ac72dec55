/** `guard parse-tree` beside `cfn-guard parse-tree`; the trees themselves are compared in the tests of the parser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, guard, reference } from './support.js';

const folder = folderOf({
  'a.guard': "let x = Resources.*[ Type == 'é' ]\nrule R when %x !empty { %x.a == 1.0 <<m\n n>> }\n",
  'empty.guard': '# nothing\n',
  'broken.guard': 'rule X { a = 1 }\n',
});
afterAll(() => {
  folder.remove();
});

it.each([
  [['-r', 'a.guard']],
  [['-r', 'a.guard', '-p']],
  [['-r', 'a.guard', '-y']],
  [['--rules', 'a.guard', '--print-json']],
  [['-r', 'empty.guard', '-p']],
  [['-r', 'empty.guard']],
])('%j prints the same', (args) => {
  const ours = guard(['parse-tree', ...args], { cwd: folder.path });
  const theirs = reference(['parse-tree', ...args], { cwd: folder.path });
  expect(ours.stdout).toBe(theirs.stdout);
  expect(ours.exitCode).toBe(0);
});

it('reads standard input and writes to a file', () => {
  const input = readFileSync(join(folder.path, 'a.guard'), 'utf8');
  const expected = reference(['parse-tree', '-p'], { cwd: folder.path, input }).stdout;
  expect(guard(['parse-tree', '-p'], { cwd: folder.path, input }).stdout).toBe(expected);
  expect(guard(['parse-tree', '-p', '-r', '-'], { cwd: folder.path, input }).stdout).toBe(expected);
  expect(guard(['parse-tree', '-p', '-r', 'a.guard', '-o', 'tree.json'], { cwd: folder.path }).stdout).toBe('');
  expect(readFileSync(join(folder.path, 'tree.json'), 'utf8')).toBe(expected);
});

it.each([[['-r', 'broken.guard']], [['-r', 'nowhere.guard']], [['-r', '.']], [['--nothing']]])(
  '%j has the same exit code',
  (args) => {
    const ours = guard(['parse-tree', ...args], { cwd: folder.path });
    expect(ours.exitCode).toBe(reference(['parse-tree', ...args], { cwd: folder.path }).exitCode);
    expect(ours.stderr).not.toMatch(/^ +at /m);
    expect(ours.stdout).toBe('');
  },
);
