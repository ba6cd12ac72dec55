/** A scan as JSON: the form in which it is kept and compared. Members and their order are part of the contract. */
import { jsonLine } from '../../findings/index.js';
import type { AccountRef, ControlResult, Scan, ScanFinding, ScanUnit, UnitFailure } from '../scan/index.js';

/**
 * Prints a scan as one JSON document, with one unit, finding or control on a line, so that two scans can be compared line
 * by line. Equal scans give equal bytes; unsafe characters stand as JSON escapes.
 *
 * @returns The text in pieces, in order: of a large scan it need not be held in memory as a whole.
 */
export function* jsonPieces(scan: Scan): Generator<string, void, undefined> {
  const { version, tool, organization, started, units, findings, controls, changes } = scan;
  yield '{\n';
  yield `"version": ${jsonLine(version)},\n`;
  yield `"tool": ${jsonLine({ name: tool.name, version: tool.version })},\n`;
  yield `"organization": ${jsonLine({ id: organization.id, managementAccount: organization.managementAccount })},\n`;
  yield `"started": ${jsonLine(started)},\n`;
  yield* list('units', units, unit);
  yield* list('findings', findings, finding);
  yield* list('controls', controls, control);
  const { since, appeared, gone } = changes ?? { since: '', appeared: [], gone: [] };
  yield `"changes": ${changes === null ? 'null' : jsonLine({ since, appeared, gone })}\n}\n`;
}

/** {@link jsonPieces} as one text. */
export function scanAsJson(scan: Scan): string {
  return [...jsonPieces(scan)].join('');
}

function* list<T>(name: string, items: readonly T[], plain: (item: T) => T): Generator<string, void, undefined> {
  if (items.length === 0) {
    yield `"${name}": [],\n`;
    return;
  }
  yield `"${name}": [\n`;
  for (const [index, item] of items.entries()) {
    yield `${jsonLine(plain(item))}${index + 1 === items.length ? '' : ','}\n`;
  }
  yield `],\n`;
}

// Members are written out one by one, so that nothing that somebody keeps beside them gets into the contract.

function account({ id, name, path }: AccountRef): AccountRef {
  return { id, name, path };
}

function unit({ account: of, region, status, failures }: ScanUnit): ScanUnit {
  return { account: account(of), region, status, failures: failures.map(failure) };
}

function failure({ step, code, message, controls }: UnitFailure): UnitFailure {
  return { step, code, message, controls };
}

function control({ control: id, title, verdict, findings, reason }: ControlResult): ControlResult {
  return { control: id, title, verdict, findings, reason };
}

function finding(value: ScanFinding): ScanFinding {
  const { reach, archived } = value;
  return {
    fingerprint: value.fingerprint,
    checkId: value.checkId,
    controls: value.controls,
    severity: value.severity,
    source: value.source,
    account: account(value.account),
    region: value.region,
    resource: { arn: value.resource.arn, type: value.resource.type },
    subject: value.subject,
    title: value.title,
    message: value.message,
    help: value.help,
    reach: reach && { verdict: reach.verdict, reason: reach.reason },
    since: value.since,
    archived: archived && {
      rule: archived.rule,
      reason: archived.reason,
      owner: archived.owner,
      expires: archived.expires,
    },
  };
}
