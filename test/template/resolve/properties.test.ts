/** The resolver against a second one, over generated templates and all values of their parameters. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { ABSENT, isList, isMap, keysOf, resolveTemplate } from '../../../template/index.js';
import type { Assignment, Resolution, Value, ValueMap } from '../../../template/index.js';
import { naiveConditions, naiveResources } from './naive.js';
import type { NaiveTemplate } from './naive.js';

const VALUES = ['a', 'b', 'c'];
/** Parameters with AllowedValues, with a Default, and without either. */
const OPEN = ['P0', 'P1', 'P2'];
const PARAMETERS = {
  P0: { Type: 'String', AllowedValues: VALUES },
  P1: { Type: 'String', AllowedValues: VALUES },
  P2: { Type: 'String', AllowedValues: ['a', 'b'] },
  D: { Type: 'String', Default: 'b', AllowedValues: VALUES },
  Free: { Type: 'String' },
};
const MAPPINGS = {
  M: Object.fromEntries(
    VALUES.map((top) => [top, Object.fromEntries(VALUES.map((second) => [second, `${top}${second}`]))]),
  ),
};
const CONDITIONS = ['C0', 'C1', 'C2', 'C3', 'C4', 'C5'];

const parameterRef = fc.constantFrom(...OPEN, 'D').map((Ref) => ({ Ref }));
const text = fc.oneof(
  { weight: 3, arbitrary: parameterRef },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b', 'x') },
  fc.constantFrom(...OPEN).map((name) => ({ 'Fn::Sub': `\${${name}}-\${D}` })),
  fc.tuple(parameterRef, parameterRef).map((parts) => ({ 'Fn::Join': ['', parts] })),
);
const equals = fc.oneof(
  fc
    .tuple(fc.constantFrom(...OPEN, 'D', 'Free'), fc.constantFrom(...VALUES))
    .map(([Ref, value]) => ({ 'Fn::Equals': [{ Ref }, value] })),
  fc.tuple(text, text).map((sides) => ({ 'Fn::Equals': sides })),
);

function condition(index: number): fc.Arbitrary<object> {
  if (index === 0) return equals;
  const earlier = fc.integer({ min: 0, max: index - 1 }).map((one) => ({ Condition: CONDITIONS[one]! }));
  const part = fc.oneof(earlier, equals);
  return fc.oneof(
    equals,
    part.map((one) => ({ 'Fn::Not': [one] })),
    fc.array(part, { minLength: 2, maxLength: 3 }).map((of) => ({ 'Fn::And': of })),
    fc.array(part, { minLength: 2, maxLength: 3 }).map((of) => ({ 'Fn::Or': of })),
  );
}

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; branch: unknown }>((tie) => ({
  branch: fc.oneof(
    { weight: 4, arbitrary: tie('value') },
    { weight: 1, arbitrary: fc.constant({ Ref: 'AWS::NoValue' }) },
  ),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<unknown>('x', 1, true, null, { Ref: 'Other' }),
    text,
    fc.tuple(fc.constantFrom(...CONDITIONS), tie('branch'), tie('branch')).map((parts) => ({ 'Fn::If': parts })),
    fc.tuple(fc.constantFrom(...CONDITIONS), tie('branch'), tie('branch')).map((parts) => ({ 'Fn::If': parts })),
    fc.array(tie('branch'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('k', 'l', '1'), tie('branch'), { maxKeys: 3 }),
    fc.tuple(parameterRef, parameterRef).map(([top, second]) => ({ 'Fn::FindInMap': ['M', top, second] })),
    fc.tuple(fc.constantFrom(0, 1), text, text).map(([index, ...items]) => ({ 'Fn::Select': [index, items] })),
    parameterRef.map((ref) => ({ 'Fn::Split': ['-', { 'Fn::Join': ['-', ['x', ref]] }] })),
  ),
})).value;

