/** The script of the page: reads the data, follows the address, and lists, sorts and opens findings. */
import type { PageData } from '../page/model.js';
import { browser, existing, make, type DomElement, type DomEvent } from './browser.js';
import { Findings } from './data.js';
import { Detail } from './detail.js';
import { listText, save } from './export.js';
import { FacetGroup } from './facets.js';
import { grouped, shown } from './looks.js';
import { chosenOf, readState, type State, writeState } from './state.js';
import { choosers, makeSortable, type Chooser } from './static-tables.js';
import { FindingsTable } from './table.js';

const KEYS_HELP = 'Keys: / search · ↑ ↓ or k j move · Enter open · Esc close';

class Page {
  private readonly findings = new Findings(JSON.parse(existing('data').textContent!) as PageData);
  private readonly views = [...browser.document.querySelectorAll('section.view')];
  private readonly names = this.views.map(({ id }) => id.replace('view-', ''));
  private readonly search = make('input', {
    attributes: {
      type: 'search',
      placeholder: 'Search findings',
      'aria-label': 'Search findings',
      autocomplete: 'off',
    },
  });
  private readonly status = make('p', { className: 'status', attributes: { role: 'status' } });
  private readonly reset = make('button', { className: 'pick', text: 'Reset filters', attributes: { type: 'button' } });
  private readonly csv = make('button', {
    className: 'pick export',
    text: 'Save as CSV',
    title: 'Save the findings of the list, with all their columns',
    attributes: { type: 'button' },
  });
  private readonly filtered = make('p', { className: 'note only-print' });
  private readonly printed = make('p', { className: 'note only-print' });
  private readonly empty = make('p', {
    className: 'empty',
  });
  private readonly facets: readonly FacetGroup[];
  private readonly choosers: readonly Chooser[];
  private readonly table: FindingsTable;
  private readonly detail: Detail;
  private state: State;
  /** The choices that the list shows; it is made anew only when they change. */
  private listed = '';
  private count = 0;
  private isDrawing = false;

  constructor() {
    this.state = this.read();
    this.table = new FindingsTable(this.findings, {
      open: (row) => {
        this.change({ finding: this.findings.text('fingerprint', row) }, true);
        this.detail.focus();
      },
      sort: (column) => {
        const isSame = this.state.sort === column;
        this.change({ sort: column, isDescending: isSame && !this.state.isDescending });
      },
      address: (row) => writeState({ ...this.state, finding: this.findings.text('fingerprint', row) }),
    });
    this.detail = new Detail(this.findings, {
      close: () => {
        this.closeDetail();
      },
      step: (distance) => {
        this.step(distance);
      },
      choose: (column, value) => {
        this.change(
          { view: 'findings', finding: null, chosen: new Map(this.state.chosen).set(column, new Set([value])) },
          true,
        );
        // What was chosen has gone with the finding; the list it stands for comes next.
        existing('main').focus({ preventScroll: true });
      },
    });
    this.facets = this.findings.facets.map(
      (column) =>
        new FacetGroup(column, (id, values) => {
          const chosen = new Map(this.state.chosen);
          if (values === null) chosen.delete(id);
          else chosen.set(id, values);
          this.change({ chosen });
        }),
    );
    this.choosers = choosers((name, group) => {
      const groups = new Map(this.state.groups);
      if (group === null) groups.delete(name);
      else groups.set(name, group);
      this.change({ groups });
    });
    this.build();
    makeSortable();
    this.listen();
    this.show();
  }

  private read(): State {
    return readState(browser.location.hash, this.names, this.findings.facets);
  }

  private build(): void {
    const filters = make('details', {
      className: 'filters',
      children: [make('summary', { text: 'Filters' }), ...this.facets.map(({ element }) => element)],
    });
    filters.open = !browser.matchMedia('(max-width: 760px)').matches;
    const bar = make('div', { className: 'toolbar', children: [this.search, this.status, this.reset, this.csv] });
    const list = make('div', {
      className: 'list',
      children: [bar, this.filtered, this.table.element, this.empty, this.printed],
    });
    existing('findings').replaceChildren(
      make('div', { className: 'split', children: [filters, list] }),
      make('p', { className: 'note keys', text: KEYS_HELP }),
    );
  }

  private listen(): void {
    const { document } = browser;
    browser.addEventListener('hashchange', () => {
      this.state = this.read();
      this.show();
    });
    const draw = (): void => {
      if (this.isDrawing) return;
      this.isDrawing = true;
      browser.requestAnimationFrame(() => {
        this.isDrawing = false;
        this.table.draw();
      });
    };
    browser.addEventListener('scroll', draw, { passive: true });
    browser.addEventListener('resize', draw, { passive: true });
    browser.addEventListener('beforeprint', () => {
      const rest = this.table.drawForPrint();
      this.printed.textContent =
        rest === 0
          ? ''
          : `and ${grouped(rest)} more findings that are not printed; filter the list, or use the CSV output`;
    });
    browser.addEventListener('afterprint', () => {
      this.table.draw();
    });
    this.search.addEventListener('input', () => {
      this.change({ text: this.search.value });
    });
    this.reset.addEventListener('click', () => {
      this.change({ text: '', chosen: new Map(), sort: null, isDescending: false });
      this.search.focus();
    });
    this.csv.addEventListener('click', () => {
      save(listText(this.findings, this.table.listed), 'findings.csv');
    });
    document.addEventListener('keydown', (event) => {
      this.press(event);
    });
  }

