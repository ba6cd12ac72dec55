/** Statements and requests from small pools, so that statements meet each other and requests meet statements. */
import fc from 'fast-check';
import type { Condition, Policy, Request, Statement } from '../../../iam/index.js';

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:Put*',
  's3:*',
  's3:DeleteBucket',
  'sqs:SendMessage',
  'sqs:*Message',
  'sqs:DeleteQueue',
  'SQS:deletequeue',
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
  's3:NoSuchAction',
];
const RESOURCES = [
  '*',
  'arn:aws:s3:::a',
  'arn:aws:s3:::a/*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::${aws:PrincipalAccount}/*',
];

const element = (pool: readonly string[]): fc.Arbitrary<Statement['action']> =>
  fc.record({
    negated: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
    patterns: fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 4 }),
  });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'),
    ifExists: fc.boolean(),
    key: fc.constantFrom('aws:RequestedRegion', 'aws:PrincipalTag/team'),
    values: fc.uniqueArray(fc.constantFrom('eu-west-1', 'eu-*', 'us-east-1', 'x'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals'),
    qualifier: fc.constantFrom('ForAllValues', 'ForAnyValue'),
    ifExists: fc.constant(false),
    key: fc.constant('aws:TagKeys'),
    values: fc.uniqueArray(fc.constantFrom('team', 'cost', 'x'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    operator: fc.constant('Null'),
    ifExists: fc.constant(false),
    key: fc.constantFrom('aws:PrincipalTag/team', 'aws:TagKeys'),
    values: fc.constantFrom(['true'], ['false']),
  }),
);

const conditions = fc
  .array(condition, { maxLength: 2 })
  .map((list) =>
    list.filter(
      (one, index) =>
        list.findIndex(
          (other) =>
            [other.operator, other.qualifier, other.ifExists, other.key].join() ===
            [one.operator, one.qualifier, one.ifExists, one.key].join(),
        ) === index,
    ),
  );

/** A statement that denies. */
export const denial: fc.Arbitrary<Statement> = fc.record({
  effect: fc.constant('Deny'),
  action: element(ACTIONS),
  resource: element(RESOURCES),
  conditions,
});

/** Statements of which two differ in one part only, as those that can be merged do. */
export const denials: fc.Arbitrary<readonly Statement[]> = fc
  .tuple(
    fc.array(denial, { minLength: 1, maxLength: 3 }),
    denial,
    fc.constantFrom('action', 'resource', 'conditions'),
    fc.boolean(),
  )
  .map(([statements, other, part, isAlone]) =>
    isAlone ? statements : [...statements, { ...statements[0]!, [part]: other[part] }],
  );

export const request: fc.Arbitrary<Request> = fc
  .record({
    principal: fc.constantFrom(
      'arn:aws:iam::111122223333:role/app',
      'arn:aws:iam::111122223333:user/bob',
      'arn:aws:iam::111122223333:root',
    ),
    action: fc.constantFrom(
      's3:GetObject',
      's3:PutObject',
      's3:PutBucketPolicy',
      's3:DeleteBucket',
      'sqs:SendMessage',
      'sqs:ReceiveMessage',
      'sqs:DeleteQueue',
      'sqs:PurgeQueue',
      'cloudtrail:StopLogging',
      'cloudtrail:StartLogging',
    ),
    resource: fc.constantFrom('arn:aws:s3:::a', 'arn:aws:s3:::a/k', 'arn:aws:s3:::b/k', 'arn:aws:s3:::111122223333/k'),
    region: fc.constantFrom(undefined, 'eu-west-1', 'eu-north-1', 'us-east-1', 'x'),
    team: fc.constantFrom(undefined, 'eu-west-1', 'x', 'y'),
    keys: fc.constantFrom(undefined, [], ['team'], ['team', 'cost'], ['cost', 'y']),
  })
  .map(({ region, team, keys, ...rest }) => ({
    ...rest,
    context: {
      ...(region === undefined ? {} : { 'aws:RequestedRegion': region }),
      ...(team === undefined ? {} : { 'aws:PrincipalTag/team': team }),
      ...(keys === undefined ? {} : { 'aws:TagKeys': keys }),
    },
  }));

/** The policy that AWS attaches everywhere. */
export const FULL_ACCESS: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
