/**
 * A baseline: the findings that there were when a check was introduced, so that only new ones count. What it knows stays
 * in the report, marked.
 *
 * A finding is known by its fingerprint and by what is written at its place: a value that gets worse is new. An element of a list is known by all that it says instead of its index, so
 * that it stays known when its neighbours come or go, and is new when it is changed or another one stands in its place. When the file of an
 * entry is gone, the entry is looked for in the other files: the file was renamed.
 */
import { createReport, fromDiagnostic, locator } from '../../findings/index.js';
import type { Diagnostic, FileResult, Finding, Report, SourceRange } from '../../findings/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../../template/index.js';
import { isAcceptable, statusOf } from '../waivers/session.js';
import { isInList, WrittenPlaces } from './written.js';

/** One known finding. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly file: string;
  readonly logicalId: string | null;
  readonly pointer: string;
  /** A hash of what is written at the place and, in a list, in the element of the list. */
  readonly text: string;
}

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
}

/** What a baseline is applied with. */
export interface BaselineContext {
  /** The name of the baseline's file. */
  readonly name: string;
  /** Texts of the templates with findings, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether a file is still there. */
  readonly exists: (file: string) => boolean;
  /** Findings that no baseline may take in, such as those of rules that are never waivable. */
  readonly isBarred: (finding: Finding) => boolean;
}

const KEYS = ['fingerprint', 'ruleId', 'file', 'pointer', 'text'] as const;

/** The text of a baseline with the open findings of a report. Equal reports give equal texts. */
export function printBaseline(report: Report, context: Pick<BaselineContext, 'texts' | 'isBarred'>): string {
  const written = new WrittenPlaces(context.texts);
  const findings = report.findings
    .filter((finding) => finding.waived === null && isAcceptable(finding) && !context.isBarred(finding))
    .map((finding) => entryOf(finding, written));
  return `${JSON.stringify({ version: 1, findings }, null, 2)}\n`;
}

/**
 * Reads a baseline.
 *
 * @returns The baseline, or `null` with what is wrong with it: a baseline that is half understood would hide or show the
 *   wrong findings.
 */
export function readBaseline(source: TemplateSource): {
  readonly baseline: Baseline | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const at = (path: Path): SourceRange => source.rangeOf(path) ?? { file: source.file, start: 0, end: 0 };
  const refuse = (message: string, path: Path): { baseline: null; diagnostics: readonly Diagnostic[] } => ({
    baseline: null,
    diagnostics: [badBaseline(message, at(path))],
  });
  const { value } = source;
  if (!isMap(value)) return refuse('it is no JSON object', []);
  const version = get(value, 'version');
  if (version !== 1) {
    return refuse(version === undefined ? 'it has no `version`' : 'its `version` is not 1', ['version']);
  }
  const findings = get(value, 'findings');
  if (!isList(findings)) return refuse('`findings` is no list', ['findings']);
  const entries: BaselineEntry[] = [];
  for (const [index, item] of findings.entries()) {
    const entry = readEntry(item);
    if (typeof entry === 'string') return refuse(`\`findings[${index}]\` ${entry}`, ['findings', index]);
    entries.push(entry);
  }
  return { baseline: { entries }, diagnostics: [] };
}

function readEntry(item: Value): BaselineEntry | string {
  if (!isMap(item)) return 'is no object';
  const missing = KEYS.find((key) => typeof get(item, key) !== 'string');
  if (missing !== undefined) return `has no text \`${missing}\``;
  const logicalId = get(item, 'logicalId') ?? null;
  if (logicalId !== null && typeof logicalId !== 'string') return 'has a `logicalId` that is no text';
  const texts = item as ValueMap & Readonly<Record<(typeof KEYS)[number], string>>;
  const { fingerprint, ruleId, file, pointer, text } = texts;
  return { fingerprint, ruleId, file, logicalId, pointer, text };
}

