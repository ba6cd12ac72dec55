/** Making findings and reports: fingerprints, order, counts. Everything here is a pure function of its arguments. */
import { createHash } from 'node:crypto';
import type {
  Diagnostic,
  FileResult,
  Finding,
  Location,
  NotEvaluated,
  Report,
  Severity,
  SourceRange,
  Summary,
  Waived,
} from './finding.js';
import { type LineCounter, lineCounter } from './lines.js';

/** What a fingerprint is made of. */
export interface FingerprintParts {
  readonly ruleId: string;
  readonly file: string;
  readonly logicalId: string | null;
  readonly pointer: string;
  /** What the finding is about at that pointer, independent of the message's wording, such as a property path. */
  readonly subject?: string;
  /** How many findings with the same parts stand before this one in the file. `@default` 0. */
  readonly occurrence?: number;
}

/**
 * A stable name for one finding: 32 hexadecimal digits of SHA-256 over rule id, file, logical id, JSON pointer and subject.
 *
 * Lines, columns, wording, severity and everything else in the file are left out, so the name stays when lines move,
 * unrelated resources come or go, or a message is reworded. It changes when the file or the resource is renamed, and
 * when an earlier element of the same list is added or removed. `./a.yaml` and `a.yaml` are one file.
 */
export function fingerprint(parts: FingerprintParts): string {
  const { ruleId, file, logicalId, pointer, subject = '', occurrence = 0 } = parts;
  const canonical = JSON.stringify([1, ruleId, file.replace(/^(\.\/)+/, ''), logicalId, pointer, subject, occurrence]);
  return createHash('sha256').update(canonical, 'utf8').digest('hex').slice(0, 32);
}

/** A {@link Finding} before its fingerprint is known; what is left out is empty. */
export interface FindingInput {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly location: Location;
  readonly controls?: readonly string[];
  readonly help?: string;
  readonly docs?: string;
  readonly resource?: Finding['resource'];
  readonly labels?: readonly string[];
  readonly waived?: Waived | null;
  /** See {@link FingerprintParts.subject}. Not printed. */
  readonly subject?: string;
}

/** Makes a finding with its fingerprint. {@link createReport} tells apart findings whose fingerprints would be equal. */
export function createFinding(input: FindingInput): Finding {
  const { ruleId, severity, title, message, location } = input;
  const resource = input.resource ?? null;
  return {
    ruleId,
    controls: input.controls ?? [],
    severity,
    title,
    message,
    help: input.help ?? '',
    docs: input.docs ?? '',
    fingerprint: fingerprint({
      ruleId,
      file: location.file,
      logicalId: resource?.logicalId ?? null,
      pointer: location.pointer,
      ...(input.subject === undefined ? {} : { subject: input.subject }),
    }),
    location,
    resource,
    labels: input.labels ?? [],
    waived: input.waived ?? null,
  };
}

/** Turns an offset range into lines and columns. */
export type Locate = (range: SourceRange) => Location;

/**
 * A {@link Locate} over texts by path; each text is indexed once, when first asked for.
 *
 * @returns A range of a file without a text is placed at its first character.
 */
export function locator(sources: ReadonlyMap<string, string>, pointer = ''): Locate {
  const counters = new Map<string, LineCounter>();
  return ({ file, start, end }) => {
    let counter = counters.get(file);
    if (!counter) {
      counter = lineCounter(sources.get(file) ?? '');
      counters.set(file, counter);
    }
    const from = counter.positionOf(start);
    const to = counter.positionOf(Math.max(start, end));
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, pointer };
  };
}

/** The good condition that each family of diagnostics stands for. */
const FAMILY_TITLES: Readonly<Record<string, string>> = {
  GRD: 'Guard rule file is well formed',
  TPL: 'Template can be read',
  RUL: 'Rule can be evaluated',
  LNT: 'Template follows the resource schemas',
  CLI: 'Configuration is valid',
  ORG: 'Organization is described well',
  GAT: 'Approved schemas can be used',
  WVR: 'Waivers are in force and in use',
};

/**
 * The one place where what an engine says becomes a finding: code → rule id, range → location.
 *
 * @param diagnostic - Its labels are told in the message, with line and column.
 * @param locate - See {@link locator}.
 * @param extra - Parts of the finding that the engine does not know. `file` is used when the diagnostic names none.
 */
