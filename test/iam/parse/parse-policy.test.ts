/** Reading policy documents: what they mean, what is refused, and where. */
import fc from 'fast-check';
import { CONDITION_OPERATORS, parsePolicy, printPolicy, readPolicy, statementPath } from '../../../iam/index.js';
import type { Policy, PolicyKind } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';

const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function policyOf(statement: Value, kind: PolicyKind = 'identity'): Policy {
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement: statement }, kind);
  expect(problems).toStrictEqual([]);
  return policy!;
}

/** `CODE at /path`, a mark `!` for fatal ones. */
function problemsOf(document: Value, kind: PolicyKind = 'identity'): string[] {
  const { policy, problems } = parsePolicy(document, kind);
  expect(policy === undefined).toBe(problems.some(({ fatal }) => fatal));
  return problems.map(({ code, path, fatal }) => `${fatal ? '!' : ''}${code} /${path.join('/')}`);
}

const one = (statement: Value): Value => ({ Version: '2012-10-17', Statement: [statement] });

describe('what a document means', () => {
  it('takes one statement for a list, and a text for a list of texts', () => {
    expect(policyOf(ALLOW)).toStrictEqual(policyOf([{ ...ALLOW, Action: ['s3:GetObject'], Resource: ['*'] }]));
  });

  it('knows where a statement stands', () => {
    expect(statementPath({ Statement: ALLOW }, 0)).toStrictEqual(['Statement']);
    expect(statementPath({ Statement: [ALLOW] }, 0)).toStrictEqual(['Statement', 0]);
  });

  it('takes `*` and {"AWS": "*"} for the same principal, and keeps the order of the others', () => {
    const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    expect(policyOf({ ...statement, Principal: '*' }, 'resource')).toStrictEqual(
      policyOf({ ...statement, Principal: { AWS: ['*'] } }, 'resource'),
    );
    const mixed = policyOf(
      { ...statement, NotPrincipal: { Service: 'a.amazonaws.com', AWS: ['111122223333', '444455556666'] } },
      'resource',
    );
    expect(mixed.statements[0]!.principal).toStrictEqual({
      negated: true,
      principals: [
        { kind: 'Service', value: 'a.amazonaws.com' },
        { kind: 'AWS', value: '111122223333' },
        { kind: 'AWS', value: '444455556666' },
      ],
    });
  });

  it.each(CONDITION_OPERATORS)('reads the operator %s in any case, with qualifier and IfExists', (operator) => {
    for (const spelling of [operator, operator.toLowerCase(), operator.toUpperCase()]) {
      for (const qualifier of ['', 'ForAllValues:', 'forAnyValue:'] as const) {
        for (const ifExists of operator === 'Null' ? [''] : ['', 'IfExists', 'ifexists']) {
          const [condition] = policyOf({
            ...ALLOW,
            Condition: { [`${qualifier}${spelling}${ifExists}`]: { 'aws:x': 'v' } },
          }).statements[0]!.conditions;
          expect(condition).toStrictEqual({
            operator,
            ...(qualifier === '' ? {} : { qualifier: qualifier === 'ForAllValues:' ? 'ForAllValues' : 'ForAnyValue' }),
            ifExists: ifExists !== '',
            key: 'aws:x',
            values: ['v'],
          });
        }
      }
    }
  });

  it('takes numbers and booleans as their text', () => {
    const condition = { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:max-keys': [10, '11', 1.5] } };
    expect(
      policyOf({ ...ALLOW, Condition: condition }).statements[0]!.conditions.map(({ values }) => values),
    ).toStrictEqual([['false'], ['10', '11', '1.5']]);
  });

  it('lets the policy of a resource without ARN, as of a repository, leave out Resource', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };
    expect(policyOf(statement, 'resource').statements[0]).not.toHaveProperty('resource');
  });
});

