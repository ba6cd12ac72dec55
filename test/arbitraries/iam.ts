/**
 * Generated policies and requests. Everything comes from small pools, so that requests and statements meet often; free
 * texts would nearly always end in an implicit deny.
 */
import fc from 'fast-check';
import { CONDITION_OPERATORS } from '../../iam/index.js';
import type {
  ApplicablePolicies,
  Condition,
  ConditionOperator,
  PatternElement,
  Policy,
  Principal,
  ReferenceOptions,
  Request,
  Statement,
} from '../../iam/index.js';

export const OWN = '111122223333';
export const OTHER = '444455556666';

/** A caller and what the request tells about it. */
type CallerFields = Pick<Request, 'principal' | 'sessionIssuer'> & { readonly principalArn?: string };

const own = (rest: string): string => `arn:aws:iam::${OWN}:${rest}`;
const ownSession = (rest: string): string => `arn:aws:sts::${OWN}:${rest}`;

export const CALLERS: readonly CallerFields[] = [
  { principal: own('user/alice') },
  { principal: own('user/team/bob') },
  { principal: own('role/app') },
  { principal: own('role/path/app') },
  { principal: ownSession('assumed-role/app/s1') },
  { principal: ownSession('assumed-role/app/s1'), principalArn: own('role/path/app') },
  { principal: ownSession('assumed-role/app/s1'), sessionIssuer: own('role/path/app') },
  {
    principal: ownSession('assumed-role/AWSServiceRoleForX/s'),
    sessionIssuer: own('role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX'),
  },
  { principal: ownSession('federated-user/carol') },
  { principal: ownSession('federated-user/carol'), sessionIssuer: own('user/alice') },
  { principal: own('root') },
  { principal: `arn:aws:iam::${OTHER}:user/alice` },
  { principal: `arn:aws-us-gov:iam::${OWN}:user/alice` },
  { principal: { service: 'lambda.amazonaws.com' } },
  { principal: { federated: 'accounts.google.com' } },
  { principal: 'anonymous' },
];

export const callerFields = fc.constantFrom(...CALLERS);

export const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:GetBucketAcl',
  'S3:getobject',
  'iam:PassRole',
  'kms:Decrypt',
  'kms:RetireGrant',
  'sts:AssumeRole',
  'sts:TagSession',
] as const;

export const action = fc.constantFrom(...ACTIONS);

export const actionPattern = fc.oneof(
  { arbitrary: fc.constant('*'), weight: 3 },
  {
    arbitrary: fc.constantFrom('*', 's3:*', 's3:Get*', '*:*', 'kms:*', 'sts:*', 's3:*Object', 's3:?etObject'),
    weight: 3,
  },
  { arbitrary: action, weight: 1 },
  {
    arbitrary: fc.constantFrom('iam:*', 's3:G*t*Ob*', 'S3:GET*', 's3:GetObject?', 's3:', '?3:*', 's3:GetObjec'),
    weight: 1,
  },
);

export const RESOURCES = [
  'arn:aws:s3:::b/alice/x',
  'arn:aws:s3:::b/red/y:z',
  'arn:aws:s3:::b',
  'arn:aws-us-gov:s3:::b/alice/x',
  `arn:aws:iam::${OWN}:role/path/app`,
  `arn:aws:kms:eu-west-1:${OWN}:key/k1`,
  `arn:aws:kms:eu-west-1:${OTHER}:key/k1`,
  `arn:aws:sqs:eu-west-1:${OTHER}:q`,
  '*',
] as const;

export const resource = fc.constantFrom(...RESOURCES);

export const resourcePattern = fc.oneof(
  { arbitrary: fc.constant('*'), weight: 9 },
  {
    arbitrary: fc.constantFrom(
      'arn:aws:s3:::b/*',
      'arn:aws:s3:::b*',
      'arn:*:s3:::b/*',
      'arn:aws:s3:::b/${aws:username}/*',
      'arn:aws:s3:::b/${aws:PrincipalTag/team}/*',
      "arn:aws:s3:::b/${aws:PrincipalTag/team, 'red'}/*",
      'arn:aws:s3:::b/${*}/*',
      'arn:aws:s3:::${aws:TagKeys}/*',
      `arn:aws:kms:*:${OWN}:key/*`,
      'arn:aws:kms:*',
      'arn:aws:iam',
      'arn:aws:sqs:*:q',
      `arn:aws:iam::\${aws:PrincipalAccount}:role/*`,
      `arn:aws:*::${OWN}:role/path/app`,
      'arn:aws:s3:::b/?lice/x',
      '?',
      '**',
    ),
    weight: 3,
  },
  { arbitrary: resource, weight: 1 },
);

