/** The templates that people copy hold what every pack asks for. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stackade } from './support.js';

const ROOT = join(__dirname, '../../..');

it('no pack finds anything in examples/good', () => {
  const packs = readdirSync(join(ROOT, 'rules/packs')).map((file) => file.replace(/\.json$/, ''));
  expect(packs.length).toBeGreaterThan(5);
  const places = ['--account', '111122223333', '--region', 'eu-west-1'];
  const ran = stackade(['check', 'examples/good', '--no-lint', '--format', 'json', ...places, '--pack', ...packs], {
    cwd: ROOT,
  });
  const { findings } = JSON.parse(ran.stdout) as { readonly findings: readonly { readonly ruleId: string }[] };
  expect(findings).toStrictEqual([]);
});
