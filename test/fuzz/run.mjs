/**
 * `npm run fuzz`: all long hunts one after the other, or `npm run fuzz -- NAME [options]` for one of them; each says what
 * its options are.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const runner = fileURLToPath(new URL('../support/run.mjs', import.meta.url));
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.mts') ? [name.slice(0, -'.mts'.length)] : []));
const [name, ...options] = process.argv.slice(2);
if (name !== undefined && !names.includes(name)) {
  console.error(`Name one of ${names.join(', ')}, then its options.`);
  process.exit(2);
}
for (const each of name === undefined ? names : [name]) {
  console.log(`# ${each}`);
  const { status } = spawnSync(process.execPath, [runner, `test/fuzz/${each}.mts`, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