export function fromDiagnostic(
  diagnostic: Diagnostic,
  locate: Locate,
  extra: Partial<Omit<FindingInput, 'ruleId' | 'severity' | 'message'>> & { readonly file?: string } = {},
): Finding {
  const { file = '', ...parts } = extra;
  const nowhere: Location = { file, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' };
  const places = (diagnostic.labels ?? []).map(({ range, text }) => {
    const { file: other, line, column } = locate(range);
    return `${text} at ${other === diagnostic.location?.file ? '' : `${other}:`}${line}:${column}`;
  });
  return createFinding({
    title: FAMILY_TITLES[diagnostic.code.slice(0, 3)] ?? diagnostic.code,
    help: diagnostic.help ?? '',
    docs: diagnosticPage(diagnostic.code),
    location: diagnostic.location ? locate(diagnostic.location) : nowhere,
    ...parts,
    ruleId: diagnostic.code,
    severity: diagnostic.severity,
    message: places.length === 0 ? diagnostic.message : `${diagnostic.message} (${places.join('; ')})`,
  });
}

/** The page that explains a diagnostic; made from its code, so that it cannot be forgotten. */
export function diagnosticPage(code: string): string {
  return `docs/diagnostics/${code}.md`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLocations(a: Location, b: Location): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** The order of every report: file, line, column, rule id, then what is left, so that no order depends on chance. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareLocations(a.location, b.location) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.location.pointer, b.location.pointer) ||
    compareText(a.message, b.message) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** The order of what was not evaluated: file, place in it, rule id. */
export function compareNotEvaluated(a: NotEvaluated, b: NotEvaluated): number {
  return (
    compareText(a.path, b.path) ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    (a.location?.column ?? 0) - (b.location?.column ?? 0) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.reason, b.reason)
  );
}

/** Counts over the parts of a report. Waived findings are counted as waived only. */
export function summarize(
  files: readonly FileResult[],
  findings: readonly Finding[],
  notEvaluated: readonly NotEvaluated[],
): Summary {
  const open = findings.filter(({ waived }) => waived === null);
  const count = (severity: Severity): number => open.filter((finding) => finding.severity === severity).length;
  return {
    files: files.length,
    rules: new Set(files.flatMap(({ rules }) => Object.keys(rules))).size,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    waived: findings.length - open.length + notEvaluated.filter(({ waived }) => waived !== undefined).length,
    notEvaluated: notEvaluated.filter(({ waived }) => waived === undefined).length,
  };
}

/**
 * Puts a report together: sorts its parts, makes equal fingerprints distinct and counts.
 *
 * Findings that agree in every part of their fingerprint are numbered in the order of the report. A verdict FAIL or
 * NOT_EVALUATED that nothing tells of gets a finding (of severity error) or an entry, because a report that shows
 * neither would read as success.
 */
export function createReport(parts: Pick<Report, 'tool' | 'files' | 'findings' | 'notEvaluated'>): Report {
  const files = [...parts.files].sort((a, b) => compareText(a.path, b.path));
  const told = new Set([
    ...parts.findings.map(({ location, ruleId }) => JSON.stringify(['FAIL', location.file, ruleId])),
    ...parts.notEvaluated.map(({ path, ruleId }) => JSON.stringify(['NOT_EVALUATED', path, ruleId])),
  ]);
  const untold = files.flatMap(({ path, rules }) =>
    Object.entries(rules)
      .filter(([ruleId, verdict]) => !told.has(JSON.stringify([verdict, path, ruleId])))
      .map(([ruleId, verdict]) => ({ path, ruleId, verdict })),
  );
  const findings = distinctFingerprints(
    [...parts.findings, ...untold.filter(({ verdict }) => verdict === 'FAIL').map(placelessFinding)].sort(
      compareFindings,
    ),
  );
  const notEvaluated = [
    ...parts.notEvaluated,
    ...untold.filter(({ verdict }) => verdict === 'NOT_EVALUATED').map(reasonlessEntry),
  ].sort(compareNotEvaluated);
  const summary = summarize(files, findings, notEvaluated);
  return { version: 1, tool: parts.tool, files, findings, notEvaluated, summary };
}

interface Untold {
  readonly path: string;
  readonly ruleId: string;
}

function placelessFinding({ path, ruleId }: Untold): Finding {
  return createFinding({
    ruleId,
    severity: 'error',
    title: ruleId,
    message: 'the rule failed without naming a place',
    location: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' },
  });
}

function reasonlessEntry({ path, ruleId }: Untold): NotEvaluated {
  return { path, ruleId, controls: [], reason: 'the rule gave no reason', parameters: [], location: null };
}

function distinctFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const occurrence = seen.get(finding.fingerprint) ?? 0;
    seen.set(finding.fingerprint, occurrence + 1);
    if (occurrence === 0) return finding;
    const { ruleId, location, resource } = finding;
    const parts = { ruleId, file: location.file, logicalId: resource?.logicalId ?? null, pointer: location.pointer };
    // The subject is not kept in a finding; its own fingerprint stands for it.
    return { ...finding, fingerprint: fingerprint({ ...parts, subject: finding.fingerprint, occurrence }) };
  });
}
