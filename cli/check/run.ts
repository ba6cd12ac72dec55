/** One run of `stackade check`: files in, a report out, and the exit code. */
import { relative, sep } from 'node:path';
import { createReport } from '../../findings/index.js';
import { buildBundle, compileGlob } from '../../rules/index.js';
import type { GuardRuleSource, RuleBundle } from '../../rules/index.js';
import { CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { codeRules, isGuard, rulesOf, ruleSource } from '../library.js';
import type { ChosenRule, Library } from '../library.js';
import type { Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { openAccepted } from './accepted.js';
import { noRules } from './diagnostics.js';
import { discover, type Discovery } from './discover.js';
import { checkWith, FileRun } from './file-run.js';
import { startLinter } from './lint.js';
import { listRules, prettyList } from './list-rules.js';
import { openOutputFile } from './output-file.js';
import { printPage, printReport } from './print.js';
import { choosePacks, readOwnRules } from './rule-sources.js';
import type { CheckSettings } from './settings.js';
import { tellDiagnostics } from './tell.js';

/**
 * Checks files and prints the report.
 *
 * @returns The exit code. What is wrong with a file is told on standard error, and the others are still checked.
 * @throws InputError when nothing can be checked at all.
 */
export async function check(settings: CheckSettings, library: Library, terminal: Terminal): Promise<number> {
  const file = settings.outputFile === undefined ? null : openOutputFile(settings.outputFile, terminal.cwd);
  const packs = await choosePacks(library, settings.packs);
  const chosen = rulesOf(library, packs);
  const own = readOwnRules(settings.rules, terminal.cwd);
  if (settings.listRules) {
    const rules = listRules(library, settings.packsNamed ? packs : null, await compile(chosen, own, terminal));
    const text = settings.format === 'json' ? `${JSON.stringify({ rules }, null, 2)}\n` : prettyList(rules);
    if (file === null) terminal.print(text);
    else file.write(text);
    return CLEAN;
  }
  const found = find(settings, terminal.cwd);
  // The lint takes long to start, so it does while rules are compiled and templates are read.
  const linter = found.files.length === 0 ? null : await startLinter(settings);
  try {
    const bundle = await compile(chosen, own, terminal);
    const accepted = await openAccepted(settings, library, bundle, terminal);
    const run = new FileRun(settings, checkWith(bundle, settings), terminal, accepted.waivers);
    await run.checkAll(found, linter);
    run.parts.findings.push(...accepted.waivers.conclude());
    for (const [name, text] of accepted.sources) run.texts.set(name, text);
    const checked = createReport({ tool: { name: toolName, version: toolVersion() }, ...run.parts });
    const report = accepted.finish(checked, run);
    const { format, failOn } = settings;
    if (format === 'html') await printPage({ report, file, terminal });
    else {
      const rules = chosen.map(({ rule }) => rule);
      printReport({ report, sources: run.texts, rules, settings: { format, failOn }, file, terminal });
    }
    return run.conclude(report);
  } finally {
    await linter?.close();
  }
}

/** The files to check. */
export function find({ paths, exclude }: CheckSettings, cwd: string): Discovery {
  const matchers = exclude.patterns.map(compileGlob);
  const isExcluded = (path: string): boolean => {
    const inside = relative(exclude.folder, path).replaceAll(sep, '/');
    return matchers.some((matches) => matches(inside));
  };
  return discover(paths, { cwd, isExcluded });
}

/** @throws InputError when a file of the user's does not parse, or when there is no rule. */
async function compile(
  chosen: readonly ChosenRule[],
  own: readonly GuardRuleSource[],
  terminal: Terminal,
): Promise<RuleBundle> {
  const guardSources = [...chosen.filter(isGuard).map(ruleSource), ...own];
  const { bundle, diagnostics } = buildBundle(guardSources, await codeRules(chosen));
  const sources = new Map(own.map(({ file, text }) => [file, text]));
  const ours = diagnostics.find(({ location }) => location === undefined || !sources.has(location.file));
  if (ours !== undefined) throw new Error(`rule library: ${ours.location?.file ?? ''}: ${ours.message}`);
  if (bundle === null) throw new InputError(diagnostics, sources);
  tellDiagnostics(diagnostics, sources, terminal);
  if (bundle.rules.length === 0) throw new InputError([noRules('no pack is chosen and the rule files hold no rules')]);
  return bundle;
}
