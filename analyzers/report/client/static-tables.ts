/** The other tables of the page: their rows stand in the document; here they learn to sort, and to show a part of them. */
import { browser, existing, make, type DomElement } from './browser.js';
import { grouped } from './looks.js';
import { markSorted } from './table.js';

/** Lets every table of the document sort by a click on a heading. */
export function makeSortable(): void {
  for (const table of browser.document.querySelectorAll('table.static')) {
    for (const [column, button] of [...table.querySelectorAll('thead button')].entries()) {
      button.addEventListener('click', () => {
        const isDescending = button.classList.contains('is-sorted') && !button.classList.contains('is-descending');
        for (const other of table.querySelectorAll('thead button')) {
          other.classList.toggle('is-sorted', other === button);
          other.classList.toggle('is-descending', other === button && isDescending);
          markSorted(other.closest('th')!, other === button ? isDescending : null);
        }
        sortRows(table.querySelector('tbody')!, column, isDescending);
      });
    }
  }
}

function sortRows(body: DomElement, column: number, isDescending: boolean): void {
  const rows = [...body.querySelectorAll('tr')].map((row, position) => ({ row, position, key: keyOf(row, column) }));
  const direction = isDescending ? -1 : 1;
  rows.sort((a, b) => direction * compare(a.key, b.key) || a.position - b.position);
  body.replaceChildren(...rows.map(({ row }) => row));
}

function keyOf(row: DomElement, column: number): string | number {
  const cell = [...row.querySelectorAll('td')][column];
  const text = cell?.dataset['sort'] ?? cell?.textContent ?? '';
  return cell?.classList.contains('number') === true ? Number(text) : text;
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Buttons that show the rows of one group of a table. */
export class Chooser {
  readonly name: string;
  private readonly rows: readonly DomElement[];
  private readonly buttons = new Map<string, DomElement>();

  constructor(place: DomElement, onChoose: (name: string, group: string | null) => void) {
    this.name = place.dataset['chooser']!;
    const table = browser.document.getElementById(place.dataset['table']!);
    this.rows = table === null ? [] : [...table.querySelectorAll('tbody tr')];
    const counts = new Map<string, number>();
    for (const { dataset } of this.rows) {
      const group = dataset['group'] ?? '';
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    if (counts.size < 2) return;
    const button = (label: string, group: string | null, count: number): DomElement =>
      make('button', {
        className: 'pick',
        attributes: { type: 'button' },
        children: [label, make('span', { className: 'count', text: grouped(count) })],
        onClick: () => {
          onChoose(this.name, group);
        },
      });
    this.buttons.set('', button('all', null, this.rows.length));
    for (const [group, count] of counts) this.buttons.set(group, button(group, group, count));
    place.replaceChildren(...this.buttons.values());
  }

  /** Shows one group; all when there is no such group. */
  show(group: string | undefined): void {
    const chosen = group !== undefined && this.buttons.has(group) ? group : '';
    for (const [name, button] of this.buttons) button.setAttribute('aria-pressed', String(name === chosen));
    for (const row of this.rows) row.hidden = chosen !== '' && row.dataset['group'] !== chosen;
  }
}

/** All choosers of the page. */
export function choosers(onChoose: (name: string, group: string | null) => void): readonly Chooser[] {
  const places = [...existing('main').querySelectorAll('.chooser')];
  return places.map((place) => new Chooser(place, onChoose));
}
