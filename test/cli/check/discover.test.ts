import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { discover, shownPath, type DiscoverOptions } from '../../../cli/check/discover.js';
import { folderOf, removeFolders } from './support.js';

afterEach(removeFolders);

interface Found {
  readonly files: readonly string[];
  readonly skipped: readonly string[];
  readonly problems: readonly string[];
}

/** A named file has a star behind its path. */
function find(folder: string, paths: readonly string[], options: Partial<DiscoverOptions> = {}): Found {
  const { files, skipped, problems } = discover(paths, { cwd: folder, ...options });
  return {
    files: files.map(({ path, named }) => `${path}${named ? '*' : ''}`),
    skipped: skipped.map(({ path, reason }) => `${path}: ${reason}`),
    problems: problems.map(({ path, diagnostic }) => `${path}: ${diagnostic.code}`),
  };
}

const nothing = { files: [], skipped: [], problems: [] };
const files = (...names: string[]): Found => ({ ...nothing, files: names });

describe('in a folder', () => {
  it('takes files with the extensions of templates, at any depth, hidden ones too, in order of their paths', () => {
    const folder = folderOf({
      'b.yaml': '',
      'a/z.json': '',
      'a/deep/er/x.yml': '',
      'a.template': '',
      'UPPER.YAML': '',
      '.hidden/h.yaml': '',
      'notes.txt': '',
      'a.yaml.bak': '',
      yaml: '',
    });
    const all = ['.hidden/h.yaml', 'UPPER.YAML', 'a.template', 'a/deep/er/x.yml', 'a/z.json', 'b.yaml'];
    expect(find(folder, ['.'])).toStrictEqual(files(...all));
    expect(find(folder, [folder])).toStrictEqual(files(...all));
  });

  it('shows paths as given', () => {
    const folder = folderOf({ 'in/a.yaml': '', 'work/x': '' });
    expect(find(folder, ['in/']).files).toStrictEqual(['in/a.yaml']);
    expect(find(folder, ['./in']).files).toStrictEqual(['in/a.yaml']);
    expect(find(join(folder, 'work'), ['../in']).files).toStrictEqual(['../in/a.yaml']);
    expect(find(join(folder, 'work'), [join(folder, 'in')]).files).toStrictEqual([join(folder, 'in/a.yaml')]);
  });

  it('does not search node_modules and .git, says so, and does when they are named', () => {
    const folder = folderOf({ 'node_modules/m/a.yaml': '', 'sub/.git/b.yaml': '', 'c.yaml': '' });
    expect(find(folder, ['.'])).toStrictEqual({
      files: ['c.yaml'],
      skipped: ['node_modules: not searched unless named', 'sub/.git: not searched unless named'],
      problems: [],
    });
    expect(find(folder, ['node_modules'])).toStrictEqual(files('node_modules/m/a.yaml'));
  });

  it('follows links once, whatever circle they make, and prefers the name of the file itself', () => {
    const folder = folderOf({
      'z/a.yaml': '',
      'z/up': { link: '..' },
      'z/self': { link: '.' },
      'a-link': { link: 'z' },
      'b-link.yaml': { link: 'z/a.yaml' },
    });
    expect(find(folder, ['.'])).toStrictEqual(files('z/a.yaml'));
  });

  it('finds what only a link leads to', () => {
    const outside = folderOf({ 'x.yaml': '', 'y.yaml': '' });
    const folder = folderOf({ linked: { link: outside }, 'single.yaml': { link: join(outside, 'y.yaml') } });
    expect(find(folder, ['.']).files).toStrictEqual(['linked/x.yaml', 'single.yaml']);
  });

  it('tells of a link that leads nowhere if its name is that of a template', () => {
    const folder = folderOf({
      'dead.yaml': { link: 'nowhere' },
      dead: { link: 'nowhere' },
      'self.json': { link: 'self.json' },
    });
    expect(find(folder, ['.'])).toStrictEqual({ ...nothing, problems: ['dead.yaml: CLI1001', 'self.json: CLI1001'] });
  });

  it('does not open a pipe, which could wait for ever', () => {
    const folder = folderOf({});
    execFileSync('mkfifo', [join(folder, 'pipe.yaml'), join(folder, 'pipe')]);
    expect(find(folder, ['.'])).toStrictEqual({ ...nothing, problems: ['pipe.yaml: CLI1006'] });
  });

  it('leaves out what is excluded, but nothing that is named', () => {
    const folder = folderOf({ 'out/a.yaml': '', 'b.yaml': '', 'c.yaml': '' });
    const excluded = new Set([join(folder, 'out'), join(folder, 'b.yaml')]);
    const isExcluded = (path: string): boolean => excluded.has(path);
    expect(find(folder, ['.'], { isExcluded })).toStrictEqual({
      files: ['c.yaml'],
      skipped: ['b.yaml: excluded', 'out: excluded'],
      problems: [],
    });
    expect(find(folder, ['b.yaml', 'out'], { isExcluded }).files).toStrictEqual(['b.yaml*', 'out/a.yaml']);
  });
});

describe('named', () => {
  it('takes a file of any name, and each once', () => {
    const folder = folderOf({ 'notes.txt': '', 'a.yaml': '', 'link.yaml': { link: 'a.yaml' } });
    expect(find(folder, ['notes.txt', 'a.yaml', './a.yaml', join(folder, 'a.yaml'), 'link.yaml'])).toStrictEqual(
      files('a.yaml*', 'notes.txt*'),
    );
  });

  it('stays named when a folder holds it as well', () => {
    const folder = folderOf({ 'd/a.yaml': '', 'd/b.yaml': '' });
    expect(find(folder, ['d', 'd/a.yaml']).files).toStrictEqual(['d/a.yaml*', 'd/b.yaml']);
    expect(find(folder, ['d/a.yaml', 'd']).files).toStrictEqual(['d/a.yaml*', 'd/b.yaml']);
  });

  it('takes standard input once', () => {
    expect(find(folderOf({}), ['-', '-'])).toStrictEqual(files('<stdin>*'));
  });

  it('tells what does not exist, and goes on', () => {
    const folder = folderOf({ 'a.yaml': '' });
    expect(find(folder, ['missing', 'a.yaml/x', 'a.yaml'])).toStrictEqual({
      files: ['a.yaml*'],
      skipped: [],
      problems: ['missing: CLI1001', 'a.yaml/x: CLI1001'],
    });
  });
});

it.each([
  ['a.yaml', 'a.yaml'],
  ['./a//b/../c.yaml', 'a/c.yaml'],
  ['/srv/a.yaml', 'a.yaml'],
  ['/srv', '.'],
  ['/workshop/a.yaml', '/workshop/a.yaml'],
  ['../x.yaml', '../x.yaml'],
  ['/', '/'],
  ['..foo/a.yaml', '..foo/a.yaml'],
  ['/srv/..foo/a.yaml', '..foo/a.yaml'],
])('shows %s in /srv as %s', (given, shown) => {
  expect(shownPath(given, '/srv')).toBe(shown);
});
