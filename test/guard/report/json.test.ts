import fc from 'fast-check';
import {
  fileReport,
  printJson,
  reportElementJson,
  reportValue,
  UnprintableError,
  type FailedCheck,
} from '../../../guard/index.js';
import { Float, KEY_ORDER, type Value } from '../../../template/index.js';

it.each<[Value, string]>([
  [null, 'null'],
  [true, 'true'],
  [0, '0'],
  [-7, '-7'],
  [9007199254740993n, '9007199254740993'],
  [-9223372036854775807n, '-9223372036854775807'],
  [new Float(1), '1.0'],
  [new Float(0), '0.0'],
  [new Float(-0), '-0.0'],
  [new Float(100), '100.0'],
  [new Float(1e15), '1000000000000000.0'],
  [new Float(1e16), '1e16'],
  [new Float(123456789012345680000), '1.2345678901234568e20'],
  [new Float(1e300), '1e300'],
  [0.5, '0.5'],
  [-0.125, '-0.125'],
  [123456.789, '123456.789'],
  [0.00001, '0.00001'],
  [0.0000123, '0.0000123'],
  [0.000001, '1e-6'],
  [0.00000125, '1.25e-6'],
  [5e-324, '5e-324'],
  ['a"\\/\n\t\u0001\u007fé\u{1f600}', '"a\\"\\\\/\\n\\t\\u0001\u007fé\u{1f600}"'],
  [[], '[]'],
  [{}, '{}'],
  [[[], {}], '[[],{}]'],
  [Object.defineProperty({ 2: 'b', 1: 'a' }, KEY_ORDER, { value: ['2', '1'] }), '{"2":"b","1":"a"}'],
])('prints %p as %s', (value, text) => {
  expect(printJson(value)).toBe(text);
});

it.each<Value>([Infinity, -Infinity, NaN, [new Float(Infinity)]])('refuses %p', (value) => {
  expect(() => printJson(value)).toThrow(UnprintableError);
});

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const ordinary: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

it('is JSON.stringify on ordinary values, indented and not', () => {
  fc.assert(
    fc.property(ordinary, (value) => {
      expect(printJson(value)).toBe(JSON.stringify(value));
      expect(printJson(value, 2)).toBe(JSON.stringify(value, null, 2));
      expect(`[\n  ${printJson(value, 2, 2)}\n]`).toBe(JSON.stringify([value], null, 2));
    }),
  );
});

describe('reports', () => {
  const special = fc.oneof(
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number): Value => (Number.isInteger(number) ? new Float(number) : number)),
    fc.bigInt(2n ** 53n, 2n ** 63n - 1n),
    fc.constant(Object.defineProperty({ 2: 1, 1: 2 }, KEY_ORDER, { value: ['2', '1'] }) as Value),
    ordinary.map((value): Value => ({ deep: [value, new Float(3)] })),
  );
  const pathValue = fc.record({
    path: text,
    value: fc.oneof({ weight: 20, arbitrary: ordinary }, { weight: 1, arbitrary: special }),
  });
  const unresolved = fc.record({ traversed_to: pathValue, remaining_query: text, reason: fc.option(text) });
  const messages = fc.record({ custom_message: fc.option(text), error_message: fc.option(text) });
  const comparison = fc.tuple(fc.constantFrom('Eq', 'In', 'Exists'), fc.boolean());
  const origin = { offset: 1, end: 2 };
  const unary = fc.record({
    check: fc.oneof(
      fc.record({ Resolved: fc.record({ value: pathValue, comparison }) }),
      fc.record({ UnResolved: fc.record({ value: unresolved, comparison }) }),
      fc.record({ UnResolvedContext: text }),
    ),
    context: text,
    messages,
  });
  const binary = fc.record({
    context: text,
    messages,
    check: fc.oneof(
      fc.record({ Resolved: fc.record({ from: pathValue, to: pathValue, comparison }) }),
      fc.record({ UnResolved: fc.record({ value: unresolved, comparison }) }),
      fc.record({ InResolved: fc.record({ from: pathValue, to: fc.array(pathValue, { maxLength: 3 }), comparison }) }),
    ),
  });
  const leaf = fc.oneof(
    unary.map((Unary) => ({ Clause: { Unary }, origin })),
    binary.map((Binary) => ({ Clause: { Binary }, origin })),
    fc.record({ context: text, messages, unresolved: fc.option(unresolved) }).map((Block) => ({ Block, origin })),
  );
  const rule = (checks: fc.Arbitrary<unknown>): fc.Arbitrary<FailedCheck> =>
    fc
      .record({ name: text, metadata: fc.constant({}), messages, checks: fc.array(checks, { maxLength: 3 }) })
      .map((Rule) => ({ Rule }) as unknown as FailedCheck);
  const nested = fc.oneof(
    leaf,
    rule(leaf),
    fc.array(leaf, { maxLength: 3 }).map((checks) => ({ Disjunctions: { checks } })),
  );
  const report = fc.array(rule(nested), { maxLength: 4 }).map((failures) =>
    fileReport('/data.yaml', [
      {
        ruleFile: 'r.guard',
        rules: [
          ...failures.map(() => ({ name: 'F', status: 'FAIL' as const })),
          { name: 'P', status: 'PASS' },
          { name: 'S', status: 'SKIP' },
        ],
        failures,
      },
    ]),
  );

  it('have the same text whichever printer makes it', () => {
    let ordinaryReports = 0;
    fc.assert(
      fc.property(report, (each) => {
        const printed = reportElementJson(each);
        expect(printed).toBe(`  ${printJson(reportValue(each), 2, 2)}`);
        if (!/\d\.0|e[+-]?\d|\d{16}|"2": 1/.test(printed)) ordinaryReports++;
      }),
      { numRuns: 400 },
    );
    expect(ordinaryReports).toBeGreaterThan(50);
  });

  it('say nothing of places in the rule file', () => {
    fc.assert(
      fc.property(report, (each) => {
        expect(reportElementJson(each)).not.toContain('"origin"');
      }),
    );
  });

  it('refuse infinities instead of printing null', () => {
    const messages = { custom_message: null, error_message: null };
    const check = { Resolved: { value: { path: '/a', value: [Infinity] }, comparison: ['Exists', true] } } as const;
    const failures: FailedCheck[] = [
      {
        Rule: { name: 'R', metadata: {}, messages, checks: [{ Clause: { Unary: { check, context: '', messages } } }] },
      },
    ];
    const outcome = { ruleFile: 'r.guard', rules: [{ name: 'R', status: 'FAIL' as const }], failures };
    expect(() => reportElementJson(fileReport('d', [outcome]))).toThrow(UnprintableError);
  });
});