const template: fc.Arbitrary<ValueMap> = fc
  .record({
    conditions: fc.tuple(...CONDITIONS.map((_name, index) => condition(index))),
    resources: fc.array(
      fc.record({
        when: fc.option(fc.constantFrom(...CONDITIONS)),
        properties: fc.dictionary(fc.constantFrom('A', 'B'), value),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ conditions, resources }): unknown => ({
    Parameters: PARAMETERS,
    Mappings: MAPPINGS,
    Conditions: Object.fromEntries(conditions.map((one, index) => [CONDITIONS[index]!, one as unknown])),
    Resources: {
      Other: { Type: 'AWS::Other' },
      ...Object.fromEntries(
        resources.map(({ when, properties }, index) => [
          `R${index}`,
          { Type: 'AWS::R', ...(when === null ? {} : { Condition: when }), Properties: properties },
        ]),
      ),
    },
  }))
  .map((written) => written as ValueMap);

function naive(written: ValueMap): NaiveTemplate {
  return written as unknown as NaiveTemplate;
}

/** All values of the parameters that are open; `Free` may also be something that nothing mentions. */
function* everyValue(): Generator<Record<string, string>> {
  for (const P0 of VALUES) {
    for (const P1 of VALUES) {
      for (const P2 of ['a', 'b']) for (const Free of [...VALUES, 'zzz']) yield { P0, P1, P2, Free, D: 'b' };
    }
  }
}

function assignmentOf(written: NaiveTemplate, values: Record<string, string>): Assignment {
  const assignment = new Map<string, Value>();
  for (const name of OPEN) assignment.set(`parameter:${name}`, values[name]!);
  for (const [name, truth] of Object.entries(naiveConditions(written, values))) {
    assignment.set(`condition:${name}`, truth);
  }
  return assignment;
}

/** A resolved value with every choice made. */
function settled({ document }: Resolution, node: Value, assignment: Assignment): Value | typeof ABSENT {
  let current: Value | typeof ABSENT = node;
  for (;;) {
    if (current === ABSENT || typeof current !== 'object' || current === null) return current;
    const unknown = document.unknownAt(current);
    if (unknown === undefined) break;
    const next = unknown.under(assignment);
    if (next === undefined) throw new Error(`stays unknown: ${unknown.reason}`);
    if (unknown.under(new Map(assignment)) !== next) throw new Error('equal assignments give different objects');
    if (next === current) throw new Error('an unknown stands for itself');
    current = next;
  }
  const inside = (child: Value): Value | typeof ABSENT => settled({ document } as Resolution, child, assignment);
  if (isList(current)) return current.map(inside).filter((item) => item !== ABSENT);
  if (!isMap(current)) return current;
  const map = current;
  const entries = keysOf(map).map((key) => [key, inside(map[key]!)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Value] => entry[1] !== ABSENT));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('under every value of the parameters, the choices give what a template with these values is', () => {
  fc.assert(
    fc.property(template, (generated) => {
      const written = naive(generated);
      const resolution = resolveTemplate(generated);
      expect(resolution.diagnostics.filter(({ code }) => code !== 'TPL3022')).toStrictEqual([]);
      for (const values of everyValue()) {
        const assignment = assignmentOf(written, values);
        if (!resolution.document.feasible(assignment)) throw new Error(`called unreachable: ${JSON.stringify(values)}`);
        const resources = settled(resolution, resolution.document.value['Resources']!, assignment);
        const expected = naiveResources(written, values);
        if (!isDeepStrictEqual(plain(resources), plain(expected))) {
          expect(plain(resources)).toStrictEqual(plain(expected));
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('with every parameter given, nothing is unknown and the two resolvers agree', () => {
  fc.assert(
    fc.property(template, fc.constantFrom(...everyValue()), (generated, values) => {
      const { document } = resolveTemplate(generated, { parameters: values });
      expect(document.hasUnknowns).toBe(false);
      expect(plain(document.value['Resources'])).toStrictEqual(plain(naiveResources(naive(generated), values)));
    }),
    { numRuns: 300 },
  );
});

test('conditions are called unreachable together exactly when no value of the parameters gives them', () => {
  fc.assert(
    fc.property(
      template,
      fc.subarray(CONDITIONS, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (generated, names, mask) => {
        const written = naive(generated);
        const { document } = resolveTemplate(generated);
        const wanted = names.map((name, index) => [name, ((mask >> index) & 1) === 1] as const);
        const reached = [...everyValue()].some((values) => {
          const truths = naiveConditions(written, values);
          return wanted.every(([name, truth]) => truths[name] === truth);
        });
        expect(document.feasible(new Map(wanted.map(([name, truth]) => [`condition:${name}`, truth])))).toBe(reached);
      },
    ),
    { numRuns: 500 },
  );
});

test('resolving what is resolved changes nothing, and keeps its identity', () => {
  fc.assert(
    fc.property(template, fc.constantFrom(...everyValue()), (generated, values) => {
      const { document } = resolveTemplate(generated, { parameters: values });
      const again = resolveTemplate(document.value, { parameters: values });
      expect(again.document.value['Resources']).toStrictEqual(document.value['Resources']);
      expect(again.document.hasUnknowns).toBe(false);
    }),
    { numRuns: 100 },
  );
});

test('a template without functions is returned as it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.jsonValue({ maxDepth: 4 })), (properties) => {
      const written = { Resources: { R: { Type: 'AWS::R', Properties: properties as ValueMap } } };
      const { document } = resolveTemplate(written);
      expect(document.value).toBe(written);
      expect(document.hasUnknowns).toBe(false);
    }),
  );
});

test('other names of the conditions change nothing', () => {
  fc.assert(
    fc.property(template, (generated) => {
      const other = JSON.parse(JSON.stringify(generated).replaceAll(/"C(\d)"/g, '"Z$1Condition"')) as ValueMap;
      const shown = (resolution: Resolution): string => {
        const seen: unknown[] = [];
        const visit = (node: Value | typeof ABSENT | undefined): void => {
          if (node === undefined || node === ABSENT || typeof node !== 'object' || node === null) {
            seen.push(node === ABSENT ? 'absent' : node);
            return;
          }
          const unknown = resolution.document.unknownAt(node);
          if (unknown === undefined) {
            if (isList(node)) node.forEach(visit);
            else if (isMap(node)) for (const key of keysOf(node)) visit(node[key]);
            return;
          }
          seen.push(unknown.kind, unknown.choices.length);
          let assignments = [new Map<string, Value>()];
          for (const { id, values } of unknown.choices) {
            assignments = assignments.flatMap((before) => values.map((one) => new Map(before).set(id, one)));
          }
          if (unknown.choices.length > 0) for (const assignment of assignments) visit(unknown.under(assignment));
        };
        visit(resolution.document.value['Resources']);
        return JSON.stringify(seen).replaceAll(/C(\d)|Z(\d)Condition/g, 'N$1$2');
      };
      expect(shown(resolveTemplate(other))).toBe(shown(resolveTemplate(generated)));
    }),
    { numRuns: 100 },
  );
});
