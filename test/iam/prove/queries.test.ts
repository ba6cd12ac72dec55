import { parsePolicy } from '../../../iam/index.js';
import type { Policy, PolicyKind } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';
import { accessNotGranted, disjoint, equivalent, noNewAccess, noPublicAccess } from '../../../iam/prove/index.js';
import type { Proof, RequestPair } from '../../../iam/prove/index.js';

interface Parts {
  readonly Effect?: string;
  readonly Principal?: Value;
  readonly Action?: Value;
  readonly Resource?: Value;
  readonly Condition?: Value;
  readonly [other: string]: Value | undefined;
}

function policy(kind: PolicyKind, statements: readonly Parts[], version = '2012-10-17'): readonly Policy[] {
  const filled = statements.map((parts) => ({
    Effect: 'Allow',
    ...('NotAction' in parts ? {} : { Action: 's3:GetObject' }),
    ...('NotResource' in parts ? {} : { Resource: '*' }),
    ...parts,
  }));
  const { policy: parsed, problems } = parsePolicy({ Version: version, Statement: filled }, kind);
  if (parsed === undefined) throw new Error(JSON.stringify(problems));
  return [parsed];
}

const identity = (...statements: readonly Parts[]): readonly Policy[] => policy('identity', statements);
const resource = (...statements: readonly Parts[]): readonly Policy[] =>
  policy(
    'resource',
    statements.map((parts) => ({ ...('NotPrincipal' in parts ? {} : { Principal: '*' }), ...parts })),
  );
const when = (operator: string, key: string, ...values: readonly string[]): Parts => ({
  Condition: { [operator]: { [key]: values } },
});
const kindOf = (proof: Proof<unknown>): string => proof.kind;
const grows = (existing: readonly Policy[], updated: readonly Policy[], assume = {}): string =>
  kindOf(noNewAccess(existing, updated, 'identity', { assume }));