const element = (pattern: fc.Arbitrary<string>): fc.Arbitrary<PatternElement> =>
  fc.oneof(
    {
      arbitrary: fc.record({
        negated: fc.constant(false),
        patterns: fc.array(pattern, { minLength: 1, maxLength: 3 }),
      }),
      weight: 7,
    },
    {
      arbitrary: fc.record({ negated: fc.constant(true), patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }) }),
      weight: 1,
    },
  );

/** Values that a key may have in requests, and that conditions may ask for, by kind of operator. */
interface KeyPool {
  readonly key: string;
  readonly operators: readonly ConditionOperator[];
  readonly given: readonly string[];
  readonly wanted: readonly string[];
}

const operatorsWith = (word: RegExp): ConditionOperator[] => CONDITION_OPERATORS.filter((name) => word.test(name));
const STRINGS = operatorsWith(/^String/);
const ARNS = operatorsWith(/^Arn/);

export const KEY_POOLS: readonly KeyPool[] = [
  {
    key: 'aws:PrincipalTag/team',
    operators: STRINGS,
    given: ['red', 'RED', 'blue', '', '*', 'a:b'],
    wanted: [
      'red',
      'r*',
      '?ed',
      '*',
      '${aws:RequestTag/team}',
      '${aws:username}',
      '${*}',
      "${aws:RequestTag/team, 'red'}",
      '',
      '*e*d*',
      '${',
    ],
  },
  {
    key: 'aws:RequestTag/team',
    operators: STRINGS,
    given: ['red', 'blue', 'Blue'],
    wanted: ['red', 'blue', '${aws:PrincipalTag/team}', '*${aws:PrincipalTag/team}*', '${$}', 'b*'],
  },
  { key: 'aws:TagKeys', operators: STRINGS, given: ['a', 'b', 'ab', 'A', ''], wanted: ['a', 'b', 'a*', '?', 'ab', ''] },
  {
    key: 's3:max-keys',
    operators: operatorsWith(/^Numeric/),
    given: ['5', '10', '10.0', '-1', '10.5', 'x', '12345678901234567890', '1e1', ''],
    wanted: ['5', '10', '010', '+10.00', '12345678901234567891', '.5', 'ten', '1E1', '-1'],
  },
  {
    key: 'aws:CurrentTime',
    operators: operatorsWith(/^Date/),
    given: [
      '2026-01-01T00:00:00Z',
      '2026-01-01T01:00:00+01:00',
      '1767225600',
      '2026',
      '2026-06-30',
      '2026-02-30',
      '1969-12-31T23:59:59.5Z',
      'now',
    ],
    wanted: [
      '2026-01-01T00:00:00Z',
      '2026',
      '2025-12-31T23:59:59.999Z',
      '1767225600',
      '1767225600.0',
      '2026-06',
      '2026-01-01T00:00Z',
      '0050-01-01',
      '-0.5',
      'soon',
      '2026-01-01T00:00:00',
    ],
  },
  {
    key: 'aws:MultiFactorAuthPresent',
    operators: ['Bool'],
    given: ['true', 'false', 'True', 'yes'],
    wanted: ['true', 'false', 'FALSE', '1'],
  },
  {
    key: 'app:Blob',
    operators: ['BinaryEquals'],
    given: ['AAE=', 'AAE', 'QUJD'],
    wanted: ['AAE=', 'AAF=', 'QUJD', '!'],
  },
  {
    key: 'aws:SourceIp',
    operators: operatorsWith(/IpAddress$/),
    given: ['10.1.2.3', '10.2.0.0', '2001:db8::1', '::ffff:10.1.2.3', '10.1.2', '10.01.2.3', '10.1.2.3/32'],
    wanted: [
      '10.1.0.0/16',
      '10.1.2.3',
      '0.0.0.0/0',
      '::/0',
      '2001:DB8::/32',
      '2001:db8:0:0:0:0:0:1',
      '10.1.2.3/33',
      '10.1.9.9/16',
      '::ffff:10.1.0.0/112',
      '10.1.2.3/',
      'any',
    ],
  },
  {
    key: 'aws:SourceArn',
    operators: [...ARNS, 'StringLike'],
    given: [`arn:aws:sns:eu-west-1:${OWN}:t`, `arn:aws:sns:eu-west-1:${OTHER}:t:x`, 'arn:aws:s3:::b', 'sns'],
    wanted: [
      `arn:aws:sns:*:${OWN}:*`,
      'arn:aws:sns:*:t',
      'arn:aws:s3:::b',
      'arn:*:*:*:*:*',
      '*',
      'arn:aws:sns:*:*:t:?',
      `arn:aws:sns:eu-west-1:\${aws:PrincipalAccount}:t`,
      'arn:aws:s3:::${aws:PrincipalTag/team}',
      '${aws:SourceArn}',
    ],
  },
  {
    key: 'aws:PrincipalArn',
    operators: [...ARNS, 'StringEquals', 'StringLike'],
    given: [],
    wanted: [own('role/app'), own('role/*'), own('role/path/app'), own('user/*'), own('root'), 'arn:*:iam::*:*', '*'],
  },
  { key: 'aws:username', operators: STRINGS, given: [], wanted: ['alice', 'bob', 'ALICE', 'a*'] },
  {
    key: 'aws:PrincipalType',
    operators: ['StringEquals', 'StringNotEquals'],
    given: [],
    wanted: ['User', 'AssumedRole', 'Anonymous', 'Account'],
  },
  { key: 'aws:PrincipalIsAWSService', operators: ['Bool'], given: [], wanted: ['true', 'false'] },
  {
    key: 'aws:PrincipalAccount',
    operators: ['StringEquals', 'StringNotEquals'],
    given: [],
    wanted: [OWN, OTHER, 'anonymous'],
  },
  {
    key: 'aws:ResourceAccount',
    operators: ['StringEquals', 'StringNotEquals'],
    given: [],
    wanted: [OWN, OTHER, '${aws:PrincipalAccount}'],
  },
  { key: 'aws:userid', operators: ['StringLike'], given: [], wanted: [OWN, `${OWN}:*`, 'anonymous'] },
  { key: 'aws:PrincipalServiceName', operators: ['StringEquals'], given: [], wanted: ['lambda.amazonaws.com'] },
];

