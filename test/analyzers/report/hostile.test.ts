/** Text that an attacker chose comes out of every output of a scan as text. */
import fc from 'fast-check';
import type { Scan } from '../../../analyzers/index.js';
import {
  countScan,
  scanAsCsv,
  scanAsHtml,
  scanAsJson,
  scanAsPretty,
  scanAsSarif,
} from '../../../analyzers/report/index.js';
import type { PageData } from '../../../analyzers/report/page/model.js';
import { visible, visibleLines } from '../../../findings/index.js';
import { sampleScan } from '../../support/scan.js';
import { csvRows } from './csv-reader.js';
import { outline } from './outline.js';

/** What no output may hold, listed apart from the code under test: controls, direction changes, what has no width. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are the characters looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}]/u;

const PIECES = [
  'a',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\u001b[31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\u{e0041}',
  '\ud800',
  '</script>',
  '</SCRIPT >',
  '<script>',
  '<!--',
  '-->',
  ']]>',
  '</style>',
  '</section>',
  '<img src=x onerror=alert(1)>',
  '"',
  "'",
  '"><svg onload=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '&lt;',
  '&',
  '`',
  '${x}',
  '\\',
  '=HYPERLINK("http://evil")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\uff1d1',
  ',',
  ';',
  '|',
  '::error::',
  '##vso[task]',
  '{0}',
  '](',
  '%0A',
  '#view=x',
  'é',
  '\u{1f600}',
];
const hostile = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

const BASE = sampleScan({ accounts: 40, findings: 30 });
/** Words with a meaning of their own; everything else may be anybody's text. */
const CLOSED = new Set([
  ...['error', 'warning', 'info', 'reachable', 'blocked', 'cannot-tell', 'PASS', 'FAIL', 'SKIP', 'NOT_EVALUATED'],
  ...['complete', 'partial', 'failed', 'skipped', 'access-analyzer', 'iam', ''],
]);

/** The scan with every open text changed; equal texts stay equal, different ones different. */
function rewritten(change: (text: string) => string): Scan {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return CLOSED.has(value) ? value : change(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]));
  };
  return walk(BASE) as Scan;
}

/** A scan that holds these texts everywhere, told apart by numbers. */
function hostileScan(texts: readonly string[]): Scan {
  const numbers = new Map<string, number>();
  return rewritten((text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return `${texts[number % texts.length]!}${number}`;
  });
}

const harmless = hostileScan(['harmless']);
const texts = fc.array(hostile, { minLength: 3, maxLength: 9 });
const check = (holds: (scan: Scan) => void): void => {
  fc.assert(
    fc.property(texts, (chosen) => {
      holds(hostileScan(chosen));
    }),
    { numRuns: 6 },
  );
};

describe('the page', () => {
  const shape = outline(scanAsHtml(harmless, [countScan(harmless)]));

  it('has the elements and attributes of a harmless one', () => {
    expect(shape.elements.length).toBeGreaterThan(200);
    check((scan) => {
      const { elements } = outline(scanAsHtml(scan, [countScan(scan)]));
      // Rows sort by their texts.
      expect([...elements].sort()).toStrictEqual([...shape.elements].sort());
    });
  });

  it('holds no character that hides or reorders text', () => {
    check((scan) => {
      expect(FORBIDDEN.exec(scanAsHtml(scan))).toBeNull();
    });
  });

  it('carries every text of a finding in its data, made visible', () => {
    check((scan) => {
      const data = JSON.parse(outline(scanAsHtml(scan)).texts.get('data')!) as PageData;
      const column = data.columns.find(({ id }) => id === 'message')!;
      expect(column.kind === 'texts' && column.texts).toStrictEqual(
        scan.findings.map(({ message }) => visibleLines(message).join('\n')),
      );
    });
  });

  it('runs the same script and style, whatever was found', () => {
    check((scan) => {
      const { policy, script, style } = outline(scanAsHtml(scan));
      expect([policy, script, style]).toStrictEqual([shape.policy, shape.script, shape.style]);
    });
  });
});

describe('the other outputs', () => {
  it('CSV: every row has every cell, and no cell is a formula', () => {
    check((scan) => {
      const rows = csvRows(scanAsCsv(scan));
      expect(new Set(rows.map((cells) => cells.length))).toStrictEqual(new Set([23]));
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      expect(rows.filter(([kind]) => kind === 'finding')).toHaveLength(scan.findings.length);
      expect(FORBIDDEN.exec(scanAsCsv(scan).replaceAll('\r\n', '\n'))).toBeNull();
    });
  });

  it('JSON: reads back as the scan', () => {
    check((scan) => {
      const text = scanAsJson(scan);
      expect(JSON.parse(text)).toStrictEqual(scan);
      expect(FORBIDDEN.exec(text)).toBeNull();
    });
  });

  it('SARIF: one document with a result for each finding', () => {
    check((scan) => {
      const text = scanAsSarif(scan);
      const { runs } = JSON.parse(text) as { runs: { results: unknown[] }[] };
      expect(runs[0]!.results).toHaveLength(scan.findings.length);
      expect(FORBIDDEN.exec(text)).toBeNull();
    });
  });

  it('pretty: lines without commands', () => {
    check((scan) => {
      const text = scanAsPretty(scan, { color: false });
      expect(FORBIDDEN.exec(text)).toBeNull();
      expect(text).not.toMatch(/^\s*::|##\w*\[/m);
      expect(text).toContain(visible(scan.organization.id));
    });
  });
});
