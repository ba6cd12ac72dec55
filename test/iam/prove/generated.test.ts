import fc from 'fast-check';
import { noNewAccess, referenceAllows } from '../../../iam/prove/queries.js';
import type { DocumentKind } from '../../../iam/prove/index.js';
import { pairOf, requestOf } from './generated.js';

/** Proves the claim for generated pairs and tries requests on what holds. */
function hunt(kind: DocumentKind, pairs: number, requests: number, seed: number): Record<string, number> {
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0, tried: 0, allowed: 0 };
  const pool = fc.sample(requestOf(kind === 'resource'), { seed, numRuns: requests });
  for (const [existing, updated] of fc.sample(pairOf(kind === 'resource'), { seed, numRuns: pairs })) {
    const proof = noNewAccess([existing], [updated], kind, { budget: 4_000_000 });
    seen[proof.kind]++;
    if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') {
      throw new Error(`does not replay: ${JSON.stringify({ existing, updated })}`);
    }
    if (proof.kind === 'FAILS') {
      expect(referenceAllows([updated], kind, proof.counterexample)).toBe(true);
      expect(referenceAllows([existing], kind, proof.counterexample)).toBe(false);
    }
    if (proof.kind !== 'HOLDS') continue;
    for (const request of pool) {
      seen.tried++;
      const before = referenceAllows([existing], kind, request);
      const after = referenceAllows([updated], kind, request);
      seen.allowed += Number(before || after);
      if (after && !before) throw new Error(`HOLDS is refuted: ${JSON.stringify({ existing, updated, request })}`);
    }
  }
  return seen;
}

describe('generated pairs of policies', () => {
  it.each(['identity', 'resource'] as const)('%s: counterexamples replay, and what holds survives requests', (kind) => {
    const seen = hunt(kind, 1_000, 40, 20_261);
    expect(seen['HOLDS']).toBeGreaterThan(250);
    expect(seen['FAILS']).toBeGreaterThan(250);
    expect(seen['UNKNOWN']).toBeLessThan(100);
    // A fifth of the requests must be allowed by one of the two, or they would show little.
    const share = seen['allowed']! / seen['tried']!;
    expect(share).toBeGreaterThan(0.05);
  });
});
