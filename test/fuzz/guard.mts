/**
 * The long hunt: generated rule files and documents, the reference against this project's engine.
 *
 *     npm run fuzz -- guard [--pairs 5000] [--seed N] [--reports] [--written]
 *
 * `--written` draws only from rules that people wrote, changed a little. `--reports` asks for the same printed report, explanations included, besides the same statuses. Prints the seed first. A pair on which the two differ is made small and written to test/regress/guard/, where the
 * normal test run picks it up until it is settled. Exits 1 when there is any.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { damagedData, damagedRules, pair, roughPair, type TextPair } from '../arbitraries/pairs.js';
import { writtenPair } from '../arbitraries/written.js';
import { comparePair, comparePairs, Reached, type Comparison } from '../support/pairs.js';
import { repositoryRoot } from '../support/repository.js';

const BATCH = 250;
/** Of six batches two hold well-formed pairs, one damaged rules, one damaged data and two rules that people wrote, changed. */
const kinds = [pair, damagedRules, writtenPair, roughPair, damagedData, writtenPair];

const { values } = parseArgs({
  options: {
    pairs: { type: 'string' },
    seed: { type: 'string' },
    reports: { type: 'boolean' },
    written: { type: 'boolean' },
  },
});
const pairs = Number(values.pairs ?? 5_000);
const first = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${first}, ${pairs} pairs`);

const reached = new Reached();
const folder = join(repositoryRoot(), 'test', 'regress', 'guard');
/** Reports on damaged data may print the reference's inner representation of a map, which keeps repeated keys. */
const same = ({ agree, sameReport }: Comparison, kind: fc.Arbitrary<TextPair>): boolean =>
  agree && (values.reports !== true || kind === damagedData || sameReport);
let finds = 0;
for (let batch = 0; batch * BATCH < pairs; batch++) {
  const seed = first + batch;
  const parameters = { seed, numRuns: Math.min(BATCH, pairs - batch * BATCH) };
  const arbitrary = values.written === true ? writtenPair : kinds[batch % kinds.length]!;
  const texts = fc.sample(arbitrary, parameters);
  const comparisons = comparePairs(texts);
  for (const comparison of comparisons) reached.add(comparison.reference);
  if (comparisons.every((comparison) => same(comparison, arbitrary))) continue;
  // Once more one by one, to make the pair small.
  const property = fc.property(arbitrary, ({ rules, data }) => same(comparePair(rules, data), arbitrary));
  const result = fc.check(property, parameters);
  if (result.counterexample === null) throw new Error(`Seed ${seed} gave a difference that does not come again.`);
  finds++;
  const [{ rules, data }] = result.counterexample;
  const { reference, engine, stderr, message } = comparePair(rules, data);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `find-${seed}.json`);
  writeFileSync(file, `${JSON.stringify({ note: `seed ${seed}`, rules, data, expected: reference }, null, 2)}\n`);
  console.log(`${file}\n${rules}\n${data}\nreference ${JSON.stringify(reference)} ${stderr}`);
  console.log(`engine    ${JSON.stringify(engine)} ${message}`);
}
console.log(`reached: ${reached.toString()}`);
console.log(finds === 0 ? 'no difference' : `${finds} differences`);
process.exitCode = finds === 0 ? 0 : 1;
