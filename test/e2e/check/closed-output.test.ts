/** Nobody reads what is printed, as with `| head`: the exit code tells what was found all the same. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';

const PROJECT = join(__dirname, 'fixtures/project');
const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');

/** The exit code of the command when the reader of its output is gone before it starts, and what it says. */
async function intoNothing(args: string): Promise<readonly [code: number | null, stderr: string]> {
  const child = spawn(process.execPath, [main, ...args.split(' ')], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return [code, stderr];
}

it.each([
  ['check templates --no-lint', 1],
  ['check templates --no-lint --format json', 1],
  ['check templates --no-lint --fail-on never --allow-incomplete', 0],
  ['check missing.yaml --no-lint', 2],
  ['explain TPL3001', 0],
  ['--help', 0],
  ['check --help', 0],
])('%s exits with %i', async (args, expected) => {
  const [code, stderr] = await intoNothing(args);
  expect(code).toBe(expected);
  expect(stderr).not.toMatch(/EPIPE|fault of ours|Error:/);
});

it('guard says that its results were not all read', async () => {
  const [code, stderr] = await intoNothing('guard validate --rules policy --data templates');
  expect([code, stderr]).toStrictEqual([255, '']);
});