  /** @param isPlace - Whether it is a place to come back to, and not one more letter of a search. */
  private change(change: Partial<State>, isPlace = false): void {
    this.state = { ...this.state, ...change };
    const hash = writeState(this.state);
    if (isPlace && hash !== browser.location.hash) browser.location.hash = hash;
    else browser.history.replaceState(null, '', hash);
    this.show();
  }

  private show(): void {
    const { view, finding, groups } = this.state;
    for (const [index, section] of this.views.entries()) {
      section.classList.toggle('is-shown', this.names[index] === view);
    }
    for (const link of browser.document.querySelectorAll('nav a')) {
      if (link.dataset['view'] === view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    for (const chooser of this.choosers) chooser.show(groups.get(chooser.name));
    this.showList();
    const row = finding === null ? -1 : this.findings.find(finding);
    this.table.select(row);
    if (row < 0) this.detail.close();
    else this.detail.open(row, this.table.positionOf(row), this.count);
    existing('main').classList.toggle('is-beside', row >= 0);
  }

  private showList(): void {
    const { text, sort, isDescending } = this.state;
    const wanted = writeState({ ...this.state, view: '', finding: null, groups: new Map() });
    if (wanted === this.listed) return;
    this.listed = wanted;
    if (this.search.value !== text) this.search.value = text;
    const { facets, data } = this.findings;
    const chosen = new Map(facets.map((column) => [column.id, chosenOf(column, this.state)]));
    const { fits, count, counts } = this.findings.answer({ text, chosen });
    const column = sort === null ? null : (this.findings.column(sort)?.id ?? null);
    const rows = this.findings.order(column).filter((row) => fits[row] === 1);
    if (isDescending) rows.reverse();
    this.count = count;
    for (const { column: of, show } of this.facets.map((group) => ({
      column: group.column,
      show: group.show.bind(group),
    }))) {
      show(counts.get(of.id)!, chosen.get(of.id)!, !this.state.chosen.has(of.id));
    }
    this.table.show(rows, column, isDescending);
    this.table.element.hidden = count === 0;
    this.empty.hidden = count > 0;
    this.empty.textContent =
      data.rows === 0 ? 'There are no findings.' : 'No finding fits. Reset the filters or search for less.';
    this.status.textContent = `${grouped(count)} of ${grouped(data.rows)} findings`;
    this.csv.hidden = count === 0;
    this.filtered.textContent = this.filterText(chosen);
    this.reset.hidden = text === '' && this.state.chosen.size === 0 && sort === null;
  }

  /** What the list is filtered by, for paper, on which nothing else tells it. */
  private filterText(chosen: ReadonlyMap<string, ReadonlySet<string>>): string {
    const parts = this.findings.facets.flatMap(({ id, label }) => {
      const values = [...chosen.get(id)!].map(shown);
      return values.length === 0 ? [] : [`${label}: ${values.join(' or ')}`];
    });
    if (this.state.text !== '') parts.unshift(`Search: ${this.state.text}`);
    const told = this.status.textContent ?? '';
    return parts.length === 0 ? told : `${told}. ${parts.join('; ')}`;
  }

  private press(event: DomEvent): void {
    const target = event.target as DomElement;
    const isTyping = target.tagName === 'INPUT' && target.type !== 'checkbox';
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      if (isTyping && this.search.value !== '' && target === this.search) this.change({ text: '' });
      else if (this.detail.isOpen) this.closeDetail();
      return;
    }
    if (isTyping || this.state.view !== 'findings') return;
    if (event.key === '/') {
      event.preventDefault();
      this.search.focus();
      return;
    }
    const isInList = this.detail.isOpen || this.table.focusedRow() >= 0;
    const isArrow = (event.key === 'ArrowDown' || event.key === 'ArrowUp') && isInList;
    if (!isArrow && event.key !== 'j' && event.key !== 'k') return;
    event.preventDefault();
    this.step(event.key === 'ArrowDown' || event.key === 'j' ? 1 : -1);
  }

  /** The next finding: opens it when one is open, else only goes there. */
  private step(distance: number): void {
    const open = this.state.finding === null ? -1 : this.findings.find(this.state.finding);
    const next = this.table.neighbour(open >= 0 ? open : this.table.focusedRow(), distance);
    if (next < 0) return;
    if (this.detail.isOpen) this.change({ finding: this.findings.text('fingerprint', next) });
    this.table.reveal(next, !this.detail.isOpen);
  }

  private closeDetail(): void {
    const row = this.state.finding === null ? -1 : this.findings.find(this.state.finding);
    this.change({ finding: null });
    this.table.reveal(row, true);
  }
}

new Page();
