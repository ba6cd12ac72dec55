/** The page in a real browser: it filters, sorts, opens findings, follows its address, fetches nothing. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { countScan, reportAsHtml, scanAsHtml } from '../../../analyzers/report/index.js';
import { REPORTS } from '../../findings/sample.js';
import { browserPath, openPage, startBrowser, type Opened } from '../../support/browser.js';
import { sampleScan } from '../../support/scan.js';
import { csvRows } from './csv-reader.js';

const path = browserPath();

/**
 * Texts whose contrast with what is behind them is below 4.5 : 1 ("Contrast (Minimum)", WCAG 2.2). Colours that are partly
 * transparent are laid over what is below them.
 */
const FAINT_TEXT = `(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
  const over = (top, below) => top.rgb.map((part, at) => part * top.a + below[at] * (1 - top.a));
  const ground = (element) => {
    if (element === null) return [255, 255, 255];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own.rgb : over(own, ground(element.parentElement));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = new Set();
  let looked = 0;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === '' || element.closest('script, noscript, svg') || !element.checkVisibility()) continue;
    looked += 1;
    const below = ground(element);
    const [a, b] = [light(over(parse(getComputedStyle(element).color), below)), light(below)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.add(element.className + ' ' + contrast.toFixed(2));
  }
  return looked > 300 ? [...faint] : ['only ' + looked + ' texts'];
})()`;

if (path === null) {
  it('needs Chromium', () => {
    const told =
      'There is no Chromium: NOTHING OF THE REPORT WAS TRIED IN A BROWSER. Install it (apt-get install chromium).';
    console.error(told);
    if ((process.env['CI'] ?? '') !== '') throw new Error(told);
  });
} else {
  describe('in Chromium', () => {
    tests(path);
  });
}

