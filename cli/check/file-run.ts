/** The files of one run, one after the other: what becomes of each, and the exit code that follows. */
import { locator, visible } from '../../findings/index.js';
import type { Diagnostic, FileResult, Finding, NotEvaluated, Report, SourceRange } from '../../findings/index.js';
import { checkTemplate, PARAMETER_ROOT, parameterDocument } from '../../rules/index.js';
import type { CheckedFile, RuleBundle, WaiverSession } from '../../rules/index.js';
import { isMap, keysOf } from '../../template/index.js';
import type { TemplateSource } from '../../template/index.js';
import { reconcile } from '../lint/reconcile.js';
import { BAD_INPUT, CLEAN, FAULT, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { noTemplate, nothingChecked, reservedKey } from './diagnostics.js';
import { compareText, type Discovery, type InputFile, type Skipped } from './discover.js';
import type { LintAnswer, Linter } from './lint.js';
import { startProgress } from './progress.js';
import { looksLikeTemplate, readFileText } from './read-file.js';
import type { CheckSettings, FailOn } from './settings.js';
import { tellDiagnostics } from './tell.js';
import { unknownTypes, untypedResources, withoutTypes } from './unknown-types.js';

/** Diagnostics of a template that CloudFormation would refuse before it looked at any resource. */
const INVALID_TEMPLATE = new Set(['CLI1007', 'CLI1008', 'TPL3007', 'TPL3008', 'TPL3015', 'TPL3022']);

const RANK: Readonly<Record<FailOn, number>> = { info: 0, warning: 1, error: 2, never: 3 };

/** How many files are read before the lint has answered for the first of them. */
const READ_AHEAD = 8;

/** A file that was read. */
interface Opened {
  readonly path: string;
  readonly named: boolean;
  readonly text: string;
  /** What the lint says of it; `null` when it was not asked. */
  readonly lint: Promise<LintAnswer> | null;
}

/** What a run does with the text of a file. @param lint - What the schema lint says of it; `null` when it was not asked. */
export type CheckText = (text: string, path: string, lint: LintAnswer | null) => CheckedFile;

/** Checks texts against the rules of a bundle. */
export function checkWith(bundle: RuleBundle, settings: CheckSettings): CheckText {
  const { parameters, region, account, partition } = settings;
  const inputs = parameterDocument(settings.ruleParameters);
  const deployment = { parameters, region, accountId: account, partition };
  return (text, path, lint) =>
    checkTemplate(text, path, bundle, deployment, { inputs, ...(lint !== null && { additional: lint }) });
}

export class FileRun {
  /** What a report is made of. */
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
  /** Entries of NOT EVALUATED that no option accepts: the file was not checked at all. */
  private readonly unread = new Set<NotEvaluated>();

  constructor(
    private readonly settings: CheckSettings,
    private readonly checkText: CheckText,
    private readonly terminal: Terminal,
    private readonly waivers: WaiverSession,
  ) {}

  /** Checks all files in order. While the lint looks at some, the next ones are read. */
  async checkAll({ files, skipped, problems }: Discovery, linter: Linter | null): Promise<void> {
    this.skipped.push(...skipped);
    for (const { path, diagnostic } of problems) {
      this.refuse([diagnostic]);
      this.notEvaluated(path, diagnostic.code, diagnostic.message, null);
    }
    const progress = startProgress(files.length, this.terminal.stderr);
    const waiting: Opened[] = [];
    let done = 0;
    const finish = async (): Promise<void> => {
      await this.finish(waiting.shift()!, linter);
      await progress.at(++done);
    };
    try {
      for (const file of files) {
        const opened = this.open(file, linter);
        if (opened !== null) waiting.push(opened);
        if (waiting.length > (linter === null ? 0 : READ_AHEAD)) await finish();
      }
      while (waiting.length > 0) await finish();
    } finally {
      progress.stop();
    }
    if (this.parts.files.length === 0 && problems.length === 0) this.refuse([nothingChecked(this.settings.paths)]);
  }

  /** Reads a file and gives it to the lint. @returns `null` when there is nothing to check; that is told or noted then. */
  private open({ source, path, named }: InputFile, linter: Linter | null): Opened | null {
    const read = readFileText(source, path);
    if (read.text !== null) {
      const { text } = read;
      return { path, named, text, lint: linter !== null && looksLikeTemplate(text) ? linter.ask(path, text) : null };
    }
    if (named || read.looksLikeTemplate) this.unreadable(path, [read.diagnostic], null);
    else this.skipped.push({ path, reason: 'no template, and no text' });
    return null;
  }

  private async finish({ path, named, text, lint }: Opened, linter: Linter | null): Promise<void> {
    let checked = this.checked(path, text, await lint);
    if (checked?.kind === 'checked' && lint === null && linter !== null) {
      // Few templates do not look like one, such as JSON with escapes in its keys.
      checked = this.checked(path, text, await linter.ask(path, text));
    }
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
  private checked(path: string, text: string, lint: LintAnswer | null): CheckedFile | null {
    try {
      return this.checkText(text, path, lint);
    } catch (error) {
      this.codes.add(FAULT);
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.terminal.tell(
        `${toolName} ${toolVersion()}: a fault of ours while checking ${visible(path)}, please report it:\n${told}\n`,
      );
      this.notChecked(path, 'CLI9001', 'a fault of ours; standard error tells more', null);
      return null;
    }
  }

  private keep(
    path: string,
    text: string,
    { result, source, document }: CheckedFile & { readonly kind: 'checked' },
  ): void {
    const reserved = reservedKeyRange(source);
    if (reserved !== null) {
      // What such a template says under this key would take the place of the parameters, so no verdict is worth anything.
      this.unreadable(path, [reserved], text);
      return;
    }
    const { knownTypes } = this.settings;
    const unknown = [...untypedResources(source), ...unknownTypes(source, document, knownTypes)];
    const found = [...unknown, ...withoutTypes(result.findings, unknown, knownTypes)];
    const once = { ...result, findings: reconcile(found) };
    const { file, findings, notEvaluated } = this.waivers.cover(once, source);
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
    this.parts.files.push({ path, status: 'NOT_EVALUATED', rules: {} });
    this.notEvaluated(path, ruleId, reason, diagnostic?.location ?? null);
  }

  private notEvaluated(path: string, ruleId: string, reason: string, range: SourceRange | null): void {
    const location = range === null ? null : locator(this.texts)(range);
    const entry = { path, ruleId, controls: [], reason, parameters: [], location };
    this.parts.notEvaluated.push(entry);
    this.unread.add(entry);
  }

  private refuse(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string> = new Map()): void {
    this.codes.add(BAD_INPUT);
    tellDiagnostics(diagnostics, sources, this.terminal);
  }

  /** Whether every file was read and checked. */
  get isWhole(): boolean {
    return !this.codes.has(BAD_INPUT) && !this.codes.has(FAULT);
  }

  /** Says what a reader of the report would miss. @returns The exit code. */
  conclude(report: Report): number {
    const { failOn } = this.settings;
    const open = report.findings.filter(({ waived }) => waived === null);
    if (open.some(({ severity }) => RANK[severity] >= RANK[failOn])) this.codes.add(FINDINGS);
    for (const { ruleId, message, location } of open) {
      if (!INVALID_TEMPLATE.has(ruleId)) continue;
      this.codes.add(BAD_INPUT);
      this.say(`${location.file}:${location.line}:${location.column}: ${ruleId}: ${message}`);
    }
    this.sayIncomplete(report.notEvaluated.filter(({ waived }) => waived === undefined).length);
    for (const name of Object.keys(this.settings.parameters)) {
      if (this.parts.files.length > 0 && !this.declared.has(name)) {
        this.say(`parameter ${name} is declared by no template that was checked`);
      }
    }
    this.saySkipped();
    return strongest(this.codes);
  }

  private sayIncomplete(total: number): void {
    const count = total - this.unread.size;
    if (count === 0 || this.settings.allowIncomplete) return;
    this.codes.add(INCOMPLETE);
    const verdicts = count === 1 ? '1 verdict is' : `${count} verdicts are`;
    const sample = this.parts.notEvaluated.find((entry) => !this.unread.has(entry) && entry.waived === undefined);
    const such = sample === undefined ? '' : `, such as ${sample.ruleId} on ${sample.path}: ${sample.reason}`;
    this.say(`${verdicts} NOT EVALUATED (--allow-incomplete accepts that)${such}`);
  }

  private saySkipped(): void {
    const skipped = this.skipped.sort((a, b) => compareText(a.path, b.path));
    if (this.settings.listSkipped) {
      for (const { path, reason } of skipped) this.say(`skipped ${path}: ${reason}`);
    } else if (skipped.length > 0) {
      const what = skipped.length === 1 ? '1 path was' : `${skipped.length} paths were`;
      this.say(`${what} skipped; --list-skipped names ${skipped.length === 1 ? 'it' : 'them'}`);
    }
  }

  /** One line on standard error; names come from files, so they are made safe to print. */
  private say(text: string): void {
    this.terminal.tell(`${visible(text)}\n`);
  }
}

function reservedKeyRange(source: TemplateSource): Diagnostic | null {
  if (!isMap(source.value) || !Object.hasOwn(source.value, PARAMETER_ROOT)) return null;
  return reservedKey(source.file, PARAMETER_ROOT, source.keyRangeOf([PARAMETER_ROOT]));
}
