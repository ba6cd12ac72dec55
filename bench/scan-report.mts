/** The page of a scan with 100,000 findings: written, opened, filtered, sorted; measured in the browser. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { countScan, scanAsHtml } from '../analyzers/report/index.js';
import { browserPath, startBrowser } from '../test/support/browser.js';
import { sampleScan } from '../test/support/scan.js';
import type { Row } from './report.mjs';

const FINDINGS = 100_000;
const GOAL = 'under 2 s';

/** @returns No rows when there is no browser. */
export async function scanReport(work: string): Promise<Row[]> {
  const path = browserPath();
  if (path === null) {
    console.error('There is no Chromium: the page of a scan is not measured.');
    return [];
  }
  const scan = sampleScan({ accounts: 1_000, findings: FINDINGS });
  const started = performance.now();
  const html = scanAsHtml(scan, [countScan(scan)]);
  const written = performance.now() - started;
  const size = `${FINDINGS} findings, 1000 accounts, ${Math.round(html.length / 1_048_576)} MiB`;
  const rows: Row[] = [{ what: 'Page of a scan, written', size, result: seconds(written) }];
  const browser = await startBrowser(path);
  try {
    const file = join(work, 'report.html');
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${pathToFileURL(file).href}#view=findings`);
    // From the start of the navigation until the rows are drawn: the script, which does that, runs before this event.
    const opened = await page.evaluate<number>('performance.getEntriesByType("navigation")[0].loadEventEnd');
    rows.push({ what: 'Page of a scan, opened in Chromium', size, result: seconds(opened), goal: GOAL });
    /** Until the next frame after the step, so that layout and drawing count. */
    const timed = (step: string): Promise<number> =>
      page.evaluate<number>(`new Promise((done) => {
        const from = performance.now();
        ${step};
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
      })`);
    const search = (text: string): string =>
      `const field = document.querySelector('.toolbar input'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event('input'))`;
    const steps: readonly (readonly [string, string])[] = [
      ['by a value', `document.querySelector('input[data-value="reachable"]').click()`],
      ['by text, first letters', search('kms')],
      ['by text', search('kms:Decrypt payments')],
      [
        'reset',
        `[...document.querySelectorAll('button')].find((button) => button.textContent === 'Reset filters').click()`,
      ],
    ];
    for (const [name, step] of steps) {
      rows.push({ what: `Page of a scan, filtered ${name}`, size, result: seconds(await timed(step)), goal: GOAL });
    }
    const sorted = await timed(`document.querySelector('[data-sort-by=resource]').click()`);
    rows.push({ what: 'Page of a scan, sorted by resource', size, result: seconds(sorted), goal: GOAL });
    const scrolled = await timed('scrollTo(0, document.documentElement.scrollHeight / 2)');
    rows.push({ what: 'Page of a scan, scrolled to the middle', size, result: seconds(scrolled), goal: GOAL });
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  } finally {
    await browser.close();
  }
  return rows;
}

function seconds(ms: number): string {
  return `**${(ms / 1_000).toFixed(2)} s**`;
}
