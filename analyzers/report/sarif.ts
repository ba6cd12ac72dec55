/**
 * A scan as SARIF 2.1.0 (OASIS Standard, errata 01). What is found lies in an account and not in a file: the places are
 * logical locations, an account over a Region over a resource (3.33).
 */
import { jsonLine, sarifText, type Severity } from '../../findings/index.js';
import type { Scan, ScanFinding, ScanUnit } from '../scan/index.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const WHOLE = 'global';

/**
 * Prints a scan as one SARIF run: a rule for each check, a result for each finding. A finding that is set aside is a
 * suppressed result; with an earlier scan every result has a baseline state. Controls that are NOT EVALUATED and what could
 * not be read are notifications, and a run in which no account could be read did not succeed.
 *
 * @returns The text in pieces; the whole is one JSON document.
 */
export function* sarifPieces(scan: Scan): Generator<string, void, undefined> {
  const samples = new Map<string, ScanFinding>();
  for (const finding of scan.findings) if (!samples.has(finding.checkId)) samples.set(finding.checkId, finding);
  const ids = [...samples.keys()].sort();
  const ruleIndex = new Map(ids.map((id, index) => [id, index]));
  const places = placesOf(scan.findings);
  yield `{\n"$schema": ${jsonLine(SCHEMA)},\n"version": "2.1.0",\n"runs": [{\n`;
  const driver = { name: scan.tool.name, version: scan.tool.version, rules: ids.map((id) => rule(samples.get(id)!)) };
  yield `"tool": ${jsonLine({ driver })},\n`;
  yield `"invocations": [${jsonLine({
    executionSuccessful: scan.units.some(({ status }) => status === 'complete' || status === 'partial'),
    startTimeUtc: scan.started,
    toolExecutionNotifications: notifications(scan),
  })}],\n`;
  yield `"properties": ${jsonLine({ organization: scan.organization.id })},\n`;
  yield `"columnKind": "utf16CodeUnits",\n`;
  yield* list('logicalLocations', places.all, (place) => place);
  yield ',\n';
  const appeared = scan.changes === null ? null : new Set(scan.changes.appeared);
  const suppressing = scan.findings.some(({ archived }) => archived !== null);
  yield* list('results', scan.findings, (finding) => ({
    ruleId: finding.checkId,
    ruleIndex: ruleIndex.get(finding.checkId)!,
    ...result(finding, suppressing),
    locations: [{ logicalLocations: [places.all[places.indexOf(finding)]] }],
    ...(appeared && { baselineState: appeared.has(finding.fingerprint) ? 'new' : 'unchanged' }),
  }));
  yield '\n}]\n}\n';
}

/** {@link sarifPieces} as one text. */
export function scanAsSarif(scan: Scan): string {
  return [...sarifPieces(scan)].join('');
}

function* list<T>(name: string, items: readonly T[], plain: (item: T) => object): Generator<string, void, undefined> {
  yield `"${name}": [`;
  for (const [index, item] of items.entries()) yield `${index === 0 ? '' : ','}\n${jsonLine(plain(item))}`;
  yield items.length === 0 ? ']' : '\n]';
}

function rule({ checkId, title, help, severity, controls, source }: ScanFinding): object {
  return {
    id: checkId,
    shortDescription: { text: messageText(title) },
    ...(help === '' ? {} : { help: { text: sarifText(help) } }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [source, ...controls].slice(0, 10) },
  };
}

function result(finding: ScanFinding, suppressing: boolean): object {
  const { severity, message, fingerprint, controls, subject, reach, since, archived, account, source } = finding;
  const reached = reach === null ? '' : `\nReach: ${reach.verdict}${reach.reason === '' ? '' : `, ${reach.reason}`}.`;
  return {
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: messageText(message + reached) },
    partialFingerprints: { 'stackade/scan/v1': fingerprint },
    ...(suppressing ? { suppressions: archived === null ? [] : [suppression(archived)] } : {}),
    properties: { source, controls, subject, reach, since, ouPath: account.path, accountName: account.name },
  };
}

function messageText(text: string): string {
  return sarifText(text.trim() === '' ? 'The check failed.' : text);
}

function suppression({ rule: by, reason, owner, expires }: NonNullable<ScanFinding['archived']>): object {
  const justification = sarifText(
    `${reason} (${[owner, ...(expires === null ? [] : [`until ${expires}`])].join(', ')})`,
  );
  return { kind: 'external', status: 'accepted', justification, properties: { rule: by, owner, expires } };
}

interface Place {
  readonly name: string;
  readonly fullyQualifiedName: string;
  readonly kind: string;
  readonly index: number;
  readonly parentIndex?: number;
}

interface Places {
  readonly all: readonly Place[];
  indexOf(finding: ScanFinding): number;
}

/** Each account, Region and resource once; a place names the one that it lies in. */
function placesOf(findings: readonly ScanFinding[]): Places {
  const all: Place[] = [];
  const indexes = new Map<string, number>();
  const add = (name: string, kind: string, parent: Place | null): Place => {
    const fullyQualifiedName = parent === null ? name : `${parent.fullyQualifiedName}/${name}`;
    const key = `${kind} ${fullyQualifiedName}`;
    const known = indexes.get(key);
    if (known !== undefined) return all[known]!;
    const index = all.length;
    indexes.set(key, index);
    const place = { name, fullyQualifiedName, kind, index, ...(parent && { parentIndex: parent.index }) };
    all.push(place);
    return place;
  };
  const of = new Map<ScanFinding, number>();
  for (const finding of findings) {
    const account = add(finding.account.id, 'account', null);
    const region = finding.region === WHOLE ? account : add(finding.region, 'region', account);
    const { arn, type } = finding.resource;
    of.set(finding, add(arn === '' ? type : arn, 'resource', region).index);
  }
  return { all, indexOf: (finding) => of.get(finding)! };
}

function notifications({ controls, units }: Scan): object[] {
  const open = controls
    .filter(({ verdict }) => verdict === 'NOT_EVALUATED')
    .map(({ control, title, reason }) => `NOT EVALUATED: ${control} (${title}): ${reason}`);
  return [...open, ...units.flatMap(failureTexts)].map((text) => ({
    level: 'warning',
    message: { text: sarifText(text) },
  }));
}

function failureTexts({ account, region, failures }: ScanUnit): string[] {
  return failures.map(
    ({ step, code, message }) => `${account.id} (${account.name}), ${region}: ${step}: ${code}: ${message}`,
  );
}
