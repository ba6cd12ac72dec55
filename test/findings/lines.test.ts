import fc from 'fast-check';
import { lineCounter } from '../../findings/index.js';

/** The definition, one character at a time. */
function slowPosition(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset; at += 1) {
    const unit = text[at]!;
    if (unit === '\n' || (unit === '\r' && text[at + 1] !== '\n')) {
      line += 1;
      column = 1;
    } else if (!(at === 0 && unit === '\ufeff')) {
      column += 1;
    }
  }
  return { line, column };
}

const text = fc.string({
  unit: fc.constantFrom('a', 'é', '\u{1f600}', '\n', '\r', '\r\n', '\t', '\u2028', '\ufeff'),
  maxLength: 30,
});

describe('lineCounter', () => {
  it('agrees with counting one character at a time, at every offset', () => {
    fc.assert(
      fc.property(text, (source) => {
        const counter = lineCounter(source);
        for (let offset = 0; offset <= source.length; offset += 1) {
          expect(counter.positionOf(offset)).toStrictEqual(slowPosition(source, offset));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds the offset of each position again', () => {
    fc.assert(
      fc.property(text, (source) => {
        const counter = lineCounter(source);
        const from = source.startsWith('\ufeff') ? 1 : 0;
        for (let offset = from; offset <= source.length; offset += 1) {
          expect(counter.offsetOf(counter.positionOf(offset))).toBe(offset);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives lines that make up the text', () => {
    fc.assert(
      fc.property(text, (source) => {
        const counter = lineCounter(source);
        const lines = Array.from({ length: counter.lineCount }, (_, index) => counter.lineText(index + 1));
        expect(lines).toStrictEqual(source.replace(/^\ufeff/, '').split(/\r\n|\r|\n/));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['CR LF', 'a\r\nbc', 4, { line: 2, column: 2 }],
    ['CR alone', 'a\rbc', 3, { line: 2, column: 2 }],
    ['LF', 'a\nbc', 3, { line: 2, column: 2 }],
    ['an emoji takes two columns', '\u{1f600}x', 2, { line: 1, column: 3 }],
    ['a byte order mark takes none', '\ufeffab', 2, { line: 1, column: 2 }],
    ['an offset after the end', 'ab\n', 99, { line: 2, column: 1 }],
    ['an offset before the start', 'ab', -5, { line: 1, column: 1 }],
  ])('%s', (_, source, offset, expected) => {
    expect(lineCounter(source).positionOf(offset)).toStrictEqual(expected);
  });

  it('has no text for lines outside', () => {
    const counter = lineCounter('a\nb');
    expect([counter.lineText(0), counter.lineText(3)]).toStrictEqual(['', '']);
  });
});
