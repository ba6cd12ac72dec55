/** The prover over bench/corpus/iam: every verdict is compared with the expected one, then times are told. */
import { performance } from 'node:perf_hooks';
import { preparePair, readCorpus } from './iam-prove-corpus.js';
import type { Row } from './report.mjs';

/**
 * Proves every pair of the corpus once, each without what an earlier run has left behind.
 *
 * @throws Error when a verdict is wrong: no time is worth telling then.
 */
export function iamProve(root: string): Row[] {
  const pairs = readCorpus(root);
  const rows = pairs.map((pair) => {
    const prove = preparePair(pair);
    const start = performance.now();
    const proof = prove();
    return { pair, proof, time: performance.now() - start };
  });
  const wrong = rows.filter(({ pair, proof }) => proof.kind !== 'UNKNOWN' && proof.kind !== pair.expected);
  if (wrong.length > 0) throw new Error(`wrong: ${wrong.map(({ pair }) => pair.id).join(', ')}`);
  const times = rows.map(({ time }) => time).sort((a, b) => a - b);
  const quantile = (share: number): string =>
    `${times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(1)} ms`;
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  const isUnknown = ({ proof }: (typeof rows)[number]): boolean => proof.kind === 'UNKNOWN';
  const fails = rows.filter(({ proof }) => proof.kind === 'FAILS').length;
  const size = `${rows.length} pairs from ${new Set(pairs.map(({ source }) => source)).size} pages, ${share(fails, rows.length)} FAILS`;
  const features = [...new Set(pairs.flatMap((pair) => pair.features))].sort();
  return [
    { what: 'A proof, median', size, result: quantile(0.5), goal: 'under 20 ms' },
    { what: 'A proof, 99 of 100', size, result: quantile(0.99), goal: 'under 1 s' },
    { what: 'UNKNOWN', size, result: share(rows.filter(isUnknown).length, rows.length), goal: 'under 2 %' },
    ...features.map((feature) => {
      const of = rows.filter(({ pair }) => pair.features.includes(feature));
      return {
        what: `UNKNOWN, ${feature}`,
        size: `${of.length} pairs`,
        result: share(of.filter(isUnknown).length, of.length),
      };
    }),
  ];
}
