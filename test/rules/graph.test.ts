/** Which resource a value of a template refers to: every spelling of a reference, and what only looks like one. */
import { attributesOf } from '../../catalogue/index.js';
import { runCodeRule } from '../../rules/code/run.js';
import type { ResourceUnder, View } from '../../rules/code/view.js';
import { get, isMap, readTemplate, resolveTemplate, supposeTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';

const INFO = { id: 'some-test-rule', title: '', severity: 'error', controls: [], help: '', docs: '' } as const;
const BUCKET = 'AWS::S3::Bucket';

/** The logical ids that a question about `Resources.It.Properties.Value` finds, once for each way to choose. */
function asked(
  yaml: string,
  ask: (view: View, value: Value) => readonly (ResourceUnder | undefined)[],
): readonly string[] {
  const { source, diagnostics } = readTemplate(yaml, 'graph.yaml');
  expect(diagnostics).toStrictEqual([]);
  const value = source!.value;
  if (!isMap(value)) throw new Error('no template');
  const resources = get(value, 'Resources')!;
  if (!isMap(resources)) throw new Error('no resources');
  const types = Object.values(resources).map((one) => (isMap(one) ? (one['Type'] as string) : ''));
  const world = { attributes: attributesOf };
  const supposed = supposeTemplate(value, resolveTemplate(value, world), world);
  const answers: string[] = [];
  const check = (view: View): void => {
    const [it] = view.resources('Custom::It');
    const names = ask(view, get(it!.properties, 'Value')!).map((one) => one?.logicalId ?? '-');
    answers.push(names.join(' '));
  };
  runCodeRule({ info: INFO, types, check }, supposed, {});
  return answers;
}

const template = (others: string, value: string): string =>
  `Parameters: {Name: {Type: String}, Env: {Type: String}}\nConditions: {Wanted: !Equals [!Ref Name, x]}\n` +
  `Resources:\n${others
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n  It: {Type: 'Custom::It', Properties: {Value: ${value}}}\n`;

const target = (others: string, value: string, ...types: readonly string[]): readonly string[] =>
  asked(template(others, value), (view, node) => [view.graph.target(node, ...types)]);
const mentioned = (others: string, value: string, ...types: readonly string[]): readonly string[] =>
  asked(template(others, value), (view, node) => view.graph.mentioned(node, ...types));

const DATA = `Data: {Type: ${BUCKET}}`;
const NAMED = `Data: {Type: ${BUCKET}, Properties: {BucketName: my-data}}`;
const VPC = 'Vpc: {Type: AWS::EC2::VPC}';
const DATABASE = 'Db: {Type: AWS::RDS::DBInstance}';

describe('the target of a value', () => {
  it.each([
    ['Ref', DATA, '!Ref Data', 'Data'],
    ['Ref in its long form', DATA, '{Ref: Data}', 'Data'],
    ['Sub that is a reference alone', DATA, "!Sub '${Data}'", 'Data'],
    ['GetAtt of the ARN', DATA, '!GetAtt Data.Arn', 'Data'],
    ['GetAtt as a list', DATA, '{Fn::GetAtt: [Data, Arn]}', 'Data'],
    ['GetAtt of an attribute that no name is known for', DATABASE, '!GetAtt Db.Endpoint.Address', 'Db'],
    ['Sub of such an attribute alone', DATABASE, "!Sub '${Db.Endpoint.Address}'", 'Db'],
    ['the literal name', NAMED, 'my-data', 'Data'],
    ['the literal ARN', NAMED, "'arn:aws:s3:::my-data'", 'Data'],
    ['the ARN put together', NAMED, "!Sub 'arn:${AWS::Partition}:s3:::my-data'", 'Data'],
    ['the ARN put together from a reference', DATA, "!Join ['', ['arn:aws:s3:::', !Ref Data]]", 'Data'],
    ['a Ref to what has a literal name', NAMED, '!Ref Data', 'Data'],
    ['a resource whose type has no name of its own', VPC, '!Ref Vpc', 'Vpc'],
    ['its attribute', VPC, '!GetAtt Vpc.CidrBlock', 'Vpc'],
    ['a type without a naming', 'Net: {Type: AWS::EC2::Subnet}', '!Ref Net', 'Net'],
    ['an attribute of a type without a naming', 'Net: {Type: AWS::EC2::Subnet}', '!GetAtt Net.SubnetId', 'Net'],
    ['a queue by its address', 'Q: {Type: AWS::SQS::Queue}', '!Ref Q', 'Q'],
    ['a log group by its ARN with `:*`', 'Log: {Type: AWS::Logs::LogGroup}', '!GetAtt Log.Arn', 'Log'],
    [
      'a log group by its literal ARN without `:*`',
      'Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app}}',
      "!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/app'",
      'Log',
    ],
    [
      'a role by its ARN with path',
      'Role: {Type: AWS::IAM::Role, Properties: {RoleName: worker, Path: /app/}}',
      "!Sub 'arn:aws:iam::${AWS::AccountId}:role/app/worker'",
      'Role',
    ],
    [
      'the name from the same parameter',
      `Data: {Type: ${BUCKET}, Properties: {BucketName: !Ref Name}}`,
      '!Ref Name',
      'Data',
    ],
    [
      'the name put together from the same parameter',
      `Data: {Type: ${BUCKET}, Properties: {BucketName: !Sub '\${Env}-data'}}`,
      "!Join ['-', [!Ref Env, data]]",
      'Data',
    ],
    [
      'the ARN with the name from the same parameter',
      `Data: {Type: ${BUCKET}, Properties: {BucketName: !Ref Name}}`,
      "!Sub 'arn:aws:s3:::${Name}'",
      'Data',
    ],
    ['a name from another parameter', `Data: {Type: ${BUCKET}, Properties: {BucketName: !Ref Name}}`, '!Ref Env', '-'],
    ['another name', NAMED, 'my-data-2', '-'],
    ['a name that is the beginning of it', NAMED, 'my-dat', '-'],
    ['a name and more', NAMED, "'arn:aws:s3:::my-data/*'", '-'],
    ['a parameter', NAMED, '!Ref Name', '-'],
    ['an import', NAMED, '!ImportValue data', '-'],
    ['a list', NAMED, '[!Ref Data]', '-'],
    ['a number', NAMED, '5', '-'],
    ['text that looks as references do inside', NAMED, "'reference:no json'", '-'],
  ])('%s', (_name, others, value, expected) => {
    expect(target(others, value)).toStrictEqual([expected]);
  });

  it('is of a type that is meant', () => {
    const both = `${NAMED}\nOther: {Type: AWS::SNS::Topic, Properties: {TopicName: my-data}}`;
    expect(target(both, 'my-data', 'AWS::SNS::Topic')).toStrictEqual(['Other']);
    expect(target(both, '!GetAtt Data.Arn', 'AWS::SNS::Topic')).toStrictEqual(['-']);
    expect(target(DATABASE, '!GetAtt Db.Endpoint.Address', 'AWS::EC2::VPC')).toStrictEqual(['-']);
    expect(target(both, 'my-data', BUCKET)).toStrictEqual(['Data']);
  });

  it('is the resource that bears the name, not one whose logical id reads alike', () => {
    const both = `Orders: {Type: ${BUCKET}}\nOther: {Type: ${BUCKET}, Properties: {BucketName: orders}}`;
    expect(target(both, 'orders')).toStrictEqual(['Other']);
  });

  it('is there only where its condition holds', () => {
    expect([...target(`Data: {Type: ${BUCKET}, Condition: Wanted}`, '!Ref Data')].sort()).toStrictEqual(['-', 'Data']);
  });

  it('is found where a choice gives its name', () => {
    const data = `Data: {Type: ${BUCKET}, Properties: {BucketName: !If [Wanted, one-data, two-data]}}`;
    expect(target(data, '!Ref Data')).toStrictEqual(['Data', 'Data']);
    expect([...target(data, 'one-data')].sort()).toStrictEqual(['-', 'Data']);
  });

  it('follows the branch of a choice', () => {
    const both = `${DATA}\nOther: {Type: ${BUCKET}}`;
    expect([...target(both, '!If [Wanted, !Ref Data, !Ref Other]')].sort()).toStrictEqual(['Data', 'Other']);
  });
});

describe('what a value mentions', () => {
  it.each([
    ['the objects of a bucket', NAMED, "'arn:aws:s3:::my-data/*'", 'Data'],
    ['the same by Sub', DATA, "!Sub '${Data.Arn}/logs/*'", 'Data'],
    ['an ARN with a qualifier', 'Fn: {Type: AWS::Lambda::Function}', "!Sub '${Fn.Arn}:live'", 'Fn'],
    [
      'an ARN inside of longer text',
      'Fn: {Type: AWS::Lambda::Function}',
      "!Sub 'x/functions/${Fn.Arn}/invocations'",
      'Fn',
    ],
    ['a bare reference in a map', DATABASE, '{a: [{b: !Ref Db}]}', 'Db'],
    ['an attribute in a map', DATABASE, '{Url: !GetAtt Db.Endpoint.Address}', 'Db'],
    ['an attribute inside of text', DATABASE, "!Sub 'postgres://${Db.Endpoint.Address}:5432'", 'Db'],
    [
      'an attribute inside of joined text',
      DATABASE,
      "!Join ['', ['postgres://', !GetAtt Db.Endpoint.Address, ':', !Ref Name]]",
      'Db',
    ],
    ['a variable of Sub', DATABASE, "!Sub ['x-${Host}', {Host: !GetAtt Db.Endpoint.Address}]", 'Db'],
    ['a variable of Sub that has the name of a resource', DATABASE, "!Sub ['x-${Db}-y', {Db: !Ref Name}]", ''],
    ['text that Sub leaves as it is', DATABASE, "!Sub 'x-${!Db.Endpoint.Address}-${Name}'", ''],
    ['two', `${DATA}\n${DATABASE}`, '[!Ref Db, !GetAtt Data.Arn, !Ref Db]', 'Db Data'],
    ['a longer name', NAMED, "'arn:aws:s3:::my-data-2/*'", ''],
    ['a longer name with a dot', NAMED, "'arn:aws:s3:::my-data.old/*'", ''],
    ['a longer name whose end is not known', NAMED, "!Sub 'arn:aws:s3:::my-data${Env}/*'", ''],
    ['a longer name and then the name', NAMED, "'arn:aws:s3:::my-data-2/* arn:aws:s3:::my-data/*'", 'Data'],
    ['a name that begins the ARN of another', NAMED, "'arn:aws:s3:::my-dat'", ''],
    [
      'a log group below another one',
      'Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app}}',
      "!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/app/web:*'",
      '',
    ],
    [
      'the streams of a log group',
      'Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app}}',
      "!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/app:log-stream:*'",
      'Log',
    ],
    [
      'a role whose path is the name of another',
      'Role: {Type: AWS::IAM::Role, Properties: {RoleName: app}}',
      "!Sub 'arn:aws:iam::${AWS::AccountId}:role/app/worker'",
      '',
    ],
    ['nothing', NAMED, '{a: [1, x, null, true]}', ''],
  ])('%s', (_name, others, value, expected) => {
    expect(mentioned(others, value)).toStrictEqual([expected]);
  });

  it('is of the types asked for', () => {
    expect(mentioned(`${DATA}\n${DATABASE}`, '[!Ref Db, !Ref Data]', BUCKET)).toStrictEqual(['Data']);
    expect(mentioned(`${DATA}\n${DATABASE}`, "!Sub 'x-${Db.Endpoint.Address}'", BUCKET)).toStrictEqual(['']);
  });

  it('is there only where its condition holds', () => {
    const found = mentioned(`Db: {Type: AWS::RDS::DBInstance, Condition: Wanted}`, "!Sub '${Db.Endpoint.Address}/x'");
    expect([...found].sort()).toStrictEqual(['', 'Db']);
  });
});
