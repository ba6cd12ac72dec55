/** What holds for every text, and for every value however it is written. */
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { stringify } from 'yaml';
import { get, isList, isMap, keysOf, readTemplate, type Path, type Value } from '../../../template/index.js';
import { brokenText, yamlText } from '../../guard/load/arbitraries.js';
import { canonical } from '../../guard/load/canonical.js';
import { runs } from '../../support/runs.js';

// Many documents, on machines that may be busy.
jest.setTimeout(120_000);

const key = fc.oneof(
  fc.constantFrom(
    'Type',
    'Properties',
    'Fn::Sub',
    'a b',
    'yes',
    '1',
    '010',
    '',
    '<<',
    '-',
    '#',
    ': ',
    '__proto__',
    'é',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const text = fc.oneof(
  fc.constantFrom('true', 'no', '5', '0x1', '1e3', '~', ' x', 'x ', 'a: b', '- a', 'x #y', '!Ref x', '', '*a', '1:30'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc
    .array(fc.constantFrom('word', 'x: y', '  deeper', '', 'end'), { minLength: 1, maxLength: 4 })
    .map((lines) => lines.join('\n')),
);
/** Characters that YAML takes as line breaks or not at all are written differently by libraries. */
const printable = (value: string): boolean =>
  !/[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(value);

const json = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text.filter(printable),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key.filter(printable), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

function read(written: string): Value {
  const { source, diagnostics } = readTemplate(written, 't');
  expect({ written, diagnostics }).toStrictEqual({ written, diagnostics: [] });
  return source!.value;
}

/** Keys sorted: libraries write integer-like keys first. */
function sorted(value: Value): string {
  const sort = (part: Value): Value => {
    if (isList(part)) return part.map(sort);
    if (!isMap(part)) return part;
    return Object.fromEntries([...keysOf(part)].sort().map((name) => [`${name}=`, sort(get(part, name)!)]));
  };
  return canonical(sort(value));
}

it('gives a value or diagnostics for any text, and throws for none', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string(), brokenText, yamlText, fc.json());
  fc.assert(
    fc.property(anything, (written) => {
      const { source, diagnostics } = readTemplate(written, 't');
      expect(source === null).toBe(diagnostics.length > 0);
      expect(source?.locationOf(['a', 0, 'b']).line ?? 1).toBeGreaterThan(0);
      for (const { location } of diagnostics) {
        expect(location!.start).toBeGreaterThanOrEqual(0);
        expect(location!.end).toBeGreaterThanOrEqual(location!.start);
      }
    }),
    { numRuns: runs(1_500, 10_000) },
  );
});

it('reads JSON as JSON.parse does', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      expect(sorted(read(JSON.stringify(value, null, space)))).toBe(sorted(value));
    }),
    { numRuns: 500 },
  );
});

/** Writers of YAML with their styles; both know that the reader follows YAML 1.1. */
const writer = fc.oneof(
  fc
    .record({
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any', 'flow'),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    } as const)
    .map((style) => (value: Value) => stringify(value, { ...style, version: '1.1', directives: false, lineWidth: 0 })),
  fc
    .record({
      indent: fc.constantFrom(1, 2, 4),
      seqNoIndent: fc.boolean(),
      seqInlineFirst: fc.boolean(),
      flowLevel: fc.constantFrom(-1, 0, 1, 2),
      lineWidth: fc.constantFrom(-1, 20, 80),
      forceQuotes: fc.boolean(),
      flowSkipCommaSpace: fc.boolean(),
      flowBracketPadding: fc.boolean(),
      quoteStyle: fc.constantFrom('single', 'double'),
    } as const)
    .map((style) => (value: Value) => dump(value, { ...style, noRefs: true })),
);

it('reads the same value from JSON and from every style of YAML', () => {
  fc.assert(
    fc.property(json, writer, (value, write) => {
      const root = { root: value };
      // A library writes this key without the quotes that keep it from merging, and indents some texts wrongly.
      if (/"<<"|"(?: |\\n)/.test(JSON.stringify(value))) return;
      const written = write(root);
      expect({ written, value: sorted(read(written)) }).toStrictEqual({ written, value: sorted(root) });
    }),
    { numRuns: runs(1_500, 5_000) },
  );
});

it('cuts ranges that read as their value again', () => {
  let cuts = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        yamlText,
        json.map((value) => JSON.stringify(value)),
      ),
      (written) => {
        // An alias does not read alone, and a block scalar that keeps its blank lines ends after its text.
        if (/\*|\|\+|>\+|<</.test(written)) return;
        const { source } = readTemplate(written, 't');
        if (source === null) return;
        const visit = (value: Value, path: Path, inShortForm: boolean): void => {
          const range = source.rangeOf(path)!;
          const cut = written.slice(range.start, range.end);
          const short = /^(?:&\w+\s+)?!(?!!)/.test(cut);
          if (!inShortForm) {
            const column = range.start - (written.lastIndexOf('\n', range.start - 1) + 1);
            // Without its tag, the value of a short form may be another type of scalar.
            expect({ cut, value: canonical(read(`---\n${' '.repeat(column)}${cut}\n`)) }).toStrictEqual({
              cut,
              value: canonical(value),
            });
            cuts++;
          }
          if (isList(value)) {
            value.forEach((item, index) => {
              visit(item, [...path, index], inShortForm && !isMap(item) && !isList(item));
            });
          } else if (isMap(value)) for (const name of keysOf(value)) visit(get(value, name)!, [...path, name], short);
        };
        visit(source.value, [], false);
      },
    ),
    { numRuns: runs(1_000, 5_000) },
  );
  expect(cuts).toBeGreaterThan(1_000);
});