const someCase = (text: string): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constant(text), weight: 5 }, { arbitrary: fc.constant(text.toUpperCase()), weight: 1 });

export const condition: fc.Arbitrary<Condition> = fc.constantFrom(...KEY_POOLS).chain((pool) =>
  fc.constantFrom<ConditionOperator>(...pool.operators, ...pool.operators, 'Null').chain((operator) =>
    fc
      .record({
        qualifier: fc.oneof(
          { arbitrary: fc.constant(undefined), weight: 3 },
          { arbitrary: fc.constantFrom('ForAllValues' as const, 'ForAnyValue' as const), weight: 1 },
        ),
        ifExists: operator === 'Null' ? fc.constant(false) : fc.boolean(),
        key: someCase(pool.key),
        values: fc.array(
          operator === 'Null' ? fc.constantFrom('true', 'false', 'FALSE') : fc.constantFrom(...pool.wanted),
          {
            minLength: 1,
            maxLength: operator === 'Null' ? 1 : 7,
          },
        ),
      })
      .map(({ qualifier, ...rest }) => ({ operator, ...(qualifier === undefined ? {} : { qualifier }), ...rest })),
  ),
);

export const PRINCIPALS: readonly Principal[] = [
  { kind: 'AWS', value: '*' },
  { kind: 'AWS', value: OWN },
  { kind: 'AWS', value: own('root') },
  { kind: 'AWS', value: OTHER },
  { kind: 'AWS', value: own('user/alice') },
  { kind: 'AWS', value: own('user/team/bob') },
  { kind: 'AWS', value: own('role/app') },
  { kind: 'AWS', value: own('role/path/app') },
  { kind: 'AWS', value: ownSession('assumed-role/app/s1') },
  { kind: 'AWS', value: ownSession('federated-user/carol') },
  { kind: 'AWS', value: 'AROAAAAAAAAAAAAAAAAAA' },
  { kind: 'Service', value: 'lambda.amazonaws.com' },
  { kind: 'Federated', value: 'accounts.google.com' },
  { kind: 'CanonicalUser', value: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' },
];

const principals = fc.array(fc.constantFrom(...PRINCIPALS), { minLength: 1, maxLength: 4 });

const effect = fc.oneof(
  { arbitrary: fc.constant('Allow' as const), weight: 5 },
  { arbitrary: fc.constant('Deny' as const), weight: 1 },
);

const conditions = fc.oneof(
  { arbitrary: fc.constant([]), weight: 3 },
  { arbitrary: fc.array(condition, { minLength: 1, maxLength: 3 }), weight: 2 },
);

/** Leaves out what is `undefined`. */
const pruned = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

function statement(withPrincipal: boolean): fc.Arbitrary<Statement> {
  const shared = {
    sid: fc.constantFrom(undefined, undefined, 'One', 'Two'),
    effect,
    action: element(actionPattern),
    conditions,
  };
  if (!withPrincipal) {
    return fc.record({ ...shared, resource: element(resourcePattern) }).map((fields) => pruned(fields) as Statement);
  }
  return fc
    .record({
      ...shared,
      principal: fc.record({
        negated: fc.oneof({ arbitrary: fc.constant(false), weight: 6 }, { arbitrary: fc.constant(true), weight: 1 }),
        principals,
      }),
      resource: fc.option(element(resourcePattern), { nil: undefined, freq: 3 }),
    })
    .map((fields) => pruned(fields) as Statement);
}

function policyOf(statements: fc.Arbitrary<Statement>): fc.Arbitrary<Policy> {
  return fc
    .record({
      version: fc.constantFrom('2012-10-17' as const, '2012-10-17' as const, '2008-10-17' as const, undefined),
      statements: fc.array(statements, { minLength: 1, maxLength: 3 }),
    })
    .map((fields) => pruned(fields) as Policy);
}

/** Of an identity, a boundary, a session, or an SCP. */
export const policy = policyOf(statement(false));

/** Of a resource, a role (trust), an RCP or a VPC endpoint. */
export const resourcePolicy = policyOf(statement(true));

const FULL: Policy = {
  version: '2012-10-17',
  statements: [
    {
      sid: 'Full',
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
const FULL_FOR_ALL: Policy = {
  version: '2012-10-17',
  statements: FULL.statements.map((each) => ({
    ...each,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

const level = (full: Policy, any: fc.Arbitrary<Policy>): fc.Arbitrary<readonly Policy[]> =>
  fc.oneof(
    { arbitrary: fc.constant([full]), weight: 8 },
    { arbitrary: any.map((each) => [full, each]), weight: 4 },
    { arbitrary: fc.array(any, { maxLength: 2 }), weight: 1 },
  );
const sometimes = <T>(value: fc.Arbitrary<T>, never: number): fc.Arbitrary<T | null> =>
  fc.oneof({ arbitrary: value, weight: 1 }, { arbitrary: fc.constant(null), weight: never });
const ceiling = (full: Policy, any: fc.Arbitrary<Policy>): fc.Arbitrary<readonly (readonly Policy[])[] | null> =>
  sometimes(fc.array(level(full, any), { maxLength: 3 }), 1);

export const applicablePolicies: fc.Arbitrary<ApplicablePolicies> = fc.record({
  identity: fc.array(policy, { maxLength: 4 }),
  boundary: sometimes(fc.oneof(fc.constant([FULL]), fc.array(policy, { maxLength: 3 })), 2),
  session: sometimes(fc.oneof(fc.constant([FULL]), fc.array(policy, { maxLength: 3 })), 2),
  scps: ceiling(FULL, policy),
  rcps: ceiling(FULL_FOR_ALL, resourcePolicy),
  resource: sometimes(resourcePolicy, 1),
  vpcEndpoint: sometimes(fc.oneof(fc.constant(FULL_FOR_ALL), fc.constant(FULL_FOR_ALL), resourcePolicy), 1),
});

/** On which actions RCPs act: mostly all of them, else some. */
export const rcpScope: fc.Arbitrary<ReferenceOptions> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 2 },
  {
    arbitrary: fc.subarray(ACTIONS.map((each) => each.toLowerCase())).map((actions) => ({
      rcpApplies: (each: string) => actions.includes(each),
    })),
    weight: 1,
  },
);

const MULTIVALUED = 'aws:TagKeys';

/** A value that a key of the pool may have. */
function given({ key, given: pool }: KeyPool): fc.Arbitrary<string | readonly string[]> {
  const one = fc.constantFrom(...pool);
  const many = fc.array(one, { maxLength: 3 });
  return key === MULTIVALUED ? many : fc.oneof({ arbitrary: one, weight: 9 }, { arbitrary: many, weight: 1 });
}

const context: fc.Arbitrary<Record<string, string | readonly string[]>> = fc
  .tuple(
    ...KEY_POOLS.filter((pool) => pool.given.length > 0).map((pool) =>
      fc.option(fc.tuple(someCase(pool.key), given(pool)), { nil: undefined, freq: 2 }),
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)));

export const request: fc.Arbitrary<Request> = fc
  .record({
    caller: callerFields,
    action,
    resource,
    resourceAccount: fc.constantFrom(undefined, undefined, OWN, OTHER),
    context,
    absent: fc.constantFrom(undefined, undefined, undefined, ['aws:ResourceAccount'], ['aws:*'], ['aws:Res*', 'x:y']),
  })
  .map(({ caller: { principal, sessionIssuer, principalArn }, resourceAccount, context: keys, ...rest }) => {
    const fields = {
      principal,
      sessionIssuer,
      ...rest,
      // An owner beside an ARN that names its account would be a contradiction.
      resourceAccount: rest.resource.includes(OWN) || rest.resource.includes(OTHER) ? undefined : resourceAccount,
      context: { ...keys, ...(principalArn === undefined ? {} : { 'aws:PrincipalArn': principalArn }) },
    };
    return pruned(fields) as Request;
  });

/** Ends of entries of `absent` that stand for several keys, and keys that nobody has to have. */
const ABSENT = [
  ...KEY_POOLS.map(({ key }) => key).filter((key) => !/Principal(?:A|I|S|Type)|user|Resource/.test(key)),
  ...['aws:PrincipalTag/*', 'aws:RequestTag/*', 'AWS:Source*', 's3:*', 'aws:*'],
];

/** A request where some keys are unknown, and requests that give them values or not. */
export const requestAndCompletions: fc.Arbitrary<{
  readonly request: Request;
  readonly completions: readonly Request[];
}> = fc
  .record({
    request,
    completions: fc.array(context, { minLength: 5, maxLength: 5 }),
    absent: fc.subarray(ABSENT, { maxLength: 3 }),
    // Few keys are given, or little would be unknown.
    kept: fc.subarray(KEY_POOLS.map(({ key }) => key.toLowerCase())).chain((some) => fc.constantFrom([], [], some)),
  })
  .map(({ request: whole, completions, absent, kept }) => {
    const isKept = (key: string): boolean => key === 'aws:PrincipalArn' || kept.includes(key.toLowerCase());
    const given = Object.entries(whole.context).filter(([key]) => isKept(key));
    const partial: Request = { ...whole, context: Object.fromEntries(given) };
    const givenKeys = new Set(Object.keys(partial.context).map((key) => key.toLowerCase()));
    const entries = absent.filter((key) => !givenKeys.has(key.toLowerCase()));
    const isSettled = (key: string): boolean =>
      givenKeys.has(key) ||
      entries.some((entry) =>
        entry.endsWith('*') ? key.startsWith(entry.slice(0, -1).toLowerCase()) : key === entry.toLowerCase(),
      );
    return {
      request: { ...partial, absent: entries },
      completions: completions.map((more) => ({
        ...partial,
        absent: [],
        context: {
          ...Object.fromEntries(Object.entries(more).filter(([key]) => !isSettled(key.toLowerCase()))),
          ...partial.context,
        },
      })),
    };
  });
