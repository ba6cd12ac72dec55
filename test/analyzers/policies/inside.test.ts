/** Policies that stand in something else: in texts of every spelling, in functions, in templates that are text. */
import { scanTemplate, supposedOf } from '../../../analyzers/policies/index.js';
import { spelledOffsets } from '../../../analyzers/policies/written-text.js';
import { readTemplate } from '../../../template/index.js';
import type { ResolveOptions } from '../../../template/index.js';

const PUBLIC = 'policy-no-public-access';

/** `LINE:COLUMN LOGICAL-ID` of what lets everybody in, and lines with reasons of what was not evaluated. */
function scan(
  text: string,
  deployment: ResolveOptions = {},
): { open: readonly string[]; everybody: readonly string[] } {
  const { source, diagnostics } = readTemplate(text, 't.yaml');
  if (source === null) throw new Error(diagnostics[0]!.message);
  const { findings, notEvaluated } = scanTemplate(source, supposedOf(source, deployment));
  return {
    everybody: findings
      .filter(({ ruleId }) => ruleId === PUBLIC)
      .map(({ location: { line, column }, resource }) => `${line}:${column} ${resource!.logicalId}`),
    open: notEvaluated.map(({ location, reason }) => `${location?.line ?? 0} ${reason}`),
  };
}

/** A resource policy of which `document` is the text, from line 6 on; what comes first and last is around it. */
const logs = (document: string, first = '', last = ''): string => `${first}Resources:
  It:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: it
      PolicyDocument: ${document}
${last}`;

const FINE = '{"Effect":"Deny","Principal":"*","Action":"logs:DeleteLogGroup","Resource":"*"}';
const OPEN = '{"Effect":"Allow","Principal":"*","Action":"logs:PutLogEvents","Resource":"*"}';
const HEAD = '{"Version":"2012-10-17","Statement":[';

describe('the statement in a text', () => {
  it.each<[string, string, string]>([
    ['plain, in single quotes', logs(`'${HEAD}${OPEN}]}'`), '6:61'],
    ['in double quotes', logs(JSON.stringify(`${HEAD}${OPEN}]}`)), '6:67'],
    [
      'in double quotes, over several lines',
      logs(`"${HEAD.replaceAll('"', '\\"')}\n  ${OPEN.replaceAll('"', '\\"')}]}"`),
      '7:3',
    ],
    ['as a block', logs(`|-\n        ${HEAD}\n        ${OPEN}]}`), '8:9'],
    ['as a folded block', logs(`>\n        ${HEAD}\n\n        ${OPEN}]}`), '9:9'],
    [
      'as a block of `Fn::Sub`',
      logs(`!Sub |\n        ${HEAD}\n        ${OPEN.replace('"*"}', '"arn:aws:logs:${AWS::Region}:x:*"}')}]}`),
      '8:9',
    ],
    [
      'as `Fn::Sub` with variables',
      logs(
        `\n        Fn::Sub:\n          - |\n            ${HEAD}\n              ${OPEN.replace('"*"', '"${Who}"')}]}\n          - Who: '*'`,
      ),
      '10:15',
    ],
    [
      'with a variable that is not replaced',
      logs(
        `!Sub |\n        ${HEAD}\n        ${OPEN.replace('logs:PutLogEvents","Resource":"*"', 'logs:*","Resource":"arn:aws:logs:*:*:${!Name}"')}]}`,
      ),
      '8:9',
    ],
    [
      'joined',
      logs(
        `!Join\n        - ''\n        - - '${HEAD}'\n          - '${OPEN.slice(0, -4)}"arn:aws:logs:'\n          - !Ref AWS::Region\n          - ':*:*"}]}'`,
      ),
      '9:14',
    ],
    [
      'joined by a delimiter',
      logs(`!Join\n        - ','\n        - - '${HEAD}${FINE}'\n          - '${OPEN}]}'`),
      '9:14',
    ],
    [
      'the Default of a parameter',
      logs(
        '!Ref Document',
        '',
        `Parameters:\n  Document:\n    Type: String\n    Default: >-\n      ${HEAD}\n      ${OPEN}]}\n`,
      ),
      '12:7',
    ],
    [
      'of a mapping',
      logs('!FindInMap [Of, It, Document]', '', `Mappings:\n  Of:\n    It:\n      Document: '${HEAD}${OPEN}]}'\n`),
      '10:55',
    ],
    [
      'a branch of a choice',
      logs(
        `!If [Is, '${HEAD}${FINE}]}', '${HEAD}${OPEN}]}']`,
        '',
        `Parameters: { P: { Type: String } }\nConditions: { Is: !Equals [!Ref P, x] }\n`,
      ),
      '6:192',
    ],
    [
      'as JSON of a value',
      logs(
        `\n        Fn::ToJsonString:\n          Version: '2012-10-17'\n          Statement:\n            - ${FINE}\n            - ${OPEN}`,
        '',
        'Transform: AWS::LanguageExtensions\n',
      ),
      '11:15',
    ],
  ])('%s', (_, text, place) => {
    expect(scan(text)).toStrictEqual({ everybody: [`${place} It`], open: [] });
  });

  it('is at the property when a value that is given takes the place of a Default', () => {
    const text = logs('!Ref Document', '', `Parameters: { Document: { Type: String, Default: '${HEAD}${FINE}]}' } }\n`);
    expect(scan(text, { parameters: { Document: `${HEAD}${OPEN}]}` } }).everybody).toStrictEqual(['6:23 It']);
  });

  it('is found in templates that are JSON', () => {
    const text = JSON.stringify({
      Resources: {
        It: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: `${HEAD}\n ${OPEN}]}` } },
      },
    });
    expect(scan(text).everybody).toStrictEqual([`1:${text.indexOf('{\\"Effect') + 1} It`]);
  });
});

