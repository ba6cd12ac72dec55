/**
 * The hook for the pre-commit framework: `git commit` runs what the framework runs, the entry of the hook with the names of
 * staged files that match its pattern. https://pre-commit.com/#new-hooks
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/repository.js';
import { writeCommand } from '../support/quick-command.js';
import { BAD, emptyFolder, GOOD, put, removeFolders, toFiles } from './programs.js';

afterEach(removeFolders);

interface Hook {
  readonly id: string;
  readonly language: string;
  readonly entry: string;
  readonly files: string;
  readonly types: readonly string[];
}

const [hook, ...others] = parse(
  readFileSync(join(repositoryRoot(), '.pre-commit-hooks.yaml'), 'utf8'),
) as readonly Hook[];
const manifest = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

it('starts what the package installs', () => {
  expect(others).toStrictEqual([]);
  expect([hook!.id, hook!.language]).toStrictEqual(['stackade-check', 'node']);
  expect(Object.keys(manifest.bin)).toContain(hook!.entry.split(' ')[0]);
  // The framework installs a clone: what it starts is built then.
  expect(manifest.scripts['prepare']).toBe('npm run build');
});

it('looks at templates by their usual places and names', () => {
  const pattern = new RegExp(hook!.files);
  const files = [
    'templates/a.yaml',
    'infra/cfn/b/c.json',
    'cloudformation/d.template',
    'e.template.json',
    'template/f.yml',
  ];
  expect(files.filter((file) => !pattern.test(file))).toStrictEqual([]);
  const none = ['package.json', 'templates/readme.md', 'docker-compose.yaml', 'mytemplates/x.yaml', 'cfn/run.sh'];
  expect(none.filter((file) => pattern.test(file))).toStrictEqual([]);
});

it('stops a commit of a template with findings, and lets one without pass', () => {
  const folder = emptyFolder();
  const [bin, work] = [join(folder, 'bin'), join(folder, 'work')];
  put(bin, { '.keep': '' });
  writeCommand(join(bin, 'stackade'));
  put(work, { 'templates/old.yaml': BAD, 'package.json': '{}', 'templates/a b.yaml': BAD });
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH: `${bin}:${PATH}`, HOME, NO_COLOR: '1' };
  const names = ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-c', 'core.hooksPath=.git/hooks'];
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...names, ...args], { cwd: work, env, encoding: 'utf8' });
  git('init', '--quiet');
  git('add', 'templates/old.yaml');
  git('commit', '--quiet', '-m', 'old');
  put(work, {
    '.git/hooks/pre-commit': `#!/bin/sh
git diff --staged --name-only --diff-filter=ACMRTUXB -z | grep -zE '${hook!.files}' | xargs -0 -r ${hook!.entry} --no-lint
`,
  });
  chmodSync(join(work, '.git/hooks/pre-commit'), 0o755);
  const commit = (): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const streams = toFiles(folder);
    const { status } = spawnSync('git', [...names, 'commit', '-m', 'new'], { cwd: work, env, ...streams.options });
    return { status, ...streams.read() };
  };
  git('add', '.');
  const refused = commit();
  expect([refused.status, refused.stdout + refused.stderr]).toStrictEqual([
    1,
    expect.stringContaining('templates/a b.yaml'),
  ]);
  expect(refused.stdout + refused.stderr).not.toContain('old.yaml');
  put(work, { 'templates/a b.yaml': GOOD });
  git('add', '.');
  expect(commit().status).toBe(0);
  expect(git('log', '--format=%s')).toBe('new\nold\n');
});
