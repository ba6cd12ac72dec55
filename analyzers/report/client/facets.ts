/** What findings are chosen by: a group of values for each facet, with how many findings each would show. */
import type { WordColumn } from '../page/model.js';
import { browser, make, type DomElement } from './browser.js';
import { grouped, shown } from './looks.js';

/** Values of a facet that are listed at once; a field to type into finds the others. */
const LISTED = 60;
const WITH_FIELD = 9;

/** One group. */
export class FacetGroup {
  readonly element: DomElement;
  private readonly list: DomElement;
  private readonly note = make('p', { className: 'note' });
  private readonly reset: DomElement;
  private sought = '';
  private drawn: (() => void) | null = null;

  constructor(
    readonly column: WordColumn,
    private readonly onChange: (column: string, chosen: ReadonlySet<string> | null) => void,
  ) {
    const { label, id } = column;
    this.list = make('ul', { attributes: { 'aria-label': label } });
    this.reset = make('button', {
      className: 'reset',
      text: 'reset',
      attributes: { type: 'button', 'aria-label': `Reset ${label}` },
      onClick: (event) => {
        event.preventDefault();
        this.onChange(id, null);
        // The button has gone.
        this.element.querySelector('summary')?.focus();
      },
    });
    this.element = make('details', {
      className: 'facet',
      attributes: { 'data-facet': id },
      children: [
        make('summary', { children: [label, this.reset] }),
        ...(column.facet!.values.length > WITH_FIELD ? [this.field()] : []),
        this.list,
        this.note,
      ],
    });
    this.element.open = column.facet!.values.length <= WITH_FIELD || column.facet!.depths !== null;
  }

  /** Shows counts and choices. */
  show(counts: Uint32Array, chosen: ReadonlySet<string>, isInitial: boolean): void {
    this.drawn = () => {
      this.draw(counts, chosen);
    };
    this.reset.hidden = isInitial;
    if (!isInitial) this.element.open = true;
    this.drawn();
  }

  private draw(counts: Uint32Array, chosen: ReadonlySet<string>): void {
    const { values, labels, depths } = this.column.facet!;
    const sought = this.sought.toLowerCase();
    const fits = values
      .map((_, index) => index)
      .filter(
        (index) => (counts[index]! > 0 || chosen.has(values[index]!)) && values[index]!.toLowerCase().includes(sought),
      );
    // Few values keep their order; of many the most frequent ones are worth reading.
    if (depths === null && values.length > WITH_FIELD) {
      const isChosen = (index: number): number => (chosen.has(values[index]!) ? 1 : 0);
      fits.sort((a, b) => isChosen(b) - isChosen(a) || counts[b]! - counts[a]! || a - b);
    }
    const listed = fits.slice(0, LISTED);
    const focused = this.focusedValue();
    this.list.replaceChildren(
      ...listed.map((index) =>
        this.entry(values[index]!, labels?.[index] ?? values[index]!, depths?.[index] ?? 0, counts[index]!, chosen),
      ),
    );
    if (focused !== undefined) this.boxOf(focused)?.focus({ preventScroll: true });
    const rest = fits.length - listed.length;
    this.note.hidden = rest === 0 && fits.length > 0;
    this.note.textContent = fits.length === 0 ? 'no value fits' : `and ${grouped(rest)} more`;
  }

  /** The value whose box has the focus. */
  private focusedValue(): string | undefined {
    const { activeElement } = browser.document;
    return activeElement?.closest('.facet') === this.element ? activeElement.dataset['value'] : undefined;
  }

  private boxOf(value: string): DomElement | undefined {
    return [...this.list.querySelectorAll('input')].find(({ dataset }) => dataset['value'] === value);
  }

  private entry(value: string, label: string, depth: number, count: number, chosen: ReadonlySet<string>): DomElement {
    const box = make('input', { attributes: { type: 'checkbox' } });
    box.checked = chosen.has(value);
    box.dataset['value'] = value;
    box.addEventListener('change', () => {
      const next = new Set(chosen);
      if (box.checked) next.add(value);
      else next.delete(value);
      this.onChange(this.column.id, next);
    });
    const name = make('span', { className: 'name', text: shown(label), title: shown(value) });
    const number = make('span', { className: 'count', text: grouped(count) });
    return make('li', {
      className: `level-${Math.min(depth, 6)}`,
      children: [make('label', { children: [box, name, number] })],
    });
  }

  private field(): DomElement {
    const field = make('input', {
      attributes: { type: 'search', placeholder: 'Find…', 'aria-label': `Find in ${this.column.label}` },
    });
    field.addEventListener('input', () => {
      this.sought = field.value;
      this.drawn?.();
    });
    return field;
  }
}