it('spellings of a text are followed character by character', () => {
  for (const [text, raw, at] of [
    ['a"b', '"a\\"b"', [1, 2, 4]],
    ["a'b", "'a''b'", [1, 2, 4]],
    ['a b', 'a\n   b', [0, 5, 5]],
    ['aéb', '"a\\u00e9b"', [1, 2, 8]],
    ['a\nb', '!Sub |-\n  a\n  b', [10, 14, 14]],
  ] as const) {
    expect(spelledOffsets(text, raw)).toStrictEqual(at);
  }
  expect(spelledOffsets('ab', '"ac"')).toBeUndefined();
  expect(spelledOffsets('ab', '"a')).toBeUndefined();
});

describe('what a macro gives', () => {
  const include = '{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://bucket/part.yaml } } }';
  const trust = `{ Version: '2012-10-17', Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole } }`;

  it.each<[string, string, number]>([
    ['properties', `Type: AWS::S3::BucketPolicy\n    Properties: ${include}`, 4],
    ['properties of a permission', `Type: AWS::Lambda::Permission\n    Properties: ${include}`, 4],
    [
      'a list of policies',
      `Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${trust}\n      Policies: ${include}`,
      6,
    ],
    [
      'one of them',
      `Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${trust}\n      Policies:\n        - ${include}`,
      7,
    ],
  ])('%s: is not evaluated', (_, resource, line) => {
    const { source } = readTemplate(`Resources:\n  It:\n    ${resource}\n`, 't.yaml');
    const { file, notEvaluated } = scanTemplate(source!, supposedOf(source!));
    expect(notEvaluated.map(({ location }) => location?.line)).toStrictEqual([line]);
    expect(file.status).toBe('NOT_EVALUATED');
    expect(file.rules[PUBLIC]).toBe('NOT_EVALUATED');
  });
});

it('copies that a loop makes are looked at one by one', () => {
  const text = `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Queues:
    - Name
    - [Alpha, Beta]
    - Policy\${Name}:
        Type: AWS::SQS::QueuePolicy
        Properties:
          Queues: [x]
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Principal: '*', Action: sqs:SendMessage, Resource: !Sub 'arn:aws:sqs:::\${Name}' }
`;
  expect(scan(text).everybody).toStrictEqual(['13:17 PolicyAlpha', '13:17 PolicyBeta']);
});

describe('the template of a stack set', () => {
  const stackSet = (more: string, who = '!Ref Who'): string => `Parameters:
  Name: { Type: String }
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: baseline
      PermissionModel: SERVICE_MANAGED
      TemplateBody: !Sub |
        Parameters:
          Who: { Type: String, Default: '111122223333' }
        Resources:
          Queue:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: ['\${AWS::AccountId}']
              PolicyDocument:
                Version: '2012-10-17'
                Statement:
                  - { Effect: Allow, Principal: { AWS: ${who} }, Action: sqs:SendMessage, Resource: '*' }
          Logs:
            Type: AWS::Logs::ResourcePolicy
            Properties:
              PolicyDocument: |
                ${HEAD}
                  ${OPEN}]}
${more}`;

  it('is read at its lines, with the parameters that it gets', () => {
    expect(scan(stackSet(''))).toStrictEqual({ everybody: ['26:19 Set/Logs'], open: [] });
    const given = "      Parameters: [{ ParameterKey: Who, ParameterValue: '*' }]\n";
    expect(scan(stackSet(given)).everybody).toStrictEqual(['20:21 Set/Queue', '26:19 Set/Logs']);
  });

  it('leaves open what only some instances get, or nobody knows', () => {
    for (const given of [
      "      StackInstancesGroup: [{ ParameterOverrides: [{ ParameterKey: Who, ParameterValue: '*' }] }]\n",
      '      Parameters: [{ ParameterKey: Who, ParameterValue: !Ref Name }]\n',
      "      Parameters: [{ ParameterKey: Who, ParameterValue: '111122223333' }]\n      StackInstancesGroup: [{ ParameterOverrides: [{ ParameterKey: Who, ParameterValue: '*' }] }]\n",
    ]) {
      const { open } = scan(stackSet(given));
      expect(open).toStrictEqual([expect.stringMatching(/^20 .*parameter `Who` has no value$/)]);
    }
    const unknown = scan(stackSet('', '${Name}'));
    expect(unknown.open).toStrictEqual([
      expect.stringMatching(/^9 the template of the stack set `Set` is not known: /),
    ]);
    const broken = scan(stackSet('').replace(/Resources:(?=\n {10}Queue)/, 'Things:'));
    expect(broken.open).toStrictEqual([
      expect.stringMatching(/^9 the template of the stack set `Set` cannot be read$/),
    ]);
  });
});
