/** The zone of trust of the sandbox's analyzers: what is called inside may let in nobody from outside. */
import fc from 'fast-check';
import { parsePolicy, referenceEvaluate } from '../../iam/index.js';
import type { ApplicablePolicies, Policy, Request } from '../../iam/index.js';
import * as prover from '../../iam/prove/index.js';
import { externalGrants, type Zone } from '../../sandbox/access-analyzer/external.js';

const [OWNER, FRIEND, STRANGER] = ['222222222222', '333333333333', '999999999999'] as const;
const ORG = 'o-exampleorgid';
const OTHER = 'o-otherorgani';
const ORGANIZATION: Zone = { organizationId: ORG, accounts: new Set([OWNER, FRIEND]) };
const ACCOUNT: Zone = { organizationId: null, accounts: new Set([OWNER]) };

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const textOf = (principal: unknown, Condition: Conditions = {}, deny: Conditions | null = null): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*', Condition },
      ...(deny === null
        ? []
        : [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::data/*', Condition: deny }]),
    ],
  });

function grants(policy: string, zone: Zone): ReturnType<typeof externalGrants> {
  const of = { arn: 'arn:aws:s3:::data', type: 'AWS::S3::Bucket', owner: OWNER, kind: 'resource' } as const;
  return externalGrants({ ...of, policy, isRestricted: false }, zone, prover);
}

const seen = (policy: string, zone = ORGANIZATION): string =>
  grants(policy, zone)
    .map(({ principal, isPublic }) => `${Object.values(principal).join()}${isPublic ? ' public' : ''}`)
    .join('; ');

const equals = (key: string, value: string | readonly string[]): Conditions => ({ StringEquals: { [key]: value } });
const like = (key: string, value: string): Conditions => ({ StringLike: { [key]: value } });

it.each<[what: string, condition: Conditions, ofOrganization: string, ofAccount: string]>([
  ['nothing', {}, '* public', '* public'],
  ['the own organization', equals('aws:PrincipalOrgID', ORG), '', '*'],
  ['another organization', equals('aws:PrincipalOrgID', OTHER), '*', '*'],
  ['both organizations', equals('aws:PrincipalOrgID', [ORG, OTHER]), '*', '*'],
  [
    'the organization where it is told',
    { StringEqualsIfExists: { 'aws:PrincipalOrgID': ORG } },
    '* public',
    '* public',
  ],
  ['all but the own organization', { StringNotEquals: { 'aws:PrincipalOrgID': ORG } }, '* public', '* public'],
  ['ids that begin as the own one', like('aws:PrincipalOrgID', `${ORG}*`), '* public', '* public'],
  [
    'a path of the own organization',
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORG}/r-1/ou-1/*` } },
    '',
    '*',
  ],
  [
    'no path but own ones, or none',
    { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': `${ORG}/*` } },
    '* public',
    '* public',
  ],
  [
    'paths that begin as the own id',
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORG}*` } },
    '* public',
    '* public',
  ],
  ['an account of the organization', equals('aws:PrincipalAccount', FRIEND), '', '*'],
  ['the own account', equals('aws:PrincipalAccount', OWNER), '', ''],
  ['a stranger', equals('aws:PrincipalAccount', STRANGER), '*', '*'],
  ['a role of the organization', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FRIEND}:role/*` } }, '', '*'],
  ['calls of services for the own account', equals('aws:SourceAccount', OWNER), '', ''],
  ['calls of services for a stranger', equals('aws:SourceAccount', STRANGER), '*', '*'],
  ['calls of services for own resources', { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${OWNER}:topic` } }, '', ''],
  ['calls of services for the organization', equals('aws:SourceOrgID', ORG), '', '*'],
  [
    'calls of services for a path of it',
    { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': `${ORG}/r-1/*` } },
    '',
    '*',
  ],
  // These say where the resource is, which is no matter of who calls.
  ['the organization of the resource', equals('aws:ResourceOrgID', ORG), '* public', '* public'],
  ['the account of the resource', equals('aws:ResourceAccount', OWNER), '* public', '* public'],
  ['an address', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, '*', '*'],
  ['a network', equals('aws:SourceVpc', 'vpc-1'), '*', '*'],
])('a grant to everybody with a condition on %s', (_, condition, ofOrganization, ofAccount) => {
  const policy = textOf('*', condition);
  expect([seen(policy), seen(policy, ACCOUNT)]).toStrictEqual([ofOrganization, ofAccount]);
});

it.each<[principal: unknown, told: string]>([
  [{ AWS: FRIEND }, ''],
  [{ AWS: `arn:aws:iam::${FRIEND}:role/reader` }, ''],
  [{ AWS: STRANGER }, STRANGER],
  [{ AWS: `arn:aws:sts::${STRANGER}:assumed-role/a/b` }, `arn:aws:sts::${STRANGER}:assumed-role/a/b`],
  [
    { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' },
    'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1',
  ],
  // What is left of an identity that was deleted.
  [{ AWS: 'AIDAEXAMPLEEXAMPLE123' }, ''],
  [{ Service: 'logs.amazonaws.com' }, ''],
  [{ CanonicalUser: '79a59d' }, '79a59d'],
  [{ Federated: 'cognito-identity.amazonaws.com' }, 'cognito-identity.amazonaws.com'],
])('a grant to %j', (principal, told) => {
  expect(seen(textOf(principal))).toBe(told);
});

const ALL: Policy = parsePolicy(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  'identity',
).policy!;
const KEYS = ['aws:PrincipalOrgID', 'aws:PrincipalAccount', 'aws:SourceVpc', 'aws:ResourceOrgID', 'aws:SourceAccount'];
const VALUES = [ORG, `${ORG}*`, OTHER, OWNER, FRIEND, STRANGER, 'vpc-1', '*'];

/** Requests of somebody outside, of an organization or of none, from a network or not. Nobody can send keys of services. */
const OUTSIDE: readonly Request[] = [`arn:aws:iam::${STRANGER}:role/x`, 'anonymous'].flatMap((principal) =>
  [{}, { 'aws:PrincipalOrgID': OTHER }].flatMap((org) =>
    [{}, { 'aws:SourceVpc': 'vpc-1' }].map((network): Request => ({
      principal: principal,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::data/a',
      resourceAccount: OWNER,
      context: { 'aws:ResourceOrgID': ORG, ...(principal === 'anonymous' ? {} : org), ...network },
    })),
  ),
);

it('where there is no finding, the reference lets in nobody from outside', () => {
  const operators = [
    'StringEquals',
    'StringEqualsIfExists',
    'StringLike',
    'StringNotEquals',
    'StringNotEqualsIfExists',
  ];
  const conditions = fc.dictionary(
    fc.constantFrom(...operators),
    fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { minKeys: 1, maxKeys: 2 }),
    { maxKeys: 2 },
  );
  const principal = fc.constantFrom<unknown>('*', { AWS: STRANGER }, { AWS: [FRIEND, STRANGER] });
  const counts = { inside: 0, outside: 0 };
  fc.assert(
    fc.property(principal, conditions, fc.option(conditions), (who, allow, deny) => {
      const text = textOf(who, allow, deny);
      const { policy } = parsePolicy(JSON.parse(text) as never, 'resource');
      const isFound = grants(text, ORGANIZATION).length > 0;
      const of: ApplicablePolicies = {
        ...{ identity: [ALL], boundary: null, session: null, scps: null, rcps: null, vpcEndpoint: null },
        resource: policy!,
      };
      const isOpen = OUTSIDE.some((request) => referenceEvaluate(request, of).decision === 'ALLOW');
      counts[isOpen ? 'outside' : 'inside']++;
      if (isOpen) expect(isFound).toBe(true);
    }),
    { numRuns: 60 },
  );
  expect(Math.min(counts.inside, counts.outside)).toBeGreaterThan(5);
});
