/** `stackade guard validate` against the reference executable, and how the command's time grows. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { controlTowerFolder, controlTowerRules, referenceBinary } from '../test/support/reference.js';
import { benchCorpus, type BenchTemplate } from './corpus.mjs';
import { fastest, run, type Measured } from './processes.mjs';
import { median } from './timing.mjs';
import type { Row } from './report.mjs';

interface Report {
  readonly name: string;
  readonly status: string;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
  readonly not_applicable: readonly string[];
  readonly compliant: readonly string[];
}

const ROUNDS = 3;
const structured = ['-z', '-o', 'json', '-S', 'none'];

/** Statuses of every rule on every template, as text. */
function statuses(output: string): { readonly statuses: string; readonly reports: string[] } {
  const reports = JSON.parse(readFileSync(output, 'utf8')) as Report[];
  const lines = reports.map(({ name, status, not_compliant, not_applicable, compliant }) =>
    JSON.stringify([basename(name), status, not_compliant.map(({ Rule }) => Rule.name), not_applicable, compliant]),
  );
  return { statuses: lines.join('\n'), reports: reports.map((report) => JSON.stringify(report)) };
}

function writeCorpus(folder: string, templates: readonly BenchTemplate[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of templates) writeFileSync(join(folder, name), text);
}

const told = ({ seconds, processorSeconds, peakMegabytes }: Measured): string =>
  `${seconds.toFixed(2)} s (processor ${processorSeconds?.toFixed(2) ?? '?'} s), ${peakMegabytes?.toFixed(0) ?? '?'} MB`;

export async function wholeProcess(work: string, command: string): Promise<Row[]> {
  const binary = referenceBinary();
  if (binary === undefined) {
    throw new Error('The bench compares with the reference executable, which is not installed.');
  }
  const templates = benchCorpus(240);
  const data = join(work, 'templates');
  writeCorpus(data, templates);
  const ownOutput = join(work, 'own.json');
  const referenceOutput = join(work, 'reference.json');
  const validate = ['validate', '-r', controlTowerFolder, '-d', data, ...structured];
  const own = await fastest(ROUNDS, () => run(process.execPath, [command, 'guard', ...validate], ownOutput));
  const reference = await fastest(1, () => run(binary, validate, referenceOutput));
  const left = statuses(ownOutput);
  const right = statuses(referenceOutput);
  if (left.statuses !== right.statuses) {
    throw new Error(`Statuses differ: compare ${ownOutput} with ${referenceOutput}.`);
  }
  const same = left.reports.filter((report, index) => report === right.reports[index]).length;
  const count = templates.reduce((sum, { resources }) => sum + resources, 0);
  const bytes = templates.reduce((sum, { text }) => sum + text.length, 0);
  const yaml = templates.filter(({ name }) => name.endsWith('.yaml')).length;
  const size = `${templates.length} templates (${yaml} YAML), ${count} resources, ${(bytes / 1e6).toFixed(1)} MB × ${controlTowerRules().length} rule files`;
  return [
    { what: 'guard validate --structured -o json, stackade', size, result: told(own) },
    { what: 'guard validate --structured -o json, cfn-guard 3.1.1', size, result: told(reference) },
    {
      what: 'cfn-guard takes longer by',
      size: `all ${templates.length * controlTowerRules().length} statuses equal; ${same} of ${templates.length} whole reports equal`,
      result: `**${(reference.seconds / own.seconds).toFixed(1)} times** (processor time ${((reference.processorSeconds ?? NaN) / (own.processorSeconds ?? NaN)).toFixed(1)} times)`,
      goal: 'at least 20 times, below 300 MB',
    },
  ];
}

export async function growth(work: string, command: string): Promise<Row[]> {
  const rows: Row[] = [];
  const templates = benchCorpus(240);
  const base = await measure([], 'nothing');
  const seconds: string[] = [];
  for (const count of [15, 60, 240]) {
    const folder = join(work, `growth-${count}`);
    writeCorpus(folder, templates.slice(0, count));
    const taken = await measure([folder], `growth-${count}`);
    seconds.push(`${count}: ${taken.seconds.toFixed(2)} s`);
  }
  rows.push({
    what: 'guard validate, 1×, 4×, 16× the templates',
    size: `237 rule files; without any template ${base.seconds.toFixed(2)} s`,
    result: seconds.join(', '),
    goal: 'in proportion',
  });
  return rows;

  function measure(folders: readonly string[], name: string): Promise<Measured> {
    const empty = join(work, 'empty.json');
    writeFileSync(empty, '{"Resources": {}}');
    const data = folders.length === 0 ? [empty] : folders;
    const args = [command, 'guard', 'validate', '-r', controlTowerFolder, '-d', ...data, ...structured];
    return fastest(ROUNDS, () => run(process.execPath, args, join(work, `${name}.out`)));
  }
}

/** How much longer `check` of one template takes than starting Node. */
export function start(work: string, command: string): Row[] {
  const folder = join(work, 'start');
  const [template] = benchCorpus(2).slice(1);
  writeCorpus(folder, [template!]);
  const path = join(folder, template!.name);
  const time = (args: readonly string[]): number => {
    const begin = performance.now();
    try {
      execFileSync(process.execPath, args, { stdio: 'ignore' });
    } catch (error) {
      // Findings give exit code 1 and an incomplete analysis 3.
      const { status } = error as { status?: number };
      if (status !== 1 && status !== 3) throw error;
    }
    return performance.now() - begin;
  };
  const bare: number[] = [];
  const check: number[] = [];
  for (let round = 0; round < 15; round++) {
    bare.push(time(['-e', '0']));
    check.push(time([command, 'check', path, '--no-lint']));
  }
  return [
    {
      what: 'check --no-lint of one template beyond `node -e 0`',
      size: `${template!.resources} resources, pack foundation`,
      result: `**${(median(check) - median(bare)).toFixed(0)} ms** (${median(check).toFixed(0)} ms against ${median(bare).toFixed(0)} ms)`,
      goal: 'at most 250 ms',
    },
  ];
}
