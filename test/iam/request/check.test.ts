/** Requests that nobody can decide are refused, with the place and the reason. */
import { checkRequest, readPolicies, readRequest } from '../../../iam/index.js';
import type { Request } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';

const good: Request = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::amzn-s3-demo-bucket/x',
  context: { 'aws:SourceIp': '203.0.113.7' },
};
const session = 'arn:aws:sts::111122223333:assumed-role/app/s1';
const role = 'arn:aws:iam::111122223333:role/team/app';

/** Code, place and message of all problems. */
function problemsOf(change: Partial<Request>): string[] {
  return checkRequest({ ...good, ...change }).map(({ code, path, message }) => `${code} ${path.join('/')}: ${message}`);
}

it('accepts what IAM can be asked', () => {
  for (const change of [
    {},
    { principal: 'anonymous' },
    { principal: { service: 'lambda.amazonaws.com' } },
    { principal: { federated: 'arn:aws:iam::111122223333:saml-provider/ADFS' } },
    { principal: session, sessionIssuer: role },
    { principal: session, context: { 'aws:PrincipalArn': role } },
    { principal: 'arn:aws:sts::111122223333:federated-user/carol', sessionIssuer: good.principal as string },
    { principal: 'arn:aws-us-gov:iam::111122223333:root' },
    { resource: '*' },
    { resource: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    { resource: 'arn:aws:s3:::amzn-s3-demo-bucket/odd*name', resourceAccount: '444455556666' },
    {
      context: {
        'AWS:PrincipalAccount': '111122223333',
        'aws:username': 'alice',
        'aws:PrincipalIsAWSService': 'False',
      },
    },
    { context: { 'aws:ResourceAccount': '444455556666' } },
    { absent: ['aws:SourceVpce', 'aws:ResourceAccount'] },
    { context: { 'aws:RequestTag/team': 'a' }, absent: ['aws:RequestTag/*', 'aws:Principal*'] },
  ] satisfies Partial<Request>[]) {
    expect(problemsOf(change)).toStrictEqual([]);
  }
});

it.each<[string, Partial<Request>, string]>([
  [
    'an action without a prefix',
    { action: 'GetObject' },
    'IAM1101 action: the action `GetObject` has no service prefix',
  ],
  ['an action with a wildcard', { action: 's3:Get*' }, 'IAM1101 action: the action `s3:Get*` holds a wildcard'],
  [
    'a resource that is no ARN',
    { resource: 'amzn-s3-demo-bucket' },
    'IAM1101 resource: the resource `amzn-s3-demo-bucket` is no ARN',
  ],
  [
    'an ARN with five parts',
    { resource: 'arn:aws:sqs:eu-west-1:q' },
    'IAM1101 resource: the resource `arn:aws:sqs:eu-west-1:q` is no ARN',
  ],
  [
    'an account of eleven digits',
    { resource: 'arn:aws:sqs:eu-west-1:11112222333:q' },
    'IAM1101 resource: the resource `arn:aws:sqs:eu-west-1:11112222333:q` is no ARN',
  ],
  [
    'a principal with a wildcard',
    { principal: 'arn:aws:iam::111122223333:user/*' },
    'IAM1101 principal: `arn:aws:iam::111122223333:user/*` is no principal',
  ],
  [
    'a group',
    { principal: 'arn:aws:iam::111122223333:group/dev' },
    'IAM1101 principal: `arn:aws:iam::111122223333:group/dev` is no principal',
  ],
  [
    'a service without a domain',
    { principal: { service: 'lambda' } },
    'IAM1101 principal/service: `lambda` is no service principal',
  ],
  [
    'a provider with a wildcard',
    { principal: { federated: '*' } },
    'IAM1101 principal/federated: `*` is no identity provider',
  ],
  ['an owner that is no account', { resourceAccount: 'prod' }, 'IAM1101 resourceAccount: `prod` is no account id'],
  [
    'a condition key without a prefix',
    { context: { SourceIp: 'x' } },
    'IAM1101 context/SourceIp: `SourceIp` is no condition key',
  ],
  [
    'an owner other than in the ARN',
    { resource: 'arn:aws:sqs:eu-west-1:111122223333:q', resourceAccount: '444455556666' },
    'IAM1102 resourceAccount: the resource belongs to account `111122223333` by its ARN and to `444455556666` by `resourceAccount`',
  ],
  [
    'aws:ResourceAccount other than the owner',
    { resourceAccount: '111122223333', context: { 'aws:ResourceAccount': '444455556666' } },
    "IAM1102 context/aws:ResourceAccount: the condition key `aws:ResourceAccount` says another account than the resource's, `111122223333`",
  ],
  [
    'aws:PrincipalAccount of another account',
    { context: { 'aws:PrincipalAccount': '444455556666' } },
    'IAM1102 context/aws:PrincipalAccount: the condition key `aws:PrincipalAccount` says something else than the principal, `111122223333`',
  ],
  [
    'aws:PrincipalArn of another user',
    { context: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/bob' } },
    'IAM1102 context/aws:PrincipalArn: the condition key `aws:PrincipalArn` says something else than the principal, `arn:aws:iam::111122223333:user/alice`',
  ],
  [
    'aws:PrincipalArn that is the session',
    { principal: session, context: { 'aws:PrincipalArn': session } },
    'IAM1102 context/aws:PrincipalArn: the condition key `aws:PrincipalArn` is not the ARN of the role of the session',
  ],
  [
    'aws:PrincipalArn other than the issuer',
    { principal: session, sessionIssuer: role, context: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' } },
    'IAM1102 context/aws:PrincipalArn: the condition key `aws:PrincipalArn` is not the ARN of the role of the session',
  ],
  [
    'an issuer of another name',
    { principal: session, sessionIssuer: 'arn:aws:iam::111122223333:role/other' },
    'IAM1102 sessionIssuer: `arn:aws:iam::111122223333:role/other` cannot have made the session of the principal',
  ],
  [
    'an issuer of a user',
    { sessionIssuer: role },
    'IAM1102 sessionIssuer: `arn:aws:iam::111122223333:role/team/app` cannot have made the session of the principal',
  ],
  [
    'aws:username of a session',
    { principal: session, context: { 'aws:username': 'app' } },
    'IAM1102 context/aws:username: the condition key `aws:username` is given, and no request of such a principal has it',
  ],
  [
    'a key given twice',
    { context: { 'aws:SourceIp': 'a', 'AWS:sourceip': 'b' } },
    'IAM1102 context/AWS:sourceip: the condition key `AWS:sourceip` is given twice, in another case',
  ],
  [
    'a key given and absent',
    { absent: ['aws:sourceip'] },
    'IAM1102 absent/0: the condition key `aws:sourceip` is both given and listed as absent',
  ],
  [
    'a key absent that follows',
    { absent: ['aws:PrincipalArn'] },
    'IAM1102 absent/0: the condition key `aws:PrincipalArn` is listed as absent, and every request of such a principal has it',
  ],
])('refuses %s', (_, change, expected) => {
  expect(problemsOf(change)).toStrictEqual([expected]);
});

it('finds a key given twice among many', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`app:k${index}`, 'x']));
  expect(problemsOf({ context: { ...many, 'APP:K3': 'x' } })).toHaveLength(1);
  expect(problemsOf({ context: many })).toStrictEqual([]);
});

