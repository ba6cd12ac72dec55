import fc from 'fast-check';
import { excerpt } from '../../findings/excerpt.js';
import { lineCounter, renderDiagnostics } from '../../findings/index.js';
import { displayWidth, wrap } from '../../findings/text.js';

/** Rows as a reader sees them. */
function show(
  text: string,
  place: readonly [line: number, column: number, endLine: number, endColumn: number],
  width = 60,
  context = 1,
): string[] {
  const [line, column, endLine, endColumn] = place;
  return excerpt(lineCounter(text), { line, column, endLine, endColumn }, { width, context }).map(
    (row) => `${row.line ?? ' '}|${row.text}`,
  );
}

describe('excerpt', () => {
  it('shows a line of context and carets under the place', () => {
    expect(show('a:\n  b: AES\n  c: 1\nd: 2', [2, 6, 2, 9])).toStrictEqual([
      '1|a:',
      '2|  b: AES',
      ' |     ^^^',
      '3|  c: 1',
    ]);
  });

  it.each<[string, string, [number, number, number, number], string[]]>([
    ['an empty range gets one caret', 'abc', [1, 2, 1, 2], ['1|abc', ' | ^']],
    ['several lines: the first is marked', 'a: b c \n  d', [1, 4, 2, 4], ['1|a: b c', ' |   ^^^', '2|  d']],
    ['the end of a line', 'ab\ncd', [1, 3, 1, 3], ['1|ab', ' |  ^', '2|cd']],
    ['a tab takes two columns', '\tab', [1, 2, 1, 4], ['1|  ab', ' |  ^^']],
    ['a wide character takes two columns', '中中x', [1, 3, 1, 4], ['1|中中x', ' |    ^']],
    ['an escaped character takes the columns of its escape', '\u202ex', [1, 2, 1, 3], ['1|\\u202ex', ' |      ^']],
    ['a combining mark takes none', 'e\u0301x', [1, 3, 1, 4], ['1|e\u0301x', ' | ^']],
    ['blank context is left out', '\nab\n \n', [2, 1, 2, 3], ['2|ab', ' |^^']],
    ['a line that does not exist', 'ab', [7, 1, 7, 2], []],
  ])('%s', (_, text, place, rows) => {
    expect(show(text, place)).toStrictEqual(rows);
  });

  it('cuts a long line around the place and keeps it in sight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_000 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 30, max: 110 }),
        (column, size, width) => {
          const text = `${'x'.repeat(column - 1)}${'M'.repeat(size)}${'y'.repeat(500)}`;
          const rows = show(text, [1, column, 1, column + size], width);
          const [source, carets] = rows.map((row) => row.slice(2)) as [string, string];
          expect(displayWidth(source)).toBeLessThanOrEqual(width);
          expect(carets.length).toBeLessThanOrEqual(width);
          const start = carets.indexOf('^');
          const marked = source.slice(start, carets.length);
          expect(marked).toMatch(/^M+$/);
          expect(marked.length === size || source.endsWith('…')).toBe(true);
          expect(/^[…xM]/.test(source)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes the same time on a line of ten megabytes', () => {
    const text = 'z'.repeat(10_000_000);
    const rows = show(text, [1, 9_000_000, 1, 9_000_003]);
    expect(rows[1]).toMatch(/^ \| +\^\^\^$/);
    expect(rows[0]!.length).toBeLessThan(70);
  });
});

describe('wrap', () => {
  it('keeps every word and exceeds the width only for a word that is longer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z中]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 5, max: 40 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(displayWidth(line) <= width || !line.includes(' ')).toBe(true);
          for (const [index, line] of lines.slice(0, -1).entries()) {
            const next = lines[index + 1]!.split(' ')[0]!;
            expect(displayWidth(line) + 1 + displayWidth(next)).toBeGreaterThan(width);
          }
        },
      ),
    );
  });
});

describe('renderDiagnostics', () => {
  const text = 'let a = 1\nrule b {\n  a == 1\n';
  const diagnostic = {
    code: 'GRD2003',
    severity: 'error',
    message: 'rule `b` is not closed',
    location: { file: 'x.guard', start: 28, end: 28 },
    labels: [{ range: { file: 'x.guard', start: 17, end: 18 }, text: 'opened here' }],
    help: 'add `}` after the last clause',
  } as const;

  it('prints code, places with carets, labels, help and page', () => {
    expect(renderDiagnostics([diagnostic], { color: false, sources: new Map([['x.guard', text]]) }))
      .toBe(`error[GRD2003]: rule \`b\` is not closed
  --> x.guard:4:1
  4 |
    | ^
  --> x.guard:2:8
  2 | rule b {
    |        ^ opened here
  help: add \`}\` after the last clause
  docs: docs/diagnostics/GRD2003.md
`);
  });

  it('names the file alone when there is no text, and nothing without a location', () => {
    expect(renderDiagnostics([diagnostic], { color: false })).toBe(`error[GRD2003]: rule \`b\` is not closed
  --> x.guard
  --> x.guard: opened here
  help: add \`}\` after the last clause
  docs: docs/diagnostics/GRD2003.md
`);
    expect(renderDiagnostics([{ code: 'CLI1001', severity: 'info', message: 'm' }], { color: false })).toBe(
      'info[CLI1001]: m\n  docs: docs/diagnostics/CLI1001.md\n',
    );
    expect(renderDiagnostics([], { color: true })).toBe('');
  });
});
