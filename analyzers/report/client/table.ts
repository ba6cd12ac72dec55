/**
 * The list of findings. Only the rows that are in sight exist; two rows without content keep the place of the others, so
 * that the page scrolls as if all were there.
 */
import { browser, make, type DomElement } from './browser.js';
import type { Findings } from './data.js';
import { badge, isPlain } from './looks.js';

/** Rows above and below of what is in sight. */
const SPARE = 12;
/** Browsers draw no element that is higher than some 17 million pixels (Firefox) or 33 million (Chromium). */
const MOST_ROWS = 150_000;
/** Rows that go to paper. */
const PRINTED = 1_000;

export interface TableEvents {
  open(row: number): void;
  sort(column: string): void;
  /** The address of one finding. */
  address(row: number): string;
}

export class FindingsTable {
  readonly element: DomElement;
  private readonly body = make('tbody');
  private readonly above = spacer();
  private readonly below = spacer();
  private readonly headings = new Map<string, DomElement>();
  private rows: Uint32Array = new Uint32Array(0);
  private first = -1;
  private last = -1;
  private selected = -1;

  constructor(
    private readonly findings: Findings,
    private readonly events: TableEvents,
  ) {
    const head = findings.data.cells.map(({ lines, style }) =>
      make('th', {
        className: `cell-${style}`,
        attributes: { scope: 'col' },
        children: lines.map((id) => this.heading(id)),
      }),
    );
    this.element = make('table', {
      className: 'findings',
      attributes: { 'aria-label': 'Findings' },
      children: [make('thead', { children: [make('tr', { children: head })] }), this.body],
    });
    this.body.addEventListener('click', (event) => {
      const line = (event.target as DomElement).closest('tr');
      const row = line?.dataset['row'];
      if (row === undefined) return;
      // With a key held, a link opens where the browser puts it.
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.events.open(Number(row));
    });
  }

  /** Shows these rows. */
  show(rows: Uint32Array, sort: string | null, isDescending: boolean): void {
    this.rows = rows;
    this.element.setAttribute('aria-rowcount', String(rows.length + 1));
    for (const [id, heading] of this.headings) {
      heading.classList.toggle('is-sorted', id === sort);
      heading.classList.toggle('is-descending', id === sort && isDescending);
      heading.setAttribute('aria-pressed', String(id === sort));
    }
    const { cells } = this.findings.data;
    for (const [index, cell] of [...this.element.querySelectorAll('thead th')].entries()) {
      markSorted(cell, sort !== null && cells[index]!.lines.includes(sort) ? isDescending : null);
    }
    this.first = -1;
    this.draw();
  }

  /** The rows of the list in their order. */
  get listed(): Iterable<number> {
    return this.rows;
  }

  /** Marks the finding that is open; -1 for none. */
  select(row: number): void {
    this.selected = row;
    this.first = -1;
    this.draw();
  }

  /** Draws the rows in sight, unless they are there. */
  draw(): void {
    const height = this.rowHeight();
    const top = this.body.getBoundingClientRect().top;
    const all = Math.min(this.rows.length, MOST_ROWS);
    const first = Math.max(0, Math.min(Math.floor(-top / height) - SPARE, all - 1));
    const last = Math.min(all, Math.ceil((browser.innerHeight - top) / height) + SPARE);
    if (first === this.first && last === this.last) return;
    const focused = browser.document.activeElement?.closest('tr')?.dataset['row'];
    this.put(first, Math.max(last, first), height);
    if (focused !== undefined) this.body.querySelector(`tr[data-row="${focused}"] a`)?.focus({ preventScroll: true });
  }

  /** Draws what goes to paper. @returns How many rows are left out. */
  drawForPrint(): number {
    const printed = Math.min(this.rows.length, PRINTED);
    this.put(0, printed, 0);
    return this.rows.length - printed;
  }

  /** The row that stands so many places behind another in the list; the nearest one at its ends, -1 in an empty list. */
  neighbour(row: number, distance: number): number {
    const at = this.rows.indexOf(row);
    const next = Math.max(0, Math.min((at < 0 ? -1 : at) + distance, this.rows.length - 1));
    return this.rows[next] ?? -1;
  }

  /** Position in the list from 1 on; 0 when the row is not in it. */
  positionOf(row: number): number {
    return this.rows.indexOf(row) + 1;
  }

  /** Brings a row into sight and gives it the focus. */
  reveal(row: number, isFocused: boolean): void {
    const at = this.rows.indexOf(row);
    if (at < 0) return;
    const height = this.rowHeight();
    const top = this.body.getBoundingClientRect().top + at * height;
    const room = 2 * height + 60;
    if (top < room || top + height > browser.innerHeight) {
      browser.scrollTo(0, browser.scrollY + top - browser.innerHeight / 3);
    }
    this.draw();
    if (isFocused) this.body.querySelector(`tr[data-row="${row}"] a`)?.focus({ preventScroll: true });
  }

  /** The row that has the focus; -1 for none. */
  focusedRow(): number {
    const row = browser.document.activeElement?.closest('tr')?.dataset['row'];
    return row === undefined ? -1 : Number(row);
  }

  /** As the style gives it: other widths of the window have other heights. */
  private rowHeight(): number {
    return browser.matchMedia('(max-width: 760px)').matches ? 98 : 46;
  }

  private put(first: number, last: number, height: number): void {
    this.first = first;
    this.last = last;
    this.above.style.height = `${first * height}px`;
    this.below.style.height = `${Math.max(0, (Math.min(this.rows.length, MOST_ROWS) - last) * height)}px`;
    const lines: DomElement[] = [];
    for (let at = first; at < last; at += 1) lines.push(this.line(at));
    this.body.replaceChildren(this.above, ...lines, this.below);
  }

  private line(at: number): DomElement {
    const row = this.rows[at]!;
    const cells = this.findings.data.cells.map(({ lines, style }) =>
      make('td', { className: `cell-${style}`, children: lines.flatMap((id, index) => this.cellLine(id, index, row)) }),
    );
    const line = make('tr', { className: row === this.selected ? 'is-open' : '', children: cells });
    line.setAttribute('aria-rowindex', String(at + 2));
    line.dataset['row'] = String(row);
    return line;
  }

  private cellLine(id: string, index: number, row: number): DomElement[] {
    const word = this.findings.text(id, row);
    if (isPlain(id, word) && index > 0) return this.findings.text('change', row) === 'new' ? [newTag()] : [];
    const className = index === 0 ? 'first' : 'second';
    if (id === 'resource') {
      return [make('a', { className, text: word, title: word, attributes: { href: this.events.address(row) } })];
    }
    return [make('span', { className, title: word, children: [badge(id, word)] })];
  }

  private heading(id: string): DomElement {
    const button = make('button', {
      className: 'sort',
      text: this.findings.column(id)!.label,
      attributes: { type: 'button', 'data-sort-by': id },
      onClick: () => {
        this.events.sort(id);
      },
    });
    this.headings.set(id, button);
    return button;
  }
}

/** Tells which way a heading's column is sorted; `null` when it is not (WAI-ARIA 1.2, `aria-sort`). */
export function markSorted(cell: DomElement, isDescending: boolean | null): void {
  if (isDescending === null) cell.removeAttribute('aria-sort');
  else cell.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
}

function newTag(): DomElement {
  return make('span', { className: 'second', children: [badge('change', 'new')] });
}

function spacer(): DomElement {
  return make('tr', { className: 'spacer', attributes: { 'aria-hidden': 'true' } });
}
