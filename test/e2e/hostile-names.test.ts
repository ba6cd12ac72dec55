/** Whatever a command prints of its input, nothing of it steers the terminal. */
import { folderOf, removeFolders } from '../cli/check/support.js';
import { stackade } from './check/support.js';

afterEach(removeFolders);

const EVIL = '\u001b]0;t\u0007\u001b[2J\u202e\u009b2J\rx';
/** Controls and direction changes, but for line breaks. */
// eslint-disable-next-line no-control-regex -- these are the characters looked for
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

it('what is printed as it came, and what commander says of arguments', () => {
  const test = `- name: ${JSON.stringify(EVIL).replace('\u009b', '\\u009b')}\n  input: {}\n  expectations: {rules: {some: PASS}}\n`;
  const cwd = folderOf({ 'test.yaml': test, 'rules.guard': 'rule some { A exists }\n' });
  const tested = stackade(['guard', 'test', '-r', 'rules.guard', '-t', 'test.yaml'], { cwd });
  expect([tested.exitCode, tested.stdout]).toStrictEqual([7, expect.stringContaining('\\u202e')]);
  const wrong = stackade(['check', `--${EVIL.slice(1)}`], { cwd });
  expect([wrong.exitCode, wrong.stderr]).toStrictEqual([2, expect.stringContaining('unknown option')]);
  for (const { stdout, stderr } of [tested, wrong]) expect(stdout + stderr).not.toMatch(STEERING);
});
