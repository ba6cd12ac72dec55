/** The bench of `iam prove`: see iam-prove.mjs. */
import { performance } from 'node:perf_hooks';
import { preparePair, readCorpus } from './iam-prove-corpus.js';

const pairs = readCorpus(process.cwd());
const rows = pairs.map((pair) => {
  const prove = preparePair(pair);
  const start = performance.now();
  const proof = prove();
  return { pair, proof, time: performance.now() - start };
});
const wrong = rows.filter(({ pair, proof }) => proof.kind !== 'UNKNOWN' && proof.kind !== pair.expected);
for (const { pair, proof } of wrong) console.log(`WRONG ${pair.id}: ${proof.kind}, expected ${pair.expected}`);
const times = rows.map(({ time }) => time).sort((a, b) => a - b);
const quantile = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const unknown = rows.filter(({ proof }) => proof.kind === 'UNKNOWN');
console.log(`pairs        ${rows.length}, ${new Set(pairs.map(({ source }) => source)).size} pages`);
console.log(`FAILS        ${share(rows.filter(({ proof }) => proof.kind === 'FAILS').length, rows.length)}`);
console.log(`UNKNOWN      ${share(unknown.length, rows.length)}`);
console.log(`median       ${quantile(0.5).toFixed(2)} ms`);
console.log(`p99          ${quantile(0.99).toFixed(1)} ms`);
console.log(`longest      ${quantile(1).toFixed(1)} ms`);
const features = [...new Set(pairs.flatMap((pair) => pair.features))].sort();
for (const feature of features) {
  const of = rows.filter(({ pair }) => pair.features.includes(feature));
  const open = of.filter(({ proof }) => proof.kind === 'UNKNOWN').length;
  console.log(`${feature.padEnd(12)} ${of.length} pairs, ${share(open, of.length)} UNKNOWN`);
}
for (const { pair, proof } of unknown) console.log(`UNKNOWN ${pair.id}: ${JSON.stringify(proof)}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
