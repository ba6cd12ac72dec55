/** Overlays: what each key does, that none of them widens beyond what it names, and that a wrong one stops everything. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { buildGate, catalogueSet, fixedSet, Gate, OVERLAY_SCHEMA, schemaFaults } from '../../../hooks/gate/index.js';
import type { Constraint, Schema, TypeOverlay } from '../../../hooks/gate/index.js';
import { freeFormPaths } from '../../../hooks/gate/free-form.js';
import { pathText } from '../../../hooks/gate/schema.js';
import type { Value } from '../../../template/index.js';
import { create, CONTEXT, faultsOf, gateOf, gateOn, made, overlay, schemaOf, told } from './support.js';
import { decisions, fitting } from './values.js';

const ROLE = 'AWS::IAM::Role';
const FUNCTION = 'AWS::Lambda::Function';
const code: Value = { Code: { ZipFile: 'x' }, Role: 'arn' };

const status = (gate: Gate, type: string, properties: Value): string => create(gate, type, properties).status;

describe('allow', () => {
  it('opens JSON values where it names them, and nowhere else', () => {
    const inline = { AssumeRolePolicyDocument: { any: [1] }, Policies: [{ PolicyName: 'p', PolicyDocument: {} }] };
    const trust = gateOf([ROLE], overlay({ [ROLE]: { allow: ['/AssumeRolePolicyDocument'] } }));
    expect(told(create(trust, ROLE, inline))).toStrictEqual([
      'FAIL',
      'free-form /Policies/0/PolicyDocument may hold anything, and no overlay allows it',
    ]);
    const both = gateOf(
      [ROLE],
      overlay({ [ROLE]: { allow: ['/Policies/*/PolicyDocument', '/AssumeRolePolicyDocument'] } }),
    );
    expect(status(both, ROLE, inline)).toBe('PASS');
    expect(status(both, ROLE, { ...inline, Other: 1 })).toBe('FAIL');
  });

  it('opens maps for values of their own schema', () => {
    const gate = gateOf([FUNCTION], overlay({ [FUNCTION]: { allow: ['/Environment/Variables'] } }));
    const variables = (map: Value): string =>
      status(gate, FUNCTION, { ...(code as object), Environment: { Variables: map } });
    expect(variables({ A: 'x', constructor: 'y' })).toBe('PASS');
    expect(variables({ A: { deep: 1 } })).toBe('FAIL');
    expect(variables('x')).toBe('FAIL');
  });

  it('opens what is inside of a map after the map', () => {
    const thing = made({ Map: { not: {}, 'x-free-form': { map: { not: {}, 'x-free-form': 'json' } } } });
    const decide = (...allow: string[]): string =>
      status(gateOn([thing], overlay({ [thing.typeName]: { allow } })), thing.typeName, { Map: { a: [1] } });
    expect(decide('/Map/*', '/Map')).toBe('PASS');
    expect(decide('/Map')).toBe('FAIL');
  });

  it('adds a property with its schema', () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: { Mode: { enum: ['on'], type: 'string' } },
    };
    const gate = gateOf([FUNCTION], overlay({ [FUNCTION]: { allow: [{ path: '/NewFeature', schema }] } }));
    expect(status(gate, FUNCTION, { ...(code as object), NewFeature: { Mode: 'on' } })).toBe('PASS');
    expect(status(gate, FUNCTION, { ...(code as object), NewFeature: { Mode: 'off' } })).toBe('FAIL');
    expect(status(gate, FUNCTION, { ...(code as object), NewFeature: { More: 1 } })).toBe('FAIL');
  });

  it('warns where it does nothing', () => {
    expect(faultsOf([ROLE], overlay({ [ROLE]: { allow: ['/Path'] } }))).toStrictEqual([
      'GAT2005 `/Path` needs nobody to allow it: the snapshot approves it',
    ]);
  });
});

