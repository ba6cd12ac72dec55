/** Rules that a template has nothing for are not even parsed, and nobody can tell the difference. */
import { parseRules, typesNeeded } from '../../../guard/index.js';
import { buildBundle, checkTemplate, type CheckResult, type RuleInfo } from '../../../rules/index.js';

const RULE = `let topics = Resources.*[ Type == 'AWS::SNS::Topic' ]
rule TOPIC_NAMED when %topics !empty { %topics.Properties.TopicName exists }`;

const info: RuleInfo = {
  id: 'topic-named',
  title: 'Topic has a name',
  severity: 'error',
  controls: [],
  help: '',
  docs: '',
};

function check(template: string, text: string, needs?: readonly (readonly string[])[]): CheckResult {
  const rules = new Map([['TOPIC_NAMED', info]]);
  const { bundle } = buildBundle([{ file: 'topic.guard', text, rules, ...(needs !== undefined && { needs }) }]);
  const checked = checkTemplate(template, 'template.yaml', bundle!);
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  return checked.result;
}

const bucket = 'Resources:\n  B: { Type: AWS::S3::Bucket }\n';

describe('the types that a rule needs', () => {
  const needs = typesNeeded(parseRules(RULE, 'topic.guard').tree!);

  it('are those of its condition', () => {
    expect(needs).toEqual([['AWS::SNS::Topic']]);
  });

  it.each(['rule r { Resources exists }', `${RULE}\nrule OTHER when %topics !empty { Resources exists }`])(
    'are not told of a file that must be asked: %s',
    (text) => {
      expect(typesNeeded(parseRules(text, 'r.guard').tree!)).toEqual([]);
    },
  );

  it.each([
    ['without the type', bucket],
    ['with the type, good', 'Resources:\n  T: { Type: AWS::SNS::Topic, Properties: { TopicName: t } }\n'],
    ['with the type, bad', `${bucket}  T: { Type: AWS::SNS::Topic }\n`],
    [
      'with the type under a condition',
      "Parameters: { P: { Type: String } }\nConditions: { C: !Equals [!Ref P, 'x'] }\nResources:\n  T: { Type: AWS::SNS::Topic, Condition: C }\n",
    ],
    ['with a macro for all resources', "Transform: Some::Macro\nResources:\n  'Fn::Transform': { Name: M }\n"],
    ['with a macro beside a resource', `${bucket}  'Fn::Transform': { Name: M }\n`],
    [
      'with a loop',
      "Transform: AWS::LanguageExtensions\nParameters: { L: { Type: CommaDelimitedList } }\nResources:\n  'Fn::ForEach::T': [X, !Ref L, { 'T${X}': { Type: AWS::SNS::Topic } }]\n",
    ],
    [
      'with a dynamic reference',
      'Resources:\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: "{{resolve:ssm:b}}" } }\n',
    ],
    ['with a dynamic reference as type', 'Resources:\n  B: { Type: "{{resolve:ssm:type}}" }\n'],
    ['without resources', 'Resources: {}\n'],
  ])('change no verdict: %s', (_what, template) => {
    expect(check(template, RULE, needs)).toEqual(check(template, RULE));
  });

  it('leave the text alone where a template lacks them', () => {
    expect(check(bucket, 'this is no rule', needs).file.rules).toEqual({ 'topic-named': 'SKIP' });
    const topic = 'Resources:\n  T: { Type: AWS::SNS::Topic }\n';
    expect(() => check(topic, 'this is no rule', needs)).toThrow('topic.guard is no rule file');
  });
});
