/** The reader of `guard test` and `json_parse` against the reference executable. */
import fc from 'fast-check';
import { loadTestData } from '../../../guard/index.js';
import { compareRecorded } from '../../support/recorded.js';
import { describeWithReference, runReference } from '../../support/reference.js';
import { runs } from '../../support/runs.js';
import { brokenText, yamlText } from './arbitraries.js';
import { canonical, canonicalJson } from './canonical.js';
import { DOCUMENTS, FOLLOWED } from './documents.js';

// Many documents, on machines that may be busy.
jest.setTimeout(120_000);

function ours(text: string): string | undefined {
  const loaded = loadTestData(text);
  return loaded.ok ? canonical(loaded.value) : undefined;
}

/** A double-quoted YAML scalar; JSON's escapes of surrogate pairs are none of YAML's. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]|[^\x20-\x7e\xa0-\u1fff\u2030-\ufefe]/gu, (character) => {
    const point = character.codePointAt(0)!;
    return point > 0xffff ? character : `\\u${point.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** What `json_parse` makes of a text. */
function theirs(text: string): string | undefined {
  const rules = ['let v = json_parse(s)\nrule r { %v !exists }'];
  const payload = JSON.stringify({ rules, data: [`s: ${quoted(text)}`] });
  const run = runReference(['validate', '-P', '-z', '-o', 'json', '-S', 'none'], payload);
  if (run.outcome !== 'ran') return undefined;
  const compact = run.stdout.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
  const before = '"value":{"path":"/s","value":';
  const start = compact.indexOf(before) + before.length;
  return canonicalJson(compact.slice(start, compact.indexOf('},"comparison":["Exists",true]}', start)));
}

describeWithReference('loadTestData against the reference', () => {
  it('reads each document of the list as the reference does', async () => {
    // The reference cannot print an infinite number.
    const documents = [...DOCUMENTS, ...FOLLOWED].filter((text) => !text.includes('.inf'));
    const { differences } = await compareRecorded('load-test-data-listed', documents, {
      input: (text) => text,
      ours: (text) => String(ours(text)),
      reference: (asked) => asked.map((text) => String(theirs(text))),
    });
    expect(differences).toStrictEqual([]);
  });

  it('agrees on generated documents, well-formed ones among them', async () => {
    const texts = fc.sample(fc.oneof(yamlText, brokenText), { numRuns: 600, seed: 20_261_121 });
    let read = 0;
    const { differences, ran } = await compareRecorded('load-test-data', [...new Set(texts)], {
      input: (text) => text,
      ours: (text) => {
        const value = ours(text);
        if (value !== undefined) read++;
        return String(value);
      },
      reference: (asked) => asked.map((text) => String(theirs(text))),
    });
    expect(differences).toStrictEqual([]);
    expect(ran).toBeGreaterThan(5);
    expect(read).toBeGreaterThan(100);
  });
});

describe('loadTestData', () => {
  it('reads numbers that the reference cannot print', () => {
    const loaded = loadTestData('[.inf, -.INF, +.inf, .nan]');
    expect(loaded.ok && loaded.value).toStrictEqual([Infinity, -Infinity, Infinity, NaN]);
  });

  it('refuses nesting deeper than 128 and aliases that multiply', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(loadTestData(nested(128)).ok).toBe(true);
    expect(loadTestData(nested(129)).ok).toBe(false);
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let i = 1; i < 10; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`);
    expect(loadTestData(lines.join('\n')).ok).toBe(false);
  });

  it('says where the fault is', () => {
    expect(loadTestData('a: 1\na: 2')).toStrictEqual({
      ok: false,
      message: 'the key `a` stands in the map twice at line 2 column 1',
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), brokenText, yamlText), (text) => {
        expect(typeof loadTestData(text).ok).toBe('boolean');
      }),
      { numRuns: runs(500, 4_000) },
    );
  });
});
