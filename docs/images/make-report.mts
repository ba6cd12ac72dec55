/**
 * Takes the picture of a report for the README: `node test/support/run.mjs docs/images/make-report.mts`. The scan is made
 * up; the page is what `stackade scan org --format html` writes.
 */
import { join } from 'node:path';
import { countScan, scanAsHtml } from '../../analyzers/report/index.js';
import { browserPath, openPage, startBrowser } from '../../test/support/browser.js';
import { repositoryRoot } from '../../test/support/repository.js';
import { sampleScan } from '../../test/support/scan.js';

const FINDINGS = 1_480;
const WEEK_MS = 7 * 24 * 3_600_000;

const path = browserPath();
if (path === null) throw new Error('There is no Chromium to take a picture with.');
const scan = sampleScan({ accounts: 120, findings: FINDINGS });
const earlier = Array.from({ length: 9 }, (_, index) => {
  const weeks = index + 1;
  const started = new Date(Date.parse(scan.started) - weeks * WEEK_MS).toISOString();
  const findings = Math.round(FINDINGS * (1 + weeks * 0.045 + (weeks % 3) * 0.05));
  return countScan(sampleScan({ accounts: 110, findings, seed: weeks + 1, started }));
});
const browser = await startBrowser(path);
const { page } = await openPage(browser, scanAsHtml(scan, earlier), { width: 1_280, height: 860 });
await page.screenshot({ path: join(repositoryRoot(), 'docs/images/scan-report.png') });
await browser.close();
