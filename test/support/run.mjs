/**
 * Runs a TypeScript script of the tests or benches: `node test/support/run.mjs SCRIPT.mts [arguments]`. The script and
 * the sources that it imports are bundled into node_modules/.cache; packages stay outside the bundle.
 */
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [script] = process.argv.splice(2, 1);
if (script === undefined) throw new Error('Name the script to run.');
const root = fileURLToPath(new URL('../..', import.meta.url));
const outfile = join(root, 'node_modules', '.cache', 'stackade', `${basename(script, '.mts')}.mjs`);
await build({
  entryPoints: [script],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.argv[1] = outfile;
await import(pathToFileURL(outfile).href);
