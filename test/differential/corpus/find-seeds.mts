/**
 * Looks for documents that each Control Tower rule file passes and fails, and writes their seeds beside this file. Run
 * it when the rule files or the making of documents change: `node test/support/run.mjs test/differential/corpus/find-seeds.mts`.
 */
import { writeFileSync } from 'node:fs';
import { jsonText } from '../../support/json.js';
import { controlTowerRules, validateTexts, type RuleFileText } from '../../support/reference.js';
import { DocumentMaker, seedsFile } from './corpus.js';

const BATCH = 100;
const BATCHES = 12;

function seedsFor(file: RuleFileText): Partial<Record<'PASS' | 'FAIL', number>> {
  const maker = new DocumentMaker(file);
  const found: Partial<Record<'PASS' | 'FAIL', number>> = {};
  for (let batch = 0; batch < BATCHES; batch++) {
    const seeds = Array.from({ length: BATCH }, (_, index) => batch * BATCH + index + 1);
    const run = validateTexts(
      [file.text],
      seeds.map((seed) => jsonText(maker.make(seed))),
    );
    if (run.outcome !== 'ran') throw new Error(`${file.name}: ${run.stderr}`);
    for (const [index, { status }] of run.reports.entries()) {
      if (status !== 'SKIP') found[status] ??= seeds[index]!;
    }
    if (found.PASS !== undefined && found.FAIL !== undefined) break;
  }
  return found;
}

const all = Object.fromEntries(controlTowerRules().map((file) => [file.name, seedsFor(file)]));
writeFileSync(seedsFile, `${JSON.stringify(all, null, 2)}\n`);
const missing = Object.entries(all).filter(([, found]) => found.PASS === undefined || found.FAIL === undefined);
console.log(`${missing.length} rule files have no seed for a status: ${missing.map(([name]) => name).join(' ')}`);
