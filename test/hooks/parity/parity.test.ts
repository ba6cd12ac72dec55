/**
 * Samples of the parity table, decided anew: `check`, the Lambda Hook on every target, and the Guard Hook. The whole table
 * is `npm run fuzz -- hook-parity`.
 */
import { readFileSync } from 'node:fs';
import { describeWithReference } from '../../support/reference.js';
import { openRules } from './decide.js';
import { codeCases, guardCases } from './fixtures.js';
import { measure } from './measure.js';
import { PAGE_PATH, readTable, renderPage, SAMPLED, sampled, sampleLine, unexplained } from './table.js';

const UPDATE = 'write it anew with `npm run fuzz -- hook-parity --update`';
const table = readTable();
const all = [...guardCases(), ...codeCases()];

it('has the page that belongs to the table', () => {
  expect(readFileSync(PAGE_PATH, 'utf8')).toBe(renderPage(table));
});

it(`has samples of every rule that pass and that fail (${UPDATE})`, () => {
  const lacking = all.flatMap(({ id, fixtures }) => {
    const names = new Set(fixtures.map(({ name }) => name));
    const lines = Object.entries(table.samples[id] ?? {}).filter(([name]) => names.has(name));
    const verdicts = new Set(lines.map(([, line]) => line.split(' ', 1)[0]));
    return ['PASS', 'FAIL'].filter((verdict) => !verdicts.has(verdict)).map((verdict) => `${id} ${verdict}`);
  });
  expect(lacking).toStrictEqual([]);
});

describeWithReference('the samples', () => {
  it(`come out as the table has them, and every difference has a cause (${UPDATE})`, async () => {
    const measured = measure(await openRules(), sampled(table, all), SAMPLED);
    expect(unexplained(measured)).toStrictEqual([]);
    const lines: Record<string, Record<string, string>> = {};
    for (const entry of measured) (lines[entry.rule] ??= {})[entry.fixture] = sampleLine(entry);
    expect(lines).toStrictEqual(table.samples);
  });
});
