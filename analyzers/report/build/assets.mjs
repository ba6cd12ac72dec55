/**
 * Writes analyzers/report/page/assets.ts: the script (analyzers/report/client/, joined into one) and the style of the page
 * as text, so that a report is written without reading a file. `--check` only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const target = path('../page/assets.ts');

const { outputFiles } = await build({
  absWorkingDir: path('../../..'),
  entryPoints: [path('../client/main.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
});
// What esbuild says of paths would differ between machines.
const script = outputFiles[0].text.replace(/^ *\/\/ analyzers\/.*\n/gm, '');
const style = readFileSync(path('../client/style.css'), 'utf8');
for (const [text, end] of [
  [script, /<\/script|<!--/i],
  [style, /<\/style|<!--/i],
]) {
  if (end.test(text)) throw new Error('the text would end its element');
}

const literal = (text) => `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
const text = `/** Made by analyzers/report/build/assets.mjs from analyzers/report/client/; do not edit. */

/** The script of the page. */
export const SCRIPT = ${literal(script)};

/** The style of the page. */
export const STYLE = ${literal(style)};
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('analyzers/report/page/assets.ts is out of date: run node analyzers/report/build/assets.mjs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
