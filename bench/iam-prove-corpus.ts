/** Runs the pairs of bench/corpus/iam through the prover. The tests compare the verdicts, the bench the times. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { equivalent, noNewAccess } from '../iam/prove/index.js';
import type { DocumentKind, Proof, ProveOptions } from '../iam/prove/index.js';
import type { Value } from '../template/index.js';

/** One pair. `left` is what exists, `right` what is new. */
export interface CorpusPair {
  readonly id: string;
  /** The page of the AWS documentation whose policy was re-expressed. */
  readonly source: string;
  readonly query: 'no-new-access' | 'equivalent';
  readonly kind: DocumentKind;
  readonly left: Value;
  readonly right: Value;
  readonly assume?: Readonly<Record<string, string>>;
  readonly expected: 'HOLDS' | 'FAILS';
  readonly features: readonly string[];
}

/** @param root - Of the repository. */
export function readCorpus(root: string): readonly CorpusPair[] {
  const folder = join(root, 'bench', 'corpus', 'iam');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CorpusPair[]);
}

/** Parses the documents of a pair; what comes back proves it. */
export function preparePair(pair: CorpusPair): () => Proof {
  const read = (value: Value): Policy => {
    const { policy, problems } = parsePolicy(value, pair.kind);
    if (policy === undefined) throw new Error(`${pair.id}: ${problems.map(({ message }) => message).join('; ')}`);
    return policy;
  };
  const [left, right] = [[read(pair.left)], [read(pair.right)]];
  const options: ProveOptions = pair.assume === undefined ? {} : { assume: pair.assume };
  const prove = pair.query === 'equivalent' ? equivalent : noNewAccess;
  return () => prove(left, right, pair.kind, options);
}
