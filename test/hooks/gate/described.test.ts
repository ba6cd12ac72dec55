/** Schemas as AWS gives them: what the gate accepts, the schema of AWS accepts; what is not taken over is told. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { CATALOGUE_SOURCE, describedSchema, schemaFaults } from '../../../hooks/gate/index.js';
import type { RestrictedSchema } from '../../../hooks/gate/index.js';
import type { Value } from '../../../template/index.js';
import { create, gateOn } from './support.js';

const TYPE = 'Acme::Net::Topic';
const AWS = {
  typeName: TYPE,
  description: 'A topic.',
  additionalProperties: false,
  definitions: {
    Rule: {
      type: 'object',
      additionalProperties: false,
      required: ['Name'],
      properties: {
        Name: { type: 'string', pattern: '^[a-z]{1,4}$' },
        Rules: { type: 'array', items: { $ref: '#/definitions/Rule' }, maxItems: 2 },
        Made: { type: 'string' },
      },
    },
    Text: { type: 'string', minLength: 2, maxLength: 3 },
  },
  properties: {
    Arn: { type: 'string' },
    Name: { type: 'string', pattern: 'a.b' },
    Look: { type: 'string', pattern: '^(?!aws)[a-z]+$' },
    Kind: { enum: ['one', 'two'] },
    Only: { type: 'string', const: 'x' },
    Size: { type: 'integer', minimum: 1, maximum: 3 },
    Share: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    Flag: { type: ['boolean', 'string'] },
    Short: { $ref: '#/definitions/Text' },
    Rule: { $ref: '#/definitions/Rule' },
    List: { type: 'array', uniqueItems: true, minItems: 1, items: { $ref: '#/definitions/Text' } },
    Policy: { type: ['object', 'string'] },
    Labels: { type: 'object', patternProperties: { '^[a-z]+$': { type: 'string' } }, additionalProperties: false },
    Any: {},
    Either: { oneOf: [{ type: 'string', maxLength: 2 }, { $ref: '#/definitions/Rule' }] },
  },
  required: ['Name', 'Arn'],
  readOnlyProperties: ['/properties/Arn', '/properties/Rule/Made', '/properties/Any/Thing'],
  oneOf: [{ required: ['Size'] }, { required: ['Share'] }],
};

function described(schema: object, name = TYPE): RestrictedSchema {
  const made = describedSchema(name, JSON.stringify(schema), CATALOGUE_SOURCE);
  if ('problem' in made) throw new Error(made.problem);
  return made.schema;
}

const schema = described(AWS);
const gate = gateOn([schema]);
const status = (properties: Value): string => create(gate, TYPE, properties).status;

it('is closed, without what only AWS sets', () => {
  expect(schemaFaults(schema, TYPE)).toStrictEqual([]);
  expect(schema.required).toStrictEqual(['Name']);
  expect(status({ Name: 'a-b' })).toBe('PASS');
  for (const properties of [
    { Name: 'a-b', Arn: 'x' },
    { Name: 'a-b', New: 1 },
    { Name: 'a-b', Rule: { Name: 'a', Made: 'x' } },
    { Name: 'a-b', Rule: { Name: 'a', New: 1 } },
    { Name: 'a-b', Policy: {} },
    { Name: 'a-b', Labels: { a: 'b' } },
    { Name: 'a-b', Any: 1 },
  ]) {
    expect(status(properties)).toBe('FAIL');
  }
});

it.each<readonly [good: object, bad: object]>([
  [{ Name: 'xa-by' }, { Name: 'ab' }],
  [{ Kind: 'one' }, { Kind: 'three' }],
  [{ Only: 'x' }, { Only: 'y' }],
  [{ Size: 3 }, { Size: 4 }],
  [{ Share: 0 }, { Share: -1 }],
  [{ Flag: 'x' }, { Flag: {} }],
  [{ Short: 'abc' }, { Short: 'a' }],
  [{ Rule: { Name: 'a', Rules: [{ Name: 'b' }] } }, { Rule: { Name: 'a', Rules: [{ Name: 'B' }] } }],
  [{ List: ['ab'] }, { List: [] }],
  [{ List: ['ab', 'cd'] }, { List: ['ab', 'ab'] }],
  [{ Either: 'ab' }, { Either: 'abc' }],
  [{ Either: { Name: 'a' } }, { Either: {} }],
])('takes over patterns, ranges and lists: %j', (good, bad) => {
  expect(status({ Name: 'a-b', ...good })).toBe('PASS');
  expect(status({ Name: 'a-b', ...bad })).toBe('FAIL');
});

it('tells what it does not hold', () => {
  const made = describedSchema(TYPE, JSON.stringify(AWS), CATALOGUE_SOURCE);
  const told = 'leftOut' in made ? made.leftOut.map(({ pointer, what }) => `${pointer} ${what}`) : [];
  expect(told.sort()).toStrictEqual([
    ' `oneOf`',
    '/properties/Either `oneOf`',
    '/properties/Labels the form of its keys `^[a-z]+$`',
    '/properties/Look the pattern `^(?!aws)[a-z]+$`: `(?` is used as `(?:` only',
    '/properties/Share `exclusiveMaximum`',
  ]);
});

it('keeps lists of values that the catalogue has and AWS does not give', () => {
  const queue = described(
    {
      typeName: 'AWS::SNS::Topic',
      properties: { FifoThroughputScope: { type: 'string' }, TopicName: { type: 'string' } },
    },
    'AWS::SNS::Topic',
  );
  expect(create(gateOn([queue]), 'AWS::SNS::Topic', { TopicName: 'x' }).status).toBe('PASS');
});

it('what it accepts, the schema of AWS accepts', () => {
  // What is told to be left out is left out here, too; texts are compared as texts.
  const properties = { ...AWS.properties, Share: { type: 'number', minimum: 0 } };
  const validate = new Ajv({ strict: false }).compile({ ...AWS, oneOf: [{}], properties, required: ['Name'] });
  const text = fc.constantFrom('a-b', 'ab', 'abc', 'a', 'one', 'x', 'B', 'xa.by', '');
  const rule = fc.letrec((tie) => ({
    rule: fc.record(
      { Name: text, Rules: fc.array(tie('rule'), { maxLength: 3 }), Made: text, New: text },
      { requiredKeys: [] },
    ),
  })).rule;
  const part = fc.oneof(
    fc.record({ Kind: fc.constantFrom('one', 'two', 'x') }),
    fc.record({ Only: fc.constantFrom('x', 'y') }),
    fc.record({ Size: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ Share: fc.constantFrom(-1, 0, 0.5) }),
    fc.record({ Flag: fc.oneof(text, fc.boolean()) }),
    fc.record({ Short: text }),
    fc.record({ Rule: rule }),
    fc.record({ List: fc.array(text, { maxLength: 3 }) }),
    fc.record({ Either: fc.oneof(text, rule) }),
    fc.record({ New: text }),
  );
  const value = fc
    .tuple(fc.constantFrom('a-b', 'xa.by', 'ab'), part, part)
    .map(([Name, one, other]) => ({ Name, ...one, ...other }));
  let accepted = 0;
  fc.assert(
    fc.property(value, (given) => {
      if (status(given as Value) !== 'PASS') return;
      accepted += 1;
      expect([given, validate(given)]).toStrictEqual([given, true]);
    }),
    { numRuns: 600, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(20);
});

it.each([
  ['no JSON', '{', 'not JSON'],
  ['no schema', '[]', 'no properties'],
  ['the schema of another type', JSON.stringify({ ...AWS, typeName: 'Acme::Net::Other' }), 'Acme::Net::Other'],
  [
    'a reference in a circle',
    JSON.stringify({
      typeName: TYPE,
      definitions: { A: { $ref: '#/definitions/A' } },
      properties: { P: { $ref: '#/definitions/A' } },
    }),
    'circle',
  ],
])('%s is refused', (_name, text, said) => {
  const made = describedSchema(TYPE, text, CATALOGUE_SOURCE);
  expect('problem' in made && made.problem).toContain(said);
});
