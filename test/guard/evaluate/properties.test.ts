import fc from 'fast-check';
import { EvaluationError, openDocument } from '../../../guard/index.js';
import type { Evaluation, Program } from '../../../guard/index.js';
import { isMap, type Value } from '../../../template/index.js';
import { scalar, value as anyValue } from '../../arbitraries/documents.js';
import { pair } from '../../arbitraries/rules.js';
import { runs } from '../../support/runs.js';
import { containers, program, replaced } from './support.js';

const NOWHERE = { line: 0, column: 0 };

function compiled(rules: string): Program | null {
  try {
    return program(rules);
  } catch {
    return null;
  }
}

/** The evaluation, or null when it ends with an error; any other exception fails the property. */
function evaluation(of: Program, value: Value, isUnknown?: (node: object) => boolean): Evaluation | null {
  try {
    return of.evaluate(openDocument(value, { isUnknown }));
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

describe('evaluation', () => {
  it('throws nothing but EvaluationError, and explains exactly the rules that fail', () => {
    let explained = 0;
    fc.assert(
      fc.property(pair, ({ rules, document }) => {
        const of = compiled(rules);
        fc.pre(of !== null);
        const result = evaluation(of, document);
        fc.pre(result !== null);
        const opened = openDocument(document);
        result.rules.forEach(({ status }, index) => {
          const failed = of.explain(opened, index, () => NOWHERE);
          expect(failed.length).toBe(status === 'FAIL' ? 1 : 0);
          explained += failed.length;
        });
      }),
      { numRuns: runs(200, 400) },
    );
    expect(explained).toBeGreaterThan(25);
  });

  it('says the same of a document opened with unknown values that no rule can tell', () => {
    fc.assert(
      fc.property(pair, ({ rules, document }) => {
        const of = compiled(rules);
        fc.pre(of !== null);
        const plain = evaluation(of, document);
        const tracked = evaluation(of, document, () => true);
        expect(tracked?.rules.map(({ status }) => status)).toEqual(plain?.rules.map(({ status }) => status));
        expect(plain?.rules.some(({ touchedUnknown }) => touchedUnknown)).not.toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('marks every rule whose status an unknown value can change', () => {
    let kept = 0;
    const unknown = fc.oneof(fc.constant(undefined), scalar, anyValue);
    fc.assert(
      fc.property(pair, fc.nat(), unknown, ({ rules, document }, choice, by) => {
        const of = compiled(rules);
        const maps = containers(document).filter(({ node }) => isMap(node as Value));
        fc.pre(of !== null && maps.length > 0);
        const { path, node } = maps[choice % maps.length]!;
        const before = evaluation(of, document, (each) => each === node);
        // A resource that is unknown is there as written or it is not there: its condition is undecided.
        const isResource = path.length === 2 && path[0] === 'Resources';
        const after = evaluation(of, replaced(document, path, isResource ? undefined : by));
        fc.pre(before !== null && after !== null);
        before.rules.forEach((rule, index) => {
          if (rule.touchedUnknown) return;
          kept++;
          expect(`${rule.name} ${after.rules[index]!.status}`).toBe(`${rule.name} ${rule.status}`);
        });
      }),
      { numRuns: runs(600, 1_500) },
    );
    expect(kept).toBeGreaterThan(120);
  });

  it('is not changed by a resource of a type that no rule names', () => {
    const rules = `
      let buckets = Resources.*[ Type == 'T::A::B' ]
      let named = Resources.*[ Type in ['T::A::B', 'T::A::C'] Properties.a exists ]
      let matched = Resources.*[ Type == /^T::A/ ].Properties
      rule one when %buckets !empty { %buckets { Properties.b exists or Properties.c == 1 } }
      rule two { %named.Properties.a == 'a' }
      rule three { some %matched.a exists }
      rule four when %buckets !empty { T::A::B { Properties.Tags !empty } }`;
    const of = program(rules);
    const properties = fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar);
    const resource = fc.record({ Type: fc.constantFrom('T::A::B', 'T::A::C'), Properties: properties });
    const resources = fc.dictionary(fc.constantFrom('R1', 'R2', 'R3'), resource, { minKeys: 1 });
    fc.assert(
      fc.property(resources, properties, fc.boolean(), (known, other, first) => {
        const extra = { Other: { Type: 'U::A::B', Properties: other } };
        const more = first ? { ...extra, ...known } : { ...known, ...extra };
        expect(evaluation(of, { Resources: more })).toEqual(evaluation(of, { Resources: known }));
      }),
      { numRuns: 300 },
    );
  });
});

describe('depth', () => {
  const nested = (depth: number, make: (inner: Value) => Value): Value => {
    let value: Value = 'leaf';
    for (let i = 0; i < depth; i++) value = make(value);
    return value;
  };

  it.each([
    ['maps', (inner: Value): Value => ({ k: inner })],
    ['lists', (inner: Value): Value => [inner]],
  ])('of the data does not overflow the stack: %s', (_name, make) => {
    const document = { a: nested(100_000, make), b: nested(100_000, make), c: [nested(100_000, make)] };
    const of = program('rule r { a == b a in c }\nrule f { a != 1 a in [1] }');
    const opened = openDocument(document, { isUnknown: () => false });
    expect(of.evaluate(opened).rules.map(({ status }) => status)).toEqual(['PASS', 'FAIL']);
    expect(of.explain(opened, 1, () => NOWHERE)).toHaveLength(1);
  });

  it('of the data in a reason', () => {
    // The reason holds the path of every part, so that its length is the square of the depth.
    const opened = openDocument({ a: [nested(1_000, (inner) => ({ k: inner }))] });
    const of = program('rule g { a.z exists a[7] exists }');
    expect(JSON.stringify(of.explain(opened, 0, () => NOWHERE))).toContain('k/k/k');
  });
});
