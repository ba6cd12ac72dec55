/** The rule packs on templates of common architectures: what cannot be told, and how long a check takes. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeRules, isGuard, rulesOf, ruleSource, type Library } from '../cli/library.js';
import { buildBundle, checkTemplate, defaultParameters, parameterDocument, type RuleBundle } from '../rules/index.js';
import type { Value } from '../template/index.js';
import { benchCorpus } from './corpus.mjs';
import { median, shown, timeOf } from './timing.mjs';
import type { Row } from './report.mjs';

interface Template {
  readonly name: string;
  readonly text: string;
}

const inputs = parameterDocument(defaultParameters()) as unknown as Record<string, Value>;

function libraryOf(root: string): Library {
  return JSON.parse(readFileSync(join(root, 'dist', 'rules', 'library.json'), 'utf8')) as Library;
}

/** The rules of some packs, as the command takes them. */
async function bundleOf(library: Library, packs: readonly string[]): Promise<RuleBundle> {
  const chosen = rulesOf(
    library,
    library.packs.filter(({ id }) => packs.includes(id)),
  );
  const { bundle, diagnostics } = buildBundle(chosen.filter(isGuard).map(ruleSource), await codeRules(chosen));
  if (bundle === null) throw new Error(diagnostics[0]?.message);
  return bundle;
}

function realistic(root: string): readonly Template[] {
  const folder = join(root, 'test', 'rules', 'realistic');
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** Verdicts of rules at level error that apply, and those among them that could not be reached. */
function counted(bundle: RuleBundle, templates: readonly Template[]): string {
  const errors = new Set(bundle.rules.filter(({ severity }) => severity === 'error').map(({ id }) => id));
  let all = 0;
  let open = 0;
  for (const { name, text } of templates) {
    const checked = checkTemplate(text, name, bundle, {}, { inputs });
    if (checked.kind !== 'checked') throw new Error(`${name}: ${checked.kind}`);
    for (const [id, verdict] of Object.entries(checked.result.file.rules)) {
      if (verdict === 'SKIP' || !errors.has(id)) continue;
      all++;
      if (verdict === 'NOT_EVALUATED') open++;
    }
  }
  return `**${((100 * open) / all).toFixed(1)} %** (${open} of ${all})`;
}

/** The share of NOT EVALUATED among the verdicts at level error, without any parameter given. */
export async function notEvaluatedShare(root: string): Promise<Row[]> {
  const library = libraryOf(root);
  const written = realistic(root);
  const corpora = [
    { name: `${written.length} templates of common architectures`, templates: written },
    { name: '120 templates put together from modules', templates: benchCorpus(120) },
  ];
  const rows: Row[] = [];
  for (const [what, packs] of [
    ['pack foundation', ['foundation']],
    ['all packs', library.packs.map(({ id }) => id)],
  ] as const) {
    const bundle = await bundleOf(library, packs);
    for (const { name, templates } of corpora) {
      rows.push({
        what: `NOT EVALUATED at level error, ${what}`,
        size: `${name} × ${bundle.rules.length} rules`,
        result: counted(bundle, templates),
        goal: 'at most 5 %',
      });
    }
  }
  return rows;
}

/** A template of fifty resources: the first of the corpus with as many. */
function fifty(): Template {
  const sizes = benchCorpus(240);
  return sizes.reduce((best, one) => (Math.abs(one.resources - 50) < Math.abs(best.resources - 50) ? one : best));
}

/** How long `check` with all packs takes on a template of fifty resources. */
export async function allPacks(root: string, work: string, command: string): Promise<Row[]> {
  const library = libraryOf(root);
  const packs = library.packs.map(({ id }) => id);
  const bundle = await bundleOf(library, packs);
  const { name, text } = fifty();
  const size = `50 resources × ${bundle.rules.length} rules`;
  const warm = timeOf(40, () => checkTemplate(text, name, bundle, {}, { inputs }));
  const path = join(work, name);
  writeFileSync(path, text);
  const times = Array.from({ length: 9 }, () => {
    const begin = performance.now();
    try {
      execFileSync(process.execPath, [command, 'check', path, '--no-lint', '--pack', ...packs], { stdio: 'ignore' });
    } catch (error) {
      const { status } = error as { status?: number };
      if (status !== 1 && status !== 3) throw error;
    }
    return performance.now() - begin;
  });
  return [
    { what: 'read and check, all packs, warm', size, result: `**${shown(warm)}**`, goal: 'below 20 ms' },
    {
      what: 'check --no-lint, all packs, whole process',
      size,
      result: `**${median(times).toFixed(0)} ms**`,
      goal: 'below 500 ms',
    },
  ];
}
