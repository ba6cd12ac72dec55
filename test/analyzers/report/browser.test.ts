/** The page in a real browser: it filters, sorts, opens findings, follows its address, fetches nothing. */
import type { Browser, Page } from 'playwright-core';
import { countScan, reportAsHtml, scanAsHtml } from '../../../analyzers/report/index.js';
import { REPORTS } from '../../findings/sample.js';
import { browserPath, openPage, startBrowser, type Opened } from '../../support/browser.js';
import { sampleScan } from '../../support/scan.js';

const path = browserPath();

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

  it('shows hostile text as text', async () => {
    await turnTo(`#view=findings&state=*&finding=${scan.findings[0]!.fingerprint}`);
    expect(await page.textContent('#detail h2')).toBe(evil.replace('\u202e', '\\u202e'));
    expect(await page.locator('#detail img, .findings img, #detail script').count()).toBe(0);
  });

  it('prints every view, and rows that are not in sight', async () => {
    await turnTo('#view=overview');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('section.view:visible').count()).toBe(5);
    expect((await rows()).length).toBeGreaterThan(700);
    expect(await page.isVisible('.filters')).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });

  it('keeps within a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const view of ['overview', 'findings', 'organization', 'controls', 'coverage']) {
      await turnTo(`#view=${view}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    }
  });

  it('asked for nothing and complained of nothing', () => {
    expect(opened.requests).toStrictEqual([]);
    expect(opened.complaints).toStrictEqual([]);
  });

  it('lists the findings of a check, and opens one', async () => {
    const report = REPORTS['full']!;
    const { page: other, complaints } = await openPage(browser, reportAsHtml(report));
    const left = report.findings.filter(({ waived }) => waived === null);
    expect(await other.textContent('.status')).toBe(`${left.length} of ${report.findings.length} findings`);
    await other.click('.findings tbody tr:nth-child(2)');
    expect(await other.textContent('#detail dl')).toContain(left[0]!.fingerprint);
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
