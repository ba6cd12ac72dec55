/** The findings of a check of templates as columns. */
import type { Finding } from '../../../findings/index.js';
import { columnsOf, toldColumns } from './columns.js';
import type { PageData } from './model.js';

/** What the page calls the place where all files lie. */
const ROOT = 'All files';

/** Makes the data of the page; errors come before warnings, else findings keep the order of the report. */
export function checkData(findings: readonly Finding[]): PageData {
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const make = columnsOf(sorted);
  const told = toldColumns(make);
  const columns = [
    told.severity,
    make.words('state', 'State', ({ waived }) => (waived === null ? 'open' : 'waived'), {
      order: ['open', 'waived'],
      facet: true,
      initial: ['open'],
    }),
    make.words('check', 'Rule', ({ ruleId }) => ruleId, { facet: true }),
    told.controls,
    make.paths('file', 'File', ROOT, ({ location }) => partsOf(location.file)),
    make.words('type', 'Type', ({ resource }) => resource?.type ?? '', { facet: true }),
    make.texts('resource', 'Resource', ({ resource }) => resource?.logicalId ?? 'Template'),
    told.message,
    told.title,
    told.help,
    make.texts('place', 'Place', ({ location: { file, line, column } }) => `${file}:${line}:${column}`),
    make.words('notes', 'Notes', ({ labels }) => labels.join(', ')),
    make.words('waived', 'Waived', waivedText),
    make.words('docs', 'Page', ({ docs }) => docs),
    told.fingerprint,
  ];
  return {
    rows: sorted.length,
    columns,
    cells: [
      { lines: ['severity'], style: 'badge' },
      { lines: ['check', 'controls'], style: 'broad' },
      { lines: ['resource', 'message'], style: 'wide' },
      { lines: ['place', 'type'], style: 'broad' },
      { lines: ['state'], style: 'badge' },
    ],
    details: [
      'check',
      'controls',
      'place',
      'file',
      'resource',
      'type',
      'state',
      'waived',
      'notes',
      'docs',
      'fingerprint',
    ],
  };
}

/** Folders and name of a file. */
function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** The value by which the list is filtered for a file. */
export function fileValue(path: string): string {
  return [ROOT, ...partsOf(path)].join('/');
}

function waivedText({ waived }: Finding): string {
  if (waived === null) return '';
  const { reason, owner, expires } = waived;
  return `${owner}${expires === null ? '' : `, until ${expires}`}: ${reason}`;
}
