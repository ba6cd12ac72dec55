/** Resource types that do not exist, and those that others give. */
import { unknownTypes, untypedResources, withoutTypes } from '../../../cli/check/unknown-types.js';
import { createFinding, type Finding } from '../../../findings/index.js';
import { isMap, readTemplate, resolveTemplate } from '../../../template/index.js';

function told(text: string, allowed: readonly string[] = []): readonly Finding[] {
  const { source } = readTemplate(text, 't.yaml');
  if (source === null || !isMap(source.value)) throw new Error('no template');
  const { document } = resolveTemplate(source.value, {});
  return unknownTypes(source, document.value, new Set(allowed));
}

const typed = (type: string): string => `Resources:\n  A:\n    Type: '${type}'\n`;

it.each([
  'AWS::S3::Bucket',
  'AWS::CloudFormation::CustomResource',
  'AWS::CDK::Metadata',
  'AWS::Serverless::Function',
  'AWS::Serverless::Connector',
  'Custom::Thing',
  'Custom::a_b@c-d',
  'Datadog::Monitors::Monitor',
  'My::S3::Bucket::MODULE',
  'AWS::S3::Bucket::MODULE',
])('%s is no fault', (type) => {
  expect(told(typed(type))).toStrictEqual([]);
});

it.each([
  ['AWS::S3::Bukcet', /^did you mean `AWS::S3::Bucket`\? Correct/],
  ['aws::s3::bucket', /^did you mean `AWS::S3::Bucket`\? Correct/],
  ['AWS::Serverless::Conector', /^did you mean `AWS::Serverless::Connector`\? Correct/],
  ['AWS::Nothing::Whatsoever::Near', /^Correct the type; .* `knownTypes`/],
  ['Bucket', /^Correct the type/],
  ['S3::Bucket', /^Correct the type/],
  ['Custom::', /^Correct the type/],
])('%s does not exist', (type, help) => {
  const [finding, ...more] = told(typed(type));
  expect(more).toStrictEqual([]);
  expect(finding).toMatchObject({
    ruleId: 'CLI1007',
    severity: 'error',
    message: `there is no resource type \`${type}\``,
    location: { file: 't.yaml', line: 3, column: 11, pointer: '/Resources/A/Type' },
    resource: { logicalId: 'A', type },
    docs: 'docs/diagnostics/CLI1007.md',
  });
  expect(finding!.help).toMatch(help);
});

it('a type that the configuration knows is no fault, and only that one', () => {
  const text = `${typed('AWS::New::Thing')}  B: { Type: AWS::New::Thing2 }\n`;
  expect(told(text, ['AWS::New::Thing']).map(({ resource }) => resource?.logicalId)).toStrictEqual(['B']);
});

it('looks at resources that never exist, and into loops', () => {
  const text = `
Transform: AWS::LanguageExtensions
Parameters: { P: { Type: String } }
Conditions:
  Never: !Equals [a, b]
  Open: !Equals [!Ref P, a]
Resources:
  Gone: { Type: AWS::SNS::Topc, Condition: Never }
  Fn::ForEach::Groups:
    - Name
    - [Orders, Payments]
    - \${Name}Logs: { Type: AWS::Logs::LogGrup, Condition: Open }
      \${Name}Topic: { Type: AWS::SNS::Topic }
  Fn::ForEach::Others:
    - Name
    - [Topic, Subscripton]
    - Other\${Name}: { Type: 'AWS::SNS::\${Name}' }
`;
  expect(told(text).map(({ resource, location }) => `${location.line} ${resource!.type}`)).toStrictEqual([
    '8 AWS::SNS::Topc',
    '12 AWS::Logs::LogGrup',
    '8 AWS::SNS::Subscripton',
  ]);
});

it('takes out what the schema lint says of the same types', () => {
  const lint = (ruleId: string, type: string): Finding =>
    createFinding({
      ruleId,
      severity: 'error',
      title: '',
      message: `Unknown resource type '${type}'`,
      location: { file: 't.yaml', line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' },
    });
  const findings = [
    lint('F3006', 'AWS::SNS::Topc'),
    lint('F3006', 'AWS::New::Thing'),
    lint('F3006', 'AWS::Else::Where'),
  ];
  const other = lint('E3012', 'AWS::SNS::Topc');
  expect(withoutTypes([...findings, other], told(typed('AWS::SNS::Topc')), new Set(['AWS::New::Thing']))).toStrictEqual(
    [findings[2], other],
  );
});

it('a resource that is no map or has no type is told, where no macro may give it one', () => {
  const text = (transform: string): string => `${transform}
Resources:
  Text: text
  Nothing:
  List: [1]
  Bare: { Properties: {} }
  Number: { Type: 5 }
  Typed: { Type: AWS::SNS::Topic }
  Chosen: { Type: !Ref Kind }
  Included: { Fn::Transform: { Name: AWS::Include } }
  Fn::Transform: { Name: AWS::Include }
`;
  const found = (transform: string): readonly (readonly [string | undefined, number])[] =>
    untypedResources(readTemplate(text(transform), 't.yaml').source!).map(({ resource, location }) => [
      resource?.logicalId,
      location.line,
    ]);
  const all = [
    ['Text', 3],
    ['Nothing', 4],
    ['List', 5],
    ['Bare', 6],
    ['Number', 7],
  ];
  expect(found('Description: x')).toStrictEqual(all);
  expect(found('Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]')).toStrictEqual(all);
  expect(found('Transform: [AWS::LanguageExtensions, Own]')).toStrictEqual([]);
  expect(found('Transform: Own')).toStrictEqual([]);
});

it('a resource without a type is told once', () => {
  const { source } = readTemplate('Resources: { A: {}, B: { Type: AWS::SNS::Topic } }', 't.yaml');
  const lint = (logicalId: string): Finding =>
    createFinding({
      ruleId: 'E3001',
      severity: 'error',
      title: '',
      message: 'x',
      help: '',
      location: { file: 't.yaml', line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' },
      resource: { logicalId, type: '' },
    });
  const left = withoutTypes([lint('A'), lint('B')], untypedResources(source!), new Set());
  expect(left.map(({ resource }) => resource?.logicalId)).toStrictEqual(['B']);
});