describe('what is refused', () => {
  const S = '/Statement/0';
  it.each<[string, Value, string[], PolicyKind?]>([
    ['a document that is a list', [], ['!DATA_TYPE_MISMATCH /']],
    ['no statement', { Version: '2012-10-17' }, ['!MISSING_STATEMENT /']],
    ['an empty list of statements', { Statement: [] }, ['!MISSING_STATEMENT /Statement']],
    ['a statement that is a text', { Statement: ['x'] }, [`!DATA_TYPE_MISMATCH ${S}`]],
    ['statements that are a text', { Statement: 'x' }, ['!DATA_TYPE_MISMATCH /Statement']],
    ['an unknown version', { Version: '2012-10-18', Statement: ALLOW }, ['!INVALID_VERSION /Version']],
    ['an unknown element', { Statement: ALLOW, Comment: 'x' }, ['!INVALID_POLICY_ELEMENT /Comment']],
    ['an element in another case', one({ ...ALLOW, effect: 'Deny' }), [`!INVALID_POLICY_ELEMENT ${S}/effect`]],
    ['no effect', one({ Action: 's3:*', Resource: '*' }), [`!MISSING_EFFECT ${S}`]],
    ['an effect in another case', one({ ...ALLOW, Effect: 'allow' }), [`!INVALID_EFFECT ${S}/Effect`]],
    ['no action', one({ Effect: 'Allow', Resource: '*' }), [`!MISSING_ACTION ${S}`]],
    ['no resource', one({ Effect: 'Allow', Action: 's3:*' }), [`!MISSING_RESOURCE ${S}`]],
    ['both kinds of action', one({ ...ALLOW, NotAction: 's3:*' }), [`!UNSUPPORTED_ELEMENT_COMBINATION ${S}/NotAction`]],
    ['an action without service', one({ ...ALLOW, Action: 'GetObject' }), [`!INVALID_ACTION ${S}/Action`]],
    ['one bad action of several', one({ ...ALLOW, Action: ['s3:*', 's3: x'] }), [`!INVALID_ACTION ${S}/Action/1`]],
    ['an action that is a number', one({ ...ALLOW, Action: 1 }), [`!DATA_TYPE_MISMATCH ${S}/Action`]],
    ['a resource that is null', one({ ...ALLOW, Resource: [null] }), [`!DATA_TYPE_MISMATCH ${S}/Resource/0`]],
    ['a principal in an identity policy', one({ ...ALLOW, Principal: '*' }), [`!UNSUPPORTED_PRINCIPAL ${S}/Principal`]],
    ['a principal in an SCP', one({ ...ALLOW, Principal: '*' }), [`!SCP_SYNTAX_ERROR_PRINCIPAL ${S}/Principal`], 'scp'],
    ['no principal in a resource policy', one(ALLOW), [`!MISSING_PRINCIPAL ${S}`], 'resource'],
    [
      'a bare ARN',
      one({ ...ALLOW, Principal: 'arn:aws:iam::111122223333:root' }),
      [`!INVALID_PRINCIPAL_FORMAT ${S}/Principal`],
      'resource',
    ],
    [
      'an unknown kind of principal',
      one({ ...ALLOW, Principal: { aws: '*' } }),
      [`!INVALID_PRINCIPAL_KEY ${S}/Principal/aws`],
      'resource',
    ],
    [
      'a wildcard in a role',
      one({ ...ALLOW, Principal: { AWS: 'arn:aws:iam::111122223333:role/app-*' } }),
      [`!UNSUPPORTED_WILDCARD_IN_PRINCIPAL ${S}/Principal/AWS`],
      'resource',
    ],
    [
      'every service',
      one({ ...ALLOW, Principal: { Service: '*' } }),
      [`!UNSUPPORTED_WILDCARD_IN_PRINCIPAL ${S}/Principal/Service`],
      'resource',
    ],
    [
      'a group as principal',
      one({ ...ALLOW, Principal: { AWS: 'arn:aws:iam::111122223333:group/g' } }),
      [`!INVALID_PRINCIPAL_FORMAT ${S}/Principal/AWS`],
      'resource',
    ],
    [
      'an unknown operator',
      one({ ...ALLOW, Condition: { StringIs: { 'aws:x': 'v' } } }),
      [`!INVALID_CONDITION_OPERATOR ${S}/Condition/StringIs`],
    ],
    [
      'an unknown qualifier',
      one({ ...ALLOW, Condition: { 'ForSomeValues:StringLike': { 'aws:x': 'v' } } }),
      [`!INVALID_CONDITION_OPERATOR ${S}/Condition/ForSomeValues:StringLike`],
    ],
    [
      'Null with IfExists',
      one({ ...ALLOW, Condition: { NullIfExists: { 'aws:x': 'true' } } }),
      [`!NULL_WITH_IF_EXISTS ${S}/Condition/NullIfExists`],
    ],
    [
      'a key in two cases',
      one({ ...ALLOW, Condition: { StringLike: { 'aws:x': 'v', 'AWS:X': 'w' } } }),
      [`!DUPLICATE_KEYS_WITH_DIFFERENT_CASE ${S}/Condition/StringLike/AWS:X`],
    ],
    [
      'an operator in two cases',
      one({ ...ALLOW, Condition: { Bool: { 'aws:x': 'true' }, bool: { 'aws:y': 'true' } } }),
      [`!DUPLICATE_KEYS_WITH_DIFFERENT_CASE ${S}/Condition/bool`],
    ],
    [
      'a key without prefix',
      one({ ...ALLOW, Condition: { Bool: { x: 'true' } } }),
      [`!INVALID_CONDITION_KEY_FORMAT ${S}/Condition/Bool/x`],
    ],
    [
      'a value that is a map',
      one({ ...ALLOW, Condition: { Bool: { 'aws:x': {} } } }),
      [`!DATA_TYPE_MISMATCH ${S}/Condition/Bool/aws:x`],
    ],
    ['a Sid with a space', one({ ...ALLOW, Sid: 'a b' }), [`UNSUPPORTED_SID ${S}/Sid`]],
    [
      'two equal Sids',
      {
        Statement: [
          { ...ALLOW, Sid: 'a' },
          { ...ALLOW, Sid: 'a' },
        ],
      },
      ['UNIQUE_SIDS_REQUIRED /Statement/1/Sid'],
    ],
    [
      'a resource in a trust policy',
      one({ ...ALLOW, Principal: '*' }),
      [`!ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE ${S}/Resource`],
      'trust',
    ],
    [
      'NotPrincipal in a trust policy',
      one({ Effect: 'Deny', Action: 'sts:*', NotPrincipal: '*' }),
      [`ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL ${S}/NotPrincipal`],
      'trust',
    ],
    ['an RCP that allows', one({ ...ALLOW, Principal: '*' }), [`RCP_SYNTAX_ERROR_ALLOW ${S}/Effect`], 'rcp'],
    [
      'an RCP on one account',
      one({ ...ALLOW, Effect: 'Deny', Principal: { AWS: '111122223333' } }),
      [`RCP_SYNTAX_ERROR_PRINCIPAL ${S}/Principal`],
      'rcp',
    ],
    [
      'an RCP with NotAction',
      one({ Effect: 'Deny', Principal: '*', NotAction: 's3:*', Resource: '*' }),
      [`RCP_SYNTAX_ERROR_NOTACTION ${S}/NotAction`],
      'rcp',
    ],
    [
      'an RCP with every action',
      one({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }),
      [`RCP_SYNTAX_ERROR_ACTION ${S}/Action`],
      'rcp',
    ],
  ])('%s', (_name, document, expected, kind = 'identity') => {
    expect(problemsOf(document, kind)).toStrictEqual(expected);
  });

  it('tells every fault of a document at once', () => {
    expect(
      problemsOf({
        Version: 'x',
        Statement: [
          { Effect: 'no', Action: 'a' },
          { ...ALLOW, Condition: [] },
        ],
      }),
    ).toStrictEqual([
      '!INVALID_VERSION /Version',
      '!INVALID_EFFECT /Statement/0/Effect',
      '!INVALID_ACTION /Statement/0/Action',
      '!MISSING_RESOURCE /Statement/0',
      '!DATA_TYPE_MISMATCH /Statement/1/Condition',
    ]);
  });

  it('accepts the document that AWS attaches as RCPFullAWSAccess', () => {
    expect(problemsOf(one({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }), 'rcp')).toStrictEqual([]);
  });
});

