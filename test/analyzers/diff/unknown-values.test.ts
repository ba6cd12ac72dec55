/**
 * Values that nobody knows: the same on both sides they are one value, whatever it is. What is told holds for every value,
 * and where it hangs on the value that is said.
 */
import type { Change } from '../../../analyzers/diff/index.js';
import { isWithin } from '../../../analyzers/diff/abstract.js';
import { compareTexts } from './support.js';

const MORE = `{ Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::data/*' }`;
const MORE_SPELLED = `{ Sid: Data, Effect: Allow, Action: ['s3:putobject'], Resource: ['arn:aws:s3:::data/*'] }`;
const OTHER_ACCOUNT = `{ Effect: Allow, Principal: { AWS: '444455556666' }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }`;

/** A role with statements, or a queue with them. */
function template(kind: 'role' | 'queue', statements: readonly string[]): string {
  const document = `{ Version: '2012-10-17', Statement: [${statements.join(', ')}] }`;
  const head =
    'Parameters: { P: { Type: String }, Q: { Type: String }, L: { Type: CommaDelimitedList } }\nResources:\n';
  if (kind === 'queue') {
    return `${head}  Queue: { Type: AWS::SQS::Queue }
  Policy: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Queue], PolicyDocument: ${document} } }`;
  }
  return `${head}  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }] }
      Policies: [{ PolicyName: Own, PolicyDocument: ${document} }]`;
}

function compare(kind: 'role' | 'queue', old: readonly string[], now: readonly string[]): readonly Change[] {
  return compareTexts(template(kind, old), template(kind, now)).changes;
}

const verdicts = (changes: readonly Change[]): readonly string[] => changes.map(({ verdict }) => verdict);

const OF_ROLES: Readonly<Record<string, string>> = {
  action: `{ Effect: Allow, Action: !Ref P, Resource: '*' }`,
  'part of an action': `{ Effect: Allow, Action: !Sub 's3:\${P}', Resource: '*' }`,
  'list of actions': `{ Effect: Allow, Action: !Ref L, Resource: '*' }`,
  resource: `{ Effect: Allow, Action: 's3:GetObject', Resource: !Ref P }`,
  'part of a resource': `{ Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::\${P}/*' }`,
  'NotResource of a deny': `{ Effect: Deny, Action: 's3:GetObject', NotResource: !Sub 'arn:aws:s3:::\${P}/*' }`,
  condition: `{ Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': !Ref P } } }`,
  'negated condition': `{ Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': [!Ref P, o-a] } } }`,
  'range of addresses': `{ Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: { NotIpAddress: { 'aws:SourceIp': !Ref L } } }`,
  effect: `{ Effect: !Ref P, Action: 'sqs:SendMessage', Resource: '*' }`,
  statement: '!Ref P',
  'export of another stack': `{ Effect: Allow, Action: 's3:GetObject', Resource: !ImportValue data }`,
};

const OF_QUEUES: Readonly<Record<string, string>> = {
  principal: `{ Effect: Allow, Principal: { AWS: !Ref P }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }`,
  'account of a principal': `{ Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::\${P}:root' }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }`,
  'list of principals': `{ Effect: Allow, Principal: { AWS: !Ref L }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }`,
  service: `{ Effect: Allow, Principal: { Service: !Ref P }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }`,
  'condition on the caller': `{ Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn, Condition: { ArnLike: { 'aws:PrincipalArn': !Ref P } } }`,
  'denial of the rest': `{ Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: !GetAtt Queue.Arn, Condition: { ArnNotLike: { 'aws:PrincipalArn': !Ref P } } }`,
};

describe.each([
  ['role', OF_ROLES, MORE, MORE_SPELLED],
  ['queue', OF_QUEUES, OTHER_ACCOUNT, OTHER_ACCOUNT.replace('Effect', 'Sid: Other, Effect')],
] as const)('in a policy of a %s', (kind, statements, more, moreSpelled) => {
  it.each(Object.entries(statements))('%s, the same on both sides, is nothing', (_, open) => {
    expect(compare(kind, [open, more], [moreSpelled, open])).toStrictEqual([]);
  });

  it.each(Object.entries(statements))('%s, the same on both sides, hides nothing beside it', (_, open) => {
    const [change, ...others] = compare(kind, [open], [open, more]);
    expect(others).toStrictEqual([]);
    expect(change?.verdict).toBe('BROADENED');
    expect(change?.message).toContain(kind === 'role' ? 's3:PutObject' : '444455556666');
    expect(change?.decided).not.toBeNull();
  });

  it.each(Object.entries(statements).filter(([, text]) => text.includes('Allow')))(
    '%s, newly there, is told',
    (_, open) => {
      expect(verdicts(compare(kind, [more], [more, open]))).toStrictEqual(['BROADENED']);
    },
  );
});

