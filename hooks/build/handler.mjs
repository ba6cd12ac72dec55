/**
 * Joins the function of the Lambda Hook into dist/hook/handler.mjs, and its reader of buckets into dist/hook/s3.mjs, with
 * everything that they need: a package of the function has nothing to install. dist/hook/run.mjs runs it here. Run by
 * `npm run build`, after the compiler.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
const outdir = join(dist, 'hook');
rmSync(outdir, { recursive: true, force: true });
const common = { bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, logLevel: 'warning' };
// Packages that are CommonJS ask for modules of Node by `require`.
const require_ =
  "import{createRequire as stackadeRequire}from'node:module';const require=stackadeRequire(import.meta.url);";
for (const [name, source, banner] of [
  ['handler', 'entry-client', ''],
  ['s3', 's3-client', require_],
  ['run', 'runner-client', ''],
]) {
  await build({
    ...common,
    entryPoints: [join(dist, 'hooks', 'handler', `${source}.js`)],
    outfile: join(outdir, `${name}.mjs`),
    banner: { js: banner },
  });
}
