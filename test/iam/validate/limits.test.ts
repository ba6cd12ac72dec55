/** Where checks begin and end: conditions that narrow and that only seem to, edges of numbers, effects. */
import type { PolicyKind } from '../../../iam/index.js';
import { validatePolicy } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';

type Statement = Readonly<Record<string, Value>>;
const find = (kind: PolicyKind, statement: Statement): readonly string[] =>
  validatePolicy({ Version: '2012-10-17', Statement: statement }, kind).map(({ code }) => code);

describe('grants to everybody', () => {
  const publicly = (operator: string, key: string, value: Value): boolean =>
    find('resource', {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::b/*',
      Condition: { [operator]: { [key]: value } },
    }).includes('IAM4012');

  it.each<[string, string, Value]>([
    ['StringEquals', 'aws:PrincipalOrgID', 'o-exampleorgid'],
    ['StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/*'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::amzn-s3-demo-bucket'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:*:*:amzn-s3-demo-bucket'],
    ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:db8::/32']],
    ['IpAddress', 'aws:SourceIp', '11.0.0.0/8'],
    ['StringEquals', 'aws:SourceVpce', 'vpce-12345678'],
    ['StringEquals', 'lambda:FunctionUrlAuthType', 'AWS_IAM'],
  ])('%s on %s with %j narrows', (operator, key, value) => {
    expect(publicly(operator, key, value)).toBe(false);
  });

  it.each<[string, string, Value]>([
    ['StringNotEquals', 'aws:PrincipalOrgID', 'o-exampleorgid'],
    ['StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-exampleorgid'],
    ['ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/*'],
    ['StringLike', 'aws:PrincipalOrgID', '*'],
    ['StringEquals', 'aws:PrincipalOrgID', '${aws:PrincipalOrgID}'],
    ['StringEquals', 'aws:PrincipalTag/Team', 'a'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app'],
    ['ArnLike', 'aws:PrincipalArn', ['arn:aws:iam::111122223333:role/*', '*']],
    ['IpAddress', 'aws:SourceIp', '0.0.0.0/0'],
    ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '::/0']],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/7'],
    ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['Bool', 'aws:SecureTransport', 'true'],
    ['Null', 'aws:PrincipalOrgID', 'false'],
    ['StringEquals', 'lambda:FunctionUrlAuthType', 'NONE'],
    ['StringEquals', 'aws:UserAgent', 'secret'],
  ])('%s on %s with %j does not', (operator, key, value) => {
    expect(publicly(operator, key, value)).toBe(true);
  });

  it('counts Allow only', () => {
    expect(
      find('resource', { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }),
    ).toStrictEqual([]);
  });
});

describe('iam:PassRole with a condition on the service', () => {
  const passes = (operator: string, value: Value): readonly string[] =>
    find('identity', {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: '*',
      Condition: { [operator]: { 'iam:PassedToService': value } },
    });

  it('is narrow when the condition asks for it', () => {
    expect(passes('StringEquals', 'ec2.amazonaws.com')).toStrictEqual([]);
    expect(passes('StringLike', 'ec2.amazonaws.com')).toStrictEqual([]);
  });

  it('is not when the condition holds without the key, or by its negation', () => {
    expect(passes('StringEqualsIfExists', 'ec2.amazonaws.com')).toStrictEqual(['PASS_ROLE_WITH_STAR_IN_RESOURCE']);
    expect(passes('StringNotEquals', 'ec2.amazonaws.com')).toStrictEqual(['PASS_ROLE_WITH_STAR_IN_RESOURCE']);
    expect(passes('Null', 'false')).toStrictEqual(['PASS_ROLE_WITH_STAR_IN_RESOURCE']);
    expect(passes('StringLike', '*')).toContain('PASS_ROLE_WITH_STAR_IN_RESOURCE');
    expect(passes('Null', 'true')).toStrictEqual(['PASS_ROLE_WITH_STAR_IN_RESOURCE']);
  });

  it('is told for grants of identities only', () => {
    const statement = { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' };
    expect(find('boundary', statement)).toStrictEqual([]);
    expect(find('identity', { ...statement, Effect: 'Deny' })).toStrictEqual([]);
    expect(find('session', statement)).toStrictEqual(['PASS_ROLE_WITH_STAR_IN_RESOURCE']);
  });
});

describe('numbers of one condition', () => {
  const help = (operator: string): string =>
    validatePolicy(
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '*',
          Condition: { [operator]: { 'aws:MultiFactorAuthAge': ['10', '30', '20'] } },
        },
      },
      'identity',
    )[0]!.help;

  it('counts the widest', () => {
    expect(help('NumericLessThan')).toBe('write `30` alone');
    expect(help('NumericGreaterThanEquals')).toBe('write `10` alone');
  });
});

describe('patterns of ARNs in grants', () => {
  const codes = (value: string, effect = 'Allow', operator = 'ArnLike'): readonly string[] =>
    find('identity', {
      Effect: effect,
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { [operator]: { 'aws:PrincipalArn': value } },
    });

  it('need six fixed characters in a row', () => {
    expect(codes('arn:aw*:*:*:*:*')).toStrictEqual([]);
    expect(codes('arn:a*:*:*:*:*')).toStrictEqual(['WILDCARD_USAGE_TOO_PERMISSIVE']);
    expect(codes('arn:*:iam::*:role/rescue')).toStrictEqual([]);
  });

  it('are free in denials', () => {
    expect(codes('arn:a*:*:*:*:*', 'Deny')).toStrictEqual([]);
    expect(codes('arn:a*:*:*:*:*', 'Allow', 'ArnNotLike')).toStrictEqual([]);
  });
});

describe('unique ids', () => {
  const codes = (value: string): readonly string[] =>
    find('identity', {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringLike: { 'aws:userid': value } },
    });

  it.each(['AROACKCEVSQ6C2EXAMPLE:*', '*:jane', '*:*', 'AROACKCEVSQ6C2EXAMPLE:${aws:PrincipalTag/Name}'])(
    '%s is told from others',
    (value) => {
      expect(codes(value)).toStrictEqual([]);
    },
  );

  it.each(['AROA*', 'AROA*:jane', 'A?:x'])('%s is not', (value) => {
    expect(codes(value)).toStrictEqual(['WILDCARD_USAGE_TOO_PERMISSIVE']);
  });
});

describe('services as principals', () => {
  const codes = (more: Statement): readonly string[] =>
    find('resource', {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
      ...more,
    });

  it('need a source in grants, not in denials', () => {
    expect(codes({})).toStrictEqual(['RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL']);
    expect(codes({ Effect: 'Deny' })).toStrictEqual([]);
  });

  it('carry no key about an organization, unless the condition lets its absence pass', () => {
    const by = (operator: string): readonly string[] =>
      codes({ Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } });
    expect(by('StringEquals')).toStrictEqual(['UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL']);
    expect(by('StringEqualsIfExists')).toStrictEqual(['RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL']);
  });
});

describe('names that every object of JavaScript has', () => {
  it.each(['constructor', '__proto__', 'toString', 'aws:constructor', 'constructor:constructor'])(
    '%s is a name as others',
    (name) => {
      const statement = {
        Effect: 'Allow',
        Principal: '*',
        Action: name,
        Resource: name,
        Condition: { StringEquals: { [name]: [name] } },
      };
      for (const kind of ['identity', 'resource', 'trust', 'rcp'] as const) {
        expect(find(kind, statement).length).toBeGreaterThan(0);
        expect(
          find(kind, { ...statement, Principal: { AWS: name, Service: name, Federated: name } }).length,
        ).toBeGreaterThan(0);
      }
    },
  );
});

describe('IAM Roles Anywhere', () => {
  it.each([[['sts:AssumeRole', 'sts:TagSession']], [['sts:TagSession', 'sts:SetSourceIdentity']]])(
    'needs more than %j',
    (actions) => {
      const statement = { Effect: 'Allow', Principal: { Service: 'rolesanywhere.amazonaws.com' }, Action: actions };
      expect(find('trust', statement)).toStrictEqual(['MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY']);
    },
  );
});

describe('conditions that contradict each other', () => {
  const never = (condition: Value): boolean =>
    find('identity', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition: condition }).includes(
      'IAM4005',
    );

  it.each<[boolean, Value]>([
    [true, { Null: { 'aws:PrincipalTag/a': 'true' }, StringEquals: { 'aws:PrincipalTag/a': 'x' } }],
    [false, { Null: { 'aws:PrincipalTag/a': 'true' }, StringNotEquals: { 'aws:PrincipalTag/a': 'x' } }],
    [false, { Null: { 'aws:PrincipalTag/a': 'true' }, StringEqualsIfExists: { 'aws:PrincipalTag/a': 'x' } }],
    [false, { Null: { 'aws:PrincipalTag/a': 'false' }, StringEquals: { 'aws:PrincipalTag/a': 'x' } }],
    [true, { StringEquals: { 'aws:PrincipalTag/a': 'x' }, StringNotEquals: { 'aws:PrincipalTag/a': ['x', 'y'] } }],
    [
      false,
      { StringEquals: { 'aws:PrincipalTag/a': ['x', 'z'] }, StringNotEquals: { 'aws:PrincipalTag/a': ['x', 'y'] } },
    ],
    [true, { StringEquals: { 'aws:PrincipalTag/a': 'x' }, StringLike: { 'aws:PrincipalTag/a': 'y*' } }],
    [false, { StringEquals: { 'aws:PrincipalTag/a': 'yes' }, StringLike: { 'aws:PrincipalTag/a': 'y*' } }],
    [true, { DateLessThan: { 'aws:CurrentTime': '2025-01-01' }, DateGreaterThan: { 'aws:CurrentTime': '2025-01-02' } }],
    [
      false,
      { DateLessThan: { 'aws:CurrentTime': '2025-01-02' }, DateGreaterThan: { 'aws:CurrentTime': '2025-01-01' } },
    ],
    [
      true,
      {
        NumericLessThan: { 'aws:MultiFactorAuthAge': '5' },
        NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '5' },
      },
    ],
    [
      false,
      {
        NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '5' },
        NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '5' },
      },
    ],
  ])('%s for %j', (expected, condition) => {
    expect(never(condition)).toBe(expected);
  });
});

describe('conditions on MFA', () => {
  const KEY = 'aws:MultiFactorAuthPresent';
  const codes = (...statements: readonly (readonly [effect: string, condition: Value])[]): readonly string[] =>
    validatePolicy(
      {
        Version: '2012-10-17',
        Statement: statements.map(([Effect, Condition]) => ({
          Effect,
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::amzn-s3-demo-bucket',
          Condition,
        })),
      },
      'identity',
    ).flatMap(({ code }) => (code === 'IAM4022' ? [code] : []));
  const TOLD = ['IAM4022'];

  it.each<[effect: string, operator: string, value: Value, told: readonly string[]]>([
    ['Deny', 'Bool', 'false', TOLD],
    ['Deny', 'Bool', false, TOLD],
    ['Deny', 'BoolIfExists', 'false', []],
    ['Deny', 'Bool', 'true', []],
    ['Allow', 'Bool', 'true', []],
    ['Allow', 'BoolIfExists', 'True', TOLD],
    ['Allow', 'Bool', 'false', TOLD],
    ['Allow', 'BoolIfExists', 'FALSE', TOLD],
    ['Allow', 'Null', 'false', []],
  ])('%s with %s %s', (effect, operator, value, told) => {
    expect(codes([effect, { [operator]: { [KEY]: value } }])).toStrictEqual(told);
  });

  it('may leave access keys to another denial', () => {
    const one = ['Deny', { Bool: { [KEY]: 'false' } }] as const;
    expect(codes(one, ['Deny', { Null: { 'aws:MultiFactorAuthAge': 'true' } }])).toStrictEqual([]);
    expect(codes(one, ['Deny', { Null: { [KEY]: 'false' } }])).toStrictEqual(TOLD);
    expect(codes(one, ['Allow', { Null: { [KEY]: 'true' } }])).toStrictEqual(TOLD);
  });
});

it('dates are those that the evaluator can read', () => {
  const codes = (value: string): readonly string[] =>
    validatePolicy(
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Deny',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::amzn-s3-demo-bucket',
          Condition: { DateLessThan: { 'aws:CurrentTime': value } },
        },
      },
      'identity',
    ).map(({ code }) => code);
  for (const good of [
    '2026-12',
    '2028-02-29',
    '2026-12-31T23:59Z',
    '2026-12-31T23:59:59.5+14:00',
    '2026-12-31T00:00-12:00',
  ]) {
    expect([good, codes(good)]).toStrictEqual([good, []]);
  }
  for (const bad of [
    ...[
      '2026-13',
      '2026-02-29',
      '2026-12-31T23:59:60Z',
      '2026-12-31T23:59:59',
      '2026-12-31T24:00:00Z',
      '2026-12-31 23:59Z',
    ],
    ...['2026-12-31T23:59:59+14:01', '2026-12-31T23:59:59-15:00', '2026-12-31T23:59:59+0100', '2026-12-31t23:59:59z'],
    ...['-1', '1.5', ''],
  ]) {
    expect([bad, codes(bad)]).toStrictEqual([bad, ['TYPE_MISMATCH_DATE']]);
  }
  for (const count of ['2026', '1798761599']) {
    expect([count, codes(count)]).toStrictEqual([count, ['INVALID_DATE_VALUE']]);
  }
});

describe('trust in GitHub', () => {
  const HOST = 'token.actions.githubusercontent.com';
  const codes = (condition: Value, host = HOST): readonly string[] =>
    find('trust', {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
    });
  const OPEN = 'MISSING_GITHUB_REPO_CONDITION_KEY';

  it.each<[claim: string, operator: string, value: Value, open: boolean]>([
    ['sub', 'StringLike', 'repo:*', true],
    ['sub', 'StringLike', '*', true],
    ['sub', 'StringLike', 'repo:org*', true],
    ['sub', 'StringLike', 'repo:org?/app:*', true],
    ['sub', 'StringLike', ['repo:org/app:*', 'repo:*/app:ref:refs/heads/main'], true],
    ['sub', 'StringLikeIfExists', 'repo:org/app:*', true],
    ['sub', 'StringNotLike', 'repo:org/app:*', true],
    ['sub', 'StringLike', 'repo:org/*', false],
    ['sub', 'StringLike', 'repo:org@123*', false],
    ['sub', 'StringEquals', 'repo:org/app:ref:refs/heads/main', false],
    ['sub', 'StringLike', 'repository_owner:org:*', false],
    ['repository', 'StringLike', 'org*', true],
    ['repository', 'StringLike', 'org/*', false],
    ['repository_owner', 'StringLike', 'org*', true],
    ['repository_owner', 'StringEquals', 'org', false],
    ['environment', 'StringEquals', 'prod', true],
  ])('%s under %s with %s', (claim, operator, value, open) => {
    expect(codes({ [operator]: { [`${HOST}:${claim}`]: value } }).includes(OPEN)).toBe(open);
  });

  it('one condition that names the owner is enough', () => {
    expect(
      codes({ StringLike: { [`${HOST}:sub`]: 'repo:*' }, StringEquals: { [`${HOST}:repository_owner_id`]: '123' } }),
    ).not.toContain(OPEN);
  });

  it('the issuer of an enterprise gives tokens to its own repositories only', () => {
    const host = `${HOST}/enterprise`;
    expect(codes({ StringLike: { [`${host}:sub`]: 'repo:org*' } }, host)).not.toContain(OPEN);
  });
});