const ALL_S3 = `{ Effect: Allow, Action: 's3:*', Resource: '*' }`;
const P_ONLY = `{ Effect: Allow, Action: 's3:*', Resource: !Ref P }`;
const P_BUCKET = `{ Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::\${P}/*' }`;
const P_TABLE = `{ Effect: Allow, Action: '*', Resource: !Sub 'arn:aws:dynamodb:*:*:table/\${P}' }`;
const NO_SECRETS = `{ Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::secret/*' }`;
const TAGGED = (operator: string, value: string, effect = 'Allow'): string =>
  `{ Effect: ${effect}, Action: 's3:*', Resource: '*', Condition: { ${operator}: { 'aws:PrincipalTag/t': ${value} } } }`;

it.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['a denial goes, of what an unknown may be', [P_ONLY, NO_SECRETS], [P_ONLY], ['NOT_EVALUATED']],
  ['a denial goes, of what part of an unknown may be', [P_BUCKET, NO_SECRETS], [P_BUCKET], ['NOT_EVALUATED']],
  ['a denial goes, of what no unknown can be', [P_TABLE, NO_SECRETS], [P_TABLE], []],
  ['a denial becomes narrower', [P_ONLY, NO_SECRETS.replace('/*', '*')], [P_ONLY, NO_SECRETS], ['NOT_EVALUATED']],
  [
    'a denial goes, of a tag that may be the unknown one',
    [TAGGED('StringEquals', '!Ref P'), TAGGED('StringEquals', 'bad', 'Deny')],
    [TAGGED('StringEquals', '!Ref P')],
    ['NOT_EVALUATED'],
  ],
  [
    'an unknown is a pattern now, and may hold wildcards',
    [TAGGED('StringEquals', '!Ref P')],
    [TAGGED('StringLike', '!Ref P')],
    ['NOT_EVALUATED'],
  ],
  [
    'all but an unknown tag, in two statements instead of one',
    [
      `{ Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalTag/t': [!Ref P, x] } } }`,
    ],
    ['s3:GetObject', 's3:PutObject'].map(
      (action) =>
        `{ Effect: Allow, Action: '${action}', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalTag/t': [x, !Ref P] } } }`,
    ),
    [],
  ],
  [
    'two unknowns may be one',
    [ALL_S3, `{ Effect: Deny, Action: 's3:*', Resource: [!Ref P, !Ref Q] }`],
    [ALL_S3, `{ Effect: Deny, Action: 's3:*', Resource: !Ref P }`],
    ['BROADENED'],
  ],
  [
    'a part of what fitted an unknown',
    [P_BUCKET],
    [`{ Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::\${P}/a/*' }`],
    ['NARROWED'],
  ],
  [
    'an unknown may be empty, where one letter was asked for',
    [`{ Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::a-?*/x' }`],
    [`{ Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::a-\${P}/x' }`],
    ['NOT_EVALUATED', 'NARROWED'],
  ],
  [
    'new rights that a denial takes unless the unknown is right for it',
    [ALL_S3.replace('s3', 'sqs')],
    [ALL_S3.replace('s3', 'sqs'), P_ONLY, `{ Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::mine/*' }`],
    ['NOT_EVALUATED'],
  ],
  [
    'a deny with IfExists has no fewer words for a number that nobody knows',
    [
      ALL_S3,
      `{ Effect: Deny, Action: 's3:*', Resource: '*', Condition: { NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': !Ref P } } }`,
    ],
    [
      ALL_S3,
      `{ Effect: Deny, Action: 's3:*', Resource: '*', Condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': !Ref P } } }`,
    ],
    ['BROADENED', 'NARROWED'],
  ],
])('%s', (_, old, now, wanted) => {
  expect(verdicts(compare('role', old, now))).toStrictEqual(wanted);
});

