/** What holds for every document: no exception, bounded time, places that exist, and findings that do not depend on form. */
import fc from 'fast-check';
import type { PolicyKind } from '../../../iam/index.js';
import { POLICY_CHECKS, validatePolicy, validatePolicyText } from '../../../iam/validate/index.js';
import type { PolicyFinding } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';
import { runs } from '../../support/runs.js';

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'scp', 'rcp', 'boundary', 'session', 'vpce'];
const kind = fc.constantFrom(...KINDS);

/** Values that often look like what stands at a place, and sometimes like nothing. */
const action = fc.constantFrom(
  '*',
  's3:*',
  's3:GetObject',
  'iam:PassRole',
  'IAM:pass*',
  'sts:AssumeRole',
  'nope:X',
  'x',
  '',
  '*a*a*',
  's3:${aws:username}',
);
const arn = fc.constantFrom(
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:iam::111122223333:role/*',
  'arn:aws:s3',
  'arn',
  '',
  'arn:aws:sqs:*:*:*',
  'arn:aws:s3:::${aws:username}',
  'arn:aws:s3:::${',
  'arn:aws:lambda:eu-central-1:111122223333:function:f:1',
  'arn:*:*:*:*:*',
);
const scalar = fc.oneof(
  action,
  arn,
  fc.string({ maxLength: 8 }),
  fc.boolean(),
  fc.integer(),
  fc.constant(null),
  fc.constantFrom('10.0.0.0/8', 'true', '2026-01-01', '${aws:PrincipalTag/a}', '::1/3', 'o-*', '${}'),
);
const oneOrList = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(item, fc.array(item, { maxLength: 4 }));
const key = fc.constantFrom(
  'aws:SourceIp',
  'aws:PrincipalOrgID',
  'aws:TagKeys',
  'aws:ResourceTag/Team',
  'aws:CurrentTime',
  'aws:userid',
  's3:prefix',
  'iam:PassedToService',
  'aws:SecureTransport',
  'nope:key',
  'key',
  '',
  'gitlab.com:aud',
  '__proto__',
  'constructor',
);
const operator = fc.constantFrom(
  'StringEquals',
  'stringlike',
  'ForAllValues:StringLike',
  'ForAnyValue:StringNotLikeIfExists',
  'Null',
  'Bool',
  'IpAddress',
  'NotIpAddress',
  'DateLessThan',
  'NumericGreaterThan',
  'ArnLike',
  'BinaryEquals',
  'NullIfExists',
  'Nope',
  'DateGreaterThan',
  'NumericLessThan',
);
const condition = fc.dictionary(operator, fc.oneof(fc.dictionary(key, oneOrList(scalar), { maxKeys: 3 }), scalar), {
  maxKeys: 3,
});
const principal = fc.oneof(
  fc.constant('*'),
  fc.dictionary(
    fc.constantFrom('AWS', 'Service', 'Federated', 'CanonicalUser', 'Nope'),
    oneOrList(
      fc.constantFrom(
        '*',
        '111122223333',
        'arn:aws:iam::111122223333:root',
        'lambda.amazonaws.com',
        'accounts.google.com',
        'AROACKCEVSQ6C2EXAMPLE',
        '',
      ),
    ),
    { maxKeys: 3 },
  ),
  scalar,
);
const statement = fc.record(
  {
    Sid: fc.constantFrom('A', 'B', '', 1),
    Effect: fc.constantFrom('Allow', 'Deny', 'allow', 1),
    Principal: principal,
    NotPrincipal: principal,
    Action: oneOrList(fc.oneof(action, scalar)),
    NotAction: oneOrList(action),
    Resource: oneOrList(fc.oneof(arn, scalar)),
    NotResource: oneOrList(arn),
    Condition: fc.oneof(condition, scalar),
  },
  { requiredKeys: ['Effect'] },
);
const policy = fc.record(
  {
    Version: fc.constantFrom('2012-10-17', '2008-10-17', '2020-01-01', 1),
    Statement: fc.oneof(
      statement,
      fc.array(fc.oneof({ weight: 8, arbitrary: statement }, { weight: 1, arbitrary: scalar }), { maxLength: 5 }),
      scalar,
    ),
  },
  { requiredKeys: ['Statement'] },
);

/** Whether a path leads to a value of the document. */
function exists(value: unknown, path: PolicyFinding['path']): boolean {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return false;
    here = (here as Readonly<Record<string | number, unknown>>)[step];
  }
  return true;
}

