/** Templates whose values are not all known: verdicts, what they hang on, and where findings stand. */
import { checkTemplateGate } from '../../../hooks/gate/index.js';
import type { GateContext } from '../../../hooks/gate/index.js';
import { CONTEXT, gateOf, overlay } from './support.js';

const TOPIC = 'AWS::SNS::Topic';
const gate = gateOf(
  [TOPIC, 'AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Serverless::Function'],
  overlay(
    {
      [TOPIC]: {
        message: 'Ask the owners of topics.',
        constrain: [
          {
            path: '/TopicName',
            pattern: '(?:dev|prod)-[a-z]+',
            message: 'Names begin with the stage.',
            controls: ['TAG-1'],
          },
          { path: '/Subscription', maxItems: 1 },
        ],
        forbid: ['/DisplayName'],
      },
      'AWS::Serverless::Function': { allow: ['/Policies', '/Environment/Variables'] },
      'AWS::IAM::Role': { allow: ['/AssumeRolePolicyDocument'] },
    },
    { message: 'Ask somebody.' },
  ),
);

interface Answer {
  readonly status: string;
  readonly findings: readonly string[];
  readonly open: readonly string[];
}

function check(
  text: string,
  parameters: Readonly<Record<string, string>> = {},
  context: GateContext = CONTEXT,
): Answer {
  const { accountId, region } = context;
  const checked = checkTemplateGate(text, 't.yaml', gate, { parameters, accountId, region }, context);
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  const { file, findings, notEvaluated } = checked.result;
  return {
    status: file.status,
    findings: findings.map(
      ({ ruleId, message, location }) => `${location.line}:${location.column} ${ruleId} ${message}`,
    ),
    open: notEvaluated.map(
      ({ ruleId, reason, parameters: names, location }) => `${location?.line} ${ruleId} ${reason} [${names.join()}]`,
    ),
  };
}

const topic = (properties: string, more = ''): string =>
  `${more}Resources:\n  Topic:\n    Type: ${TOPIC}\n    Properties:\n${properties.replace(/^/gm, '      ')}\n`;

it('a value that nobody knows counts where any text would do', () => {
  const parameters = 'Parameters: {P: {Type: String}, L: {Type: CommaDelimitedList}}\n';
  const values =
    'KmsMasterKeyId: !GetAtt Other.Arn\nFifoTopic: !ImportValue x\nContentBasedDeduplication: !Ref P\nSubscription: [{Endpoint: !Ref Other, Protocol: sqs}]';
  const other = '  Other: {Type: AWS::S3::Bucket}\n';
  expect(check(`${topic(values, parameters)}${other}`)).toStrictEqual({ status: 'PASS', findings: [], open: [] });
});

it('a reference to a resource is NOT EVALUATED where a limit or a shape hangs on it', () => {
  const other = '  Other: {Type: AWS::S3::Bucket}\n';
  expect(check(`${topic('TopicName: !Ref Other\nTags: [!GetAtt Other.Tag]')}${other}`)).toMatchObject({
    status: 'NOT_EVALUATED',
    open: [
      '5 GAT1004 what resource `Other` gives is known only after deployment []',
      '6 GAT1002 what resource `Other` gives is known only after deployment []',
    ],
  });
  expect(check(topic('TopicName: {Ref: Topic, More: 1}')).findings).toContain(
    '5:18 GAT1004 an object is no text in `/TopicName` of `AWS::SNS::Topic`',
  );
});

it('is NOT EVALUATED where a limit or a shape hangs on it', () => {
  const parameters = 'Parameters: {P: {Type: String}}\n';
  expect(check(topic('TopicName: !Ref P\nTags: !Ref P', parameters))).toStrictEqual({
    status: 'NOT_EVALUATED',
    findings: [],
    open: ['6 GAT1004 parameter `P` has no value [P]', '7 GAT1002 parameter `P` has no value [P]'],
  });
  expect(check(topic('TopicName: !Ref P', parameters), { P: 'prod-orders' }).status).toBe('PASS');
  expect(check(topic('TopicName: !Ref P', parameters), { P: 'orders' }).findings).toStrictEqual([
    '6:18 GAT1004 `orders` does not match `^(?:(?:dev|prod)-[a-z]+)$` in `/TopicName` of `AWS::SNS::Topic`',
  ]);
});

