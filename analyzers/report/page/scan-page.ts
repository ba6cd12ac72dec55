/** The page of a scan of an organization. */
import type { Scan } from '../../scan/index.js';
import { countScan, extent, openCount, type ScanCounts } from '../counts.js';
import { controls, coverage } from './controls.js';
import { counted, document } from './document.js';
import { markup } from './markup.js';
import { organization } from './organization.js';
import { overview } from './overview.js';
import { timeText } from './parts.js';
import { scanData } from './scan-data.js';

/**
 * Writes a scan as one page of HTML that fetches nothing: overview, findings, organizational units, controls and what could
 * not be read, with a trend when there are earlier scans.
 *
 * @param earlier - Counts of earlier scans in any order; those that are not earlier than the scan are left out.
 */
export function scanAsHtml(scan: Scan, earlier: readonly ScanCounts[] = []): string {
  const counts = countScan(scan);
  const history = historyOf(counts, earlier);
  const { accounts, regions } = extent(scan);
  return document({
    title: `${scan.organization.id}: scan of ${timeText(scan.started)}`,
    heading: `Organization ${scan.organization.id}`,
    facts: [
      timeText(scan.started),
      counted(accounts, 'account'),
      counted(regions, 'Region'),
      `${scan.tool.name} ${scan.tool.version}`,
    ],
    views: [
      overview(scan, counts, history),
      { id: 'findings', title: 'Findings', count: openCount(counts), body: FINDINGS },
      organization(scan),
      controls(scan),
      coverage(scan),
    ],
    data: scanData(scan),
  });
}

/** Where the script puts the list of findings. */
const FINDINGS = markup`<h2 class="only-print">Findings</h2><div id="findings"></div>`;

function historyOf(counts: ScanCounts, earlier: readonly ScanCounts[]): readonly ScanCounts[] {
  const now = Date.parse(counts.started);
  const before = earlier.filter(({ started }) => Date.parse(started) < now);
  return [...before.sort((a, b) => Date.parse(a.started) - Date.parse(b.started)), counts];
}
