/** Packed policies decide as the original ones: by the reference on generated sets, and case by case. */
import fc from 'fast-check';
import { wildcardMatch } from '../../../catalogue/iam/index.js';
import { printPolicy, readPolicy, referenceEvaluate } from '../../../iam/index.js';
import type { Policy, Request, Statement } from '../../../iam/index.js';
import { compact, covers, fill } from '../../../scp/pack/index.js';
import type { CompactOptions } from '../../../scp/pack/index.js';
import { denials, FULL_ACCESS, request } from './statements.js';

const NONE = { identity: [FULL_ACCESS], boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };
const OPTIONS: CompactOptions = { kind: 'scp', wildcards: 'characters' };

function decisionOf(documents: readonly Policy[], one: Request): string {
  return referenceEvaluate(one, { ...NONE, scps: [[FULL_ACCESS, ...documents]] }).decision;
}

function read(text: string): Policy {
  const { policy, diagnostics } = readPolicy(text, 'scp', 'policy.json');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toStrictEqual([]);
  return policy!;
}

const policy = (...statements: readonly object[]): Policy =>
  read(JSON.stringify({ Version: '2012-10-17', Statement: statements }));

function packed(...statements: readonly object[]): readonly unknown[] {
  const { statements: result, steps } = compact([policy(...statements)], OPTIONS);
  expect(steps.filter(({ proof }) => proof !== 'HOLDS')).toStrictEqual([]);
  const { Statement } = JSON.parse(printPolicy({ statements: result })) as { readonly Statement: readonly unknown[] };
  return Statement;
}

const size = (statements: readonly Statement[]): number => printPolicy({ statements }, 0).length;

const NARROWER = { operator: 'Bool', ifExists: false, key: 'aws:SecureTransport', values: ['false'] } as const;

it('decides as before, is never larger, and reads back', () => {
  let [merged, dropped, shortened] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.array(denials, { minLength: 1, maxLength: 3 }),
      fc.array(request, { minLength: 40, maxLength: 40 }),
      (lists, requests) => {
        // A narrower copy of a statement: what there is to drop.
        const copy = lists[0]![0]!;
        const narrower = { ...copy, conditions: [...copy.conditions, NARROWER] };
        const before = [...lists, [narrower]].map((statements): Policy => ({ version: '2012-10-17', statements }));
        const { statements, steps, shortened: short } = compact(before, OPTIONS);
        merged += steps.filter(({ step }) => step === 'merged').length;
        dropped += steps.filter(({ step }) => step === 'dropped').length;
        shortened += short.length;
        // A merge that a proof refutes is a law that is none; the proof is there for the day on which one slips in.
        expect(steps.filter(({ proof }) => proof === 'FAILS')).toStrictEqual([]);
        const after: Policy = { version: '2012-10-17', statements };
        for (const one of requests) {
          expect([one, decisionOf([after], one)]).toStrictEqual([one, decisionOf(before, one)]);
        }
        expect(size(statements)).toBeLessThanOrEqual(size(before.flatMap((each) => each.statements)));
        expect(read(printPolicy(after, 0))).toStrictEqual(after);
      },
    ),
    { numRuns: 40 },
  );
  expect(Math.min(merged, dropped, shortened)).toBeGreaterThan(2);
});

