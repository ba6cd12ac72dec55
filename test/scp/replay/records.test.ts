/** The reader gives the records that `JSON.parse` of the whole text gives, however the text is cut. */
import fc from 'fast-check';
import { RecordReader } from '../../../scp/replay/index.js';
import type { Bytes } from '../../../scp/replay/index.js';

const BYTES: Bytes = {
  decode: (bytes) => new TextDecoder().decode(bytes),
  lastIndexOf: (bytes, text) => Buffer.from(bytes).lastIndexOf(text, undefined, 'latin1'),
};

function split(text: string, cuts: readonly number[] = []): { records: unknown[]; count: number } {
  const records: unknown[] = [];
  const reader = new RecordReader((record) => records.push(record), BYTES);
  const bytes = new TextEncoder().encode(text);
  let from = 0;
  for (const cut of [...cuts.map((one) => one % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    reader.push(bytes.subarray(from, cut));
    from = cut;
  }
  return { records, count: reader.end() };
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  // Texts, lists and maps that look like the boundary between two records.
  fc.constantFrom<unknown>(
    '"}]',
    '\\',
    '{"Records":[',
    'é€𝄞',
    '},{"eventVersion":',
    '\\"},{"eventVersion":',
    [{ a: 1 }, { eventVersion: 1 }, { eventVersion: [{}, { eventVersion: 2 }] }],
    ['},{', 'eventVersion'],
  ),
);
const record = fc
  .tuple(fc.boolean(), fc.dictionary(fc.string({ maxLength: 6 }), value, { maxKeys: 4 }))
  .map(([isUsual, rest]) => (isUsual ? { eventVersion: '1.11', ...rest } : rest));

it('gives every record, cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 8 }),
      fc.constantFrom(0, 2),
      fc.record({ before: fc.option(fc.jsonValue({ maxDepth: 2 })), after: fc.option(fc.jsonValue({ maxDepth: 2 })) }),
      (Records, cuts, indent, { before, after }) => {
        const text = JSON.stringify({ before, Records, after }, null, indent);
        expect(split(text, cuts)).toStrictEqual({
          records: JSON.parse(JSON.stringify(Records)) as unknown,
          count: Records.length,
        });
      },
    ),
    { numRuns: 500 },
  );
});

describe('callers that records share', () => {
  const TEXTS = [
    '{"type":"Root"}',
    '{"type":"Root","arn":",\\"eventTime\\":"}',
    '{"type":"AssumedRole","eventTime":1,"sessionContext":{"a":[1],"eventTime":{"b":2}}}',
    '{"type":"AssumedRole","x":[{"eventVersion":"1","userIdentity":2,"eventTime":3},{"eventVersion":"1","userIdentity":4,"eventTime":3}]}',
    'null',
    '7',
    JSON.stringify(',"eventTime":'),
  ];
  const text = fc
    .tuple(
      fc.constantFrom('1.11', '1.08', '1.1\\u0031', '1","a":"2', '9999999999'),
      fc.constantFrom(...TEXTS),
      fc.constantFrom(
        '"eventTime":"t"',
        '"eventTime":"t","userIdentity":1',
        '"eventVersion":2',
        '"eventTime":{"eventTime":1}',
      ),
      fc.constantFrom(
        '',
        ',"__proto__":{"a":1}',
        ',"x":[{"eventVersion":1},{"eventVersion":"2","userIdentity":3}]',
        ' ',
      ),
    )
    .map(([version, caller, time, rest]) => `{"eventVersion":"${version}","userIdentity":${caller},${time}${rest}}`);

  it('are those of each record', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), fc.array(fc.nat(2_000), { maxLength: 3 }), (texts, cuts) => {
        const whole = `{"Records":[${texts.join(',')}]}`;
        const { Records } = JSON.parse(whole) as { readonly Records: readonly unknown[] };
        expect(split(whole, cuts).records).toStrictEqual(Records);
      }),
      { numRuns: 500 },
    );
  });

  it('stay right when there are more than are remembered, and when they are looked for no more', () => {
    const made = (index: number): string =>
      `{"eventVersion":"1.11","userIdentity":{"type":"Root","arn":"${String(index)}"},"eventTime":${String(index)}}`;
    // Of each caller many records, then of each one, then many again.
    const numbers = [
      ...Array.from({ length: 4_000 }, (_, index) => index % 40),
      ...Array.from({ length: 4_000 }, (_, index) => 100 + index),
      ...Array.from({ length: 25_000 }, (_, index) => index % 7),
    ];
    const whole = `{"Records":[${numbers.map(made).join(',')}]}`;
    const { Records } = JSON.parse(whole) as { readonly Records: readonly unknown[] };
    const { records } = split(whole);
    expect(JSON.stringify(sorted(records))).toBe(JSON.stringify(sorted(Records)));
    // It was worth it at first: two records share one map.
    const shared = records as readonly { readonly userIdentity: unknown }[];
    expect(shared[1_040]!.userIdentity).toBe(shared[1_080]!.userIdentity);
    expect(shared[9_040]!.userIdentity).not.toBe(shared[9_047]!.userIdentity);
  });
});

/** With keys in one order. */
const sorted = (records: readonly unknown[]): unknown =>
  records.map((one) => Object.fromEntries(Object.entries(one as object).sort(([a], [b]) => (a < b ? -1 : 1))));

it('takes only the list `Records` of the outer map', () => {
  const text = '{"other":[{"a":1}],"inner":{"Records":[{"b":2}]},"Records":[{"c":[{"Records":[]}]}]}';
  expect(split(text).records).toStrictEqual([{ c: [{ Records: [] }] }]);
});

it.each([
  ['cut off inside of a record', '{"Records":[{"a":1},{"b"'],
  ['cut off in a text', '{"Records":[{"a":"x'],
  ['no list of records', '{"records":[]}'],
  ['a list', '[{"a":1}]'],
  ['closed too often', '{"Records":[]}}'],
  ['nothing', ''],
])('refuses a file that is %s', (_name, text) => {
  expect(() => split(text)).toThrow(SyntaxError);
});

it('refuses a record without an end instead of filling the memory', () => {
  const reader = new RecordReader(() => undefined, BYTES);
  const chunk = new TextEncoder().encode('x'.repeat(2 ** 20));
  reader.push(new TextEncoder().encode('{"Records":[{"a":"'));
  expect(() => {
    for (let index = 0; index < 20; index++) reader.push(chunk);
  }).toThrow(RangeError);
});
