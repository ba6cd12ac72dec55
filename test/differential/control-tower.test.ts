/**
 * Every status of the 237 Control Tower rule files on every template of the corpus, against what cfn-guard 3.1.1 says (see
 * test/support/recorded.ts), and the table of the statuses that the corpus reaches.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Program } from '../../guard/index.js';
import { compile, evaluate, open } from '../support/engine.js';
import { compareRecorded, digest } from '../support/recorded.js';
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import type { Status } from '../support/reference.js';
import { repositoryRoot } from '../support/repository.js';
import { corpus, type CorpusTemplate } from './corpus/corpus.js';

/** Rule file → the statuses that the corpus reaches, with a reason for each status that cannot be reached. */
interface ReachedTable {
  readonly templates: number;
  readonly withIntrinsics: number;
  readonly rules: Readonly<Record<string, string>>;
  readonly unreachable: Readonly<Record<string, string>>;
}

const templates = corpus();
const files = controlTowerRules();
const programs = files.map(({ name, text }): Program => {
  const compiled = compile(name, text);
  if ('message' in compiled) throw new Error(`${name}: ${compiled.message}`);
  return compiled.program;
});

interface Lists {
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly passed: readonly string[];
}

function ours({ name, text }: CorpusTemplate): Lists {
  const document = open(name, text);
  if ('message' in document) throw new Error(`${name}: ${document.message}`);
  const run = evaluate(programs, document);
  if (run.outcome !== 'ran') throw new Error(`${name}: ${run.message}`);
  return run.statuses;
}

/** What one report has and the other has not, a line each; an empty list for equal reports. */
function differences(template: string, engine: Lists, reference: Lists): string[] {
  const lines = (['failed', 'skipped', 'passed'] as const).flatMap((list) => [
    ...engine[list]
      .filter((rule) => !reference[list].includes(rule))
      .map((rule) => `${template}: ${rule} ${list} here only`),
    ...reference[list]
      .filter((rule) => !engine[list].includes(rule))
      .map((rule) => `${template}: ${rule} ${list} there only`),
  ]);
  // Failed rules are printed in file order, a rule as often as it fails.
  const sameFailures = JSON.stringify(engine.failed) === JSON.stringify(reference.failed);
  return lines.length > 0 || sameFailures ? lines : [`${template}: failed rules in another order or number`];
}

describe('the corpus', () => {
  it('has the templates that a comparison needs', () => {
    expect(templates.length).toBeGreaterThanOrEqual(150);
    expect(templates.filter(({ intrinsics }) => intrinsics).length).toBeGreaterThanOrEqual(60);
    expect(templates.filter(({ name }) => name.endsWith('.json')).length).toBeGreaterThanOrEqual(50);
    expect(templates.filter(({ name }) => name.endsWith('.yaml')).length).toBeGreaterThanOrEqual(50);
    expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length);
  });

  it('reaches the statuses of the committed table', () => {
    const reached = new Map<string, Set<Status>>(files.map(({ name }) => [name, new Set()]));
    for (const { name, text } of templates) {
      const document = open(name, text);
      if ('message' in document) throw new Error(`${name}: ${document.message}`);
      for (const [index, program] of programs.entries()) {
        reached.get(files[index]!.name)!.add(program.evaluate(document).status);
      }
    }
    const rules = Object.fromEntries(
      [...reached].map(([name, set]) => [
        name,
        (['PASS', 'FAIL', 'SKIP'] as const).filter((s) => set.has(s)).join(' '),
      ]),
    );
    const path = join(repositoryRoot(), 'test', 'differential', 'reached.json');
    const committed = JSON.parse(readFileSync(path, 'utf8')) as ReachedTable;
    const now: ReachedTable = {
      templates: templates.length,
      withIntrinsics: templates.filter(({ intrinsics }) => intrinsics).length,
      rules,
      unreachable: committed.unreachable,
    };
    if (process.env['UPDATE_REACHED'] !== undefined) writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`);
    expect(now).toStrictEqual(JSON.parse(readFileSync(path, 'utf8')));
    const missing = files.filter(({ name }) => rules[name] !== 'PASS FAIL SKIP' && !(name in committed.unreachable));
    expect(missing.map(({ name }) => `${name}: ${rules[name]}`)).toStrictEqual([]);
  });
});

describeWithReference('Control Tower rules', () => {
  it('give every template the statuses that cfn-guard gives', async () => {
    const rules = digest(files.map(({ path, text }) => `${path}\n${text}`).join('\n'));
    const { differences: found, ran } = await compareRecorded('control-tower', templates, {
      input: ({ name, text }) => JSON.stringify([rules, name, text]),
      ours: (template) => canonical(ours(template)),
      reference: askReference,
    });
    expect(
      found.flatMap(({ item, ...each }) => differences(item.name, read(each.ours), read(each.reference))),
    ).toStrictEqual([]);
    expect(found.map(({ item }) => item.name)).toStrictEqual([]);
    expect(ran).toBeGreaterThanOrEqual(12);
  }, 180_000);
});

/** Failed rules are printed in file order, a rule as often as it fails; the others are sets. */
const canonical = ({ failed, skipped, passed }: Lists): string =>
  JSON.stringify({ failed, skipped: [...skipped].sort(), passed: [...passed].sort() });
const read = (text: string): Lists => JSON.parse(text) as Lists;

async function askReference(compared: readonly CorpusTemplate[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-corpus-'));
  try {
    const paths = compared.map(({ name, text }) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    // Two processes, because the executable uses one processor.
    const half = Math.ceil(paths.length / 2);
    const parts = [paths.slice(0, half), paths.slice(half)].filter((part) => part.length > 0);
    const runs = await Promise.all(parts.map((part) => validateFiles([controlTowerFolder], part)));
    expect(runs.map(({ outcome, stderr }) => [outcome, stderr])).toStrictEqual(parts.map(() => ['ran', '']));
    const reports = runs.flatMap((run) => run.reports);
    expect(reports.map(({ name }) => basename(name))).toStrictEqual(compared.map(({ name }) => name));
    return reports.map(canonical);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
