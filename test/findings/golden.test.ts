import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { githubSummary, type Reporter, type ReportOptions, reporters } from '../../findings/index.js';
import { REPORTS, RULES, SOURCES } from './sample.js';

const FOLDER = join(__dirname, 'fixtures/golden');
const PLAIN: ReportOptions = { color: false, width: 100, sources: SOURCES, rules: RULES };

const FORMATS: readonly (readonly [name: string, extension: string, reporter: Reporter, options: ReportOptions])[] = [
  ['pretty', 'txt', reporters.pretty, PLAIN],
  ['pretty-80', 'txt', reporters.pretty, { ...PLAIN, width: 80 }],
  ['pretty-color', 'ansi', reporters.pretty, { ...PLAIN, color: true, width: 120 }],
  ['json', 'json', reporters.json, PLAIN],
  ['sarif', 'sarif', reporters.sarif, PLAIN],
  ['junit', 'xml', reporters.junit, PLAIN],
  ['github', 'txt', reporters.github, PLAIN],
  ['github-summary', 'md', githubSummary, PLAIN],
  ['markdown', 'md', reporters.markdown, PLAIN],
];

/** Compares with the saved file, or saves it when `UPDATE_GOLDEN=1`. */
function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(existsSync(path)).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe.each(FORMATS)('%s', (format, extension, reporter, options) => {
  it.each(Object.entries(REPORTS))('prints the report "%s" as saved', (name, report) => {
    expectGolden(`${name}.${format}.${extension}`, reporter(report, options));
  });

  it('gives the same text twice and ends with a line break', () => {
    const text = reporter(REPORTS['full']!, options);
    expect(reporter(REPORTS['full']!, options)).toBe(text);
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  });
});