describe('only, forbid and types', () => {
  it('only leaves what it names, with everything below', () => {
    const only = overlay({ [FUNCTION]: { only: ['/Code', '/Role', '/VpcConfig/SubnetIds', '/Layers'] } });
    const gate = gateOf([FUNCTION], only);
    expect(status(gate, FUNCTION, { ...(code as object), VpcConfig: { SubnetIds: ['s'] }, Layers: ['l'] })).toBe(
      'PASS',
    );
    expect(status(gate, FUNCTION, { ...(code as object), VpcConfig: { SecurityGroupIds: ['s'] } })).toBe('FAIL');
    expect(status(gate, FUNCTION, { ...(code as object), Timeout: 3 })).toBe('FAIL');
  });

  it('what one overlay forbids stays forbidden, in any order and also twice', () => {
    const forbid = overlay({
      [ROLE]: { forbid: ['/Policies/*/PolicyName', { path: '/Policies', message: 'No inline policies.' }] },
    });
    const allow = overlay({ [ROLE]: { allow: ['/AssumeRolePolicyDocument', '/Policies/*/PolicyDocument'] } });
    const properties: Value = { AssumeRolePolicyDocument: {}, Policies: [] };
    for (const overlays of [
      [forbid, allow],
      [allow, forbid],
      [forbid, allow, forbid],
    ]) {
      const verdict = create(gateOf([ROLE], ...overlays), ROLE, properties);
      expect(told(verdict)).toStrictEqual(['FAIL', 'forbidden /Policies `Policies` is forbidden']);
      expect(verdict.problems[0]!.schema['x-message']).toBe('No inline policies.');
    }
  });

  it('forbids whole types, and describes types of one’s own', () => {
    const mine: TypeOverlay = {
      schema: { type: 'object', additionalProperties: false, properties: { Size: { type: 'integer' } } },
    };
    const gate = gateOf([ROLE], overlay({ [ROLE]: { forbid: true }, 'Acme::Store::Box': mine }));
    expect(told(create(gate, ROLE, {}))).toStrictEqual(['FAIL', 'forbidden the type `AWS::IAM::Role` is forbidden']);
    expect(status(gate, 'Acme::Store::Box', { Size: 1 })).toBe('PASS');
    expect(status(gate, 'Acme::Store::Box', { Colour: 1 })).toBe('FAIL');
    expect(gate.approvedTypes()).toStrictEqual(['Acme::Store::Box']);
  });
});

describe('constrain', () => {
  const thing = made(
    {
      Text: { type: 'string', enum: ['a', 'b', 'c'] },
      Union: {
        anyOf: [
          { type: 'string' },
          { type: 'object', additionalProperties: false, properties: { A: { type: 'string' } } },
        ],
      },
      One: { $ref: '#/definitions/Shared' },
      Two: { $ref: '#/definitions/Shared' },
      List: { type: 'array', items: { $ref: '#/definitions/Shared' } },
    },
    {
      definitions: {
        Shared: {
          type: 'object',
          additionalProperties: false,
          properties: { Name: { type: 'string' }, Inside: { $ref: '#/definitions/Shared' } },
        },
      },
    },
  );
  const gate = (...constrain: Constraint[]): Gate => gateOn([thing], overlay({ [thing.typeName]: { constrain } }));
  const decide = (asked: Gate, properties: Value): string => status(asked, thing.typeName, properties);

  it('narrows one path of a shared definition only', () => {
    const asked = gate({ path: '/One/Inside/Name', pattern: 'x+' });
    expect(decide(asked, { One: { Inside: { Name: 'xx' } } })).toBe('PASS');
    expect(decide(asked, { One: { Inside: { Name: 'y' } } })).toBe('FAIL');
    expect(
      decide(asked, { One: { Name: 'y', Inside: { Inside: { Name: 'y' } } }, Two: { Inside: { Name: 'y' } } }),
    ).toBe('PASS');
    expect(decide(gate({ path: '/List/*/Name', maxLength: 1 }), { List: [{ Name: 'a' }, { Name: 'ab' }] })).toBe(
      'FAIL',
    );
  });

  it('holds several limits of one path together', () => {
    const asked = gate(
      { path: '/One/Name', pattern: 'a.*' },
      { path: '/One/Name', pattern: '.*b' },
      { path: '/One/Name', maxLength: 3 },
    );
    expect(decide(asked, { One: { Name: 'axb' } })).toBe('PASS');
    const lengths = gate(
      { path: '/One/Name', maxLength: 2 },
      { path: '/One/Name', maxLength: 4, minLength: 2 },
      { path: '/One/Name', minLength: 1 },
    );
    expect(['a', 'ab', 'abc'].map((name) => decide(lengths, { One: { Name: name } }))).toStrictEqual([
      'FAIL',
      'PASS',
      'FAIL',
    ]);
    for (const name of ['ax', 'xb', 'axxb']) expect(decide(asked, { One: { Name: name } })).toBe('FAIL');
    const bounds = gate({ path: '/List', maxItems: 3 }, { path: '/List', maxItems: 1 }, { path: '/List', maxItems: 2 });
    expect(decide(bounds, { List: [{}, {}] })).toBe('FAIL');
  });

  it('leaves no form of a value that cannot have the limit', () => {
    const asked = gate({ path: '/Union', pattern: 'x' });
    expect(decide(asked, { Union: 'x' })).toBe('PASS');
    expect(decide(asked, { Union: { A: 'way around' } })).toBe('FAIL');
  });

  it('takes listed values away and adds none', () => {
    expect(decide(gate({ path: '/Text', enum: ['a', 'b'] }), { Text: 'c' })).toBe('FAIL');
    expect(decide(gate({ path: '/Text', const: 'a' }), { Text: 'b' })).toBe('FAIL');
    expect(decide(gate({ path: '/Text', const: 'a' }), { Text: 'a' })).toBe('PASS');
  });

  it('asks for what is to be there', () => {
    expect(decide(gate({ path: '/One/Name', required: true }), { One: {} })).toBe('FAIL');
    expect(decide(gate({ path: '/One/Name', required: true }), {})).toBe('PASS');
  });
});

