/** One run of `stackade check`: files in, a report out, and the exit code. */
import { relative, sep } from 'node:path';
import { createReport, locator, renderDiagnostics } from '../../findings/index.js';
import type { Diagnostic, FileResult, Finding, NotEvaluated } from '../../findings/index.js';
import { buildBundle, checkTemplate, PARAMETER_ROOT, parameterDocument } from '../../rules/index.js';
import type { CheckedFile, RuleBundle } from '../../rules/index.js';
import { isMap, keysOf } from '../../template/index.js';
import type { TemplateSource, Value } from '../../template/index.js';
import { BAD_INPUT, CLEAN, FAULT, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { rulesOf, ruleSource } from '../library.js';
import type { ChosenRule, Library } from '../library.js';
import { wantsColor, type Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { noRules, noTemplate, nothingChecked, reservedKey } from './diagnostics.js';
import { discover, type InputFile, type Skipped } from './discover.js';
import { compileGlob } from './glob.js';
import { listRules, prettyList } from './list-rules.js';
import { openOutputFile } from './output-file.js';
import { printReport } from './print.js';
import { startProgress } from './progress.js';
import { looksLikeTemplate, readFileText } from './read-file.js';
import { choosePacks, readOwnRules } from './rule-sources.js';
import type { CheckSettings, FailOn } from './settings.js';

/**
 * Checks files and prints the report.
 *
 * @returns The exit code. What is wrong with a file is told on standard error, and the others are still checked.
 * @throws InputError when nothing can be checked at all.
 */
export async function check(settings: CheckSettings, library: Library, terminal: Terminal): Promise<number> {
  const file = settings.outputFile === undefined ? null : openOutputFile(settings.outputFile);
  const packs = await choosePacks(library, settings.packs);
  const chosen = rulesOf(library, packs);
  const bundle = compile(chosen, settings, terminal);
  if (settings.listRules) {
    const rules = listRules(library, settings.packsNamed ? packs : null, bundle);
    const text = settings.format === 'json' ? `${JSON.stringify({ rules }, null, 2)}\n` : prettyList(rules);
    if (file === null) terminal.print(text);
    else file.write(text);
    return CLEAN;
  }
  const run = new CheckRun(settings, terminal, bundle);
  await run.all();
  const report = createReport({ tool: { name: toolName, version: toolVersion() }, ...run.parts });
  printReport({ report, sources: run.texts, rules: chosen.map(({ rule }) => rule), settings, file, terminal });
  return run.conclude(report.findings);
}

function compile(chosen: readonly ChosenRule[], settings: CheckSettings, terminal: Terminal): RuleBundle {
  const own = readOwnRules(settings.rules, terminal.cwd);
  const { bundle, diagnostics } = buildBundle([...chosen.map(ruleSource), ...own]);
  const sources = new Map(own.map(({ file, text }) => [file, text]));
  if (bundle === null) throw new InputError(diagnostics, sources);
  if (diagnostics.length > 0) tellDiagnostics(diagnostics, sources, terminal);
  if (bundle.rules.length === 0) throw new InputError([noRules('no pack is chosen and the rule files hold no rules')]);
  return bundle;
}

/** Prints diagnostics as talk. */
export function tellDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  terminal: Terminal,
): void {
  terminal.tell(renderDiagnostics(diagnostics, { color: wantsColor(terminal.stderr, terminal.env), sources }));
}

/** Diagnostics of a template that CloudFormation would refuse before it looked at any resource. */
const INVALID_TEMPLATE = new Set(['TPL3007', 'TPL3008', 'TPL3015']);

const RANK: Readonly<Record<FailOn, number>> = { info: 0, warning: 1, error: 2, never: 3 };

class CheckRun {
  readonly parts: { files: FileResult[]; findings: Finding[]; notEvaluated: NotEvaluated[] } = {
    files: [],
    findings: [],
    notEvaluated: [],
  };
  /** Texts of the files that something is said of. */
  readonly texts = new Map<string, string>();
  private readonly skipped: Skipped[] = [];
  private readonly codes = new Set<number>([CLEAN]);
  /** Parameters that the templates declare. */
  private readonly declared = new Set<string>();
  private readonly inputs: Readonly<Record<string, Value>>;

  constructor(
    private readonly settings: CheckSettings,
    private readonly terminal: Terminal,
    private readonly bundle: RuleBundle,
  ) {
    this.inputs = parameterDocument(settings.ruleParameters);
  }

  async all(): Promise<void> {
    const { paths } = this.settings;
    const { cwd, stderr } = this.terminal;
    const { files, skipped, problems } = discover(paths, { cwd, isExcluded: this.excluded() });
    this.skipped.push(...skipped);
    if (problems.length > 0) this.refuse(problems);
    const progress = startProgress(files.length, stderr.isTTY);
    try {
      for (const [index, file] of files.entries()) {
        await progress.at(index);
        this.file(file);
      }
    } finally {
      progress.stop();
    }
    if (this.parts.files.length === 0 && problems.length === 0) this.refuse([nothingChecked(paths)]);
  }

  private excluded(): (path: string) => boolean {
    const { folder, patterns } = this.settings.exclude;
    const matchers = patterns.map(compileGlob);
    return (path) => {
      const inside = relative(folder, path).replaceAll(sep, '/');
      return matchers.some((matches) => matches(inside));
    };
  }

  private file(file: InputFile): void {
    const { source, path, named } = file;
    const read = readFileText(source, path);
    if (read.text === null) {
      if (named || read.looksLikeTemplate) this.unreadable(path, [read.diagnostic], null);
      else this.skipped.push({ path, reason: 'no template, and no text' });
      return;
    }
    const { text } = read;
    const checked = this.checked(path, text);
    if (checked === null) return;
    switch (checked.kind) {
      case 'noTemplate':
        if (named) this.unreadable(path, [noTemplate(path)], null);
        else this.skipped.push({ path, reason: 'no `Resources` map' });
        return;
      case 'unreadable':
        if (named || looksLikeTemplate(text)) this.unreadable(path, checked.diagnostics, text);
        else this.skipped.push({ path, reason: 'neither JSON nor YAML, and no template' });
        return;
      case 'checked':
        this.keep(path, text, checked);
    }
  }

  /** @returns `null` when we failed; that ends with exit code 70 once the other files are reported. */
  private checked(path: string, text: string): CheckedFile | null {
    const { parameters, region, account, partition } = this.settings;
    try {
      return checkTemplate(
        text,
        path,
        this.bundle,
        { parameters, region, accountId: account, partition },
        { inputs: this.inputs },
      );
    } catch (error) {
      this.codes.add(FAULT);
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.terminal.tell(
        `${toolName} ${toolVersion()}: a fault of ours while checking ${path}, please report it:\n${told}\n`,
      );
      this.notChecked(path, 'CLI9001', 'a fault of ours; standard error tells more', null);
      return null;
    }
  }

  private keep(path: string, text: string, { result, source }: CheckedFile & { readonly kind: 'checked' }): void {
    const reserved = reservedKeyRange(source);
    if (reserved !== null) {
      // What such a template says under this key would take the place of the parameters, so no verdict is worth anything.
      this.unreadable(path, [reserved], text);
      return;
    }
    const { file, findings, notEvaluated } = result;
    this.parts.files.push(file);
    this.parts.findings.push(...findings);
    this.parts.notEvaluated.push(...notEvaluated);
    if (findings.length + notEvaluated.length > 0) this.texts.set(path, text);
    const { value } = source;
    const parameters = isMap(value) ? value['Parameters'] : undefined;
    if (isMap(parameters)) for (const name of keysOf(parameters)) this.declared.add(name);
  }

  /** A file that should have been checked and cannot be: said on standard error and counted in the report. */
  private unreadable(path: string, diagnostics: readonly Diagnostic[], text: string | null): void {
    this.refuse(diagnostics, text === null ? new Map() : new Map([[path, text]]));
    if (text !== null) this.texts.set(path, text);
    const [first] = diagnostics;
    this.notChecked(path, first!.code, diagnostics.map(({ message }) => message).join('; '), first!);
  }

  private notChecked(path: string, ruleId: string, reason: string, diagnostic: Diagnostic | null): void {
    const range = diagnostic?.location;
    const location = range === undefined ? null : locator(this.texts)(range);
    this.parts.files.push({ path, status: 'NOT_EVALUATED', rules: {} });
    this.parts.notEvaluated.push({ path, ruleId, controls: [], reason, parameters: [], location });
  }

  private refuse(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string> = new Map()): void {
    this.codes.add(BAD_INPUT);
    tellDiagnostics(diagnostics, sources, this.terminal);
  }

  /** Says what a reader of the report would miss. @returns The exit code. */
  conclude(findings: readonly Finding[]): number {
    const { failOn, allowIncomplete, parameters } = this.settings;
    const { files, notEvaluated } = this.parts;
    const open = findings.filter(({ waived }) => waived === null);
    if (open.some(({ severity }) => RANK[severity] >= RANK[failOn])) this.codes.add(FINDINGS);
    for (const { ruleId, message, location } of open) {
      if (!INVALID_TEMPLATE.has(ruleId)) continue;
      this.codes.add(BAD_INPUT);
      this.terminal.tell(`${location.file}:${location.line}:${location.column}: ${ruleId}: ${message}`);
    }
    if (notEvaluated.length > 0 && !allowIncomplete) {
      this.codes.add(INCOMPLETE);
      const verdicts = notEvaluated.length === 1 ? '1 verdict is' : `${notEvaluated.length} verdicts are`;
      this.terminal.tell(`${verdicts} NOT EVALUATED; --allow-incomplete accepts that`);
    }
    for (const name of Object.keys(parameters)) {
      if (files.length > 0 && !this.declared.has(name)) {
        this.terminal.tell(`parameter ${name} is declared by no template that was checked`);
      }
    }
    this.tellSkipped();
    return strongest(this.codes);
  }

  private tellSkipped(): void {
    const { skipped } = this;
    if (this.settings.listSkipped) {
      for (const { path, reason } of skipped) this.terminal.tell(`skipped ${path}: ${reason}`);
    } else if (skipped.length > 0) {
      const what =
        skipped.length === 1
          ? '1 path that holds no template was'
          : `${skipped.length} paths that hold no template were`;
      this.terminal.tell(`${what} skipped; --list-skipped names ${skipped.length === 1 ? 'it' : 'them'}`);
    }
  }
}

function reservedKeyRange(source: TemplateSource): Diagnostic | null {
  if (!isMap(source.value) || !Object.hasOwn(source.value, PARAMETER_ROOT)) return null;
  return reservedKey(source.file, PARAMETER_ROOT, source.keyRangeOf([PARAMETER_ROOT]));
}
