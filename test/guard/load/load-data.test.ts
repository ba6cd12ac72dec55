/** The reader of `guard validate` against the reference executable. */
import fc from 'fast-check';
import { loadData } from '../../../guard/index.js';
import { Float } from '../../../template/index.js';
import { compareRecorded } from '../../support/recorded.js';
import { describeWithReference, loadedByReference, runReference } from '../../support/reference.js';
import { runs } from '../../support/runs.js';
import { brokenText, yamlText } from './arbitraries.js';
import { canonical, canonicalJson } from './canonical.js';
import { DOCUMENTS, FOLLOWED } from './documents.js';

// Many documents, on machines that may be busy.
jest.setTimeout(120_000);

function ours(text: string): string | undefined {
  const loaded = loadData(text, 'x.yaml');
  return loaded.ok ? canonical(loaded.value) : undefined;
}

function theirs(text: string): string | undefined {
  const printed = loadedByReference(text);
  return printed === undefined ? undefined : canonicalJson(printed);
}

describeWithReference('loadData against the reference', () => {
  it('reads each document of the list as the reference does', async () => {
    const { differences } = await compareRecorded('load-data-listed', DOCUMENTS, {
      input: (text) => text,
      ours: (text) => String(ours(text)),
      reference: (asked) => asked.map((text) => String(theirs(text))),
    });
    expect(differences).toStrictEqual([]);
  });

  it('refuses each document of which the reference reads the start only', async () => {
    const { differences } = await compareRecorded('load-data-followed', FOLLOWED, {
      input: (text) => text,
      ours: (text) => (loadData(text, 'x.yaml').ok ? 'read' : 'refused'),
      reference: (asked) => asked.map((text) => (theirs(text) === undefined ? 'not read' : 'refused')),
    });
    expect(differences).toStrictEqual([]);
  });

  it('agrees on generated documents, well-formed ones among them', async () => {
    const texts = fc.sample(fc.oneof(yamlText, brokenText), { numRuns: 900, seed: 20_261_121 });
    let read = 0;
    const { differences, ran } = await compareRecorded('load-data', [...new Set(texts)], {
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

  it('tells places as the reference prints them', () => {
    const text = [
      '# comment',
      'a: ',
      '  b:   5',
      '  "c" :',
      '      d: x',
      '  e: {f: &x 1, g: [1, 2]}',
      'l:',
      '  - x',
      '  -   y: 1',
      '  - - 3',
      '    - 4',
      'm:',
      '  r: !Ref x',
      '  s: !Sub [q, {v: w}]',
      '  t: &anchor !GetAtt',
      '    - a',
      '    - b',
      '  n:',
      '  u: !If [a, !Ref "b", !Join ["", [c]]]',
      '  😀: {😀: 1}',
      '  sl/ash: {"/": [1]}',
      '  p: "😀\u2028 two"',
      '  z: |',
      '    text',
    ].join('\n');
    const rules = ['a', 'a.*', 'a.*.*', 'l[*]', 'm.*', 'm.*.*', 'm.*.*[*]'].map((query) => `${query}.zzz exists`);
    const payload = JSON.stringify({ rules: [`rule r {\n${rules.join('\n')}\n}`], data: [text] });
    const { stdout } = runReference(['validate', '-P', '-z', '-o', 'json', '-S', 'none'], payload);
    const printed = new Map(
      [...stdout.matchAll(/Path=([^[]*)\[L:(\d+),C:(\d+)\]/g)].map(([, path, line, column]) => [
        path!,
        { line: Number(line), column: Number(column) },
      ]),
    );
    const loaded = loadData(text, 'x.yaml');
    if (!loaded.ok) throw new Error(loaded.message);
    expect(printed.size).toBeGreaterThan(30);
    expect(new Map([...printed.keys()].map((path) => [path, loaded.locate(path)]))).toStrictEqual(printed);
  });
});

describe('loadData', () => {
  it('tells integers, large integers and floats apart', () => {
    const loaded = loadData('[1, 9007199254740993, 1.0, 1.5, 9223372036854775808, 1e2, inf, -0]', 'x.yaml');
    expect(loaded.ok && loaded.value).toStrictEqual([
      1,
      9007199254740993n,
      new Float(1),
      1.5,
      new Float(9223372036854775808),
      new Float(100),
      Infinity,
      0,
    ]);
  });

  it('says in its message what is wrong and where', () => {
    const message = (text: string): string => {
      const loaded = loadData(text, 'data/x.yaml');
      return loaded.ok ? 'read' : loaded.message;
    };
    expect(message(' \n\t')).toBe('Unable to parse a template from data file: data/x.yaml is empty');
    expect(message('a: *b')).toBe('data/x.yaml:1:4: the alias `*b` is not supported');
    expect(message('a: 1\n2: b')).toBe('data/x.yaml:2:1: a key of a map is not a text');
    expect(message('a: [1\nb: 2')).toBe('data/x.yaml:2:2: expected `,` or `]`');
    expect(message('# nothing')).toBe('data/x.yaml: the file holds no document');
    expect(message('[1]\n[2]')).toBe('data/x.yaml:2:1: unexpected text after the end of the document');
    expect(message('a: "\u0000"')).toBe('data/x.yaml:1:5: the character U+0000 cannot stand in YAML');
  });

  it('refuses depth that would exhaust the stack of any reader', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(loadData(nested(1000), 'x').ok).toBe(true);
    expect(loadData(nested(6001), 'x').ok).toBe(false);
    expect(loadData('- '.repeat(1_000_000), 'x').ok).toBe(false);
    expect(loadData('{a: '.repeat(1_000_000), 'x').ok).toBe(false);
  });

  it('refuses a deep document when little of the stack is left', () => {
    const text = `${'- '.repeat(999)}x`;
    let read: boolean | undefined;
    // Goes down until the stack is used up, then tries on the way back until there is enough of it to try at all.
    const dive = (): void => {
      try {
        dive();
        read ??= loadData(text, 'x').ok;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    };
    dive();
    expect(read).toBe(false);
    expect(loadData(text, 'x').ok).toBe(true);
  });

  it('finds the nearest ancestor of a path that is not there', () => {
    const loaded = loadData('a:\n  b: 1\n', 'x');
    expect(loaded.ok && loaded.locate('/a/x/y')).toStrictEqual({ line: 1, column: 2 });
    expect(loaded.ok && loaded.locate('')).toStrictEqual({ line: 0, column: 0 });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), brokenText, yamlText), (text) => {
        const loaded = loadData(text, 'x');
        if (loaded.ok) expect(loaded.locate('/a/0').line).toBeGreaterThanOrEqual(0);
        else expect(loaded.message).not.toBe('');
      }),
      { numRuns: runs(700, 4_000) },
    );
  });
});
