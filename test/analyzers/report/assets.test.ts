import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';

it('the script and the style in the page are those of their sources', () => {
  const script = join(repositoryRoot(), 'analyzers/report/build/assets.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toStrictEqual([0, '']);
});