describe('reading', () => {
  const read = (value: Value): string[] =>
    readRequest(value).problems.map(({ path, message }) => `${path.join('/')}: ${message}`);

  it('takes booleans and integers of the context as texts', () => {
    const value = {
      ...good,
      context: { 'aws:SecureTransport': true, 's3:max-keys': 5, 'aws:TagKeys': ['a'] },
    } as Value;
    expect(readRequest(value).value?.context).toStrictEqual({
      'aws:SecureTransport': 'true',
      's3:max-keys': '5',
      'aws:TagKeys': ['a'],
    });
  });

  it('refuses other forms', () => {
    expect(read({ ...good, context: { 'aws:SourceIp': null } })).toStrictEqual([
      'context/aws:SourceIp: the value of the condition key `aws:SourceIp` is neither a text nor a list of texts',
    ]);
    expect(read({ principal: 'anonymous', resource: '*' })).toStrictEqual([': `action` is missing']);
    expect(read({ ...good, extra: 1 })).toStrictEqual(['extra: `request` has no field `extra`']);
    expect(read({ ...good, principal: { role: 'x' } })).toStrictEqual(['principal: `principal` is no principal']);
    expect(read({ ...good, absent: 'aws:SourceIp' })).toStrictEqual(['absent: `absent` is no list of texts']);
    expect(read([])).toStrictEqual([': `request` is no map']);
  });

  it('reads policies as maps and as JSON texts', () => {
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const asMap = readPolicies({ identity: [document], scps: [[document]] });
    const asText = readPolicies({ identity: [JSON.stringify(document)], scps: [[JSON.stringify(document)]] });
    expect(asText).toStrictEqual(asMap);
    expect(asMap.value).toMatchObject({ boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null });
  });

  it('tells what is wrong with policies, and where', () => {
    const problems = (value: Value): string[] =>
      readPolicies(value).problems.map(({ code, path }) => `${code} ${path.join('/')}`);
    expect(problems({ scps: [{}] })).toStrictEqual(['IAM1101 scps']);
    expect(problems({ identity: {} })).toStrictEqual(['IAM1101 identity']);
    expect(problems({ boundary: [null] })).toStrictEqual(['IAM1101 boundary/0']);
    expect(problems({ boundaries: [] })).toStrictEqual(['IAM1101 boundaries']);
    expect(problems({ resource: '{' })).toStrictEqual(['IAM1101 resource']);
    expect(problems({ scps: [[{ Statement: { Action: '*', Resource: '*' } }]] })).toStrictEqual([
      'MISSING_EFFECT scps/0/0/Statement',
    ]);
  });
});
