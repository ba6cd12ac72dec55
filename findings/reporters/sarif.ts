/**
 * SARIF 2.1.0 (OASIS Standard, errata 01), shaped for GitHub code scanning: "SARIF support for code scanning" and
 * "SARIF results exceed limits" in the GitHub documentation give what is read and how much of it.
 */
import { jsonText, markdownBlock, markdownSentence, pathUri, sarifText } from '../escape.js';
import type { Finding, Location, NotEvaluated, Report, Severity, Waived } from '../finding.js';
import { counted } from '../text.js';
import { groupOpen, groupTitle } from './open.js';
import {
  isWaived,
  isWebAddress,
  labelNote,
  openEntries,
  type Reporter,
  type RuleInfo,
  rulesById,
  SEVERITY_RANK,
} from './options.js';

/** GitHub rejects a run with more results, and shows 5,000 of them, the most severe. */
export const SARIF_MAX_RESULTS = 25_000;
/** GitHub shows ten tags of a rule. */
const MAX_TAGS = 10;

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const BASE = '%SRCROOT%';
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Prints the report as one SARIF run. A waived finding is a suppressed result; NOT EVALUATED is a result of kind `open`
 * and a notification. Above 25,000 results the most severe are kept, and a notification says how many are left out.
 */
export const sarif: Reporter = (report, options) => {
  const infos = rulesById(options);
  const all = [...report.findings, ...report.notEvaluated];
  const kept = all.length <= SARIF_MAX_RESULTS ? all : mostSevere(report);
  const ruleIds = [...new Set([...infos.keys(), ...kept.map(({ ruleId }) => ruleId)])].sort();
  const ruleIndex = new Map(ruleIds.map((id, index) => [id, index]));
  const sample = new Map<string, Finding>();
  for (const finding of report.findings) if (!sample.has(finding.ruleId)) sample.set(finding.ruleId, finding);
  const suppressing = [...report.findings, ...report.notEvaluated].some(isWaived);
  return jsonText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: ruleIds.map((id) => descriptor(id, infos.get(id), sample.get(id))),
          },
        },
        invocations: [
          {
            executionSuccessful: report.files.length > 0,
            toolExecutionNotifications: notifications(report, all.length - kept.length),
          },
        ],
        originalUriBaseIds: {
          [BASE]: { description: { text: 'The folder in which the check was started.' } },
        },
        artifacts: report.files.map(({ path }) => ({ location: artifactLocation(path) })),
        columnKind: 'utf16CodeUnits',
        results: kept.map((entry) =>
          isFinding(entry)
            ? findingResult(entry, ruleIndex.get(entry.ruleId)!, suppressing)
            : openResult(entry, ruleIndex.get(entry.ruleId)!, suppressing),
        ),
      },
    ],
  });
};

function isFinding(entry: Finding | NotEvaluated): entry is Finding {
  return 'severity' in entry;
}

/** Open findings by severity, then what was not evaluated, then waived findings; each in the order of the report. */
function mostSevere(report: Report): (Finding | NotEvaluated)[] {
  const open = report.findings.filter(({ waived }) => waived === null);
  open.sort((a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity]);
  const waived = [...report.findings, ...report.notEvaluated].filter(isWaived);
  return [...open, ...openEntries(report), ...waived].slice(0, SARIF_MAX_RESULTS);
}

function descriptor(id: string, info: RuleInfo | undefined, sample: Finding | undefined): object {
  const title = info?.title ?? sample?.title ?? id;
  const docs = info?.docs ?? sample?.docs ?? '';
  const help = firstText(info?.remediation.text, sample?.help, docs === '' ? `${title}.` : `${title}. See ${docs}.`);
  const controls = info?.controls ?? sample?.controls ?? [];
  return {
    id,
    shortDescription: { text: sarifText(title) },
    // GitHub asks every rule for both texts ("SARIF support for code scanning", GitHub Docs).
    fullDescription: { text: sarifText(firstText(info?.description, title)) },
    help: { text: sarifText(help), markdown: helpMarkdown(info, help) },
    ...(isWebAddress(docs) ? { helpUri: docs } : {}),
    defaultConfiguration: { level: LEVELS[info?.severity ?? sample?.severity ?? 'warning'] },
    properties: { tags: ['security', ...controls].slice(0, MAX_TAGS), ...(controls.length === 0 ? {} : { controls }) },
  };
}