describe('no new access', () => {
  const cases: readonly [
    title: string,
    existing: Parts | readonly Parts[],
    updated: Parts | readonly Parts[],
    result: string,
  ][] = [
    ['the same', { Action: 's3:*' }, { Action: 's3:*' }, 'HOLDS'],
    ['case of actions does not count', { Action: 's3:GetObject' }, { Action: 'S3:getOBJECT' }, 'HOLDS'],
    ['case of resources counts', { Resource: 'arn:aws:s3:::a' }, { Resource: 'arn:aws:s3:::A' }, 'FAILS'],
    ['one action more', { Action: ['s3:Get*'] }, { Action: ['s3:Get*', 's3:PutObject'] }, 'FAILS'],
    ['one character of a pattern', { Resource: 'arn:aws:s3:::ab*' }, { Resource: 'arn:aws:s3:::a*' }, 'FAILS'],
    ['narrower', { Resource: 'arn:aws:s3:::a*' }, { Resource: 'arn:aws:s3:::ab*' }, 'HOLDS'],
    ['a question mark is within a star', { Resource: 'arn:aws:s3:::a*' }, { Resource: 'arn:aws:s3:::a?' }, 'HOLDS'],
    ['wildcards of different form', { Action: 's3:*' }, { Action: 's3:*Object*' }, 'HOLDS'],
    [
      'two statements cover one',
      [{ Action: 's3:Get*' }, { Action: 's3:Put*' }],
      { Action: ['s3:GetObject', 's3:PutObject'] },
      'HOLDS',
    ],
    ['a deny less', [{}, { Effect: 'Deny', Resource: 'arn:aws:s3:::a/*' }], {}, 'FAILS'],
    ['a deny beside the allow', [{}, { Effect: 'Deny', Action: 's3:PutObject' }], {}, 'HOLDS'],
    ['NotAction is the complement', { NotAction: 'iam:*' }, { Action: 'iam:CreateUser' }, 'FAILS'],
    ['what NotAction leaves', { NotAction: 'iam:*' }, { Action: 's3:*' }, 'HOLDS'],
    ['NotResource', { NotResource: 'arn:aws:s3:::a/*' }, { Resource: 'arn:aws:s3:::b/*' }, 'HOLDS'],
    ['an incomplete ARN stands for all', { Resource: 'arn:aws:s3' }, { Resource: 'arn:aws:s3:::a' }, 'HOLDS'],
    ['a condition less', when('StringEquals', 'aws:RequestedRegion', 'eu-west-1'), {}, 'FAILS'],
    [
      'one value more',
      when('StringEquals', 'aws:RequestedRegion', 'eu-west-1'),
      when('StringEquals', 'aws:RequestedRegion', 'eu-west-1', 'eu-west-2'),
      'FAILS',
    ],
    [
      'one value less',
      when('StringEquals', 'aws:RequestedRegion', 'eu-west-1', 'eu-west-2'),
      when('StringEquals', 'aws:RequestedRegion', 'eu-west-2'),
      'HOLDS',
    ],
    [
      'a negated operator holds without the key',
      when('StringEquals', 'aws:PrincipalTag/a', 'x'),
      when('StringNotEquals', 'aws:PrincipalTag/a', 'y'),
      'FAILS',
    ],
    [
      'positive values within a negated operator',
      when('StringNotEquals', 'aws:PrincipalTag/a', 'y'),
      when('StringEquals', 'aws:PrincipalTag/a', 'x'),
      'HOLDS',
    ],
    [
      'IfExists adds the missing key',
      when('StringEquals', 'aws:PrincipalTag/a', 'x'),
      when('StringEqualsIfExists', 'aws:PrincipalTag/a', 'x'),
      'FAILS',
    ],
    [
      'IfExists is the operator or Null',
      [when('StringEquals', 'aws:SourceVpc', 'x'), when('Null', 'aws:SourceVpc', 'true')],
      when('StringEqualsIfExists', 'aws:SourceVpc', 'x'),
      'HOLDS',
    ],
    [
      'halves of a network',
      when('IpAddress', 'aws:SourceIp', '10.0.0.0/9', '10.128.0.0/9'),
      when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'),
      'HOLDS',
    ],
    [
      'a wider network',
      when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'),
      when('IpAddress', 'aws:SourceIp', '10.0.0.0/7'),
      'FAILS',
    ],
    [
      'IPv6 is not within IPv4',
      when('IpAddress', 'aws:SourceIp', '0.0.0.0/0'),
      when('IpAddress', 'aws:SourceIp', '2001:db8::/32'),
      'FAILS',
    ],
    [
      'both negations of a network',
      [when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), when('NotIpAddress', 'aws:SourceIp', '10.0.0.0/8')],
      {},
      'HOLDS',
    ],
    [
      'less and not less, and absent',
      [
        when('NumericLessThan', 's3:max-keys', '5'),
        when('NumericGreaterThanEquals', 's3:max-keys', '5'),
        when('Null', 's3:max-keys', 'true'),
      ],
      {},
      'HOLDS',
    ],
    [
      'a gap between numbers',
      [
        when('NumericLessThan', 's3:max-keys', '5'),
        when('NumericGreaterThan', 's3:max-keys', '5'),
        when('Null', 's3:max-keys', 'true'),
      ],
      {},
      'FAILS',
    ],
    [
      'numbers in another spelling',
      when('NumericEquals', 's3:max-keys', '5.0'),
      when('NumericEquals', 's3:max-keys', '5'),
      'HOLDS',
    ],
    [
      'a later date',
      when('DateLessThan', 'aws:CurrentTime', '2027-01-01T00:00:00Z'),
      when('DateLessThan', 'aws:CurrentTime', '2027-01-02T00:00:00Z'),
      'FAILS',
    ],
    [
      'the same instant',
      when('DateLessThan', 'aws:CurrentTime', '2027-01-01T00:00:00Z'),
      when('DateLessThan', 'aws:CurrentTime', '2027-01-01T02:00:00+02:00'),
      'HOLDS',
    ],
    [
      'true or false, when the key is there',
      [when('Bool', 'aws:MultiFactorAuthPresent', 'true'), when('Bool', 'aws:MultiFactorAuthPresent', 'false')],
      when('Null', 'aws:MultiFactorAuthPresent', 'false'),
      'HOLDS',
    ],
    [
      'BoolIfExists false for long-term keys',
      when('Bool', 'aws:MultiFactorAuthPresent', 'false'),
      when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'),
      'FAILS',
    ],
    [
      'ArnLike cares for segments',
      when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*'),
      when('StringLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*'),
      'FAILS',
    ],
    [
      'StringLike takes what ArnLike takes',
      when('StringLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*'),
      when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*'),
      'HOLDS',
    ],
    [
      'ForAnyValue wants the key, with IfExists too',
      when('ForAnyValue:StringEquals', 'aws:TagKeys', 'x'),
      when('ForAnyValue:StringEqualsIfExists', 'aws:TagKeys', 'x'),
      'HOLDS',
    ],
    ['ForAllValues:Null always holds', when('ForAllValues:Null', 'aws:TagKeys', 'false'), {}, 'HOLDS'],
    ['ForAnyValue:Null never holds', {}, when('ForAnyValue:Null', 'aws:TagKeys', 'true'), 'HOLDS'],
    [
      'ForAllValues holds without the key',
      when('ForAnyValue:StringEquals', 'aws:TagKeys', 'a'),
      when('ForAllValues:StringEquals', 'aws:TagKeys', 'a'),
      'FAILS',
    ],
    [
      'ForAllValues with Null',
      [when('ForAllValues:StringEquals', 'aws:TagKeys', 'a', 'b')],
      { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] }, Null: { 'aws:TagKeys': 'false' } } },
      'HOLDS',
    ],
    [
      'some value is not every value',
      when('ForAllValues:StringEquals', 'aws:TagKeys', 'a'),
      { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } } },
      'FAILS',
    ],
    [
      'every value, if there is one, is some value',
      when('ForAnyValue:StringEquals', 'aws:TagKeys', 'a'),
      { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' }, Null: { 'aws:TagKeys': 'false' } } },
      'HOLDS',
    ],
    [
      'a user has the ARN of its name',
      when('ArnLike', 'aws:PrincipalArn', 'arn:*:iam::*:user/*'),
      when('StringEquals', 'aws:username', 'alice'),
      'HOLDS',
    ],
    [
      'the account is in the ARN',
      when('StringEquals', 'aws:PrincipalAccount', '111122223333'),
      when('ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/r'),
      'HOLDS',
    ],
    [
      'a path is in the ARN of a role',
      when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app-*'),
      when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/x/app-*'),
      'FAILS',
    ],
    ['base64 that decodes alike', when('BinaryEquals', 's3:k', 'YQ=='), when('BinaryEquals', 's3:k', 'YR=='), 'HOLDS'],
    [
      'texts without case',
      when('StringEqualsIgnoreCase', 's3:prefix', 'Home'),
      when('StringEquals', 's3:prefix', 'hOME'),
      'HOLDS',
    ],
    ['a literal star', when('StringEquals', 's3:prefix', '*'), when('StringLike', 's3:prefix', '*'), 'FAILS'],
    ['an escaped star', when('StringLike', 's3:prefix', '${*}'), when('StringEquals', 's3:prefix', '${*}'), 'HOLDS'],
  ];
  it.each(cases)('%s', (_, existing, updated, result) => {
    expect(grows(identity(...[existing].flat()), identity(...[updated].flat()))).toBe(result);
  });

  it('in version 2008-10-17 variables are text', () => {
    const pattern = { Resource: 'arn:aws:s3:::${aws:username}' };
    const old = policy('identity', [pattern], '2008-10-17');
    expect(grows(identity({ Resource: 'arn:aws:s3:::*' }), old)).toBe('HOLDS');
    expect(grows(identity(when('StringEquals', 'aws:username', 'bob')), old)).toBe('FAILS');
  });

  it('one key compared as text and as an address is unknown, unless the text does not matter', () => {
    const text = when('StringLike', 'aws:SourceIp', '10.*');
    const address = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8');
    expect(grows(identity(address), identity(text))).toBe('UNKNOWN');
    expect(grows(identity(text, address), identity(address))).toBe('HOLDS');
  });

  it('a pattern that is too hard is unknown and never holds', () => {
    const hard = `arn:aws:s3:::*a${'?'.repeat(40)}`;
    const proof = noNewAccess(identity({ Resource: hard }), identity({ Resource: `${hard}b*a*` }), 'identity', {
      budget: 500_000,
    });
    expect(proof).toMatchObject({ kind: 'UNKNOWN', reason: 'budget' });
  });

  it('many stars and many statements stay within bounds', () => {
    const stars = identity({ Resource: `arn:aws:s3:::${'*a'.repeat(200)}*` });
    expect(grows(stars, stars)).toBe('HOLDS');
    const many = identity(
      ...Array.from({ length: 300 }, (_, at) => ({ Action: `s3:Act${at}`, Resource: `arn:aws:s3:::b${at}/*` })),
    );
    expect(grows(many, many)).toBe('HOLDS');
  });
});