it.each<[string, TypeOverlay]>([
  ['GAT2001 `/Pth` leads nowhere in `AWS::IAM::Role`: there is no `Pth`', { forbid: ['/Pth'] }],
  [
    'GAT2001 `/Policies/PolicyName` leads nowhere in `AWS::IAM::Role`: `PolicyName` leads nowhere: the elements of a list are written `*`',
    { constrain: [{ path: '/Policies/PolicyName', maxLength: 1 }] },
  ],
  [
    'GAT2001 `/AssumeRolePolicyDocument/Version` leads nowhere in `AWS::IAM::Role`: what lies above `Version` is free-form; allow that first',
    { constrain: [{ path: '/AssumeRolePolicyDocument/Version', maxLength: 1 }] },
  ],
  [
    'GAT2001 `/Path/x` leads nowhere in `AWS::IAM::Role`: `x` leads nowhere: there is nothing below',
    { only: ['/AssumeRolePolicyDocument', '/Path/x'] },
  ],
  [
    'GAT2002 `/Path` cannot be limited so: a value of type string cannot have `maximum`',
    { constrain: [{ path: '/Path', maximum: 1 }] },
  ],
  [
    'GAT2002 `/Path` cannot be limited so: `1` is not of type string; write it in quotes',
    { constrain: [{ path: '/Path', enum: [1] }] },
  ],
  [
    'GAT2002 `/AssumeRolePolicyDocument` cannot be limited so: the value is free-form and not allowed',
    { constrain: [{ path: '/AssumeRolePolicyDocument', minLength: 1 }] },
  ],
  [
    'GAT2002 the pattern `(` cannot be used: it is no regular expression: Unterminated group',
    { constrain: [{ path: '/Path', pattern: '(' }] },
  ],
  ['GAT2002 there is no placeholder `<account>`', { constrain: [{ path: '/Path', enum: ['<account>'] }] }],
  [
    'GAT2002 `/Path` would accept more than the snapshot: `Path` is in the snapshot: narrow it with `constrain`',
    { allow: [{ path: '/Path', schema: { type: 'string' } }] },
  ],
  [
    'GAT2003 the schema at `/New` is not closed: the object is open: `additionalProperties` is not `false`',
    { allow: [{ path: '/New', schema: { type: 'object' } }] },
  ],
  [
    'GAT2003 the schema at `/New` is not closed: the gate does not know the keyword `format` here',
    { allow: [{ path: '/New', schema: { type: 'string', format: 'uri' } }] },
  ],
  [
    'GAT2003 the schema at `/New` is not closed: it accepts anything: no type, reference or choice is given',
    { allow: [{ path: '/New', schema: {} }] },
  ],
  [
    'GAT2002 nothing of `AWS::IAM::Role` can be deployed: `AssumeRolePolicyDocument` is required and not approved',
    { forbid: ['/AssumeRolePolicyDocument'] },
  ],
  [
    'GAT2002 `AWS::IAM::Role` would accept more than the snapshot: the snapshot has a schema of this type',
    { schema: { type: 'object', additionalProperties: false } },
  ],
])('refuses an overlay: %s', (expected, part) => {
  expect(faultsOf([ROLE], overlay({ [ROLE]: part }))).toStrictEqual([expected]);
});

it('refuses an overlay on a type that the snapshot does not have', () => {
  expect(faultsOf([ROLE], overlay({ 'AWS::IAM::Rol': { forbid: ['/Path'] } }))).toStrictEqual([
    'GAT2001 the snapshot has no type `AWS::IAM::Rol`',
  ]);
  expect(
    faultsOf([ROLE], overlay({ 'AWS::IAM::User': { constrain: [{ path: '/Path', maxLength: 1 }] } })),
  ).toHaveLength(1);
  expect(faultsOf([ROLE], overlay({ 'AWS::IAM::User': { forbid: true, delete: 'refuse' } }))).toStrictEqual([]);
  expect(faultsOf([ROLE], overlay({ 'AWS::IAM::Usr': { forbid: true } }))).toHaveLength(1);
});

