/** Verdicts on controls, and what could not be read. */
import { counted } from './document.js';
import type { Verdict } from '../../../findings/index.js';
import type { ControlResult, Scan } from '../../scan/index.js';
import { groupBy } from '../counts.js';
import type { View } from './document.js';
import { markup, type Markup, NONE } from './markup.js';
import { linkedCount, listing, type Row, table } from './parts.js';
import { accountName } from './scan-data.js';

/** Rows of what could not be read that are listed; the rest is counted. */
const LISTED = 5_000;
/** In the order in which they are worth reading. */
export const VERDICTS: readonly Verdict[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

/** As a reader sees it. */
export function verdictText(verdict: Verdict): string {
  return verdict.replace('_', ' ');
}

/** As a badge. */
export function verdictBadge(verdict: Verdict): Markup {
  return markup`<span class="badge verdict-${verdict.toLowerCase()}">${verdictText(verdict)}</span>`;
}

/** Every control with its verdict and reason. */
export function controls(scan: Scan): View {
  const rank = new Map(VERDICTS.map((verdict, position) => [verdict, position]));
  const sorted = [...scan.controls].sort((a, b) => rank.get(a.verdict)! - rank.get(b.verdict)!);
  const rows = sorted.map((result: ControlResult): Row => {
    const { control, title, verdict, findings, reason } = result;
    return {
      group: verdictText(verdict),
      cells: [
        { body: markup`<code>${control}</code>`, sort: control },
        { body: verdictBadge(verdict), sort: rank.get(verdict)! },
        { body: markup`${title}${reason === '' ? NONE : markup`<small>${reason}</small>`}`, sort: title },
        linkedCount(findings, listing({ controls: [control] })),
      ],
    };
  });
  const headings = [
    { label: 'Control' },
    { label: 'Verdict' },
    { label: 'What it asks' },
    { label: 'Findings', numeric: true },
  ];
  return {
    id: 'controls',
    title: 'Controls',
    count: scan.controls.length,
    body: markup`<article>
      <h2>Controls over the whole organization</h2>
      <div class="chooser" data-chooser="verdict" data-table="control-table"></div>
      ${table('control-table', headings, rows, 'No control was judged.')}
    </article>`,
  };
}

/** Failures by account. */
export function coverage({ units }: Scan): View {
  const failures = units.flatMap(({ account, region, status, failures: all }) =>
    all.map((failure) => ({ account, region, status, failure })),
  );
  const silent = units.filter(({ status, failures: all }) => status !== 'complete' && all.length === 0);
  const grouped = [
    ...groupBy(failures, ({ account, status, failure: { step, code, message } }) =>
      JSON.stringify([account.id, status, step, code, message]),
    ).values(),
  ];
  const rows = grouped.slice(0, LISTED).map((group): Row => {
    const { account, status, failure } = group[0]!;
    return {
      group: status,
      cells: [
        { body: markup`${accountName(account)}<small>${account.path.join('/')}</small>`, sort: account.name },
        { body: markup`<span class="badge status-${status}">${status}</span>`, sort: status },
        { body: group.map(({ region }) => region).join(', ') },
        { body: markup`<code>${failure.step}</code>`, sort: failure.step },
        { body: markup`<code>${failure.code}</code><small>${failure.message}</small>`, sort: failure.code },
        { body: failure.controls.join(', ') },
      ],
    };
  });
  for (const { account, region, status } of silent.slice(0, LISTED)) {
    const place = { body: markup`${accountName(account)}<small>${account.path.join('/')}</small>`, sort: account.name };
    const badge = { body: markup`<span class="badge status-${status}">${status}</span>`, sort: status };
    rows.push({
      group: status,
      cells: [place, badge, { body: region }, { body: '' }, { body: 'no reason was given' }, { body: '' }],
    });
  }
  const headings = ['Account', 'State', 'Regions', 'Step', 'What happened', 'Controls not evaluated'].map((label) => ({
    label,
  }));
  const rest = Math.max(grouped.length - LISTED, 0) + Math.max(silent.length - LISTED, 0);
  const accounts = new Set(units.filter(({ status }) => status !== 'complete').map(({ account }) => account.id)).size;
  return {
    id: 'coverage',
    title: 'Not read',
    count: accounts,
    body: markup`<article>
      <h2>What could not be read</h2>
      <div class="chooser" data-chooser="status" data-table="failure-table"></div>
      ${table('failure-table', headings, rows, 'Every account was read in full in every Region.')}${
        rest > 0
          ? markup`<p class="note">
              and ${counted(rest, 'more row', 'more rows')}, all of them in the JSON and CSV outputs
            </p>`
          : NONE
      }
    </article>`,
  };
}
