/** The fast reader against a general YAML library: equal values and places on every input that both can read. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplate } from '../../../template/index.js';
import { brokenText, yamlText } from '../../guard/load/arbitraries.js';
import { canonical } from '../../guard/load/canonical.js';
import { DOCUMENTS } from '../../guard/load/documents.js';
import { readGenerally } from './general-reader.js';

// Many documents, on machines that may be busy.
jest.setTimeout(120_000);

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

/** Whether both could read the text. */
function compare(written: string): boolean {
  // The library follows YAML 1.2, which knows fewer line breaks, and ends the last line of a block scalar itself.
  // Where keys stand after `?` is told differently. Merges and the tag `!` have tests of their own.
  if (/[\x85\u2028\u2029]|\?\s|<<|!\s/.test(written)) return false;
  const text = written.endsWith('\n') ? written : `${written}\n`;
  const general = readGenerally(text);
  const { source } = readTemplate(text, 'x.yaml');
  if (general === null || source === null) return false;
  expect({ text, value: canonical(source.value) }).toStrictEqual({ text, value: canonical(general.value) });
  for (const place of general.places) {
    const range = source.rangeOf(place.path);
    const at = { text, path: place.path };
    // Tags and anchors are part of a value's range with us.
    const cut = text.slice(range?.start, range?.end).replace(/^(?:[!&][^\s,[\]{}]*\s+(?:#.*\s+)*)+(?=\S)/, '');
    if (place.end !== null && place.end > place.start) {
      expect({ ...at, cut: cut.trimEnd() }).toStrictEqual({ ...at, cut: text.slice(place.start, place.end).trimEnd() });
    }
    if (place.keyRange !== null) {
      const key = source.keyRangeOf(place.path);
      expect({ ...at, key: text.slice(key?.start, key?.end).replace(/^(?:[!&][^\s]*(?:\s+|$))+/, '') }).toStrictEqual({
        ...at,
        key: text.slice(...place.keyRange),
      });
    }
  }
  return true;
}

describe('readTemplate against a general YAML reader', () => {
  it.each(['short.yaml', 'long.yaml'])('agrees on %s', (name) => {
    expect(compare(fixture(name))).toBe(true);
  });

  it('agrees on small documents', () => {
    // JSON has other numbers than YAML.
    expect(DOCUMENTS.filter((text) => !text.includes('1e2') && compare(text)).length).toBeGreaterThan(100);
  });

  it('agrees on generated documents', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(yamlText, brokenText), (text) => {
        if (compare(text)) read++;
      }),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(200);
  });
});
