/** Every control of the layers `scan` and `attest` has a check or a reason, and the page says which. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNCHECKED_CONTROLS } from '../../../analyzers/scan/index.js';
import { typesWithWriteOnlyProperties, writeOnlyPaths } from '../../../analyzers/scan/checks/live/write-only.js';
import { COMMON_TYPES } from '../../../analyzers/scan/checks/live/types.js';
import { propertyAt, resourceType } from '../../../catalogue/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { controlRows, shownChecks } from './control-rows.js';

it('has a check or a reason for each, and not both', () => {
  expect(controlRows.filter(({ checks, reason }) => checks.length === 0 && reason === '').map(({ id }) => id)).toEqual(
    [],
  );
  expect(controlRows.filter(({ checks, reason }) => checks.length > 0 && reason !== '').map(({ id }) => id)).toEqual(
    [],
  );
  const ids = new Set(controlRows.map(({ id }) => id));
  expect(Object.keys(UNCHECKED_CONTROLS).filter((id) => !ids.has(id))).toEqual([]);
});

it('checks 60 controls at least', () => {
  const checked = controlRows.filter(({ checks }) => checks.length > 0);
  expect(checked.length).toBeGreaterThanOrEqual(60);
});

it('has checks with ids of their own, on controls of its layers', () => {
  expect(new Set(shownChecks.map(({ id }) => id)).size).toBe(shownChecks.length);
  const ids = new Set(controlRows.map(({ id }) => id));
  expect(shownChecks.flatMap(({ controls }) => controls.filter((id) => !ids.has(id)))).toEqual([]);
});

it('sends people to attest only what can be attested', () => {
  const wrong = controlRows.filter(({ reason, isAttestable }) => reason.includes('attest it') && !isAttestable);
  expect(wrong.map(({ id }) => id)).toEqual([]);
});

it('knows write-only properties by paths of the catalogue', () => {
  const types = typesWithWriteOnlyProperties().filter((type) => resourceType(type) !== undefined);
  expect(types.length).toBeGreaterThan(350);
  const unknown = types
    .filter((type) => COMMON_TYPES.includes(type))
    .flatMap((type) =>
      writeOnlyPaths(type)
        .filter((path) => propertyAt(type, path) === undefined)
        .map((path) => `${type} ${path.join('/')}`),
    );
  expect(unknown).toEqual([]);
  expect(COMMON_TYPES.filter((type) => resourceType(type) === undefined)).toEqual([]);
});

it('has an up-to-date page (UPDATE_RULES=1 writes it)', () => {
  const path = join(repositoryRoot(), 'docs', 'scan-controls.md');
  const page = pageText();
  if (process.env['UPDATE_RULES'] === '1') writeFileSync(path, page);
  else expect(readFileSync(path, 'utf8')).toBe(page);
});

function pageText(): string {
  const checked = controlRows.filter(({ checks }) => checks.length > 0).length;
  const attestable = controlRows.filter((row) => row.isAttestable).length;
  const rows = controlRows.map(({ id, title, checks, reason, isAttestable }) => [
    `\`${id}\` ${title}`,
    checks.length === 0 ? '–' : checks.map(linkOf).join('<br>'),
    isAttestable ? 'yes' : '–',
    reason === '' ? '–' : reason,
  ]);
  const checks = shownChecks.map((check) => [linkOf(check), check.severity, check.title, check.reads]);
  return `${[
    '# What a scan checks, control by control',
    'Made from the checks of `stackade scan org`; `UPDATE_RULES=1 npx jest test/analyzers/checks` writes it.',
    `There are ${controlRows.length} controls that a look at the accounts or a person can answer. Checks look at ${checked} of them; the others say why not. ${attestable} can be attested.`,
    '## Rules on what already exists',
    'The rules of the packs judge live resources too, under their own ids. The resources of an account in a Region, read through the AWS Cloud Control API, are put together into one template, and the rules that judge templates judge it: the verdict is that of `stackade check` on the same resources. Identifiers that a service made become references; names and ARNs stay texts. Roles, users, groups and policies come from IAM.',
    '- **What no read shows.** Write-only properties are missing in every answer of Cloud Control. A rule is asked with the property left out and with a value that nobody knows; it fails or passes where both say so, and is NOT EVALUATED otherwise, with the property and the resource. Properties that a handler forgets to answer although its schema does not say so cannot be told from absent ones.',
    '- **What was not read.** A rule that relates resources is NOT EVALUATED where one of its types could not be listed or read in full: it would draw conclusions from what it does not see. A rule on single resources judges those that were read, and is NOT EVALUATED unless one fails.',
    `- **How many types.** Rules on hundreds of types (tags, keys) look at ${COMMON_TYPES.length} types in a scan: stores of data, keys, and what computes or carries messages.`,
    '- **Roles of AWS.** Roles below `/aws-service-role/` and `/aws-reserved/` are left out, and roles of stack sets whose trust is that of the service: nobody in the account can shape them.',
    '## Guardrails',
    'Whether service and resource control policies deny what they should is asked of the IAM engine: a request of a role that nobody named, at each account with the policies of every level above it. An exemption that everybody fits denies nothing; a deny that hangs on a key that nobody knows is NOT EVALUATED.',
    '## Attestations',
    'What nobody can look at, somebody answers for. `stackade scan org --attestations FILE` reads dated statements:',
    "```yaml\nversion: 1\ncontrols: [ORG-MAP-01]\nattestations:\n  - control: TLS-AGENT-01\n    statement: The agents on both hosts of the migration use client certificates.\n    owner: data-platform@example.com\n    date: '2026-11-01'\n    expires: '2027-11-01'\n```",
    '`stackade scan attestations --output-file attestations.yaml` writes a file to begin with: the controls that only a person can answer for are wanted, those that a check looks at as well stand behind `#`, and nothing is attested. It never writes over a file. `--controls` chooses.',
    'A control that is attested, or stands below `controls`, is wanted: a statement that has expired, is dated after the scan, or is not there is a finding. A file with a fault ends the scan before it begins ([SCN1101](diagnostics/SCN1101.md)).',
    '## Controls',
    table(['control', 'checks', 'can be attested', 'why there is no check'], rows),
    '## Checks',
    table(['check', 'severity', 'good condition', 'reads'], checks),
  ].join('\n\n')}\n`;
}

function linkOf({ id, page }: (typeof shownChecks)[number]): string {
  return page === null ? `\`${id}\`` : `[${id}](${page})`;
}

/** A table in Markdown, its columns as wide as their widest cell, as Prettier writes it. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [heading, ...rest] = cells;
  return [line(heading!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)].join('\n');
}