describe('policy variables', () => {
  const home = identity({ Resource: 'arn:aws:s3:::home/${aws:PrincipalTag/tenant}/*' });
  const assume = { 'aws:PrincipalTag/tenant': '[A-Za-z0-9-]{1,64}' };
  const differ = ['aws:PrincipalTag/tenant'];

  it('two tenants without an assumption share a folder within a folder', () => {
    const proof = disjoint(home, home, 'identity', differ);
    expect(proof.kind).toBe('FAILS');
    const { left, right } = (proof as Extract<Proof<RequestPair>, { kind: 'FAILS' }>).counterexample;
    const [one, two] = [left.context['aws:PrincipalTag/tenant'], right.context['aws:PrincipalTag/tenant']];
    expect(left.resource).toBe(right.resource);
    expect([one, two].sort()).toStrictEqual(['a', 'a/b']);
  });

  it('two tenants whose names hold no slash share nothing', () => {
    const proof = disjoint(home, home, 'identity', differ, { assume });
    expect(proof).toStrictEqual({ kind: 'HOLDS', assumptions: ['aws:PrincipalTag/tenant matches [A-Za-z0-9-]{1,64}'] });
  });

  it('the same tenant shares everything', () => {
    expect(kindOf(disjoint(home, home, 'identity', [], { assume }))).toBe('FAILS');
  });

  it('an assumption that allows the separator proves nothing', () => {
    const wide = { 'aws:PrincipalTag/tenant': '[A-Za-z0-9/-]{1,64}' };
    expect(kindOf(disjoint(home, home, 'identity', differ, { assume: wide }))).toBe('FAILS');
  });

  const tag = '${aws:PrincipalTag/tenant}';
  const cases: readonly [string, readonly Policy[], readonly Policy[], string][] = [
    ['itself', home, home, 'HOLDS'],
    ['one folder is not the own folder', home, identity({ Resource: 'arn:aws:s3:::home/alice/*' }), 'FAILS'],
    ['the own folder is one of all folders', identity({ Resource: 'arn:aws:s3:::home/*' }), home, 'HOLDS'],
    ['the own folder is not one that starts with a', identity({ Resource: 'arn:aws:s3:::home/a*' }), home, 'FAILS'],
    [
      'the own folder starts with a when the name does',
      identity({ Resource: 'arn:aws:s3:::home/a*' }),
      identity({ Resource: `arn:aws:s3:::home/${tag}/*`, ...when('StringLike', 'aws:PrincipalTag/tenant', 'a*') }),
      'HOLDS',
    ],
    [
      'the folder of a given name',
      home,
      identity({ Resource: 'arn:aws:s3:::home/alice/*', ...when('StringEquals', 'aws:PrincipalTag/tenant', 'alice') }),
      'HOLDS',
    ],
    [
      'names that are parts of other patterns count',
      identity({ Resource: 'arn:aws:s3:::home/?*/*', NotAction: 's3:x' }, { Resource: 'arn:aws:s3:::home/home/*' }),
      home,
      'HOLDS',
    ],
    ['two folders deep', home, identity({ Resource: `arn:aws:s3:::home/x/${tag}/*` }), 'FAILS'],
    [
      'a default',
      identity({ Resource: 'arn:aws:s3:::home/*' }),
      identity({ Resource: "arn:aws:s3:::home/${aws:PrincipalTag/tenant, 'shared'}/*" }),
      'HOLDS',
    ],
    [
      'a default is access without the tag',
      home,
      identity({ Resource: "arn:aws:s3:::home/${aws:PrincipalTag/tenant, 'shared'}/*" }),
      'FAILS',
    ],
    [
      'whole values are the same text',
      identity(when('StringEquals', 'aws:ResourceTag/t', tag)),
      identity({ Condition: { StringEquals: { 'aws:ResourceTag/t': 'x', 'aws:PrincipalTag/tenant': 'x' } } }),
      'HOLDS',
    ],
    [
      'and differ when the texts do',
      identity(when('StringEquals', 'aws:ResourceTag/t', tag)),
      identity({ Condition: { StringEquals: { 'aws:ResourceTag/t': 'x', 'aws:PrincipalTag/tenant': ['x', 'y'] } } }),
      'FAILS',
    ],
    [
      'NotResource without the tag applies to nothing',
      identity({ Resource: '*', ...when('Null', 'aws:PrincipalTag/tenant', 'false') }),
      identity({ NotResource: `arn:aws:s3:::home/${tag}/*` }),
      'HOLDS',
    ],
  ];
  it.each(cases)('%s', (_, existing, updated, result) => {
    expect(grows(existing, updated, assume)).toBe(result);
  });

  it('finds the one value that a wildcard over several folders singles out', () => {
    const own = { Resource: `arn:aws:s3:::home/${tag}/z/k` };
    const but = { Effect: 'Deny', Resource: 'arn:aws:s3:::home/q7*z/k' };
    expect(grows(identity(own, but), identity(own), assume)).toBe('FAILS');
    expect(grows(identity(own), identity(own, but), assume)).toBe('HOLDS');
  });

  describe('finds the one kind of value that', () => {
    const short = { 'aws:PrincipalTag/tenant': '[a-c]{0,2}', 'aws:PrincipalTag/u': '[a-c]{0,2}' };
    const object = (rest: string): Parts => ({ Resource: `arn:aws:s3:::h/${rest}` });
    const prefix = (rest: string): Parts => when('StringLike', 's3:prefix', `h/${rest}`);
    const places = [['in a resource', object] as const, ['in a key', prefix] as const];

    it('is not empty, where a literal has nothing between two separators', () => {
      const empty = identity(when('StringEquals', 's3:prefix', 'h//k'));
      expect(grows(empty, identity(when('StringLike', 's3:prefix', `h/${tag}/k`)), short)).toBe('FAILS');
      expect(grows(identity(when('StringLike', 's3:prefix', `h/${tag}/k`)), empty, short)).toBe('FAILS');
    });

    it.each(places)('a wildcard that has run over a separator leaves in front of its end, %s', (_, own) => {
      const not = (rest: string): Parts => ({ Effect: 'Deny', ...own(rest) });
      // What the pattern says of a whole part is denied anyhow; left are values such as `cb`.
      const both = [own(`ab/${tag}`), not('ab/b'), not('ab/ab')];
      expect(grows(identity(...both, not('a*b')), identity(...both), short)).toBe('FAILS');
      expect(grows(identity(...both), identity(...both, not('a*b')), short)).toBe('HOLDS');
    });

    it.each(places)('a wildcard leaves behind its start before it runs over a separator, %s', (_, own) => {
      const not = (rest: string): Parts => ({ Effect: 'Deny', ...own(rest) });
      const both = [own(`${tag}/b`), not('a/b'), not('ab/b')];
      for (const pattern of ['a*/b', 'a*b']) {
        expect(grows(identity(...both, not(pattern)), identity(...both), short)).toBe('FAILS');
        expect(grows(identity(...both), identity(...both, not(pattern)), short)).toBe('HOLDS');
      }
    });

    it('is the default of another variable', () => {
      const other = { ...object('${aws:PrincipalTag/u}/k'), ...when('Null', 'aws:PrincipalTag/u', 'false') };
      const fallback = {
        Effect: 'Deny',
        ...object("${aws:PrincipalTag/tenant, 'ab'}/k"),
        ...when('Null', 'aws:PrincipalTag/tenant', 'true'),
      };
      expect(grows(identity(other, fallback), identity(other), short)).toBe('FAILS');
      expect(grows(identity(other), identity(other, fallback), short)).toBe('HOLDS');
    });
  });

  it('does not exchange values that follow from the caller in ways that are not modelled', () => {
    const own = { Condition: { StringEquals: { 's3:prefix': '${aws:PrincipalArn}' } } };
    const part = {
      Condition: { StringEquals: { 's3:prefix': '${aws:PrincipalArn}' }, StringLike: { 's3:prefix': '*/qq*' } },
    };
    expect(grows(identity({ Action: 's3:PutObject' }), identity(part))).not.toBe('HOLDS');
    expect(grows(identity(own), identity(part))).toBe('HOLDS');
  });

  it('a variable beside a wildcard is unknown where it matters, and refuted where a request shows it', () => {
    const loose = identity({ Resource: `arn:aws:s3:::home/${tag}*` });
    const twice = identity({ Resource: `arn:aws:s3:::home/${tag}*`, Action: 's3:*' });
    expect(grows(loose, twice, assume)).toBe('FAILS');
    expect(grows(twice, loose, assume)).toBe('HOLDS');
    expect(grows(identity({ Resource: 'arn:aws:s3:::home/?*' }), loose, assume)).toBe('UNKNOWN');
  });
});

