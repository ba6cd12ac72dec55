/**
 * The document around a report: one file that fetches nothing. Its Content Security Policy names the hashes of its own
 * script and style, so that nothing else runs even if markup got in, and asks for Trusted Types, which the script has no
 * use for ("Content Security Policy Level 3" and "Trusted Types", W3C).
 */
import { createHash } from 'node:crypto';
import { jsonLine } from '../../../findings/index.js';
import { SCRIPT, STYLE } from './assets.js';
import { markup, Markup, NONE } from './markup.js';
import type { PageData } from './model.js';

/** A part of the page that a reader turns to. */
export interface View {
  /** Name in the address. */
  readonly id: string;
  readonly title: string;
  /** A number beside the title; `null` when there is none. */
  readonly count: number | null;
  readonly body: Markup;
}

/** What a page consists of. */
export interface Page {
  readonly title: string;
  readonly heading: string;
  /** What was looked at, when and by what. */
  readonly facts: readonly string[];
  readonly views: readonly View[];
  readonly data: PageData;
}

/** Writes a page. */
export function document({ title, heading, facts, views, data }: Page): string {
  const policy = [
    `default-src 'none'`,
    `script-src '${hash(SCRIPT)}'`,
    `style-src '${hash(STYLE)}'`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');
  const head = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>`;
  const links = views.map(
    ({ id, title: name, count }) =>
      markup`<a href="#view=${id}" data-view="${id}">${name}${count === null ? NONE : markup` <span class="count">${number(count)}</span>`}</a>`,
  );
  const sections = views.map(
    ({ id, title: name, body }) =>
      markup`<section class="view" id="view-${id}" aria-label="${name}">${body}</section>\n`,
  );
  return markup`${head}
<body>
<a class="skip" href="#main">Skip to the report</a>
<header class="top">
<div class="brand">${SHIELD}<div><h1>${heading}</h1><p class="facts">${facts.map((fact) => markup`<span>${fact}</span>`)}</p></div></div>
<nav aria-label="Views">${links}</nav>
</header>
<noscript><p class="note">The list of findings needs JavaScript; everything else is shown below.</p></noscript>
<main id="main" tabindex="-1">
${sections}</main>
<aside id="detail" aria-label="Finding" tabindex="-1" hidden></aside>
<script type="application/json" id="data">${new Markup(inert(data))}</script>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.text;
}

const SHIELD = markup`<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path d="M12 1.8 3.5 5v6.2c0 5.3 3.5 9.3 8.5 11 5-1.7 8.5-5.7 8.5-11V5z"/><path class="bars" d="M8 15.5V12m4 3.5V8.2m4 7.3v-5"/></svg>`;

/** JSON that no HTML parser sees an end of the element in, nor the start of a comment. */
function inert({ rows, columns, cells, details }: PageData): string {
  // Column by column, because a text of ASCII alone is made safe much faster, and most columns are.
  const parts = columns.map((column) => jsonLine(column).replaceAll('<', '\\u003c'));
  const rest = jsonLine({ rows, cells, details }).slice(1).replaceAll('<', '\\u003c');
  return `{"columns":[${parts.join(',\n')}],${rest}`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** `1,234`. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 error`, `2,000 errors`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}
