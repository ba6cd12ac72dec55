/** Whatever a document holds, resolution returns, and so does everything that is asked of its result. */
import fc from 'fast-check';
import { isList, isMap, keysOf, resolveTemplate } from '../../../template/index.js';
import type { Path, Value } from '../../../template/index.js';

const KEYS = [
  'Ref',
  'Condition',
  'Fn::If',
  'Fn::Sub',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::Equals',
  'Fn::And',
  'Fn::Not',
  'Fn::Or',
  'Fn::Cidr',
  'Fn::Length',
  'Fn::ToJsonString',
  'Fn::Base64',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::Transform',
  'Fn::ForEach::L',
  'Fn::Contains',
  'Name',
  'Type',
  'Properties',
  'Policies',
  'DefaultValue',
  'Statement',
  '__proto__',
  '0',
];
const TEXTS = [
  'A',
  'B',
  'P',
  'Q',
  'C',
  'M',
  'AWS::NoValue',
  'AWS::Region',
  '${A}',
  '${P.x}',
  '${!x}',
  'A.B',
  '${',
  '0',
  'Id',
  '${Id}',
  '10.0.0.0/8',
];

const tree = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom<Value>(...TEXTS, null, true, 0, 1, -1),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .tuple(fc.constantFrom(...KEYS), tie('value'))
      .map(([key, value]) => JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(value)}}`) as Value),
    fc.dictionary(fc.constantFrom(...KEYS.filter((key) => key !== '__proto__')), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const TYPES = [
  'AWS::S3::Bucket',
  'AWS::Serverless::Function',
  'AWS::Serverless::Api',
  'AWS::Serverless::SimpleTable',
  'AWS::Serverless::StateMachine',
  'X::MODULE',
];
const resource = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { Type: fc.constantFrom<Value>(...TYPES), Condition: tree, Properties: tree },
      { requiredKeys: ['Type'] },
    ),
  },
  tree,
);
const document = fc.record(
  {
    Transform: fc.constantFrom<Value>(
      'AWS::LanguageExtensions',
      ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
      'Macro',
      { Name: 1 },
      [[]],
    ),
    Parameters: fc.oneof(
      fc.constant<Value>({
        P: { Type: 'String', AllowedValues: ['a', 'b'] },
        Q: { Type: 'CommaDelimitedList', Default: 'A,B' },
      }),
      fc.dictionary(fc.constantFrom('P', 'Q'), tree),
      tree,
    ),
    Mappings: fc.oneof(fc.constant<Value>({ M: { A: { B: ['A'] } } }), tree),
    Conditions: fc.oneof(fc.dictionary(fc.constantFrom('C', 'D', 'Fn::ForEach::L'), tree), tree),
    Rules: tree,
    Globals: fc.oneof(fc.record({ Function: tree }), tree),
    Resources: fc.dictionary(fc.constantFrom('A', 'B', 'Fn::ForEach::L', 'Fn::Transform'), resource),
    Outputs: tree,
  },
  { requiredKeys: ['Resources'] },
);

test('nothing throws', () => {
  fc.assert(
    fc.property(document, (generated) => {
      const { document: resolved, model, diagnostics } = resolveTemplate(generated);
      let left = 300;
      const visit = (node: Value, path: Path): void => {
        if (left-- < 0) return;
        resolved.sourcePath(path);
        resolved.defaultsAt(path);
        const unknown = resolved.unknownAt(node);
        if (unknown !== undefined && unknown.choices.length > 0) {
          let assignments = [new Map<string, Value>()];
          for (const { id, values } of unknown.choices) {
            assignments = assignments.flatMap((before) => values.map((value) => new Map(before).set(id, value)));
          }
          for (const assignment of assignments.slice(0, 4)) {
            resolved.feasible(assignment);
            const value = unknown.under(assignment);
            if (typeof value === 'object') visit(value, path);
          }
        } else if (unknown === undefined && isList(node)) {
          node.forEach((item, index) => {
            visit(item, [...path, index]);
          });
        } else if (unknown === undefined && isMap(node)) {
          for (const key of keysOf(node)) visit(node[key]!, [...path, key]);
        }
      };
      visit(resolved.value, []);
      for (const condition of model.conditions) model.holds(condition);
      for (const { code, message } of diagnostics) {
        expect(code).toMatch(/^TPL3\d{3}$/);
        expect(message).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 300 },
  );
});
