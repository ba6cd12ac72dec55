/** Resource patterns that stand for all of another one: whatever the inner one denies, the outer one denies by the reference. */
import fc from 'fast-check';
import { referenceEvaluate } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { coversResource } from '../../../scp/pack/index.js';
import { FULL_ACCESS } from './statements.js';

const NONE = { identity: [FULL_ACCESS], boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };

function denies(pattern: string, resource: string): boolean {
  const policy: Policy = {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Deny',
        action: { negated: false, patterns: ['*'] },
        resource: { negated: false, patterns: [pattern] },
        conditions: [],
      },
    ],
  };
  const request = { principal: 'arn:aws:iam::111122223333:role/app', action: 's3:GetObject', resource, context: {} };
  return referenceEvaluate(request, { ...NONE, scps: [[FULL_ACCESS, policy]] }).decision === 'EXPLICIT_DENY';
}

const text = (...pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((list) => list.join(''));
const arn = (partition: fc.Arbitrary<string>, service: fc.Arbitrary<string>, rest: fc.Arbitrary<string>) =>
  fc.tuple(partition, service, rest).map((parts) => `arn:${parts.join(':')}`);
const pattern = fc.oneof(
  arn(text('aws', '*', '?', 'x'), text('s3', '*', 'a'), text(':', '::', 'a', 'b', '*', '?', '/')),
  fc.tuple(fc.constant('arn:'), text('*', 'a', ':', 'aws', '?', 's3')).map((parts) => parts.join('')),
  fc.constantFrom('*', '**', 'a*', '*a', '?'),
);
const resource = fc.oneof(
  arn(
    fc.constantFrom('aws', 'awsx'),
    fc.constantFrom('s3', 'a', 's3a'),
    text(':', '::', 'a', 'b', '/').map((rest) => `::${rest}`),
  ),
  fc.constantFrom('*', 'arn:aws:s3:::xa', 'arn:aws:s3:::a/b'),
);

it('covers nothing that the outer pattern does not deny', () => {
  let [covered, met] = [0, 0];
  fc.assert(
    fc.property(pattern, pattern, fc.array(resource, { minLength: 20, maxLength: 20 }), (outer, inner, resources) => {
      if (outer === inner || !coversResource(outer, inner)) return;
      covered++;
      for (const one of resources) {
        if (!denies(inner, one)) continue;
        met++;
        expect([outer, inner, one, denies(outer, one)]).toStrictEqual([outer, inner, one, true]);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(covered).toBeGreaterThan(100);
  expect(met).toBeGreaterThan(100);
});

it.each([
  ['arn:*a', 'arn:aws:s3:::xa', false],
  ['arn:aws:s3*', 'arn:aws:s3:::xa', true],
  ['arn:aws:s3:::*', 'arn:aws:s3:::a/*', true],
  ['arn:aws:s3:::a', 'arn:aws:s3:::a/*', false],
  ['arn:*:s3:::a*', 'arn:aws:s3:::a/b', true],
  ['*', '*', true],
  ['a*', '*', false],
])('%s over %s: %p', (outer, inner, expected) => {
  expect(coversResource(outer, inner)).toBe(expected);
});
