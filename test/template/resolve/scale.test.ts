/**
 * What resolution costs, counted in functions evaluated and comparisons looked at, not in time.
 *
 * The counts are taken from the resolver itself, so that a machine under load says the same.
 */
import { resolveTemplate } from '../../../template/index.js';
import type { Assignment, Value, ValueMap } from '../../../template/index.js';
import { Resolver } from '../../../template/resolve/resolver.js';
import { at } from './support.js';

/** Runs something and counts what resolvers evaluated meanwhile. */
function cost(run: () => void): number {
  const made: Resolver[] = [];
  const spy = jest.spyOn(Resolver.prototype, 'stopCollecting').mockImplementation(function (this: Resolver) {
    made.push(this);
  });
  run();
  spy.mockRestore();
  expect(made.length).toBeGreaterThan(0);
  return made.reduce((sum, resolver) => sum + resolver.steps + resolver.reach.steps, 0);
}

function template(resources: number, conditions: number): ValueMap {
  const parameters: Record<string, Value> = {};
  const defined: Record<string, Value> = {};
  for (let index = 0; index < conditions; index++) {
    parameters[`P${index}`] = { Type: 'String', AllowedValues: ['on', 'off'] };
    defined[`C${index}`] = { 'Fn::Equals': [{ Ref: `P${index}` }, 'on'] };
  }
  const declared: Record<string, Value> = {};
  for (let index = 0; index < resources; index++) {
    declared[`R${index}`] = {
      Type: 'AWS::R',
      Properties: {
        Name: { 'Fn::Sub': 'r-${AWS::Region}' },
        ...(index < conditions
          ? { Checked: { 'Fn::If': [`C${index}`, { A: { Ref: `P${index}` } }, { A: 'none' }] } }
          : {}),
      },
    };
  }
  return { Parameters: parameters, Conditions: defined, Resources: declared };
}

/** Tries every choice of every resource on its own, as an engine does that looks at one resource at a time. */
function tryAll(written: ValueMap): void {
  const { document } = resolveTemplate(written, { region: 'us-east-1' });
  for (const id of Object.keys(written['Resources'] as ValueMap)) {
    const checked = at(document.value, ['Resources', id, 'Properties', 'Checked']);
    const unknown = checked === undefined ? undefined : document.unknownAt(checked);
    for (const value of unknown?.choices[0]?.values ?? []) {
      const assignment: Assignment = new Map([[unknown!.choices[0]!.id, value]]);
      expect(document.feasible(assignment)).toBe(true);
      expect(unknown!.under(assignment)).toStrictEqual({ A: value === true ? 'on' : 'none' });
    }
  }
}

test('independent conditions on checked properties cost in proportion to the resources', () => {
  const [small, large] = [20, 80].map((count) =>
    cost(() => {
      tryAll(template(count, count));
    }),
  );
  expect(small).toBeGreaterThan(20);
  expect(large! / small!).toBeLessThan(4.2);
  expect(large! / small!).toBeGreaterThan(3.8);
});

test('a condition that nobody reads costs nothing, one on a value costs three steps', () => {
  const resources = Object.fromEntries(
    Object.entries(template(60, 0)['Resources'] as ValueMap).map(([id, resource], index) => [
      id,
      { ...(resource as ValueMap), ...(index < 36 ? { Metadata: { M: { 'Fn::If': [`C${index}`, 1, 2] } } } : {}) },
    ]),
  );
  const without = cost(() => {
    resolveTemplate(template(60, 0), { region: 'us-east-1' });
  });
  const withConditions = cost(() => {
    resolveTemplate({ ...template(60, 36), Resources: resources }, { region: 'us-east-1' });
  });
  const defined = cost(() => {
    resolveTemplate({ ...template(60, 36), Resources: template(60, 0)['Resources']! }, { region: 'us-east-1' });
  });
  expect(defined).toBe(without);
  expect(withConditions - without).toBeLessThanOrEqual(36 * 3);
});

test('conditions of one parameter exclude each other without trying all of them together', () => {
  const conditions: Record<string, Value> = {};
  for (let index = 0; index < 60; index++) conditions[`C${index}`] = { 'Fn::Equals': [{ Ref: 'P' }, `v${index}`] };
  const { document } = resolveTemplate({
    Parameters: { P: { Type: 'String' } },
    Conditions: conditions,
    Resources: {},
  });
  expect(
    document.feasible(
      new Map([
        ['condition:C3', true],
        ['condition:C4', true],
      ]),
    ),
  ).toBe(false);
  expect(document.feasible(new Map(Array.from({ length: 60 }, (_, index) => [`condition:C${index}`, false])))).toBe(
    true,
  );
});

test('a question that would take for ever is in doubt', () => {
  const parameters: Record<string, Value> = {};
  const parts: Value[] = [];
  for (let index = 0; index < 60; index++) {
    parameters[`P${index}`] = { Type: 'String', AllowedValues: ['a', 'b', 'c'] };
    parts.push({ Ref: `P${index}` });
  }
  const { document } = resolveTemplate({
    Parameters: parameters,
    Conditions: { Hard: { 'Fn::Equals': [{ 'Fn::Join': ['', parts] }, 'x'.repeat(60)] } },
    Resources: {},
  });
  expect(document.feasible(new Map([['condition:Hard', true]]))).toBe(true);
});