it('tries allowed values and both ways of a condition', () => {
  const parameters =
    'Parameters: {Stage: {Type: String, AllowedValues: [dev, test]}}\nConditions: {Dev: !Equals [!Ref Stage, dev]}\n';
  expect(check(topic('TopicName: !Sub "${Stage}-orders"', parameters)).findings).toStrictEqual([
    '7:18 GAT1004 `test-orders` does not match `^(?:(?:dev|prod)-[a-z]+)$` in `/TopicName` of `AWS::SNS::Topic` (when Stage is test)',
  ]);
  expect(
    check(
      topic(
        'DisplayName: !If [Dev, x, !Ref "AWS::NoValue"]\nNew: !If [Dev, !Ref "AWS::NoValue", !Ref "AWS::NoValue"]',
        parameters,
      ),
    ),
  ).toStrictEqual({
    status: 'FAIL',
    findings: ['7:30 GAT1002 `DisplayName` is forbidden for `AWS::SNS::Topic` (when Dev is true)'],
    open: [],
  });
  const missing = 'Subscription: [{Protocol: sqs, Endpoint: !If [Dev, x, !Ref "AWS::NoValue"]}]';
  expect(check(topic(missing, parameters)).findings).toStrictEqual([
    '7:22 GAT1005 `Endpoint` is missing in `/Subscription/0` of `AWS::SNS::Topic` (when Dev is false)',
  ]);
  const lists = 'Subscription: !If [Dev, [{Endpoint: a, Protocol: sqs}, {Endpoint: b, Protocol: sqs}], []]';
  expect(check(topic(lists, parameters)).findings).toHaveLength(1);
  const element =
    'Subscription: [{Endpoint: a, Protocol: sqs}, !If [Dev, {Endpoint: b, Protocol: sqs}, !Ref "AWS::NoValue"]]';
  expect(check(topic(element, parameters)).open).toStrictEqual([
    '7 GAT1002 how many elements there are hangs on conditions []',
  ]);
  expect(check(topic(element, parameters), { Stage: 'test' }).status).toBe('PASS');
});

it('looks at resources under an open condition, and not at those that never exist', () => {
  const text = (condition: string): string =>
    `Parameters: {Stage: {Type: String}}\nConditions: {Open: !Equals [!Ref Stage, x], Never: !Equals [a, b]}\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Condition: ${condition}\n  Topic:\n    Type: ${TOPIC}\n`;
  expect(check(text('Open')).findings).toStrictEqual([
    '5:11 GAT1001 there is no approved schema for the type `AWS::SQS::Queue`',
  ]);
  expect(check(text('Never')).status).toBe('PASS');
});

it('a placeholder that nothing fills is NOT EVALUATED with the option that fills it', () => {
  const named = gateOf(
    [TOPIC],
    overlay({ [TOPIC]: { constrain: [{ path: '/TopicName', enum: ['<orgId>', '<accountId>'] }] } }),
  );
  const checked = checkTemplateGate(topic('TopicName: x'), 't.yaml', named, {}, {});
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  expect(checked.result.file.status).toBe('NOT_EVALUATED');
  expect(checked.result.notEvaluated.map(({ reason, parameters }) => [reason, parameters])).toStrictEqual([
    [
      'nothing fills the placeholder `<orgId>`, `<accountId>` in `/TopicName` of `AWS::SNS::Topic`',
      ['orgId', 'AWS::AccountId'],
    ],
  ]);
});