describe('principals of resource policies', () => {
  const role = { Principal: { AWS: 'arn:aws:iam::111122223333:role/p/r' } };
  const session = {
    Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/r/s1' },
    ...when('ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/p/r'),
  };
  const account = { Principal: { AWS: '111122223333' } };
  const cases: readonly [string, Parts, Parts, string][] = [
    ['a role stands for its sessions', role, session, 'HOLDS'],
    ['a session is not its role', session, role, 'FAILS'],
    ['an account stands for its roles', account, role, 'HOLDS'],
    ['a role is not its account', role, account, 'FAILS'],
    ['everybody is more than an account', account, { Principal: '*' }, 'FAILS'],
    ['a service is not of an account', account, { Principal: { Service: 'sns.amazonaws.com' } }, 'FAILS'],
    ['everybody includes services', { Principal: '*' }, { Principal: { Service: 'sns.amazonaws.com' } }, 'HOLDS'],
  ];
  it.each(cases)('%s', (_, existing, updated, result) => {
    expect(kindOf(noNewAccess(resource(existing), resource(updated), 'resource'))).toBe(result);
  });
});

describe('access not granted', () => {
  const reads = identity({ Action: ['s3:Get*'], Resource: 'arn:aws:s3:::a/*' });
  it('names what is granted', () => {
    const options = { actions: ['s3:GetObject'] };
    expect(accessNotGranted(reads, { actions: ['s3:GetObject'] }, 'identity', options)).toMatchObject({
      kind: 'FAILS',
      counterexample: { action: 's3:GetObject' },
    });
    expect(kindOf(accessNotGranted(reads, { actions: ['s3:PutObject', 'iam:*'] }, 'identity'))).toBe('HOLDS');
    const elsewhere = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] };
    expect(kindOf(accessNotGranted(reads, elsewhere, 'identity'))).toBe('HOLDS');
    expect(kindOf(accessNotGranted(reads, { resources: ['arn:aws:s3:::*'] }, 'identity'))).toBe('FAILS');
    expect(() => accessNotGranted(reads, {}, 'identity')).toThrow(RangeError);
  });
});

