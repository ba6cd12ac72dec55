/**
 * Puts the command into few files, `dist/bin/`: to load some two hundred modules takes longer than to check a template.
 * What only one command needs stays in a chunk of its own; packages stay outside.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outdir = join(root, 'dist', 'bin');
rmSync(outdir, { recursive: true, force: true });
await build({
  // The schema lint finds its worker thread beside itself, so all files are in one folder.
  entryPoints: { stackade: join(root, 'cli', 'main.ts'), worker: join(root, 'cli', 'lint', 'worker.ts') },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