function tests(executable: string): void {
  const plain = sampleScan({ accounts: 40, findings: 900 });
  const evil = '<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e';
  const scan = {
    ...plain,
    findings: plain.findings.map((finding, index) =>
      index === 0
        ? { ...finding, message: evil, help: evil, title: evil, account: { ...finding.account, name: evil } }
        : index === 1
          ? { ...finding, subject: '=1+1' }
          : finding,
    ),
  };
  const html = scanAsHtml(scan, [
    countScan(sampleScan({ accounts: 40, findings: 999, started: '2026-11-14T06:00:00Z' })),
  ]);
  const open = scan.findings.filter(({ archived }) => archived === null);
  let browser: Browser;
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser(executable);
    opened = await openPage(browser, html);
    page = opened.page;
  });

  afterAll(async () => {
    await browser.close();
  });

  const status = (): Promise<string | null> => page.textContent('.status');
  /** Comes back when the page has heard of the address and drawn. */
  const turnTo = (hash: string): Promise<void> =>
    page.evaluate(
      `new Promise((done) => {
        const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done()));
        if (location.hash === ${JSON.stringify(hash)}) drawn();
        else addEventListener('hashchange', drawn, { once: true });
        location.hash = ${JSON.stringify(hash)};
      })`,
    );
  const rows = (): Promise<string[]> => page.locator('.findings tbody tr:not(.spacer) a').allTextContents();
  const told = (count: number): string => `${count} of ${scan.findings.length} findings`;
  const box = (facet: string, value: string): Promise<void> =>
    page.click(`details[data-facet="${facet}"] input[data-value="${value}"]`);

  it('says of a scan without findings that there are none, and tells large numbers in groups', async () => {
    const none = await openPage(browser, scanAsHtml({ ...plain, findings: [] }, []));
    await none.page.evaluate("location.hash = '#view=findings'");
    await none.page.waitForSelector('text=There are no findings.');
    expect(await none.page.isVisible('text=No finding fits')).toBe(false);
    await none.page.close();
    const many = scanAsHtml(sampleScan({ accounts: 1200, findings: 3000 }), []);
    expect(many).toMatch(/1,200 accounts/);
    expect(many).not.toMatch(/1200 accounts/);
  });

  it('starts with the overview and its trend', async () => {
    expect(await page.isVisible('#view-overview .trend svg')).toBe(true);
    expect(await page.isVisible('#view-findings')).toBe(false);
    await page.click('.tile:nth-child(2)');
    expect(await status()).toBe(told(open.filter(({ severity }) => severity === 'error').length));
  });

  it('filters by value and by text, and keeps it in the address', async () => {
    await turnTo('#view=findings');
    expect(await status()).toBe(told(open.length));
    await box('reach', 'reachable');
    const reachable = open.filter(({ reach }) => reach?.verdict === 'reachable');
    expect(await status()).toBe(told(reachable.length));
    await page.fill('.toolbar input', 'kms:Decrypt eu-west-1');
    const found = reachable.filter(({ message, region }) => message.includes('kms:Decrypt') && region === 'eu-west-1');
    expect(found.length).toBeGreaterThan(0);
    expect(await status()).toBe(told(found.length));
    expect(await rows()).toStrictEqual(found.map(({ resource }) => resource.arn));
    expect(new URL(page.url()).hash).toBe('#view=findings&q=kms%3ADecrypt+eu-west-1&reach=reachable');
    await page.click('text=Reset filters');
    expect(await status()).toBe(told(open.length));
    await page.fill('.toolbar input', 'nothing has this');
    expect(await page.isVisible('text=No finding fits')).toBe(true);
  });

  it('chooses a unit with all that is below it', async () => {
    await turnTo('#view=organization');
    await page.click('#units >> text=Production');
    const below = open.filter(({ account }) => account.path[1] === 'Production');
    expect(await status()).toBe(told(below.length));
  });

  it('sorts both ways', async () => {
    await turnTo('#view=findings&state=*');
    const arns = scan.findings.map(({ resource }) => resource.arn).sort();
    await page.click('[data-sort-by=resource]');
    expect((await rows())[0]).toBe(arns[0]);
    await page.click('[data-sort-by=resource]');
    expect((await rows())[0]).toBe(arns.at(-1));
  });

  it('draws only the rows in sight, wherever it is scrolled to', async () => {
    await turnTo('#view=findings&state=*');
    expect((await rows()).length).toBeLessThan(60);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForSelector(`tr[data-row="${scan.findings.length - 1}"]`);
    expect((await rows()).length).toBeLessThan(60);
  });

  it('opens a finding by mouse and keys, and closes it', async () => {
    await turnTo('#view=findings&reach=cannot+tell');
    const listed = open.filter(({ reach }) => reach?.verdict === 'cannot-tell');
    // The test before has scrolled to the end.
    await page.evaluate('scrollTo(0, 0)');
    await page.waitForSelector('tr[data-row="0"]');
    await page.click('tr[data-row="0"]');
    const place = (): Promise<string | null> => page.textContent('#detail .place');
    expect(await place()).toBe(`1 of ${listed.length}`);
    expect(await page.textContent('#detail .mono')).toBe(listed[0]!.resource.arn);
    expect(page.url()).toContain(`finding=${listed[0]!.fingerprint}`);
    await page.keyboard.press('ArrowDown');
    expect(await place()).toBe(`2 of ${listed.length}`);
    expect(await page.textContent('#detail dl')).toContain(listed[1]!.fingerprint);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#detail')).toBe(false);
    expect(await page.evaluate('document.activeElement.textContent')).toBe(listed[1]!.resource.arn);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });

  it('comes back to what the address names, also when it goes back', async () => {
    const { fingerprint, resource } = open[3]!;
    await turnTo(`#view=findings&severity=error&finding=${fingerprint}`);
    expect(await page.textContent('#detail .mono')).toBe(resource.arn);
    expect(await page.isChecked('input[data-value="error"]')).toBe(true);
    await turnTo('#view=controls&verdict=PASS');
    expect(await page.locator('#control-table tbody tr:visible').count()).toBe(2);
    await page.goBack();
    expect(await page.textContent('#detail .mono')).toBe(resource.arn);
  });

  it('keeps the focus on what was pressed, or gives it to what comes next', async () => {
    await turnTo('#view=findings');
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.dataset.value ?? document.activeElement.textContent');
    await page.focus('details[data-facet="severity"] input[data-value="error"]');
    await page.keyboard.press('Space');
    expect(await focused()).toBe('error');
    expect(page.url()).toContain('severity=error');
    await page.keyboard.press('Space');
    expect(await focused()).toBe('error');
    await page.focus('details[data-facet="severity"] .reset');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Severityreset');
    await page.focus('.findings tbody tr:not(.spacer) a');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('detail');
    await page.focus('#detail [aria-label="Next finding"]');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#detail .place')).toBe(`3 of ${open.length}`);
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Next finding');
    await page.focus('#detail dd .choice');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.click('text=Reset filters');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });

  it('sorts by keys, and tells the order', async () => {
    await turnTo('#view=findings&state=*');
    const orders = (table: string): Promise<unknown> =>
      page.evaluate(
        `[...document.querySelectorAll('${table} thead th')].map((cell) => cell.getAttribute('aria-sort'))`,
      );
    await page.focus('[data-sort-by=message]');
    await page.keyboard.press('Enter');
    expect(await orders('.findings')).toStrictEqual([null, null, 'ascending', null, null, null]);
    await page.keyboard.press('Enter');
    expect(await orders('.findings')).toStrictEqual([null, null, 'descending', null, null, null]);
    await page.focus('[data-sort-by=severity]');
    await page.keyboard.press('Space');
    expect(await orders('.findings')).toStrictEqual(['ascending', null, null, null, null, null]);
    await turnTo('#view=controls');
    await page.focus('#control-table thead th:nth-child(1) button');
    await page.keyboard.press('Enter');
    expect(await orders('#control-table')).toStrictEqual(['ascending', null, null, null]);
    await page.focus('#control-table thead th:nth-child(4) button');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await orders('#control-table')).toStrictEqual([null, null, null, 'descending']);
  });

  it('copies a finding as text', async () => {
    const { fingerprint, resource, help } = open[3]!;
    await turnTo(`#view=findings&finding=${fingerprint}`);
    await page.click('#detail >> text=Copy');
    await page.waitForSelector('#detail .told:text("copied")');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Copy');
    // A field of several lines to paste into.
    await page.evaluate(`document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))`);
    await page.focus('#pasted');
    await page.keyboard.press('Control+v');
    const text = await page.inputValue('#pasted');
    await page.evaluate("document.getElementById('pasted').remove()");
    for (const part of [`Resource: ${resource.arn}`, `How to mend it:\n${help}`, `Fingerprint: ${fingerprint}`]) {
      expect(text).toContain(part);
    }
  });

  it('saves the list as it is filtered and sorted, and no formula in it', async () => {
    await turnTo('#view=findings&severity=error&severity=warning&state=*&sort=resource&dir=desc');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save as CSV')]);
    expect(download.suggestedFilename()).toBe('findings.csv');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.startsWith('\ufeff')).toBe(true);
    const [head, ...lines] = csvRows(text.slice(1));
    const wanted = scan.findings.filter(({ severity }) => severity !== 'info');
    expect(lines.map((cells) => cells[head!.indexOf('resource')])).toStrictEqual(
      wanted
        .map(({ resource }) => resource.arn)
        .sort()
        .reverse(),
    );
    expect(lines.map((cells) => cells[head!.indexOf('fingerprint')]).sort()).toStrictEqual(
      wanted.map(({ fingerprint }) => fingerprint).sort(),
    );
    expect(lines.flat().filter((cell) => cell === "'=1+1")).toHaveLength(1);
    expect(lines.flat().filter((cell) => /^[=+@-]/.test(cell))).toStrictEqual([]);
  });

  it('shows hostile text as text', async () => {
    await turnTo(`#view=findings&state=*&finding=${scan.findings[0]!.fingerprint}`);
    expect(await page.textContent('#detail h2')).toBe(evil.replace('\u202e', '\\u202e'));
    expect(await page.locator('#detail img, .findings img, #detail script').count()).toBe(0);
  });

  it('prints every view, and rows that are not in sight', async () => {
    await turnTo('#view=overview');
    // The width of paper, at which a screen has no room for Regions.
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('section.view:visible').count()).toBe(5);
    expect((await rows()).length).toBeGreaterThan(700);
    expect(await page.isVisible('.filters')).toBe(false);
    expect(await page.isVisible(`.only-print:text("${told(open.length)}. State: open")`)).toBe(true);
    expect(await page.isVisible('.findings tbody .cell-narrow >> nth=0')).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });

  it('keeps within a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const view of ['overview', 'findings', 'organization', 'controls', 'coverage']) {
      await turnTo(`#view=${view}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    }
  });

  it('keeps every column in sight when names are long', async () => {
    const name = 'x'.repeat(128);
    const long = { ...plain, findings: plain.findings.map((one) => ({ ...one, checkId: name })) };
    const units = plain.units.map((unit) => ({ ...unit, account: { ...unit.account, name, path: [name, name] } }));
    const { page: other } = await openPage(browser, scanAsHtml({ ...long, units }));
    for (const id of ['where', 'units', 'failure-table']) {
      await other.evaluate(`document.getElementById('${id}').closest('section').classList.add('is-shown')`);
      const room = `(() => { const { scrollWidth, clientWidth } = document.getElementById('${id}').parentElement; return scrollWidth - clientWidth; })()`;
      expect([id, await other.evaluate(room)]).toStrictEqual([id, 0]);
    }
    await other.close();
  });

  it.each(['light', 'dark'] as const)('has text that stands out of its ground, %s', async (colorScheme) => {
    const fingerprint = open[3]!.fingerprint;
    const { page: other } = await openPage(browser, html, {
      colorScheme,
      hash: `#view=findings&finding=${fingerprint}`,
    });
    await other.evaluate("document.querySelectorAll('section').forEach((one) => one.classList.add('is-shown'))");
    const faint = await other.evaluate(FAINT_TEXT);
    expect(faint).toStrictEqual([]);
    await other.close();
  });

  it('asked for nothing and complained of nothing', () => {
    expect(opened.requests).toStrictEqual([]);
    expect(opened.complaints).toStrictEqual([]);
  });

  it('lists the findings of a check, and opens one', async () => {
    const report = REPORTS['full']!;
    const { page: other, complaints } = await openPage(browser, reportAsHtml(report));
    const left = report.findings.filter(({ waived }) => waived === null);
    const first = left.find(({ severity }) => severity === 'error')!;
    expect(await other.textContent('.status')).toBe(`${left.length} of ${report.findings.length} findings`);
    await other.click('.findings tbody tr:nth-child(2)');
    expect(await other.textContent('#detail dl')).toContain(first.fingerprint);
    // Names between backticks are told apart by their letters.
    expect(await other.textContent('#detail .body > .prose code')).toBe(first.message.split('`')[1]);
    expect(complaints).toStrictEqual([]);
    await other.close();
  });

  it('runs nothing but its own script, even if markup got in', async () => {
    const {
      page: other,
      complaints,
      requests,
    } = await openPage(
      browser,
      html.replace(
        '<div id="findings">',
        '<img src="https://evil.invalid/x" onerror="alert(1)"><script>alert(2)</script><div id="findings">',
      ),
      { hash: '#view=findings' },
    );
    expect(await other.textContent('.status')).toBe(told(open.length));
    expect(requests).toStrictEqual([]);
    expect(complaints.filter((text) => text.startsWith('dialog'))).toStrictEqual([]);
    expect(complaints.join('\n')).toContain('Content Security Policy');
    await other.close();
  });
}