it('tells of a value that is nested very deep without writing it out', () => {
  let deep: Value = [];
  for (let level = 0; level < 20_000; level++) deep = [deep];
  const { problems } = parsePolicy({ Statement: [{ ...ALLOW, Effect: deep }] }, 'identity');
  expect(problems.map(({ message }) => message)).toStrictEqual(['`Effect` is `a list`']);
});

describe('readPolicy', () => {
  it('gives places', () => {
    const text = '{"Statement": [\n  {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": 5}]}';
    const { policy, diagnostics } = readPolicy(text, 'identity', 'p.json');
    expect(policy).toBeUndefined();
    const { location, ...rest } = diagnostics[0]!;
    expect(text.slice(location!.start, location!.end)).toBe('5');
    expect(rest).toStrictEqual({
      code: 'DATA_TYPE_MISMATCH',
      severity: 'error',
      message: '`Sid` is a number',
      help: 'write a text',
    });
  });

  it.each([
    ['', 'JSON_SYNTAX_ERROR'],
    ['{', 'JSON_SYNTAX_ERROR'],
    ['{"Statement": [], "Statement": []}', 'JSON_SYNTAX_ERROR'],
    ['['.repeat(100_000), 'JSON_SYNTAX_ERROR'],
    ['Statement: x', 'JSON_SYNTAX_ERROR'],
  ])('refuses %#', (text, code) => {
    const { policy, diagnostics } = readPolicy(text, 'identity', 'p.json');
    expect(policy).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toStrictEqual([code]);
    expect(diagnostics[0]!.location!.file).toBe('p.json');
  });
});