describe('any overlay', () => {
  const type = 'AWS::S3::Bucket';
  const base = schemaOf(type);
  const paths = [...pathsOf(base)];
  const open = freeFormPaths(base).map(({ path }) => pathText(path));
  const path = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...paths) },
    { weight: 1, arbitrary: fc.constantFrom('/Nowhere', '/Tags/Key', '/Tags/*/Key/x') },
  );
  const limit = fc.constantFrom<Partial<Constraint>>(
    { pattern: '[a-z]+' },
    { maxLength: 3 },
    { required: true },
    { minItems: 1 },
    { const: 'Enabled' },
    { const: true },
    { maximum: 10 },
    { enum: ['a', 'orders'] },
    { pattern: '(' },
    { maximum: 3, pattern: 'a' },
  );
  const part: fc.Arbitrary<TypeOverlay> = fc.record(
    {
      allow: fc.subarray(open),
      only: fc.array(path, { minLength: 1, maxLength: 4 }),
      forbid: fc.array(path, { maxLength: 2 }),
      constrain: fc.array(
        fc.tuple(path, limit).map(([at, limits]) => ({ path: at, ...limits })),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  );

  it('narrows, but for the free-form values that it names; a wrong one gives no gate', () => {
    const plain = new Gate(fixedSet([base]), []);
    const seen = { gates: 0, none: 0, refused: 0, passed: 0 };
    fc.assert(
      fc.property(part, fc.array(decisions, { minLength: 4, maxLength: 4 }), (content, draws) => {
        const { gate, diagnostics } = buildGate(fixedSet([base]), [overlay({ [type]: content })]);
        if (gate === null) {
          seen.none += 1;
          expect(diagnostics.some(({ severity, location }) => severity === 'error' && location !== undefined)).toBe(
            true,
          );
          return;
        }
        seen.gates += 1;
        const narrowed = gate.schemaOf(type)!;
        expect(schemaFaults(narrowed, type)).toStrictEqual([]);
        for (const draw of draws) {
          // Values of either schema, so that what was widened would be met.
          const value = fitting(draw(2) === 0 ? base : narrowed, draw(2) === 0 ? base : narrowed, draw) ?? {};
          const verdict = create(gate, type, value).status;
          seen[verdict === 'PASS' ? 'passed' : 'refused'] += 1;
          if (verdict !== 'PASS') continue;
          const before = create(plain, type, value).problems;
          const named = new Set(content.allow ?? []);
          expect(
            before.filter(
              ({ kind, path: at }) =>
                kind !== 'free-form' || !named.has(pathText(at.map((step) => (typeof step === 'number' ? '*' : step)))),
            ),
          ).toStrictEqual([]);
        }
      }),
      { numRuns: 250 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
  });

  it('that is no overlay by its form is refused before it is read', () => {
    const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(OVERLAY_SCHEMA);
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom('allow', 'only', 'forbid', 'constrain', 'delete', 'schema', 'alow'),
        (json, key) => {
          const content = { version: 1, types: { [type]: { [key]: JSON.parse(json) as unknown } } };
          if (!validate(content)) return;
          // What has the form of an overlay gives a gate or says what is wrong; it does not throw.
          const { gate, diagnostics } = buildGate(catalogueSet([type]), [overlay(content.types)]);
          expect(gate !== null || diagnostics.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(validate({ version: 2 })).toBe(false);
    expect(validate({ version: 1, types: { [type]: { alow: [] } } })).toBe(false);
    expect(validate({ version: 1, types: { [type]: { forbid: false } } })).toBe(false);
    expect(validate({ version: 1, types: { [type]: { constrain: [{ path: '/Tags' }] } } })).toBe(false);
    expect(validate({ version: 1, types: { [type]: { allow: ['Tags'] } } })).toBe(false);
  });
});

it('a snapshot schema that cannot be used refuses its type', () => {
  const set = { types: [ROLE], load: () => ({ problem: 'the digest differs' }) };
  const gate = new Gate(set, []);
  expect(told(create(gate, ROLE, {}))).toStrictEqual([
    'FAIL',
    'unusable the approved schema of `AWS::IAM::Role` cannot be used: the digest differs',
  ]);
  expect(buildGate(set, [overlay({ [ROLE]: { forbid: ['/Path'] } })]).gate).toBeNull();
  expect(gate.decide({ type: ROLE, action: 'UPDATE', properties: {} }, CONTEXT).status).toBe('FAIL');
});

/** Paths of a schema, to some depth. */
function* pathsOf(schema: ReturnType<typeof schemaOf>, node: Schema = schema, path = '', depth = 0): Generator<string> {
  const name = node.$ref?.slice('#/definitions/'.length);
  const at = name === undefined ? node : schema.definitions[name]!;
  if (path !== '') yield path;
  if (depth > 4) return;
  for (const [key, each] of Object.entries(at.properties ?? {})) {
    yield* pathsOf(schema, each, `${path}/${key}`, depth + 1);
  }
  if (at.items !== undefined) yield* pathsOf(schema, at.items, `${path}/*`, depth + 1);
}