it('says who is to be asked, the nearest name and the line that would open it', () => {
  const checked = checkTemplateGate(
    topic(
      'TopicNam: dev-x\nTopicName: x\nDataProtectionPolicy: {}\nSomethingElse: 1\nSubscription: [{Protocol: sqs}]\nTracingConfig: []',
    ),
    't.yaml',
    gate,
    {},
    CONTEXT,
  );
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  expect(checked.result.findings.map(({ help }) => help)).toStrictEqual([
    'Ask the owners of topics. Did you mean `TopicName`?',
    'Names begin with the stage. Write a value that matches',
    'Ask the owners of topics. An overlay opens it: `types: {AWS::SNS::Topic: {allow: [/DataProtectionPolicy]}}`',
    'Ask the owners of topics. This version knows no such property; take it out, or approve it with the overlay line `types: {AWS::SNS::Topic: {allow: [{path: /SomethingElse, schema: …}]}}`',
    'Ask the owners of topics. Add `Endpoint`',
    'Ask the owners of topics. Write a value of the approved form',
  ]);
  expect(checked.result.findings[1]!.controls).toStrictEqual(['TAG-1', 'HOOK-GATE-02']);
  expect(checked.result.file.rules).toStrictEqual({
    GAT1001: 'PASS',
    GAT1002: 'FAIL',
    GAT1003: 'FAIL',
    GAT1004: 'FAIL',
    GAT1005: 'FAIL',
  });
});

it('sees a property that AWS has and the snapshot has not', () => {
  const old = gateOf([TOPIC], overlay({ [TOPIC]: { only: ['/TopicName'] } }));
  const checked = checkTemplateGate(topic('KmsMasterKeyId: x'), 't.yaml', old, {}, CONTEXT);
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  expect(checked.result.findings[0]!.help).toContain('AWS has it');
});

it('looks at SAM resources as written and at what they become', () => {
  const text = `Transform: AWS::Serverless-2016-10-31
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: x
      Environment: {Variables: {A: b}}
      Surprise: 1
`;
  const { findings } = check(text);
  expect(findings).toContain('10:7 GAT1002 `Surprise` is not approved for `AWS::Serverless::Function`');
  expect(findings.filter((each) => each.includes('`/Environment/Variables` of `AWS::Lambda::Function`'))).toHaveLength(
    1,
  );
});

it('what a macro makes is NOT EVALUATED', () => {
  const include = '"Fn::Transform": {Name: "AWS::Include", Parameters: {Location: x}}';
  expect(check(topic(include)).status).toBe('NOT_EVALUATED');
  expect(check(topic(`TopicName: dev-x\n${include}`)).status).toBe('NOT_EVALUATED');
  expect(check(`Transform: [Mine]\n${topic('TopicName: dev-x')}`).status).toBe('NOT_EVALUATED');
});

it('a file without resources is no template', () => {
  expect(checkTemplateGate('a: 1', 't.yaml', gate, {}, CONTEXT).kind).toBe('noTemplate');
  expect(checkTemplateGate('a: [', 't.yaml', gate, {}, CONTEXT).kind).toBe('unreadable');
});

it.each([
  ['`null` as properties', '{Type: AWS::SNS::Topic, Properties: null}', 'FAIL'],
  ['a list as properties', '{Type: AWS::SNS::Topic, Properties: []}', 'FAIL'],
  ['names of every object', '{Type: AWS::SNS::Topic, Properties: {__proto__: 1}}', 'FAIL'],
  ['no type', '{Properties: {New: 1}}', 'NOT_EVALUATED'],
  ['a module', '{Type: "Acme::Net::Made::MODULE", Properties: {New: 1}}', 'NOT_EVALUATED'],
  ['a type in other letters', '{Type: aws::sns::topic}', 'FAIL'],
  ['a blank behind the type', '{Type: "AWS::SNS::Topic "}', 'FAIL'],
  ['no properties', '{Type: AWS::SNS::Topic}', 'PASS'],
])('a resource with %s', (_name, resource, status) => {
  expect(check(`Resources:\n  A: ${resource}\n`).status).toBe(status);
});

it('copies that a loop makes are looked at one by one', () => {
  const loop = (names: string): string =>
    `Transform: AWS::LanguageExtensions\nParameters: {L: {Type: CommaDelimitedList}}\nResources:\n  'Fn::ForEach::Topics':\n    - N\n    - ${names}\n    - 'Topic\${N}': {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 'dev-\${N}'}}\n`;
  expect(check(loop('[a, b]')).status).toBe('PASS');
  expect(check(loop('[a, B]')).findings).toHaveLength(1);
  expect(check(loop('!Ref L')).status).toBe('NOT_EVALUATED');
});
