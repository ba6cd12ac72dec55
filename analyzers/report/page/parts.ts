/** Parts that several views consist of. */
import { type Severity, visible } from '../../../findings/index.js';
import { counted, number } from './document.js';
import { markup, type Markup, NONE } from './markup.js';

/** A number that stands out. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: 'error' | 'warning' | 'open' | 'good' | 'plain';
  /** The state of the page that shows what was counted, such as `view=findings&severity=error`. */
  readonly target: string;
}

/** A row of tiles, each of which leads to what it counts. */
export function tiles(all: readonly Tile[]): Markup {
  return markup`<div class="tiles">
    ${all.map(
      ({ label, value, note, tone, target }) =>
        markup`<a class="tile tone-${tone}" href="#${target}"
          ><span class="label">${label}</span><strong>${value}</strong><span class="note">${note}</span></a
        >`,
    )}
  </div>`;
}

/** The state of the page in which the findings with these values are listed. */
export function listing(filters: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(filters).flatMap(([name, values]) =>
    values.map((value) => `&${encodeURIComponent(name)}=${encodeURIComponent(visible(value))}`),
  );
  return `view=findings${parts.join('')}`;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** How many findings of each severity there are, as a bar; `most` fills it. */
export function severityBar(counts: Readonly<Record<Severity, number>>, most: number): Markup {
  const width = 160;
  let left = 0;
  const rects = SEVERITIES.map((severity) => {
    const share = most === 0 ? 0 : (counts[severity] / most) * width;
    const rect =
      share === 0
        ? NONE
        : markup`<rect class="fill-${severity}" x="${left.toFixed(2)}" y="0" width="${share.toFixed(2)}" height="8" />`;
    left += share;
    return rect;
  });
  const told = SEVERITIES.map((severity) => counted(counts[severity], severity)).join(', ');
  return markup`<svg
    class="bar"
    viewBox="0 0 ${width} 8"
    width="${width}"
    height="8"
    preserveAspectRatio="none"
    role="img"
    aria-label="${told}"
  >
    ${rects}
  </svg>`;
}

/** A column of a table that a reader can sort. */
export interface Heading {
  readonly label: string;
  readonly numeric?: boolean;
  /** Whether it holds bars, which small screens leave out. */
  readonly bars?: boolean;
}

/** What a cell shows, and what it sorts by when that is something else. */
export interface Shown {
  readonly body: Markup | string;
  readonly sort?: string | number;
}

/** A row of a table; `group` names what the page can choose rows by. */
export interface Row {
  readonly group?: string;
  readonly cells: readonly Shown[];
}

/** A table whose columns sort at a click. */
export function table(id: string, headings: readonly Heading[], rows: readonly Row[], empty: string): Markup {
  if (rows.length === 0) return markup`<p class="empty">${empty}</p>`;
  const head = headings.map(
    (heading) =>
      markup`<th scope="col"${classOf(heading)}>
        <button type="button" class="sort">${heading.label}</button>
      </th>`,
  );
  const body = rows.map(
    ({ group, cells }) =>
      markup`<tr${group === undefined ? NONE : markup` data-group="${group}"`}>${cells.map(
        ({ body: shown, sort }, column) =>
          markup`<td${classOf(headings[column]!)}${sort === undefined ? NONE : markup` data-sort="${sort}"`}>${shown}</td>`,
      )}</tr>\n`,
  );
  return markup`<div class="scroll">
    <table class="static" id="${id}">
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function classOf({ numeric, bars }: Heading): Markup {
  return numeric ? markup` class="number"` : bars ? markup` class="bars"` : NONE;
}

/** A sentence in which names stand between backticks: they become code. A backtick without a partner is text. */
export function sentence(text: string): Markup {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return markup`${text}`;
  return markup`${parts.map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`))}`;
}

/** A count that leads to what it counts; a dash for none. */
export function linkedCount(value: number, target: string): Shown {
  return {
    sort: value,
    body: value === 0 ? markup`<span class="nothing">–</span>` : markup`<a href="#${target}">${number(value)}</a>`,
  };
}

/** `21 Nov 2026, 06:00 UTC`; the text itself when it is no such time. */
export function timeText(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(iso);
  if (parts === null) return iso;
  const [, year, month, day, hour, minute] = parts;
  return `${dayText(Number(day), Number(month))} ${year!}, ${hour!}:${minute!} UTC`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21 Nov`. */
export function dayText(day: number, month: number): string {
  return `${day} ${MONTHS[month - 1] ?? String(month)}`;
}
