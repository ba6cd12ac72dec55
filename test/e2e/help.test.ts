/** `--help`: examples speak of options that there are, and wrong usage names the command whose help tells more. */
import { EXAMPLES } from '../../cli/examples.js';
import { runCommand } from '../support/quick-command.js';

it.each(Object.entries(EXAMPLES))('%s ends with its examples', (words, examples) => {
  const { exitCode, stdout } = runCommand([...words.split(' '), '--help']);
  expect(exitCode).toBe(0);
  const [options, end] = stdout.split('\nExamples:\n');
  expect(end).toBe(examples.map((each) => `  ${each}\n`).join(''));
  for (const example of examples) {
    expect(example.startsWith(`stackade ${words}`)).toBe(true);
    for (const [option] of example.matchAll(/--[a-z-]+/g)) expect(options).toContain(`  ${option}`);
  }
});

it.each<[readonly string[], string]>([
  [['scp', 'pln'], '`stackade scp --help` tells what there is'],
  [['org', 'compare'], '`stackade org compare --help` tells what there is'],
  [
    ['scp', 'plan', '--confg=org.yaml'],
    'there is no option --confg here; `stackade scp plan --help` tells what there is',
  ],
  [['deploy', 'apply', '--rollout', 'a'], '`stackade deploy apply --help` tells what there is'],
])('%j is told with the next step', (args, help) => {
  const { exitCode, stdout, stderr } = runCommand(args);
  expect([exitCode, stdout, stderr.split('\n').at(-2)]).toStrictEqual([2, '', `  help: ${help}`]);
});
