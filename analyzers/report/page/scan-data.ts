/** The findings of a scan as columns. */
import type { Scan, ScanFinding } from '../../scan/index.js';
import { columnsOf, toldColumns } from './columns.js';
import type { PageData } from './model.js';

/** An account as the page names it. */
export function accountName({ id, name }: ScanFinding['account']): string {
  return `${name} · ${id}`;
}

/** What the page calls the top of the tree. */
export const ROOT = 'Root';

/** Makes the data of the page. */
export function scanData({ findings, changes }: Scan): PageData {
  const make = columnsOf(findings);
  const told = toldColumns(make);
  const appeared = new Set(changes?.appeared);
  const change = make.words(
    'change',
    'Since the last scan',
    ({ fingerprint }) => (appeared.has(fingerprint) ? 'new' : 'known'),
    { order: ['new', 'known'], facet: true },
  );
  const columns = [
    told.severity,
    make.words('reach', 'Reach', ({ reach }) => reach?.verdict.replace('-', ' ') ?? '', {
      order: ['reachable', 'cannot tell', 'blocked'],
      facet: true,
    }),
    make.words('state', 'State', ({ archived }) => (archived === null ? 'open' : 'archived'), {
      order: ['open', 'archived'],
      facet: true,
      initial: ['open'],
    }),
    ...(changes === null ? [] : [change]),
    make.words('check', 'Check', ({ checkId }) => checkId, { facet: true }),
    told.controls,
    make.paths('ou', 'Organizational unit', ROOT, ({ account }) => account.path),
    make.words('account', 'Account', ({ account }) => accountName(account), { facet: true }),
    make.words('region', 'Region', ({ region }) => region, { facet: true }),
    make.words('type', 'Type', ({ resource }) => resource.type, { facet: true }),
    make.texts('resource', 'Resource', ({ resource }) => (resource.arn === '' ? resource.type : resource.arn)),
    told.message,
    told.title,
    told.help,
    make.words('subject', 'Subject', ({ subject }) => subject),
    make.words('reason', 'Why', ({ reach }) => reach?.reason ?? ''),
    make.words('since', 'Since', ({ since }) => since ?? ''),
    make.words('archive', 'Archived by', archiveText),
    make.words('source', 'Source', ({ source }) => source),
    told.fingerprint,
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
