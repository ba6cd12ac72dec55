/** A browser for tests and benches of pages: the Chromium of the system, driven by playwright-core. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a browser is; `null` when there is none. `CHROMIUM` names another one. */
export function browserPath(): string | null {
  return [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path)) ?? null;
}

/** Starts it. @param path - From {@link browserPath}. */
export function startBrowser(path: string): Promise<Browser> {
  // Chromium's own sandbox does not start for root, as in most containers; the pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: path, args });
}

/** A page that is open, and what it did that it must not do. */
export interface Opened {
  readonly page: Page;
  /** Addresses that it asked for, besides its own. */
  readonly requests: string[];
  /** Errors, and what it wrote to the console: breaches of its policy among them. */
  readonly complaints: string[];
}

/** The address at which {@link openPage} serves. */
export const ADDRESS = 'http://report.invalid/';

/** Opens a document. @param hash - State of the page. */
export async function openPage(
  browser: Browser,
  html: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly hash?: string;
    readonly colorScheme?: 'light' | 'dark';
  } = {},
): Promise<Opened> {
  const { width = 1440, height = 900, hash = '', colorScheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route('**/*', (route) => {
    if (route.request().url().split('#')[0] === ADDRESS) {
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    }
    requests.push(route.request().url());
    return route.abort();
  });
  await page.goto(`${ADDRESS}${hash}`);
  return { page, requests, complaints };
}
