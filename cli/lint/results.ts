/** From what the lint library says to findings: our severities, places and fingerprints. */
import { createFinding, lineCounter } from '../../findings/index.js';
import type { Finding, Location, NotEvaluated, Severity } from '../../findings/index.js';
import { isList, isMap, readTemplate } from '../../template/index.js';
import type { GivenParameters, Path, TemplateSource, Value } from '../../template/index.js';
import { ADVICE, LINT_PAGE } from './advice.js';
import { isFalseAlarm, stoppedAtLoop } from './corrections.js';
import type { LintDiagnostic, LintReport } from './protocol.js';
import { isImpossible } from './scenarios.js';

/** What the lint says of one template. */
export interface LintResult {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/** The template that a report is about. */
export interface LintedFile {
  readonly path: string;
  readonly text: string;
  /** The file as read by the template reader, when the caller has it. */
  readonly source?: TemplateSource | undefined;
}

/** Findings of the lint's own condition, not of the library's rules. */
export const LINT_CRASHED = 'lint-crashed';
export const LINT_INCOMPLETE = 'lint-incomplete';

/** The codes of the library whose fault is the key and not its value: an unknown property, a bad or doubled name. */
const KEY_AT_FAULT = new Set(['F0000', 'F0005', 'F0006', 'F3002']);

const SEVERITIES: Readonly<Record<LintDiagnostic['severity'], Severity | null>> = {
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warning',
  INFO: 'info',
  DEBUG: null,
};

const SECTIONS: Readonly<Record<string, string>> = {
  Resource: 'Resources',
  Parameter: 'Parameters',
  Output: 'Outputs',
  Mapping: 'Mappings',
  Metadata: 'Metadata',
  Rule: 'Rules',
  Condition: 'Conditions',
  Transform: 'Transform',
  FormatVersion: 'AWSTemplateFormatVersion',
  Description: 'Description',
};

/**
 * Turns the library's report on a file into findings; diagnostics of level DEBUG are dropped.
 *
 * @param parameters - Values of template parameters that the library was given.
 */
export function toLintResult(report: LintReport, file: LintedFile, parameters: GivenParameters = {}): LintResult {
  const source = file.source ?? (report.diagnostics.length === 0 ? null : readTemplate(file.text, file.path).source);
  const stopped = report.diagnostics.filter((one) => source !== null && stoppedAtLoop(one, source.value));
  const findings = report.diagnostics.flatMap((diagnostic) => {
    if (stopped.includes(diagnostic)) return [];
    const severity = SEVERITIES[diagnostic.severity];
    if (severity === null) return [];
    const isFalse =
      source !== null &&
      (isFalseAlarm(diagnostic, source.value) ||
        (isMap(source.value) &&
          isImpossible(wordsOf(diagnostic), diagnostic.conditionScenario ?? {}, source.value, parameters)));
    return isFalse ? [] : [toFinding(diagnostic, severity, file, source)];
  });
  const reason = 'the schema lint is incomplete: it does not know loops with several identifiers';
  const loops = stopped.length === 0 ? [] : [entry(LINT_INCOMPLETE, file.path, reason)];
  return { path: file.path, findings, notEvaluated: [...incompleteness(report, file.path), ...loops] };
}

/** The result for a file on which the lint crashed or ran out of time. */
export function crashResult(path: string, reason: string): LintResult {
  const location = startOf(path);
  const finding = createFinding({
    ruleId: LINT_CRASHED,
    severity: 'error',
    title: 'The schema lint runs to its end',
    message: `the schema lint gave up on this file: ${reason}`,
    help: 'check the file with the schema lint off (--no-lint), and report the template to the maintainers of @aws/cloudformation-validate',
    location,
  });
  return { path, findings: [finding], notEvaluated: [entry(LINT_CRASHED, path, reason)] };
}

/** The result for a file that the lint is not given. */
export function refusedResult(path: string, reason: string): LintResult {
  return { path, findings: [], notEvaluated: [entry(LINT_INCOMPLETE, path, reason)] };
}

function incompleteness({ status, incomplete, diagnostics }: LintReport, path: string): NotEvaluated[] {
  if (status === 'OK') return [];
  if (status === 'ERROR') {
    const [first] = diagnostics;
    return [entry(LINT_INCOMPLETE, path, `the schema lint could not run: ${first?.message ?? 'it gave no reason'}`)];
  }
  const reasons = incomplete.length === 0 ? ['it gave no reason'] : incomplete;
  return reasons.map((reason) => entry(LINT_INCOMPLETE, path, `the schema lint is incomplete: ${reason}`));
}

function entry(ruleId: string, path: string, reason: string): NotEvaluated {
  return { path, ruleId, controls: [], reason, parameters: [], location: startOf(path) };
}

function startOf(file: string): Location {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' };
}

function toFinding(
  diagnostic: LintDiagnostic,
  severity: Severity,
  file: LintedFile,
  source: TemplateSource | null,
): Finding {
  const { entity, conditionScenario } = diagnostic;
  const scenario = Object.entries(conditionScenario ?? {}).map(([name, holds]) => `${name} is ${holds}`);
  return createFinding({
    ruleId: diagnostic.ruleId,
    severity,
    title: diagnostic.ruleDescription ?? diagnostic.ruleId,
    message: scenario.length === 0 ? diagnostic.message : `${diagnostic.message} (when ${scenario.join(' and ')})`,
    help: diagnostic.suggestedFix ?? ADVICE.get(diagnostic.ruleId) ?? '',
    docs: pageOf(diagnostic),
    location: (source === null ? null : placeInTemplate(diagnostic, source)) ?? placeInText(diagnostic, file),
    resource:
      entity?.entityType === 'Resource' ? { logicalId: entity.logicalId, type: entity.resourceType ?? '' } : null,
    subject: [diagnostic.propertyPath ?? '', ...scenario].join(' '),
  });
}

/** The library gives the address of a source repository for many resource types, which explains nothing. */
function pageOf({ documentationUrl = '' }: LintDiagnostic): string {
  return documentationUrl.startsWith('https://docs.aws.amazon.com/') ? documentationUrl : LINT_PAGE;
}

/**
 * The place by the template's own positions: of the value, or of the key where the key is at fault or where something
 * is missing. Null when the diagnostic names no place of the template.
 */
function placeInTemplate(diagnostic: LintDiagnostic, source: TemplateSource): Location | null {
  const { path, found, value } = follow(source.value, wordsOf(diagnostic));
  if (path.length === 0) return null;
  const isScalar = !isMap(value) && !isList(value);
  const key = KEY_AT_FAULT.has(diagnostic.ruleId) || !found || !isScalar;
  const atKey = key && source.keyRangeOf(path) !== undefined;
  return { ...source.locationOf(path, atKey ? 'key' : 'value'), file: source.file };
}

/** The words of the path from the template's root: `Resources`, the logical id, then those of the property path. */
function wordsOf({ entity, propertyPath = '' }: LintDiagnostic): readonly string[] {
  // Of a section, paths are written from the root and with slashes.
  if (propertyPath.includes('/')) return propertyPath.split('/');
  const property = propertyPath === '' ? [] : propertyPath.split('.');
  const section = entity === undefined ? undefined : SECTIONS[entity.entityType];
  if (entity === undefined || section === undefined) return property;
  return [section, entity.logicalId, ...property];
}

/** Walks down as far as the words lead. A key that holds a dot is put together again from its words. */
function follow(root: Value, words: readonly string[]): { path: Path; found: boolean; value: Value } {
  const path: (string | number)[] = [];
  let value = root;
  for (let index = 0; index < words.length;) {
    const step = nextStep(value, words, index);
    if (step === null) return { path, found: false, value };
    path.push(step.key);
    value = step.value;
    index += step.used;
  }
  return { path, found: true, value };
}

function nextStep(
  value: Value,
  words: readonly string[],
  from: number,
): { key: string | number; value: Value; used: number } | null {
  if (isList(value)) {
    const index = Number(words[from]);
    const item = value[index];
    return Number.isInteger(index) && item !== undefined ? { key: index, value: item, used: 1 } : null;
  }
  if (!isMap(value)) return null;
  for (let used = 1; from + used <= words.length; used += 1) {
    const key = words.slice(from, from + used).join('.');
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (item !== undefined) return { key, value: item, used };
  }
  return null;
}

/** The library's own place. Its columns count the bytes of a line. */
function placeInText(diagnostic: LintDiagnostic, { path, text }: LintedFile): Location {
  const { startLine, startColumn } = diagnostic;
  if (startLine === undefined || startColumn === undefined) return startOf(path);
  const counter = lineCounter(text);
  const columnOf = (line: number, byteColumn: number): number => {
    const bytes = Buffer.from(counter.lineText(line), 'utf8').subarray(0, Math.max(byteColumn - 1, 0));
    return bytes.toString('utf8').length + 1;
  };
  const line = Math.min(Math.max(startLine, 1), counter.lineCount);
  const endLine = Math.min(Math.max(diagnostic.endLine ?? line, line), counter.lineCount);
  const column = columnOf(line, startColumn);
  const end = columnOf(endLine, diagnostic.endColumn ?? startColumn);
  const endColumn = endLine === line ? Math.max(end, column) : end;
  return { file: path, line, column, endLine, endColumn, pointer: '' };
}
