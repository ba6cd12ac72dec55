/** The build specification for AWS CodeBuild: its commands are run in their order. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { readBuildSpec, runBuild, type Build } from './codebuild.js';
import { BAD, emptyFolder, GOOD, Programs, put, removeFolders } from './programs.js';

afterEach(removeFolders);

const spec = readBuildSpec(readFileSync(join(repositoryRoot(), 'integrations/codebuild/buildspec.yml'), 'utf8'));

function build(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  npm = '',
): Build & { readonly report: string | null; readonly started: Programs['started']; readonly folder: string } {
  const folder = emptyFolder();
  const programs = new Programs(folder);
  programs.stackadeByNode();
  programs.recorded('npm', npm);
  put(join(folder, 'source'), { 'stackade.yaml': 'lint: { enabled: false }\n', ...files });
  const ran = runBuild(spec, join(folder, 'source'), {
    ...programs.env(),
    CODEBUILD_SRC_DIR_stackade: join(folder, 'stackade'),
    ...env,
  });
  const [path] = spec.reports!['stackade']!.files;
  const report = join(folder, 'source', path!);
  return {
    ...ran,
    folder,
    report: existsSync(report) ? readFileSync(report, 'utf8') : null,
    started: () => programs.started(),
  };
}

it('installs, checks, and leaves a report of findings', () => {
  const { exitCode, report, started, folder } = build({ 'templates/topic.yaml': BAD });
  expect(exitCode).toBe(1);
  expect(spec.reports!['stackade']!['file-format']).toBe('JUNITXML');
  expect(report).toMatch(/^<\?xml[^]*<failure [^]*sns-topic/);
  expect(started()).toStrictEqual([['npm', '--prefix', join(folder, 'stackade'), 'ci']]);
});

it('checks other paths with other packs', () => {
  const files = { 'a/topic.yaml': GOOD, 'b/topic.yaml': GOOD };
  const env = { STACKADE_PATHS: 'a  b', STACKADE_PACKS: 'foundation network' };
  const { exitCode, report } = build(files, env);
  expect(exitCode).toBe(0);
  expect(report).toContain('b/topic.yaml');
});

it('ends when what it needs cannot be installed', () => {
  const { exitCode, report } = build({ 'templates/topic.yaml': GOOD }, {}, 'exit 9');
  expect([exitCode, report]).toStrictEqual([9, null]);
});

it('takes no value of a variable for an option or for shell', () => {
  const hostile = { STACKADE_PATHS: '--output-file=$(touch${IFS}hit)', STACKADE_PACKS: '`touch${IFS}hit`' };
  const { exitCode, stderr, folder } = build({ 'templates/topic.yaml': GOOD }, hostile);
  expect([exitCode, existsSync(join(folder, 'source', 'hit'))]).toStrictEqual([2, false]);
  expect(stderr).toContain('touch${IFS}hit');
});