/** The first of these that says something. */
function firstText(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text !== '') ?? '';
}

function helpMarkdown(info: RuleInfo | undefined, help: string): string {
  const yaml = info?.remediation.cloudformation;
  return [
    ...(info === undefined || info.risk === '' ? [] : [markdownSentence(info.risk)]),
    /[\r\n]/.test(help) ? markdownBlock(help, 'text') : markdownSentence(help),
    ...(yaml === undefined ? [] : [markdownBlock(yaml.trimEnd(), 'yaml')]),
  ].join('\n\n');
}

function findingResult(finding: Finding, ruleIndex: number, suppressing: boolean): object {
  const { ruleId, severity, message, labels, resource, location, fingerprint, waived } = finding;
  const notes = labels.map((label) => `\nNote: ${labelNote(label)}.`).join('');
  return {
    ruleId,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: messageText(message + notes) },
    locations: [
      {
        physicalLocation: physicalLocation(location),
        ...(resource === null ? {} : { logicalLocations: [logicalLocation(resource, location.pointer)] }),
      },
    ],
    partialFingerprints: { 'stackade/v1': fingerprint },
    ...(suppressing ? { suppressions: waived === null ? [] : [suppression(waived)] } : {}),
    properties: { controls: finding.controls, labels, pointer: location.pointer },
  };
}

/** GitHub shows no result without text, and the standard asks for some. */
function messageText(text: string): string {
  return sarifText(text.trim() === '' ? 'The rule failed.' : text);
}

/** What a template says of itself stands in the source; waivers and baselines stand outside (SARIF 2.1.0, 3.35.2). */
function suppression({ reason, owner, expires, by = 'waiver', ticket }: Waived): object {
  const justification = sarifText(
    `${reason} (${[owner, ...(expires === null ? [] : [`until ${expires}`])].join(', ')})`,
  );
  return {
    kind: by === 'suppression' ? 'inSource' : 'external',
    status: 'accepted',
    justification,
    properties: { owner, expires, ...(by === 'waiver' ? {} : { by }), ...(ticket === undefined ? {} : { ticket }) },
  };
}

function openResult(entry: NotEvaluated, ruleIndex: number, suppressing: boolean): object {
  const { path, ruleId, controls, reason, parameters, location, waived } = entry;
  return {
    ruleId,
    ruleIndex,
    // A result that is not of kind `fail` has level `none` (SARIF 2.1.0, 3.27.10).
    kind: 'open',
    level: 'none',
    message: { text: sarifText(`NOT EVALUATED: ${reason}`) },
    locations: [
      {
        physicalLocation: location === null ? { artifactLocation: artifactLocation(path) } : physicalLocation(location),
      },
    ],
    ...(suppressing ? { suppressions: waived === undefined ? [] : [suppression(waived)] } : {}),
    properties: { controls, parameters },
  };
}

function notifications(report: Report, leftOut: number): object[] {
  const texts = groupOpen(openEntries(report)).map(
    (group) => `NOT EVALUATED: ${groupTitle(group, (name) => `\`${name}\``)}.`,
  );
  if (report.files.length === 0) texts.push('Nothing was checked: no template was found.');
  if (leftOut > 0) {
    texts.push(
      `${counted(leftOut, 'result')} left out, the least severe, because GitHub accepts no more than ${SARIF_MAX_RESULTS}.`,
    );
  }
  return texts.map((text) => ({ level: 'warning', message: { text: sarifText(text) } }));
}

function physicalLocation(location: Location): object {
  const { file, line, column, endLine, endColumn } = location;
  return {
    artifactLocation: artifactLocation(file),
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

function artifactLocation(path: string): object {
  const { uri, relative } = pathUri(path);
  return relative ? { uri, uriBaseId: BASE } : { uri };
}

function logicalLocation(resource: NonNullable<Finding['resource']>, pointer: string): object {
  return { name: resource.logicalId, fullyQualifiedName: pointer || resource.logicalId, kind: 'resource' };
}