/** Marks what a baseline knows, and adds one finding that tells what it knows and is gone. */
export function applyBaseline(report: Report, { entries }: Baseline, context: BaselineContext): Report {
  const left = new Set(entries);
  const known = new Set<Finding>();
  const written = new WrittenPlaces(context.texts);
  const open = report.findings
    .filter((finding) => finding.waived === null && isAcceptable(finding) && !context.isBarred(finding))
    .map((finding) => ({ finding, own: entryOf(finding, written) }));
  const pass = (keyOf: (entry: BaselineEntry) => string, mayMatch: (entry: BaselineEntry) => boolean): void => {
    const waiting = new Map<string, BaselineEntry[]>();
    for (const entry of left) {
      if (!mayMatch(entry)) continue;
      const key = keyOf(entry);
      waiting.set(key, [...(waiting.get(key) ?? []), entry]);
    }
    for (const { finding, own } of open) {
      if (known.has(finding)) continue;
      const entry = waiting.get(keyOf(own))?.shift();
      if (entry === undefined) continue;
      left.delete(entry);
      known.add(finding);
    }
  };
  const always = (): boolean => true;
  pass((entry) => JSON.stringify([entry.fingerprint, entry.text]), always);
  pass(
    (entry) => JSON.stringify([entry.file, ...placeless(entry)]),
    (entry) => isInList(entry.pointer),
  );
  const gone = new Map<string, boolean>();
  pass(
    (entry) => JSON.stringify(placeless(entry)),
    ({ file }) => {
      const isGone = gone.get(file) ?? !context.exists(file);
      gone.set(file, isGone);
      return isGone;
    },
  );
  const waived = {
    reason: 'known since the baseline was written',
    owner: context.name,
    expires: null,
    by: 'baseline',
  } as const;
  const findings = report.findings.map((finding) => (known.has(finding) ? { ...finding, waived } : finding));
  const files = report.files.map((file) => marked(file, findings, report));
  return createReport({
    tool: report.tool,
    files,
    findings: [...findings, ...vanished(report, [...left], gone, context)],
    notEvaluated: report.notEvaluated,
  });
}

function marked(file: FileResult, findings: readonly Finding[], report: Report): FileResult {
  const own = findings.filter(({ location }) => location.file === file.path);
  if (!own.some(({ waived }) => waived?.by === 'baseline')) return file;
  const entries = report.notEvaluated.filter(({ path }) => path === file.path);
  return { ...file, status: statusOf(file, own, entries) };
}

function entryOf({ fingerprint, ruleId, location, resource }: Finding, written: WrittenPlaces): BaselineEntry {
  const { file, pointer } = location;
  const logicalId = resource?.logicalId ?? null;
  return {
    fingerprint,
    ruleId,
    file: file.replace(/^(\.\/)+/, ''),
    logicalId,
    pointer,
    text: written.hash(location),
  };
}

/** An entry without its file and without the indices of its place. */
function placeless({ ruleId, logicalId, pointer, text }: BaselineEntry): readonly unknown[] {
  return [ruleId, logicalId, pointer.replaceAll(/\/[0-9]+(?=\/|$)/g, '/*'), text];
}

/** How many vanished findings are named. */
const NAMED = 10;

function vanished(
  report: Report,
  left: readonly BaselineEntry[],
  gone: ReadonlyMap<string, boolean>,
  { name }: BaselineContext,
): readonly Finding[] {
  const checked = new Set(report.files.map(({ path }) => path.replace(/^(\.\/)+/, '')));
  const rules = new Set(report.files.flatMap((file) => Object.keys(file.rules)));
  const present = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  // What this run did not look at may still be there, and what a waiver covers by now is.
  const over = left.filter(
    ({ file, ruleId, fingerprint }) =>
      !present.has(fingerprint) && ((checked.has(file) && rules.has(ruleId)) || gone.get(file) === true),
  );
  if (over.length === 0) return [];
  const names = over
    .slice(0, NAMED)
    .map(({ ruleId, file, logicalId }) => `\`${ruleId}\` in ${file}${logicalId === null ? '' : ` (${logicalId})`}`);
  const rest = over.length > NAMED ? `, and ${over.length - NAMED} more` : '';
  const diagnostic: Diagnostic = {
    code: 'WVR4001',
    severity: 'info',
    message: `the baseline knows ${over.length === 1 ? 'a finding that is' : `${over.length} findings that are`} gone: ${names.join(', ')}${rest}`,
    help: 'write the baseline anew with --create-baseline, so that they count when they come back',
    location: { file: name, start: 0, end: 0 },
  };
  return [fromDiagnostic(diagnostic, locator(new Map()))];
}

function badBaseline(message: string, location: SourceRange): Diagnostic {
  return {
    code: 'WVR4002',
    severity: 'error',
    message: `the baseline cannot be used: ${message}`,
    help: 'write it anew with --create-baseline',
    location,
  };
}
