/**
 * The whole parity table: every case of every rule, and the examples, through `check`, the Lambda Hook on every target, and
 * the Guard Hook.
 *
 *     npm run fuzz -- hook-parity [--update]
 *
 * `--update` writes test/hooks/parity/table.json and docs/hook-parity.md. Exits 1 with every difference that no known cause
 * explains, and with every rule of which no case that passes, or none that fails, reaches a hook.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openRules } from '../hooks/parity/decide.js';
import { codeCases, guardCases, wholeTemplates } from '../hooks/parity/fixtures.js';
import { measure, measureWhole, unreached } from '../hooks/parity/measure.js';
import { makeTable, PAGE_PATH, renderPage, TABLE_PATH, unexplained } from '../hooks/parity/table.js';

const { values } = parseArgs({ options: { update: { type: 'boolean' } } });
const rules = await openRules();
const measured = measure(rules, [...guardCases(), ...codeCases()]);
const whole = measureWhole(rules, wholeTemplates());
const table = makeTable(measured, whole);
for (const [column, row] of Object.entries(table.totals)) console.log(column, row);
const wrong = [...unexplained([...measured, ...whole]), ...unreached(measured)];
for (const each of wrong) console.log(each);
if (values.update === true) {
  writeFileSync(TABLE_PATH, `${JSON.stringify(table, null, 2)}\n`);
  writeFileSync(PAGE_PATH, renderPage(table));
}
console.log(
  wrong.length === 0
    ? `${measured.length} cases, ${whole.length} verdicts of examples, nothing unexplained`
    : `${wrong.length} to look at`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
