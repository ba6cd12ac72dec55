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