it('never throws, and says only what the table knows, at places that exist', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.oneof({ weight: 9, arbitrary: policy }, { weight: 1, arbitrary: fc.jsonValue() }),
      kind,
      (document, where) => {
        const findings = validatePolicy(document as Value, where);
        for (const { code, type, path } of findings) {
          seen.add(code);
          // Hundreds of thousands of findings: matchers would take longer than the checks.
          if (POLICY_CHECKS.get(code)?.type !== type) throw new Error(`${code} is no ${type}`);
          if (!exists(document, path)) throw new Error(`${code} is told at no place: ${path.join('/')}`);
        }
      },
    ),
    { numRuns: runs(1_500, 3_000) },
  );
  // The pool reaches a good part of the table, else the property says little.
  expect(seen.size).toBeGreaterThan(runs(80, 90));
});

it('never throws on any text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        policy.map((each) => JSON.stringify(each, null, 1)),
      ),
      kind,
      (text, where) => {
        for (const { location } of validatePolicyText(text, where, 'p.json').findings) {
          if (location.start < 0 || location.end > text.length) throw new Error(JSON.stringify(location));
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('finds the same in a single statement and in a list of one, in a single text and in a list of one', () => {
  const codes = (document: unknown, where: PolicyKind): string[] =>
    validatePolicy(document as Value, where)
      .map(({ code }) => code)
      .sort();
  fc.assert(
    fc.property(statement, kind, (single, where) => {
      const wrapped = Object.fromEntries(
        Object.entries(single).map(([name, part]) => [
          name,
          typeof part === 'string' && /Action|Resource/.test(name) ? [part] : part,
        ]),
      );
      const version = '2012-10-17';
      expect(codes({ Version: version, Statement: [wrapped] }, where)).toStrictEqual(
        codes({ Version: version, Statement: single }, where),
      );
    }),
    { numRuns: runs(200, 400) },
  );
});

// A search that tries every way would not end here; how the time grows is a row of the bench.
describe('ends', () => {
  const codesOf = (document: unknown): readonly string[] => [
    ...new Set(validatePolicy(document as Value, 'identity').map(({ code }) => code)),
  ];
  const tooLong = 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA';
  /** The number of comparisons was cut off. */
  const cutOff = 'IAM4090';
  const many = (count: number, make: (index: number) => object): object => ({
    Version: '2012-10-17',
    Statement: Array.from({ length: count }, (_, index) => make(index)),
  });

  it('with 4,000 statements', () => {
    expect(
      codesOf(
        many(4_000, (index) => ({
          Effect: index % 2 ? 'Allow' : 'Deny',
          Action: [`s3:Get*`, 's3:PutObject'],
          Resource: `arn:aws:s3:::bucket-${index}/*`,
        })),
      ),
    ).toStrictEqual([cutOff, tooLong]);
  });

  it('with 4,000 statements of wildcards', () => {
    expect(
      codesOf(
        many(4_000, (index) => ({
          Effect: 'Allow',
          Action: `s3:*a*e*${index}*`,
          Resource: `arn:aws:s3:::*a*a*${index}*`,
        })),
      ),
    ).toStrictEqual([tooLong, 'INVALID_ACTION', 'IAM4007']);
  });

  it('with patterns made to be slow', () => {
    expect(
      codesOf(
        many(20, () => ({
          Effect: 'Allow',
          Action: `s3:${'*a'.repeat(2_000)}*b`,
          Resource: `arn:aws:s3:::${'*a'.repeat(2_000)}*b`,
        })),
      ),
    ).toStrictEqual([tooLong, 'INVALID_ACTION', 'REDUNDANT_STATEMENT']);
    expect(
      codesOf(
        many(1, () => ({
          Effect: 'Allow',
          Action: Array.from({ length: 500 }, (_, index) => `*:${'*a'.repeat(60)}${index}`),
          Resource: Array.from({ length: 500 }, (_, index) => `arn:aws:iam::*:${'*a?'.repeat(300)}${index}`),
        })),
      ),
    ).toStrictEqual([cutOff, tooLong, 'INVALID_SERVICE_IN_ACTION']);
  });

  it('with deep documents', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth += 1) deep = depth % 2 ? [deep] : { a: deep };
    expect(codesOf({ Version: '2012-10-17', Statement: deep }).length).toBeGreaterThan(0);
    expect(
      codesOf(many(1, () => ({ Effect: 'Allow', Action: deep, Resource: '*', Condition: deep }))).length,
    ).toBeGreaterThan(0);
    expect(codesOf(many(1, () => ({ Effect: deep, Action: '*', Resource: '*' }))).length).toBeGreaterThan(0);
    const text = `{"Version":"2012-10-17","Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(validatePolicyText(text, 'identity', 'p.json').findings.length).toBeGreaterThan(0);
  });

  it('with one condition of many values', () => {
    expect(
      codesOf(
        many(1, () => ({
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '*',
          Condition: {
            IpAddress: { 'aws:SourceIp': Array.from({ length: 50_000 }, (_, index) => `203.0.${index % 256}.0/24`) },
          },
        })),
      ),
    ).toStrictEqual([tooLong]);
  });
});
