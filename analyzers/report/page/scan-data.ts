/** The findings of a scan as columns. */
import type { Scan, ScanFinding } from '../../scan/index.js';
import { listColumn, pathColumn, textColumn, wordColumn } from './columns.js';
import type { PageData } from './model.js';

/** An account as the page names it. */
export function accountName({ id, name }: ScanFinding['account']): string {
  return `${name} · ${id}`;
}

/** What the page calls the top of the tree. */
export const ROOT = 'Root';

/** Makes the data of the page. */
export function scanData({ findings, changes }: Scan): PageData {
  const all = <T>(of: (finding: ScanFinding) => T): T[] => findings.map(of);
  const appeared = new Set(changes?.appeared);
  const columns = [
    wordColumn(
      'severity',
      'Severity',
      all(({ severity }) => severity),
      {
        order: ['error', 'warning', 'info'],
        facet: true,
      },
    ),
    wordColumn(
      'reach',
      'Reach',
      all(({ reach }) => reach?.verdict.replace('-', ' ') ?? ''),
      {
        order: ['reachable', 'cannot tell', 'blocked'],
        facet: true,
      },
    ),
    wordColumn(
      'state',
      'State',
      all(({ archived }) => (archived === null ? 'open' : 'archived')),
      {
        order: ['open', 'archived'],
        facet: true,
        initial: ['open'],
      },
    ),
    ...(changes === null
      ? []
      : [
          wordColumn(
            'change',
            'Since the last scan',
            all(({ fingerprint }) => (appeared.has(fingerprint) ? 'new' : 'known')),
            {
              order: ['new', 'known'],
              facet: true,
            },
          ),
        ]),
    wordColumn(
      'check',
      'Check',
      all(({ checkId }) => checkId),
      { facet: true },
    ),
    listColumn(
      'controls',
      'Control',
      all(({ controls }) => controls),
    ),
    pathColumn(
      'ou',
      'Organizational unit',
      ROOT,
      all(({ account }) => account.path),
    ),
    wordColumn(
      'account',
      'Account',
      all(({ account }) => accountName(account)),
      { facet: true },
    ),
    wordColumn(
      'region',
      'Region',
      all(({ region }) => region),
      { facet: true },
    ),
    wordColumn(
      'type',
      'Type',
      all(({ resource }) => resource.type),
      { facet: true },
    ),
    textColumn(
      'resource',
      'Resource',
      all(({ resource }) => (resource.arn === '' ? resource.type : resource.arn)),
    ),
    textColumn(
      'message',
      'Message',
      all(({ message }) => message),
    ),
    wordColumn(
      'title',
      'Title',
      all(({ title }) => title),
    ),
    wordColumn(
      'help',
      'How to mend it',
      all(({ help }) => help),
    ),
    wordColumn(
      'subject',
      'Subject',
      all(({ subject }) => subject),
    ),
    wordColumn(
      'reason',
      'Why',
      all(({ reach }) => reach?.reason ?? ''),
    ),
    wordColumn(
      'since',
      'Since',
      all(({ since }) => since ?? ''),
    ),
    wordColumn('archive', 'Archived by', all(archiveText)),
    wordColumn(
      'source',
      'Source',
      all(({ source }) => source),
    ),
    textColumn(
      'fingerprint',
      'Fingerprint',
      all(({ fingerprint }) => fingerprint),
    ),
  ];
  return {
    rows: findings.length,
    columns,
    cells: [
      { lines: ['severity'], style: 'badge' },
      { lines: ['check', 'controls'], style: 'middle' },
      { lines: ['resource', 'message'], style: 'wide' },
      { lines: ['account', 'ou'], style: 'broad' },
      { lines: ['region', 'type'], style: 'narrow' },
      { lines: ['reach', 'state'], style: 'badge' },
    ],
    details: [
      'check',
      'controls',
      'account',
      'ou',
      'region',
      'resource',
      'type',
      'subject',
      'reach',
      'reason',
      'since',
      'change',
      'state',
      'archive',
      'source',
      'fingerprint',
    ],
  };
}

function archiveText({ archived }: ScanFinding): string {
  if (archived === null) return '';
  const { rule, reason, owner, expires } = archived;
  return `${rule}, ${owner}${expires === null ? '' : `, until ${expires}`}: ${reason}`;
}
