/** What an identity may newly do by its policies within its boundary: the prover against the reference. */
import fc from 'fast-check';
import { compilePolicies, evaluate, referenceEvaluate } from '../../../iam/index.js';
import type { Policy, Request } from '../../../iam/index.js';
import { noNewPermissions } from '../../../iam/prove/index.js';
import type { Permissions, Proof } from '../../../iam/prove/index.js';
import { Random } from '../../support/random.js';
import { runs } from '../../support/runs.js';
import { pairOf } from './generated.js';
import { Nearby } from './near.js';

const SEED = 20_261;
const OPTIONS = { budget: 2_000_000 };
const OTHERS = { session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null };

const allow = (action: string, conditions: Policy['statements'][0]['conditions'] = []): Policy => ({
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: [action] },
      resource: { negated: false, patterns: ['*'] },
      conditions,
    },
  ],
});
const FULL = allow('*');

/** What a person reads in the page on boundaries: both must allow, and neither may deny. */
function permits({ identity, boundary }: Permissions, request: Request): boolean {
  const one = referenceEvaluate(request, { ...OTHERS, identity, boundary: null }).layers.identity;
  if (boundary === null) return one === 'ALLOW';
  const two = referenceEvaluate(request, { ...OTHERS, identity: boundary, boundary: null }).layers.identity;
  return one === 'ALLOW' && two === 'ALLOW';
}

/** The compiled evaluator's word; it is quick enough for many requests. */
function quickly({ identity, boundary }: Permissions): (request: Request) => boolean {
  const set = compilePolicies({ ...OTHERS, identity, boundary });
  return (request) => {
    const { layers } = evaluate(set, request);
    return layers.identity === 'ALLOW' && (boundary === null || layers.boundary === 'ALLOW');
  };
}

function proven(before: Permissions, after: Permissions, arns?: readonly string[]): Proof['kind'] {
  const proof = noNewPermissions(before, after, arns, OPTIONS);
  const shown = JSON.stringify({ before, after });
  if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') throw new Error(`does not replay: ${shown}`);
  if (proof.kind !== 'FAILS') return proof.kind;
  const { counterexample } = proof;
  if (!permits(after, counterexample) || permits(before, counterexample)) throw new Error(`shows nothing: ${shown}`);
  const caller = counterexample.sessionIssuer ?? counterexample.principal;
  if (arns !== undefined && !arns.includes(caller as string)) {
    throw new Error(`somebody else: ${JSON.stringify(caller)}`);
  }
  return 'FAILS';
}

const pair = pairOf(false);
/** Boundaries before and after: none, full, one, or one that is changed. */
const boundaries: fc.Arbitrary<readonly [Permissions['boundary'], Permissions['boundary']]> = fc
  .tuple(pair, fc.nat(7))
  .map(([[one, two], form]) => {
    const forms = [
      [null, null],
      [null, [one]],
      [[one], null],
      [[FULL], [one]],
      [[one], [FULL]],
      [[one, two], [two]],
    ] as const;
    return forms[form] ?? [[one], [two]];
  });

it('counterexamples replay, and what holds survives requests near all policies', () => {
  const random = new Random(SEED);
  const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0, bounded: 0, allowed: 0 };
  for (const [[one, two], [was, is]] of fc.sample(fc.tuple(pair, boundaries), { seed: SEED, numRuns: runs(80, 600) })) {
    const [before, after]: Permissions[] = [
      { identity: [one], boundary: was },
      { identity: [two], boundary: is },
    ] as const;
    const answer = proven(before, after);
    seen[answer]++;
    if (answer !== 'HOLDS') continue;
    seen.bounded += Number(was !== null || is !== null);
    const near = new Nearby([one, two, ...(was ?? []), ...(is ?? [])], 'identity', random);
    const [could, can] = [quickly(before), quickly(after)];
    for (let count = 0; count < 60; count++) {
      const request = near.draw();
      const isNew = can(request) && !could(request);
      seen.allowed += Number(could(request));
      if (isNew) throw new Error(`HOLDS is refuted: ${JSON.stringify({ before, after, request })}`);
    }
  }
  expect(seen.HOLDS).toBeGreaterThan(runs(20, 150));
  expect(seen.FAILS).toBeGreaterThan(runs(20, 150));
  expect(seen.bounded).toBeGreaterThan(runs(10, 100));
  expect(seen.allowed).toBeGreaterThan(runs(100, 1_000));
  expect(seen.UNKNOWN).toBeLessThan(runs(4, 30));
});