const texts = fc.array(fc.constantFrom('*', 'arn:aws:s3:::b/*', 'a"b', '\u0000', '${aws:username}', 'é'), {
  maxLength: 3,
});
const condition = fc.record({
  operator: fc.constantFrom(...CONDITION_OPERATORS),
  qualifier: fc.constantFrom(undefined, 'ForAllValues' as const, 'ForAnyValue' as const),
  ifExists: fc.boolean(),
  key: fc.constantFrom('aws:username', 'AWS:PrincipalTag/x y', 's3:prefix', 'aws:__proto__'),
  values: texts,
});
const statement = fc.record(
  {
    sid: fc.constantFrom('', 'A', 'b 1'),
    effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    principal: fc.record({
      negated: fc.boolean(),
      principals: fc.uniqueArray(
        fc.constantFrom(
          { kind: 'AWS' as const, value: '*' },
          { kind: 'AWS' as const, value: '111122223333' },
          { kind: 'AWS' as const, value: 'arn:aws:iam::111122223333:role/r' },
        ),
        { maxLength: 3 },
      ),
    }),
    action: fc.record({
      negated: fc.boolean(),
      patterns: fc.array(fc.constantFrom('*', 's3:*', 'iam:?etUser'), { maxLength: 3 }),
    }),
    resource: fc.record({ negated: fc.boolean(), patterns: texts }),
    conditions: fc.array(condition, { maxLength: 4 }).map((all) => {
      // JSON groups conditions by operator and has each key of an operator once.
      const grouped = new Map<string, Map<string, Policy['statements'][number]['conditions'][number]>>();
      for (const { qualifier, ...rest } of all) {
        const ifExists = rest.ifExists && rest.operator !== 'Null';
        const item = { ...rest, ifExists, ...(qualifier === undefined ? {} : { qualifier }) };
        const name = `${qualifier ?? ''}:${rest.operator}:${ifExists}`;
        const keys = grouped.get(name) ?? new Map<string, typeof item>();
        grouped.set(name, keys.set(rest.key.toLowerCase(), item));
      }
      return [...grouped.values()].flatMap((keys) => [...keys.values()]);
    }),
  },
  { requiredKeys: ['effect', 'principal', 'action', 'resource', 'conditions'] },
);
const policies = fc.record(
  {
    version: fc.constantFrom('2012-10-17' as const, '2008-10-17' as const),
    id: fc.string(),
    statements: fc.array(statement, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['statements'] },
);

describe('printing', () => {
  it('is read back to the same model, with and without white space', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(0, 2, 4), (policy, indent) => {
        const { policy: read, problems } = readPolicy(printPolicy(policy, indent), 'resource', 'p.json');
        expect(problems).toStrictEqual([]);
        expect(read).toStrictEqual(plain(policy));
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses two conditions of one operator on one key', () => {
    const twice = { operator: 'StringLike', ifExists: false, key: 'aws:x', values: ['v'] } as const;
    const action = { negated: false, patterns: ['*'] };
    const policy: Policy = { statements: [{ effect: 'Allow', action, resource: action, conditions: [twice, twice] }] };
    expect(() => printPolicy(policy)).toThrow(RangeError);
  });

  it('never throws on any JSON', () => {
    const kinds: PolicyKind[] = ['identity', 'resource', 'trust', 'scp', 'rcp', 'boundary', 'session', 'vpce'];
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...kinds), (value, kind) => {
        const { policy, problems } = parsePolicy(one(value as Value), kind);
        expect(policy !== undefined || problems.length > 0).toBe(true);
      }),
    );
  });
});

/** fast-check makes records without a prototype, and `toStrictEqual` sees that. */
function plain(policy: unknown): unknown {
  return JSON.parse(JSON.stringify(policy));
}