describe('equivalence and isolation', () => {
  it('tells which side allows more', () => {
    const one = identity({ Action: ['s3:GetObject', 's3:PutObject'] });
    const two = identity({ Action: 's3:GetObject' }, { Action: 's3:PutObject' });
    expect(kindOf(equivalent(one, two, 'identity'))).toBe('HOLDS');
    expect(equivalent(identity({}), one, 'identity')).toMatchObject({ counterexample: { action: 's3:putobject' } });
    expect(equivalent(one, identity({}), 'identity')).toMatchObject({ counterexample: { action: 's3:putobject' } });
  });

  it('what callers have for themselves does not separate them, what they ask for does', () => {
    const from = (network: string): readonly Policy[] => identity(when('IpAddress', 'aws:SourceIp', network));
    expect(kindOf(disjoint(from('10.0.0.0/8'), from('192.168.0.0/16'), 'identity'))).toBe('FAILS');
    const tagged = (value: string): readonly Policy[] => identity(when('StringEquals', 'aws:ResourceTag/t', value));
    expect(kindOf(disjoint(tagged('a'), tagged('b'), 'identity'))).toBe('HOLDS');
    expect(kindOf(disjoint(tagged('a'), tagged('a'), 'identity'))).toBe('FAILS');
  });

  it('tags of caller and resource that must agree separate callers whose tags differ', () => {
    const own = identity(when('StringEquals', 'aws:ResourceTag/t', '${aws:PrincipalTag/t}'));
    expect(kindOf(disjoint(own, own, 'identity', ['aws:PrincipalTag/t']))).toBe('HOLDS');
    expect(kindOf(disjoint(own, own, 'identity'))).toBe('FAILS');
  });

  it('accounts that differ', () => {
    const own = identity(when('StringEquals', 'aws:ResourceAccount', '${aws:PrincipalAccount}'));
    expect(kindOf(disjoint(own, own, 'identity', ['aws:PrincipalAccount']))).toBe('HOLDS');
    const one = identity(when('StringEquals', 'aws:PrincipalAccount', '111122223333'));
    expect(kindOf(disjoint(one, one, 'identity', ['aws:PrincipalAccount']))).toBe('HOLDS');
    expect(kindOf(disjoint(one, one, 'identity'))).toBe('FAILS');
  });
});

