/**
 * Writes the outputs that pages show as they are now: `node test/support/run.mjs test/docs/update.mts [PAGE...]`. Build
 * first. An output with `…` in it that agrees is left alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputsOf } from './examples.js';
import { markdownBelow, root } from './files.js';
import { readPage } from './markdown.js';

const chosen = process.argv.slice(2);
for (const path of chosen.length > 0 ? chosen : markdownBelow('docs')) {
  const full = join(root, path);
  const before = readFileSync(full, 'utf8');
  const lines = before.split('\n');
  // From the last to the first, so that the numbers of the lines above stay right.
  for (const { block, expected } of [...outputsOf(readPage(before))].reverse()) {
    // What is shown without a command before it is of no concern here.
    if (expected === '') continue;
    lines.splice(block.line, block.text.split('\n').length - 1, ...expected.split('\n').slice(0, -1));
  }
  const after = lines.join('\n');
  if (after === before) continue;
  writeFileSync(full, after);
  process.stdout.write(`${path}\n`);
}
