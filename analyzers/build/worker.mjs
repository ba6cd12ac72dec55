/**
 * Joins the functions of a distributed scan into dist/scan/worker.mjs, with the AWS SDK that they were tested with: their
 * package has nothing to install. Run by `npm run build`, after the compiler.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
await build({
  entryPoints: [join(dist, 'cli', 'scan', 'worker.js')],
  outfile: join(dist, 'scan', 'worker.mjs'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  legalComments: 'none',
  // Packages that are CommonJS ask for modules of Node at run time.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
