/** One finding in full, beside the list. */
import { existing, make, type DomElement } from './browser.js';
import type { Findings } from './data.js';
import { copy, findingText } from './export.js';
import { badge, grouped, sentence, shown } from './looks.js';

export interface DetailEvents {
  close(): void;
  step(distance: number): void;
  /** Lists the findings with this value. */
  choose(column: string, value: string): void;
}

export class Detail {
  private readonly panel = existing('detail');
  private readonly place = make('span', { className: 'place', attributes: { role: 'status' } });
  private readonly copied = make('span', { className: 'told', attributes: { role: 'status' } });
  private readonly body = make('div', {
    className: 'body',
    attributes: { tabindex: '0', role: 'group', 'aria-label': 'Finding' },
  });
  private row = -1;

  /** The bar stays while findings change, so that a button that was pressed keeps the focus. */
  constructor(
    private readonly findings: Findings,
    private readonly events: DetailEvents,
  ) {
    const copyButton = make('button', {
      className: 'pick',
      text: 'Copy',
      title: 'Copy the finding as text',
      attributes: { type: 'button' },
      onClick: () => void this.copy(),
    });
    const bar = make('div', {
      className: 'bar',
      children: [
        this.button('Previous finding', '↑', () => {
          this.events.step(-1);
        }),
        this.button('Next finding', '↓', () => {
          this.events.step(1);
        }),
        this.place,
        this.copied,
        copyButton,
        this.button('Close', '✕', () => {
          this.events.close();
        }),
      ],
    });
    this.panel.replaceChildren(bar, this.body);
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  close(): void {
    this.panel.hidden = true;
    this.row = -1;
    this.body.replaceChildren();
  }

  /** @param position - From 1 on; 0 when the finding is not in the list. */
  open(row: number, position: number, count: number): void {
    const text = (id: string): string => this.findings.text(id, row);
    if (row !== this.row) this.copied.textContent = '';
    this.row = row;
    this.place.textContent = position === 0 ? 'not in the list' : `${grouped(position)} of ${grouped(count)}`;
    const help = text('help');
    this.body.replaceChildren(
      make('p', {
        className: 'badges',
        children: ['severity', 'reach', 'change', 'state']
          .map((id) => badge(id, text(id)))
          .filter((part) => typeof part !== 'string'),
      }),
      make('h2', { text: text('title') }),
      make('p', { className: 'prose', children: sentence(text('message')) }),
      ...(help === '' ? [] : [make('h3', { text: 'How to mend it' }), make('pre', { className: 'prose', text: help })]),
      make('dl', { children: this.findings.data.details.flatMap((id) => this.entry(id, row)) }),
    );
    this.panel.hidden = false;
  }

  private async copy(): Promise<void> {
    const isDone = await copy(findingText(this.findings, this.row));
    this.copied.textContent = isDone ? 'copied' : 'the browser does not let it';
  }

  focus(): void {
    this.panel.focus({ preventScroll: true });
  }

  private entry(id: string, row: number): DomElement[] {
    const column = this.findings.column(id);
    const word = this.findings.text(id, row);
    if (column === null || word === '') return [];
    const values =
      column.kind === 'words' && column.facet !== null
        ? facetValues(column.facet.of?.[column.at[row]!] ?? [column.at[row]!], column.facet.depths !== null).map(
            (index) => this.choice(id, column.facet!.values[index]!),
          )
        : [make('span', { className: column.kind === 'texts' ? 'mono' : '', text: word })];
    return [make('div', { children: [make('dt', { text: column.label }), make('dd', { children: values })] })];
  }

  private choice(id: string, value: string): DomElement {
    return make('button', {
      className: 'choice',
      text: shown(value),
      title: 'List the findings with this value',
      attributes: { type: 'button' },
      onClick: () => {
        this.events.choose(id, value);
      },
    });
  }

  private button(label: string, sign: string, onClick: () => void): DomElement {
    return make('button', {
      className: 'icon',
      text: sign,
      title: label,
      attributes: { type: 'button', 'aria-label': label },
      onClick,
    });
  }
}

/** Of a path only the whole is told. */
function facetValues(values: readonly number[], isPath: boolean): readonly number[] {
  return isPath ? values.slice(-1) : values;
}
