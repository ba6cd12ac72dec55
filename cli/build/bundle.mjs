/**
 * Joins the modules of the command into few files of dist/bin/: to open and link some hundred small modules takes as long
 * as to check a template. Packages stay outside, and each subcommand stays a module that is loaded when it is asked for.
 * Run by `npm run build`, after the compiler.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
const outdir = join(dist, 'bin');
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    main: join(dist, 'cli', 'main.js'),
    worker: join(dist, 'cli', 'lint', 'worker.js'),
    'replay-worker': join(dist, 'cli', 'iam', 'replay-worker.js'),
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
