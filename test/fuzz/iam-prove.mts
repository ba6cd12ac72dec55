/**
 * The long hunt of the prover: generated pairs of policies; every counterexample must replay, every claim that holds must
 * survive 10,000 requests near the two policies, and fail once the new policy is widened, unless that adds nothing.
 *
 *     npm run fuzz -- iam-prove [--pairs 100000] [--requests 10000] [--seed N]
 *
 * Prints the seed first. Exits 1 at the first find, with the pair.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { noNewAccess } from '../../iam/prove/queries.js';
import type { DocumentKind, Proof } from '../../iam/prove/index.js';
import type { Policy } from '../../iam/index.js';
import { pairOf } from '../iam/prove/generated.js';
import { refutation, widened, type Widening } from '../iam/prove/widening.js';
import { Random } from '../support/random.js';

const { values } = parseArgs({
  options: { pairs: { type: 'string' }, requests: { type: 'string' }, seed: { type: 'string' } },
});
const pairs = Number(values.pairs ?? 100_000);
const requests = Number(values.requests ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${pairs} pairs, ${requests} requests`);

const random = new Random(seed);
const seen: Record<Proof['kind'], number> = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
/** Of the widenings of what held: those that were noticed, and those that requests did not tell from the policy before. */
const planted: Record<Proof['kind'], number> = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
const WIDENINGS: readonly Widening[] = ['action', 'character', 'condition value'];
let tried = 0;
let allowed = 0;

/** The answer for a pair, once all that it says was checked. */
function checked(existing: Policy, updated: Policy, kind: DocumentKind): Proof['kind'] {
  const proof = noNewAccess([existing], [updated], kind, { budget: 4_000_000 });
  const find = (what: string, request?: unknown): never => {
    console.log(JSON.stringify({ what, kind, existing, updated, request }));
    process.exit(1);
  };
  if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') find('a request that does not replay');
  if (proof.kind !== 'HOLDS') return proof.kind;
  const request = refutation(existing, updated, kind, random, requests, (isAllowed) => {
    tried++;
    allowed += Number(isAllowed);
  });
  if (request !== undefined) find('HOLDS is refuted', request);
  return proof.kind;
}

const BATCH = 500;
for (let at = 0; at < pairs; at += BATCH) {
  const kind: DocumentKind = (at / BATCH) % 2 === 0 ? 'identity' : 'resource';
  const numRuns = Math.min(BATCH, pairs - at);
  for (const [existing, updated] of fc.sample(pairOf(kind === 'resource'), { seed: seed + at, numRuns })) {
    const answer = checked(existing, updated, kind);
    seen[answer]++;
    const wider = answer === 'HOLDS' ? widened(updated, random.pick(WIDENINGS), random) : undefined;
    if (wider !== undefined) planted[checked(existing, wider, kind)]++;
  }
  if ((at / BATCH) % 20 === 19) console.log(at + BATCH, seen, 'widened', planted);
}
console.log(seen, 'widened', planted);
console.log(`${((100 * allowed) / Math.max(1, tried)).toFixed(1)} % of the requests allowed by one side`);
