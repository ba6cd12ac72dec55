/** The committed table: how many fixtures agree, every kind of difference with its cause, and samples that tests repeat. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';
import { CAUSES } from './causes.js';
import type { Fixture } from './fixtures.js';
import { ALL_COLUMNS } from './measure.js';
import type { Asked, Compared, Measured } from './measure.js';

/** The content of `table.json`. */
export interface Table {
  /** By column: how many fixtures have the same verdict, which differ by what cause, and for which there is no event. */
  readonly totals: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By rule, and `columns: check → hook (cause)`: how many fixtures. */
  readonly differences: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By rule and fixture: the verdict of `check`, and those of the columns in order. */
  readonly samples: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const TABLE_PATH = join(repositoryRoot(), 'test', 'hooks', 'parity', 'table.json');
export const PAGE_PATH = join(repositoryRoot(), 'docs', 'hook-parity.md');

export function readTable(): Table {
  return JSON.parse(readFileSync(TABLE_PATH, 'utf8')) as Table;
}

/** Fixtures whose verdicts differ for no cause that is known. */
export function unexplained(measured: readonly Measured[]): readonly string[] {
  return measured.flatMap(({ rule, fixture, check, compared }) =>
    compared
      .filter((each) => isDifferent(check, each) && each.causes.length === 0)
      .map(({ column, got }) => `${rule}, ${column}: ${check} → ${got} on «${fixture}»`),
  );
}

/** What tests decide anew; the other columns are close to one of these. */
export const SAMPLED = ['RESOURCE', 'STACK', 'GUARD_RESOURCE'] as const;

/** A line of the samples: `check` first, then the columns above. */
export function sampleLine({ check, compared }: Measured): string {
  const told = new Map(compared.map(({ column, got }) => [column, got]));
  const short = (verdict: string): string => verdict.replace('NOT_EVALUATED', 'OPEN').replace('NO EVENT', '–');
  return [check, ...SAMPLED.flatMap((column) => told.get(column) ?? [])].map(short).join(' ');
}

/** Makes the table of a full run. @param whole - Whole templates, which are counted and are no samples. */
export function makeTable(measured: readonly Measured[], whole: readonly Measured[] = []): Table {
  const totals: Record<string, Record<string, number>> = {};
  const differences: Record<string, Record<string, number>> = {};
  const samples: Record<string, Record<string, string>> = {};
  const sampled = new Set<string>();
  const isWhole = new Set(whole);
  for (const entry of [...measured, ...whole]) {
    const { rule, check, compared } = entry;
    const changes = new Map<string, string[]>();
    for (const each of compared) {
      const kind = each.got === check ? 'same' : each.got === 'NO EVENT' ? 'no event' : each.causes.join(' and ');
      count((totals[each.column] ??= {}), kind);
      if (!isDifferent(check, each)) continue;
      const change = `: ${check} → ${each.got} (${kind})`;
      const key = `${each.column.startsWith('GUARD') ? 'guard' : 'lambda'}${change}`;
      changes.set(key, [...(changes.get(key) ?? []), each.column]);
    }
    const keys = [...changes].map(([key, columns]) => `${columns.join(', ')}${key.slice(key.indexOf(':'))}`);
    for (const key of keys) count((differences[rule] ??= {}), key);
    if (isWhole.has(entry)) continue;
    const isReached = compared.every(({ got }) => got !== 'NO EVENT');
    // The first that passes, the first that fails, the first of every kind of difference, and what a rule needs.
    const reasons = [
      ...(isReached && (check === 'PASS' || check === 'FAIL') ? [`${rule}: ${check}`] : []),
      ...(entry.showsNeed ? [`${rule}: needs the template`] : []),
      ...keys.map((key) => key.replace(/, UPDATE, CLOUD_CONTROL|, GUARD_CHANGE_SET/, '')),
    ];
    if (reasons.every((reason) => sampled.has(reason))) continue;
    for (const reason of reasons) sampled.add(reason);
    (samples[rule] ??= {})[entry.fixture] = sampleLine(entry);
  }
  return { totals, differences, samples };
}

/** The fixtures of the samples. */
export function sampled(table: Table, all: readonly Asked[]): readonly Asked[] {
  return all.map(({ id, fixtures }) => {
    const names = table.samples[id] ?? {};
    return { id, fixtures: fixtures.filter(({ name }: Fixture) => Object.hasOwn(names, name)) };
  });
}

function isDifferent(check: string, { got }: Compared): boolean {
  return got !== check && got !== 'NO EVENT';
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

const TITLES: Readonly<Record<string, string>> = {
  RESOURCE: 'Lambda Hook, `RESOURCE`, creation',
  UPDATE: 'Lambda Hook, `RESOURCE`, update',
  CLOUD_CONTROL: 'Lambda Hook, `CLOUD_CONTROL`',
  STACK: 'Lambda Hook, `STACK`',
  CHANGE_SET: 'Lambda Hook, `CHANGE_SET`',
  GUARD_RESOURCE: 'Guard Hook, `RESOURCE`',
  GUARD_STACK: 'Guard Hook, `STACK`',
  GUARD_CHANGE_SET: 'Guard Hook, `CHANGE_SET`',
};

/** The page. */
export function renderPage({ totals, differences }: Table): string {
  const causes = [...new Set(Object.values(totals).flatMap((row) => Object.keys(row)))].filter(
    (kind) => kind !== 'same' && kind !== 'no event',
  );
  const heads = ['target', 'same', ...causes.sort(), 'no event'];
  const rows = ALL_COLUMNS.map((column) => {
    const row = totals[column] ?? {};
    return [TITLES[column]!, ...heads.slice(1).map((kind) => String(row[kind] ?? 0))];
  });
  const lines = Object.entries(differences).flatMap(([rule, kinds]) =>
    Object.entries(kinds).map(([kind, number]): Line => {
      const [columns = '', change = ''] = kind.split(/: (.*)/s);
      const [, verdicts = '', cause = ''] = /^(.*) \((.*)\)$/.exec(change) ?? [];
      return {
        rule,
        columns: columns.replace('RESOURCE, UPDATE, CLOUD_CONTROL', 'one resource'),
        verdicts,
        cause,
        number,
      };
    }),
  );
  const isLambda = ({ columns }: Line): boolean => !columns.includes('GUARD');
  const isOpen = ({ cause }: Line): boolean => cause === 'unresolved values';
  const isLeft = ({ verdicts, columns }: Line): boolean => verdicts.endsWith('→ SKIP') && !columns.includes('STACK');
  const told = lines.filter((line) => isLambda(line) && !isOpen(line));
  const left = new Map<string, Set<string>>();
  for (const { rule, cause } of told.filter(isLeft)) {
    left.set(rule, new Set([...(left.get(rule) ?? []), ...cause.split(' and ')]));
  }
  const others = lines.filter((line) => !isLambda(line) || isOpen(line));
  return `${[
    '# The same verdict everywhere',
    "Made by `npm run fuzz -- hook-parity --update`, which sends the cases of every rule, and the templates of `examples/`, through `stackade check`, through the Lambda Hook on every target, and, where the rule is Guard, through `cfn-guard` on the documents that AWS's managed Guard Hook gives to it. `npm test` repeats the samples of `test/hooks/parity/table.json`.",
    'A verdict may differ from that of `check` for these causes only, and a difference that nothing explains fails the test. To find the cause, what the hook does not see is taken away from the template bit by bit, and what is left is given to `check`: the step at which the verdict changes is the cause.',
    Object.entries(CAUSES)
      .map(([cause, text]) => `- **${cause}**: ${text}.`)
      .join('\n'),
    'The schema lint of `check` runs in no hook; it is left out here. _no event_: a value that a deployment would have is not known in the template of the case, so that there is no event of the resource to decide on.',
    '## How many agree',
    'Each number counts pairs of a rule and a template.',
    tableOf([heads, ...rows]),
    '## Where the Lambda Hook differs',
    'These rules are left to the targets that see the template, `STACK` and `CHANGE_SET`. For one resource they are SKIP: a hook that runs for `RESOURCE` alone does not decide them.',
    tableOf([['rule', 'needs'], ...[...left].map(([rule, causes]) => [`\`${rule}\``, [...causes].sort().join(', ')])]),
    'These rules decide for one resource, too, and differ where they would have to know more. FAIL in place of PASS or SKIP: the resource is refused, since what would excuse it is not seen; let the hook of the stack decide such templates, or waive the finding. PASS in place of FAIL: only the targets that see the template refuse it.',
    tableOf([
      ['rule', 'targets', 'check → hook', 'cause', 'templates'],
      ...told
        .filter((line) => !isLeft(line))
        .map(({ rule, columns, verdicts, cause, number }) => [
          `\`${rule}\``,
          columns,
          verdicts.replaceAll('NOT_EVALUATED', 'NOT EVALUATED'),
          cause,
          String(number),
        ]),
    ]),
    '## Where values are not known, and where the Guard Hook differs',
    'The event of a stack has no values of parameters, and `stackade check` was given them. The Guard Hook takes templates as they are written, so that what `check` resolves, or leaves NOT EVALUATED, is whatever the rule makes of an intrinsic function. How many rules and templates that concerns:',
    tableOf([['targets', 'check → hook', 'cause', 'rules', 'templates'], ...summary(others)]),
  ].join('\n\n')}\n`;
}

interface Line {
  readonly rule: string;
  readonly columns: string;
  readonly verdicts: string;
  readonly cause: string;
  readonly number: number;
}

function summary(lines: readonly Line[]): readonly (readonly string[])[] {
  const groups = new Map<string, { readonly rules: Set<string>; templates: number }>();
  for (const { rule, columns, verdicts, cause, number } of lines) {
    const key = [columns, verdicts.replaceAll('NOT_EVALUATED', 'NOT EVALUATED'), cause].join('|');
    const group = groups.get(key) ?? { rules: new Set<string>(), templates: 0 };
    groups.set(key, group);
    group.rules.add(rule);
    group.templates += number;
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { rules, templates }]) => [...key.split('|'), String(rules.size), String(templates)]);
}

/** A table in Markdown as Prettier writes it. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head, ...rest] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}