describe('puts together', () => {
  it('statements about different actions', () => {
    expect(
      packed(
        { Sid: 'A', Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' },
        { Sid: 'B', Effect: 'Deny', Action: ['sqs:DeleteQueue', 'SQS:DELETEQUEUE'], Resource: ['*'] },
      ),
    ).toStrictEqual([{ Effect: 'Deny', Action: ['cloudtrail:StopL*', 'sqs:DeleteQ*'], Resource: '*' }]);
  });

  it('statements about different resources, and those that others cover go', () => {
    expect(
      packed(
        { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::a/b/*' },
        { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::a/*' },
        { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::c' },
      ),
    ).toStrictEqual([{ Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::c'] }]);
  });

  it('not resources that differ in case', () => {
    const resources = ['arn:aws:s3:::A/b', 'arn:aws:s3:::a/*'];
    expect(packed({ Effect: 'Deny', Action: 's3:*', Resource: resources })).toMatchObject([{ Resource: resources }]);
  });

  it('values of a condition that are alternatives', () => {
    const statement = (region: string): object => ({
      Effect: 'Deny',
      Action: 'ec2:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': region }, Bool: { 'aws:ViaAWSService': 'false' } },
    });
    expect(packed(statement('us-east-1'), statement('us-west-2'))).toMatchObject([
      { Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'us-west-2'] } } },
    ]);
  });

  it.each(['StringNotEquals', 'ForAllValues:StringEquals', 'Bool'])('not those of %s', (operator) => {
    const statement = (value: string): object => ({
      Effect: 'Deny',
      Action: 'ec2:*',
      Resource: '*',
      Condition: { [operator]: { 'aws:TagKeys': value } },
    });
    expect(packed(statement('true'), statement('false')).length).toBeGreaterThanOrEqual(
      operator === 'StringNotEquals' ? 1 : 2,
    );
    expect(JSON.stringify(packed(statement('true'), statement('false')))).not.toContain('["');
  });

  it('not elements that say what is not meant', () => {
    const statement = (action: string): object => ({ Effect: 'Deny', NotAction: action, Resource: '*' });
    const found = packed(statement('iam:*'), statement('sts:*'));
    expect(found).toHaveLength(2);
  });
});

it('drops what another statement denies already', () => {
  expect(
    packed(
      {
        Effect: 'Deny',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::a/*',
        Condition: { Bool: { 'aws:ViaAWSService': 'false' } },
      },
      { Effect: 'Deny', Action: 's3:Put*', Resource: '*' },
    ),
  ).toStrictEqual([{ Effect: 'Deny', Action: 's3:Put*', Resource: '*' }]);
});

it('keeps the names of actions in statements that allow, and of those that are exempt', () => {
  const names = ['iam:AddClientIDToOpenIDConnectProvider', 'iam:AddRoleToInstanceProfile', 'iam:AddUserToGroup'];
  const statements = [
    { Effect: 'Allow', Action: names, Resource: '*' },
    { Effect: 'Deny', NotAction: names, Resource: '*' },
  ];
  expect(packed(...statements)).toStrictEqual(statements);
});

it('does not take a step that a proof does not stand behind', () => {
  const statement = (action: string): object => ({ Effect: 'Deny', Action: action, Resource: '*' });
  const both = policy(statement('s3:GetObject'), statement('sqs:SendMessage'));
  const { statements, steps } = compact([both], { ...OPTIONS, budget: 1 });
  expect(steps.map(({ proof }) => proof)).toStrictEqual(['UNKNOWN']);
  expect(statements).toHaveLength(2);
});

describe('fill', () => {
  const statements = (count: number, length: number): readonly Statement[] =>
    Array.from({ length: count }, (_, index) => ({
      effect: 'Deny',
      action: { negated: false, patterns: ['s3:*'] },
      resource: { negated: false, patterns: [`arn:aws:s3:::${index}${'x'.repeat(length)}`] },
      conditions: [],
    }));

  it('keeps to the size and the slots, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        (lengths, slots) => {
          const all = lengths.flatMap((length) => statements(1, length));
          const { documents, overflow } = fill(all, { size: 600, slots });
          expect(documents.length).toBeLessThanOrEqual(slots);
          for (const document of documents) expect(printPolicy(document, 0).length).toBeLessThanOrEqual(600);
          // Each of these statements has room in a document of its own.
          if (overflow !== undefined) expect(documents).toHaveLength(slots);
          const found = [...documents.flatMap((one) => one.statements), ...(overflow?.statements ?? [])];
          const texts = (list: readonly Statement[]): readonly string[] =>
            list.map((one) => JSON.stringify(one)).toSorted();
          expect(texts(found)).toStrictEqual(texts(all));
        },
      ),
    );
  });

  it('splits a statement that is larger than a document', () => {
    const [first] = statements(1, 1);
    const patterns = Array.from({ length: 40 }, (_, index) => `arn:aws:s3:::bucket-${index}`);
    const { documents, overflow } = fill([{ ...first!, resource: { negated: false, patterns } }], {
      size: 400,
      slots: 9,
    });
    expect(overflow).toBeUndefined();
    expect(
      documents.flatMap((one) => one.statements.flatMap(({ resource }) => resource!.patterns)).toSorted(),
    ).toStrictEqual(patterns.toSorted());
  });

  it('says by how much it does not fit, and what is largest', () => {
    const [large] = statements(1, 900);
    const { documents, overflow } = fill([...statements(3, 100), large!], { size: 300, slots: 2 });
    expect(documents).toHaveLength(2);
    expect(overflow).toMatchObject({ documents: 2 });
    expect(overflow!.largest[0]).toContain('x'.repeat(900));
  });
});

describe('covers', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });

  it('is true only when every text of the inner pattern is one of the outer', () => {
    let yes = 0;
    fc.assert(
      fc.property(
        pattern,
        pattern,
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 3 }), { minLength: 6, maxLength: 6 }),
        (outer, inner, fills) => {
          if (!covers(outer, inner)) return;
          yes++;
          let next = 0;
          const text = inner.replace(/[*?]/g, (sign) => {
            const fill = fills[next++] ?? '';
            return sign === '*' ? fill : (fill[0] ?? 'c');
          });
          expect([outer, text, wildcardMatch(outer, text)]).toStrictEqual([outer, text, true]);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(yes).toBeGreaterThan(300);
  });

  it.each([
    ['a*', 'a*b*', true],
    ['*', 'a?', true],
    ['a?', 'a?', true],
    ['a*b', 'a*cb', true],
    ['a?', 'a*', false],
    ['a*', '*a', false],
    ['ab', 'a?', false],
  ])('%s, %s: %s', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });
});
