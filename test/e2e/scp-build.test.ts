/** `stackade scp build` and `stackade scp verify --config` as they are run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { repositoryRoot } from '../support/repository.js';
import { stackade } from './check/support.js';

afterEach(removeFolders);

const example = join(repositoryRoot(), 'examples', 'organization', 'org.yaml');

it('builds the example, again without a change, and verifies it', () => {
  const cwd = folderOf({
    'requests.yaml': `cases:
  - name: nobody leaves
    principal: arn:aws:iam::*:role/developer
    action: organizations:LeaveOrganization
    resource: '*'
    decision: EXPLICIT_DENY
`,
  });
  const args = ['scp', 'build', '--config', example, '--out', 'build'];
  const first = stackade(args, { cwd });
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(first.stdout).toContain('proven at 11 accounts');
  const read = (): readonly string[] =>
    readdirSync(join(cwd, 'build'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => readFileSync(path, 'utf8'));
  const before = read();
  expect(stackade(args, { cwd }).exitCode).toBe(0);
  expect(read()).toStrictEqual(before);
  const verify = ['scp', 'verify', '--config', example, '--vectors', 'requests.yaml'];
  const { exitCode, stdout } = stackade(verify, { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/FAIL {2}nobody leaves \[111111111111\]: ALLOW/);
  expect(stdout).toMatch(/PASS {2}nobody leaves \[\d{12}.*\]: EXPLICIT_DENY, scp deny-leaving-organization at \/: /);
});

it('writes nothing for a description with a fault', () => {
  const cwd = folderOf({ 'org.yaml': 'version: 1\nroot: {}\n' });
  const { exitCode, stderr, stdout } = stackade(['scp', 'build', '--config', 'org.yaml', '--out', 'build'], { cwd });
  expect([exitCode, stdout]).toStrictEqual([2, '']);
  expect(stderr).toContain('ORG1003');
  expect(readdirSync(cwd)).toStrictEqual(['org.yaml']);
});