it('a boundary that comes adds nothing, and one that goes adds what it kept back', () => {
  let kept = 0;
  const random = new Random(SEED + 1);
  for (const [identity, limit] of fc.sample(pair, { seed: SEED + 1, numRuns: runs(30, 150) })) {
    const [free, bounded]: readonly [Permissions, Permissions] = [
      { identity: [identity], boundary: null },
      { identity: [identity], boundary: [limit] },
    ];
    expect(proven(free, bounded)).toBe('HOLDS');
    expect(proven(bounded, bounded)).toBe('HOLDS');
    const near = new Nearby([identity, limit], 'identity', random);
    const requests = Array.from({ length: 60 }, () => near.draw());
    const isKept = requests.some((request) => permits(free, request) && !permits(bounded, request));
    if (!isKept) continue;
    kept++;
    expect(proven(bounded, free)).toBe('FAILS');
  }
  expect(kept).toBeGreaterThan(runs(5, 25));
});

describe('particular cases', () => {
  const red = { operator: 'StringEquals', ifExists: false, key: 'aws:PrincipalTag/team', values: ['red'] } as const;
  const own = (...names: readonly string[]): readonly string[] =>
    names.map((name) => `arn:aws:iam::111122223333:${name}`);

  it.each<[string, Permissions, Permissions, readonly string[] | undefined, Proof['kind']]>([
    [
      'an empty boundary permits nothing',
      { identity: [], boundary: null },
      { identity: [FULL], boundary: [] },
      undefined,
      'HOLDS',
    ],
    [
      'an empty boundary that goes',
      { identity: [FULL], boundary: [] },
      { identity: [FULL], boundary: null },
      undefined,
      'FAILS',
    ],
    [
      'the boundary alone grants nothing',
      { identity: [], boundary: null },
      { identity: [], boundary: [FULL] },
      undefined,
      'HOLDS',
    ],
    [
      'a boundary in place of a narrow policy',
      { identity: [allow('s3:*')], boundary: [FULL] },
      { identity: [FULL], boundary: [allow('s3:*')] },
      undefined,
      'HOLDS',
    ],
    [
      'a condition that moves to the boundary',
      { identity: [allow('s3:*', [red])], boundary: null },
      { identity: [allow('s3:*')], boundary: [allow('*', [red])] },
      undefined,
      'HOLDS',
    ],
    [
      'a condition that goes',
      { identity: [allow('s3:*', [red])], boundary: [FULL] },
      { identity: [allow('s3:*')], boundary: [FULL] },
      undefined,
      'FAILS',
    ],
    ['of one role', { identity: [], boundary: null }, { identity: [FULL], boundary: null }, own('role/p/r'), 'FAILS'],
    ['of one user', { identity: [], boundary: null }, { identity: [FULL], boundary: null }, own('user/u'), 'FAILS'],
  ])('%s', (_name, before, after, arns, kind) => {
    expect(proven(before, after, arns)).toBe(kind);
  });

  it('somebody who is not meant is no counterexample', () => {
    const mine = { operator: 'ArnEquals', ifExists: false, key: 'aws:PrincipalArn', values: own('role/p/r') } as const;
    const [before, after]: readonly [Permissions, Permissions] = [
      { identity: [], boundary: null },
      { identity: [allow('*', [mine])], boundary: null },
    ];
    expect(proven(before, after, own('role/p/r'))).toBe('FAILS');
    expect(proven(before, after, own('user/u'))).toBe('HOLDS');
  });
});
