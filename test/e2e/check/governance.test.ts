/** Faults of what governs a check stop it: message, place, exit code 2. */
import { folderOf, GOOD, removeFolders, type Contents } from '../../cli/check/support.js';
import { stackade } from './support.js';

afterEach(removeFolders);

const waiver = (more: string): string =>
  `version: 1\nwaivers:\n  - { reason: moves to the new bucket, owner: a@example.com, ticket: T-1, expires: 2099-01-01, ${more} }\n`;

const CONTENTS: Contents = {
  'good.yaml': GOOD,
  'control.yaml': waiver('control: ENC-S9-99, scope: { logicalId: [A] }'),
  'environments.yaml': 'environments: { production: { ruleParameters: { minPendingDays: 30 } } }\n',
  'wrong.yaml': 'environments: { production: { ruleParameters: { minPendingDays: thirty } } }\n',
};

it.each([
  ['a control that does not exist', ['--waivers', 'control.yaml'], /ENC-S9-99[\s\S]*--> control\.yaml:3:/],
  [
    'an environment that does not exist',
    ['--config', 'environments.yaml', '--environment', 'staging'],
    /^error\[CLI2002\]: --environment: names `staging`, which the configuration does not have\n {2}help: choose production$/m,
  ],
  [
    'a parameter of the wrong type in an environment',
    ['--config', 'wrong.yaml'],
    /^error\[CLI2102\]: `minPendingDays` must be a whole number from 7 to 30\n {2}--> wrong\.yaml:1:/m,
  ],
  ['a pack that does not exist', ['--pack', 'foundatio'], /foundatio[\s\S]*foundation/],
])('%s', (_name, args, message) => {
  const ran = stackade(['check', 'good.yaml', '--no-lint', ...args], { cwd: folderOf(CONTENTS) });
  expect(ran.stderr).toMatch(message);
  expect(ran.exitCode).toBe(2);
  expect(ran.stdout).toBe('');
});

it('an environment that exists is used', () => {
  const args = ['check', 'good.yaml', '--no-lint', '--config', 'environments.yaml', '--environment', 'production'];
  expect(stackade(args, { cwd: folderOf(CONTENTS) }).exitCode).toBe(0);
});
