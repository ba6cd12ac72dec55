/**
 * Bundles the function of the Config rule: dist/hook/config-rule.mjs, with the AWS SDK that it was tested with. Run by
 * `npm run build`, after the compiler.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
await build({
  entryPoints: [join(dist, 'hooks', 'config-rule', 'config-rule-client.js')],
  outfile: join(dist, 'hook', 'config-rule.mjs'),
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
