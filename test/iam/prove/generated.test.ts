/** What holds for all pairs of policies, on generated ones. */
import fc from 'fast-check';
import { disjoint, equivalent, noNewAccess, referenceAllows } from '../../../iam/prove/queries.js';
import type { DocumentKind, Proof } from '../../../iam/prove/index.js';
import type { Policy } from '../../../iam/index.js';
import { Random } from '../../support/random.js';
import { runs } from '../../support/runs.js';
import { pairOf, policyOf } from './generated.js';
import { refutation, widened, type Widening } from './widening.js';

const KINDS = ['identity', 'resource'] as const;
const OPTIONS = { budget: 4_000_000 };
const SEED = 20_261;

const pairs = (kind: DocumentKind, numRuns: number, seed = SEED): readonly (readonly [Policy, Policy])[] =>
  fc.sample(pairOf(kind === 'resource'), { seed, numRuns });

/** Proves the claim; a request to the contrary is one that the reference decides so. */
function proven(existing: Policy, updated: Policy, kind: DocumentKind): Proof['kind'] {
  const proof = noNewAccess([existing], [updated], kind, OPTIONS);
  if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') {
    throw new Error(`does not replay: ${JSON.stringify({ existing, updated })}`);
  }
  if (proof.kind === 'FAILS') {
    expect(referenceAllows([updated], kind, proof.counterexample)).toBe(true);
    expect(referenceAllows([existing], kind, proof.counterexample)).toBe(false);
  }
  return proof.kind;
}

it.each(KINDS)('%s: counterexamples replay, what holds survives requests near both, and fails once wider', (kind) => {
  const random = new Random(SEED);
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0, tried: 0, allowed: 0 };
  const noticed: Record<Widening, number> = { action: 0, character: 0, 'condition value': 0 };
  let idle = 0;
  for (const [index, [existing, updated]] of pairs(kind, runs(100, 180)).entries()) {
    // Against itself, nearly every widening of a policy adds something; that it holds over itself is a law below.
    if (index % 6 === 0) widen(updated, updated);
    const answer = proven(existing, updated, kind);
    seen[answer]++;
    if (answer !== 'HOLDS') continue;
    const request = refutation(existing, updated, kind, random, 100, (isAllowed) => {
      seen.tried++;
      seen.allowed += Number(isAllowed);
    });
    if (request !== undefined) throw new Error(`HOLDS is refuted: ${JSON.stringify({ existing, updated, request })}`);
    if (index < runs(50, 80)) widen(existing, updated);
  }
  expect(seen.HOLDS).toBeGreaterThan(runs(30, 60));
  expect(seen.FAILS).toBeGreaterThan(runs(30, 60));
  expect(seen.UNKNOWN).toBeLessThan(6);
  // A request that neither side allows shows little.
  expect(seen.allowed / seen.tried).toBeGreaterThan(0.4);
  for (const count of Object.values(noticed)) expect(count).toBeGreaterThan(4);
  expect(idle).toBeGreaterThan(0);

  /** What holds fails once the new policy is wider, unless that adds nothing. */
  function widen(existing: Policy, updated: Policy): void {
    for (const what of Object.keys(noticed) as Widening[]) {
      const wider = widened(updated, what, random);
      if (wider === undefined) continue;
      const answer = proven(existing, wider, kind);
      if (answer === 'FAILS') {
        noticed[what]++;
        continue;
      }
      idle++;
      const request = refutation(existing, wider, kind, random, 300);
      if (request !== undefined) throw new Error(`not noticed: ${JSON.stringify({ existing, wider, request })}`);
    }
  }
});

it.each(KINDS)('%s: a policy allows nothing new over itself, nor over one that holds over one that holds', (kind) => {
  const random = new Random(SEED + 2);
  let chains = 0;
  for (const policy of fc.sample(policyOf(kind === 'resource'), { seed: SEED + 2, numRuns: 40 })) {
    expect(proven(policy, policy, kind)).toBe('HOLDS');
    const wide = widened(policy, 'action', random);
    const wider = wide && widened(wide, 'condition value', random);
    if (wide === undefined || wider === undefined) continue;
    chains++;
    expect(proven(wide, policy, kind)).toBe('HOLDS');
    expect(proven(wider, wide, kind)).toBe('HOLDS');
    expect(proven(wider, policy, kind)).toBe('HOLDS');
  }
  expect(chains).toBeGreaterThan(5);
  // The same with policies of which nobody knows beforehand which is the wider one.
  let found = 0;
  for (const [one, two] of pairs(kind, 40, SEED + 3)) {
    const three = { ...two, statements: two.statements.slice(0, -1) };
    const [there, on] = [proven(one, two, kind), proven(two, three, kind)];
    if (there !== 'HOLDS' || on !== 'HOLDS') continue;
    found++;
    expect(proven(one, three, kind)).toBe('HOLDS');
  }
  expect(found).toBeGreaterThan(3);
});

it('isolation is the same from either side', () => {
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
  for (const [one, two] of pairs('identity', runs(30, 60), SEED + 4)) {
    const differ = ['aws:PrincipalTag/t'];
    for (const keys of [[], differ]) {
      const there = disjoint([one], [two], 'identity', keys, OPTIONS);
      const back = disjoint([two], [one], 'identity', keys, OPTIONS);
      expect(back.kind).toBe(there.kind);
      seen[there.kind]++;
      if (there.kind !== 'FAILS') continue;
      const { left, right } = there.counterexample;
      expect(referenceAllows([one], 'identity', left)).toBe(true);
      expect(referenceAllows([two], 'identity', right)).toBe(true);
      expect([left.action, left.resource]).toStrictEqual([right.action, right.resource]);
    }
  }
  expect(seen.HOLDS).toBeGreaterThan(runs(5, 10));
  expect(seen.FAILS).toBeGreaterThan(runs(20, 40));
});

it.each(KINDS)('%s: policies are equivalent when neither allows anything new over the other', (kind) => {
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
  for (const [one, two] of pairs(kind, 40, SEED + 5)) {
    const both = [proven(one, two, kind), proven(two, one, kind)];
    const answer = equivalent([one], [two], kind, OPTIONS).kind;
    seen[answer]++;
    if (both.includes('FAILS')) expect(answer).not.toBe('HOLDS');
    else expect(answer === 'HOLDS').toBe(both.every((each) => each === 'HOLDS'));
  }
  expect(seen.HOLDS).toBeGreaterThan(3);
  expect(seen.FAILS).toBeGreaterThan(20);
});

it('the answer under a budget does not hang on what was asked before', () => {
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
  for (const [existing, updated] of pairs('identity', 40, SEED + 6)) {
    // The small budgets come first: what they break off is not there yet; afterwards everything is.
    const answers = (): readonly Proof[] =>
      [2_000, 8_000, 32_000].map((budget) => noNewAccess([existing], [updated], 'identity', { budget }));
    const before = answers();
    seen[proven(existing, updated, 'identity')]++;
    for (const { kind } of before) seen[kind]++;
    expect(answers()).toStrictEqual(before);
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});