it('does not take one unknown for another', () => {
  const inP = `{ Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::\${P}/*' }`;
  const onlyMine = `{ Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::mine/*' }`;
  expect(verdicts(compare('role', [inP], [inP.replace('${P}', '${Q}'), onlyMine]))).toContain('NOT_EVALUATED');
});

it('asks the same of resource policies', () => {
  const open = `{ Effect: Allow, Principal: { AWS: '444455556666' }, Action: 'sqs:*', Resource: !Ref P }`;
  const onlyMine = `{ Effect: Deny, Principal: '*', Action: 'sqs:*', NotResource: 'arn:aws:sqs:eu-central-1:111122223333:mine' }`;
  expect(verdicts(compare('queue', [onlyMine], [onlyMine, open]))).toContain('NOT_EVALUATED');
});

it('never shows what a parameter with NoEcho is given', () => {
  const template = (principal: string): string =>
    `Parameters: { Who: { Type: String, NoEcho: true, Default: '111122223333' } }
Resources: { Policy: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [orders], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: ${principal} }, Action: 'sqs:*', Resource: '*' }] } } } }
`;
  const parameters = { Who: 'arn:aws:iam::999988887777:role/s3cr3t' };
  const { changes } = compareTexts(template("'111122223333'"), template('!Ref Who'), { parameters });
  expect(changes.map(({ verdict }) => verdict)).not.toStrictEqual([]);
  expect(JSON.stringify(changes)).not.toContain('s3cr3t');
});

it('says on which value it hangs', () => {
  const [change] = compare('role', [P_ONLY, NO_SECRETS], [P_ONLY]);
  expect(change?.message).toMatch(
    /`s3:\w+` is no longer denied, and whether it is allowed hangs on .*parameter `P` has no value/,
  );
});

describe('what no template shows', () => {
  const role = (statements: string, more: string): string => `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }] }
      ${more}
      Policies: [{ PolicyName: Own, PolicyDocument: { Version: '2012-10-17', Statement: [${statements}] } }]`;
  const READ = `{ Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' }`;
  const managed = "ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess']";

  it('may allow what is no longer denied', () => {
    const { changes } = compareTexts(role(`${READ}, ${NO_SECRETS}`, managed), role(READ, managed));
    expect(verdicts(changes)).toStrictEqual(['NOT_EVALUATED']);
    expect(changes[0]?.message).toContain('PowerUserAccess');
  });

  it('is nothing to what is denied all the same, and where it is not', () => {
    expect(
      compareTexts(role(`${READ}, ${NO_SECRETS}`, managed), role(`${NO_SECRETS}, ${READ}`, managed)).changes,
    ).toStrictEqual([]);
    expect(compareTexts(role(`${READ}, ${NO_SECRETS}`, 'Path: /'), role(READ, 'Path: /')).changes).toStrictEqual([]);
  });

  it('gives rights to those who have a managed policy that denies less', () => {
    const policy = (statements: string): string =>
      `Resources: { Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [${statements}] } } } }`;
    const { changes } = compareTexts(policy(`${READ}, ${NO_SECRETS}`), policy(READ));
    expect(verdicts(changes)).toStrictEqual(['NOT_EVALUATED']);
    expect(changes[0]?.message).toContain('in no template');
  });
});

it.each([
  ['arn:aws:s3:::@P@/a/*', 'arn:aws:s3:::@P@/*', true],
  ['arn:aws:s3:::@P@/*', 'arn:aws:s3:::@P@/a/*', false],
  ['arn:aws:s3:::@P@/ab', 'arn:aws:s3:::@P@/a?', false],
  ['arn:aws:s3:::@P@/aba', 'arn:aws:s3:::@P@/ab*ba', false],
  ['arn:aws:s3:::@P@/x', 'arn:aws:s3:::@Q@/*', false],
  ['arn:aws:sqs:a:b:@P@', 'arn:aws:sqs:*:@P@', false],
])('%s within %s: %s', (pattern, other, isSo) => {
  expect(isWithin(pattern, other)).toBe(isSo);
});