describe('"*" in a trust policy, as the custom policy checks read it', () => {
  // https://github.com/aws-samples/iam-access-analyzer-custom-policy-check-samples: role trust policies
  const provider = 'arn:aws:iam::111122223333:oidc-provider/example.com';
  const named: readonly Parts[] = [
    { Principal: { AWS: '111122223333', Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    { Principal: '*', NotAction: 'sts:AssumeRole' },
  ];
  const cases: readonly [string, Parts, string][] = [
    [
      'a provider, whom "*" lets in',
      { Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' },
      'HOLDS',
    ],
    ['the service that is named', { Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }, 'HOLDS'],
    ['another service', { Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }, 'FAILS'],
    ['everybody', { Principal: '*', Action: 'sts:AssumeRole' }, 'FAILS'],
  ];
  it.each(cases)('%s', (_, updated, result) => {
    expect(kindOf(noNewAccess(resource(...named), resource(updated), 'resource'))).toBe(result);
  });

  it('grants what only a service can use', () => {
    const service = { Principal: '*', Action: 'sts:*', ...when('Bool', 'aws:PrincipalIsAWSService', 'true') };
    expect(kindOf(accessNotGranted(resource(service), { actions: ['sts:AssumeRole'] }, 'resource'))).toBe('FAILS');
    const signed = { Principal: '*', Action: 'sts:*', ...when('Bool', 'aws:PrincipalIsAWSService', 'false') };
    expect(kindOf(noNewAccess(resource(signed), resource(service), 'resource'))).toBe('FAILS');
    expect(kindOf(noNewAccess(resource(service), resource(service), 'resource'))).toBe('HOLDS');
  });
});

describe('public access', () => {
  const cases: readonly [string, readonly Parts[], string][] = [
    ['everybody', [{}], 'FAILS'],
    ['an account', [{ Principal: { AWS: '111122223333' } }], 'HOLDS'],
    ['a role', [{ Principal: { AWS: 'arn:aws:iam::111122223333:role/r' } }], 'HOLDS'],
    ['a service', [{ Principal: { Service: 'sns.amazonaws.com' } }], 'HOLDS'],
    ['an organization', [when('StringEquals', 'aws:PrincipalOrgID', 'o-abc')], 'HOLDS'],
    ['any organization', [when('StringLike', 'aws:PrincipalOrgID', 'o-*')], 'FAILS'],
    ['an organization, if there is one', [when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-abc')], 'FAILS'],
    ['all but an organization', [when('StringNotEquals', 'aws:PrincipalOrgID', 'o-abc')], 'FAILS'],
    [
      'denied but to an organization',
      [{}, { Effect: 'Deny', ...when('StringNotEquals', 'aws:PrincipalOrgID', 'o-abc') }],
      'HOLDS',
    ],
    ['a network', [when('IpAddress', 'aws:SourceIp', '203.0.113.0/24')], 'HOLDS'],
    ['half the addresses', [when('IpAddress', 'aws:SourceIp', '0.0.0.0/1')], 'FAILS'],
    ['a narrow network and all addresses', [when('IpAddress', 'aws:SourceIp', '203.0.113.0/24', '0.0.0.0/0')], 'FAILS'],
    ['a network of IPv6', [when('IpAddress', 'aws:SourceIp', '2001:db8::/32')], 'HOLDS'],
    ['a broad network of IPv6', [when('IpAddress', 'aws:SourceIp', '2001::/16')], 'FAILS'],
    [
      'denied from elsewhere',
      [{}, { Effect: 'Deny', ...when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24') }],
      'HOLDS',
    ],
    ['an endpoint', [when('StringEquals', 'aws:SourceVpce', 'vpce-1')], 'HOLDS'],
    ['any endpoint', [when('Null', 'aws:SourceVpce', 'false')], 'FAILS'],
    ['an ARN with an account', [when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*')], 'HOLDS'],
    ['an ARN of any account', [when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:topic')], 'FAILS'],
    ['roles of an account', [when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*')], 'HOLDS'],
    ['roles of a name in any account', [when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/admin')], 'FAILS'],
    ['an account that is a variable', [when('StringEquals', 'aws:SourceVpc', '${aws:PrincipalTag/vpc}')], 'FAILS'],
    ['paths of an organization', [when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-abc/r-1/*')], 'HOLDS'],
    ['only over TLS', [when('Bool', 'aws:SecureTransport', 'true')], 'FAILS'],
    ['a condition that is no limit', [when('StringEquals', 's3:x-amz-acl', 'private')], 'FAILS'],
    ['only for services', [when('Bool', 'aws:PrincipalIsAWSService', 'true')], 'HOLDS'],
    ['through a mount target', [when('Bool', 'elasticfilesystem:AccessedViaMountTarget', 'true')], 'HOLDS'],
    ['past a mount target', [when('Bool', 'elasticfilesystem:AccessedViaMountTarget', 'false')], 'FAILS'],
    ['a mount target, if any', [when('BoolIfExists', 'elasticfilesystem:AccessedViaMountTarget', 'true')], 'FAILS'],
    [
      'only for calls of a service',
      [when('ForAnyValue:StringEquals', 'aws:PrincipalServiceNamesList', 'cloudtrail.amazonaws.com')],
      'HOLDS',
    ],
    ['everybody beside an account', [{ Principal: { AWS: '111122223333' } }, {}], 'FAILS'],
    [
      'everybody but one is denied',
      [{}, { Effect: 'Deny', NotPrincipal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:user/u'] } }],
      'HOLDS',
    ],
  ];
  it.each(cases)('%s', (_, statements, result) => {
    expect(kindOf(noPublicAccess(resource(...statements), 'AWS::S3::Bucket'))).toBe(result);
  });

  it('refuses what has no resource policy', () => {
    expect(() => noPublicAccess(resource({}), 'AWS::EC2::Instance')).toThrow(RangeError);
  });
});
