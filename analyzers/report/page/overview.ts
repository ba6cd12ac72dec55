/** What a reader sees first: how much, since when, where, and of which kind. */
import type { Scan, ScanFinding } from '../../scan/index.js';
import { bySeverity, groupBy, isOpen, openCount, type ScanCounts } from '../counts.js';
import { verdictBadge, VERDICTS, verdictText } from './controls.js';
import { counted, number, type View } from './document.js';
import { markup, type Markup, NONE } from './markup.js';
import { reachable, unitTable } from './organization.js';
import { linkedCount, listing, type Row, severityBar, table, type Tile, tiles, timeText } from './parts.js';
import { trend } from './trend.js';

/** Checks that the overview names. */
const TOP = 8;

/** @param history - Counts of scans up to this one, sorted by time. */
export function overview(scan: Scan, counts: ScanCounts, history: readonly ScanCounts[]): View {
  const open = scan.findings.filter(isOpen);
  const chart =
    history.length < 2 ? markup`<p class="empty">A trend is drawn from the second scan on.</p>` : trend(history);
  return {
    id: 'overview',
    title: 'Overview',
    count: null,
    body: markup`${tiles(overviewTiles(scan, counts, history.at(-2)))}
      <div class="grid two-one">
        <article>
          <h2>Open findings over time</h2>
          ${chart}
        </article>
        <article>
          <h2>Since the last scan</h2>
          ${changes(scan)}
          <h2>Controls</h2>
          ${verdicts(counts)}
        </article>
      </div>
      <div class="grid halves">
        <article>
          <h2>Where</h2>
          ${unitTable(open, scan.units, 'where', true)}
        </article>
        <article>
          <h2>What</h2>
          ${checkTable(open)}
        </article>
      </div>`,
  };
}

function overviewTiles(scan: Scan, counts: ScanCounts, last: ScanCounts | undefined): Tile[] {
  const { bySeverity, byReach, controls: verdictCounts, units, archived } = counts;
  const open = openCount(counts);
  const incomplete = units.partial + units.failed + units.skipped;
  const judged = verdictCounts.PASS + verdictCounts.FAIL;
  return [
    {
      label: 'Open findings',
      value: number(open),
      note:
        last === undefined
          ? `${number(archived)} archived`
          : `${difference(open - openCount(last))} since the last scan`,
      tone: open === 0 && incomplete === 0 ? 'good' : 'plain',
      target: 'view=findings',
    },
    {
      label: 'Errors',
      value: number(bySeverity.error),
      note: `${counted(bySeverity.warning, 'warning')}, ${counted(bySeverity.info, 'info', 'infos')}`,
      tone: bySeverity.error > 0 ? 'error' : 'plain',
      target: listing({ severity: ['error'] }),
    },
    {
      label: 'Reachable',
      value: number(byReach.reachable),
      note: `${number(byReach.blocked)} blocked, ${number(byReach['cannot-tell'])} cannot tell`,
      tone: byReach.reachable > 0 ? 'error' : 'plain',
      target: listing({ reach: ['reachable'] }),
    },
    {
      label: 'Controls that fail',
      value: number(verdictCounts.FAIL),
      note: `of ${number(judged)} judged`,
      tone: verdictCounts.FAIL > 0 ? 'warning' : 'plain',
      target: 'view=controls&verdict=FAIL',
    },
    {
      label: 'Not evaluated',
      value: number(verdictCounts.NOT_EVALUATED),
      note: counted(scan.controls.length, 'control in all', 'controls in all'),
      tone: verdictCounts.NOT_EVALUATED > 0 ? 'open' : 'plain',
      target: 'view=controls&verdict=NOT+EVALUATED',
    },
    {
      label: 'Read in full',
      value: share(units.complete, scan.units.length),
      note:
        incomplete === 0
          ? 'every account in every Region'
          : `${number(incomplete)} of ${number(scan.units.length)} account-Regions are not`,
      tone: incomplete > 0 || scan.units.length === 0 ? 'open' : 'good',
      target: 'view=coverage',
    },
  ];
}

/** Never `100 %` of what is not whole. */
function share(part: number, whole: number): string {
  return whole === 0 ? 'nothing' : `${Math.floor((part / whole) * 1_000) / 10} %`;
}

function difference(value: number): string {
  return value === 0 ? 'no change' : value > 0 ? `+${number(value)}` : `−${number(-value)}`;
}

function changes({ changes: since }: Scan): Markup {
  if (since === null) return markup`<p class="empty">There is no earlier scan to compare with.</p>`;
  return markup`<dl class="pair">
      <div>
        <dt>new</dt>
        <dd>${linkedCount(since.appeared.length, listing({ change: ['new'], state: ['*'] })).body}</dd>
      </div>
      <div>
        <dt>gone</dt>
        <dd>${number(since.gone.length)}</dd>
      </div>
    </dl>
    <p class="note">compared with ${timeText(since.since)}</p>`;
}

function verdicts({ controls: of }: ScanCounts): Markup {
  const items = VERDICTS.map(
    (verdict) =>
      markup`<li>
        <a href="#view=controls&amp;verdict=${verdictText(verdict).replace(' ', '+')}">${verdictBadge(verdict)}</a
        ><span>${number(of[verdict])}</span>
      </li>`,
  );
  return markup`<ul class="verdicts">
    ${items}
  </ul>`;
}

function checkTable(open: readonly ScanFinding[]): Markup {
  const all = [...groupBy(open, ({ checkId }) => checkId)].sort(([, a], [, b]) => b.length - a.length);
  const most = all[0]?.[1].length ?? 0;
  const rows = all.slice(0, TOP).map(([check, findings]): Row => {
    const accounts = new Set(findings.map(({ account }) => account.id)).size;
    return {
      cells: [
        {
          body: markup`<a href="#${listing({ check: [check] })}">${check}</a><small>${findings[0]!.title}</small>`,
          sort: check,
        },
        { body: severityBar(bySeverity(findings), most), sort: findings.length },
        linkedCount(findings.length, listing({ check: [check] })),
        linkedCount(reachable(findings), listing({ check: [check], reach: ['reachable'] })),
        { body: number(accounts), sort: accounts },
      ],
    };
  });
  const headings = [
    { label: 'Check' },
    { label: 'Severity', bars: true },
    { label: 'Findings', numeric: true },
    { label: 'Reachable', numeric: true },
    { label: 'Accounts', numeric: true },
  ];
  const rest = all.length - rows.length;
  return markup`${table('what', headings, rows, 'No open findings.')}${rest > 0 ? markup`<p class="note">and ${counted(rest, 'more check', 'more checks')} under <a href="#view=findings">Findings</a></p>` : NONE}`;
}
