/** A scan as comma-separated values, for spreadsheets. */
import { visible, visibleLines } from '../../findings/index.js';
import type { AccountRef, Scan, ScanFinding } from '../scan/index.js';
import { csvRow } from './csv-text.js';

const COLUMNS = [
  'kind',
  'severity',
  'check',
  'controls',
  'account',
  'accountName',
  'ouPath',
  'region',
  'resourceType',
  'resource',
  'subject',
  'title',
  'message',
  'help',
  'reach',
  'reachReason',
  'since',
  'change',
  'archivedBy',
  'archivedOwner',
  'archivedExpires',
  'source',
  'fingerprint',
] as const;

type Row = Partial<Readonly<Record<(typeof COLUMNS)[number], string>>>;

/**
 * Prints a scan as CSV: a row with the names of the columns, then a row for each finding (`kind` is `finding`), for each
 * control that is NOT EVALUATED and for each thing that could not be read (`kind` is `not-evaluated`), so that nobody takes
 * an incomplete scan for a clean one.
 *
 * @returns The text in pieces, one row each.
 */
export function* csvPieces(scan: Scan): Generator<string, void, undefined> {
  yield csvRow(COLUMNS);
  const appeared = new Set(scan.changes?.appeared);
  for (const finding of scan.findings) {
    yield row(findingRow(finding, scan.changes === null ? '' : appeared.has(finding.fingerprint) ? 'new' : 'known'));
  }
  for (const { control, title, verdict, reason } of scan.controls) {
    if (verdict === 'NOT_EVALUATED') yield row({ kind: 'not-evaluated', controls: control, title, message: reason });
  }
  for (const { account, region, failures } of scan.units) {
    for (const { step, code, message, controls } of failures) {
      yield row({
        kind: 'not-evaluated',
        check: step,
        controls: controls.join(' '),
        ...accountCells(account),
        region,
        message: `${code}: ${message}`,
      });
    }
  }
}

/** {@link csvPieces} as one text. */
export function scanAsCsv(scan: Scan): string {
  return [...csvPieces(scan)].join('');
}

/** The usual cell needs no care, and finding that out is cheap. */
const PLAIN = /^[ !$-~]*$/;

function row(cells: Row): string {
  return csvRow(
    COLUMNS.map((column) => {
      const text = cells[column] ?? '';
      return PLAIN.test(text) && !text.startsWith('::') ? text : visibleLines(text).join('\n');
    }),
  );
}

function accountCells({ id, name, path }: AccountRef): Row {
  return { account: id, accountName: name, ouPath: path.map(visible).join('/') };
}

function findingRow(finding: ScanFinding, change: string): Row {
  const { reach, archived } = finding;
  return {
    kind: 'finding',
    severity: finding.severity,
    check: finding.checkId,
    controls: finding.controls.join(' '),
    ...accountCells(finding.account),
    region: finding.region,
    resourceType: finding.resource.type,
    resource: finding.resource.arn,
    subject: finding.subject,
    title: finding.title,
    message: finding.message,
    help: finding.help,
    reach: reach?.verdict ?? '',
    reachReason: reach?.reason ?? '',
    since: finding.since ?? '',
    change,
    archivedBy: archived === null ? '' : `${archived.rule}: ${archived.reason}`,
    archivedOwner: archived?.owner ?? '',
    archivedExpires: archived?.expires ?? '',
    source: finding.source,
    fingerprint: finding.fingerprint,
  };
}
