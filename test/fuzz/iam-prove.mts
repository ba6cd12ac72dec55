/**
 * The long hunt of the prover: generated pairs of policies; every counterexample must replay, and every claim that holds
 * must survive 10,000 requests near the two policies.
 *
 *     node test/support/run.mjs test/fuzz/iam-prove.mts [--pairs 100000] [--requests 10000] [--seed N]
 *
 * Prints the seed first. Exits 1 at the first find, with the pair.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { noNewAccess, referenceAllows } from '../../iam/prove/queries.js';
import type { DocumentKind } from '../../iam/prove/index.js';
import { compilePolicies, evaluate } from '../../iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { pairOf, requestOf } from '../iam/prove/generated.js';

const { values } = parseArgs({
  options: { pairs: { type: 'string' }, requests: { type: 'string' }, seed: { type: 'string' } },
});
const pairs = Number(values.pairs ?? 100_000);
const requests = Number(values.requests ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${pairs} pairs, ${requests} requests`);

/** The compiled evaluator, which is quick enough for 10,000 requests a pair; a find is decided by the reference. */
function quickly(policy: Policy, kind: DocumentKind): (request: Request) => boolean {
  const others = { boundary: null, session: null, scps: null, rcps: null, vpcEndpoint: null };
  const set = compilePolicies(
    kind === 'identity'
      ? { ...others, identity: [policy], resource: null }
      : { ...others, identity: [], resource: policy },
  );
  return (request) => evaluate(set, request).layers[kind] === 'ALLOW';
}

const seen: Record<string, number> = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
let tried = 0;
let allowed = 0;
const BATCH = 500;
for (let at = 0; at < pairs; at += BATCH) {
  const kind: DocumentKind = (at / BATCH) % 2 === 0 ? 'identity' : 'resource';
  const pool = fc.sample(requestOf(kind === 'resource'), { seed: seed + at, numRuns: requests });
  for (const [existing, updated] of fc.sample(pairOf(kind === 'resource'), {
    seed: seed + at,
    numRuns: Math.min(BATCH, pairs - at),
  })) {
    const proof = noNewAccess([existing], [updated], kind, { budget: 4_000_000 });
    seen[proof.kind]!++;
    const find = (what: string, request?: Request): never => {
      console.log(JSON.stringify({ what, kind, existing, updated, request }));
      process.exit(1);
    };
    if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') find('a request that does not replay');
    if (proof.kind !== 'HOLDS') continue;
    const [before, after] = [quickly(existing, kind), quickly(updated, kind)];
    for (const request of pool) {
      const [was, is] = [before(request), after(request)];
      tried++;
      allowed += Number(was || is);
      if (!is || was) continue;
      if (referenceAllows([updated], kind, request) && !referenceAllows([existing], kind, request)) {
        find('HOLDS is refuted', request);
      }
    }
  }
  if ((at / BATCH) % 20 === 19) console.log(at + BATCH, seen);
}
console.log(seen, `${((100 * allowed) / Math.max(1, tried)).toFixed(1)} % of the requests allowed by one side`);
