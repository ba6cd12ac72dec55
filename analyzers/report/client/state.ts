/** What the reader has chosen, as it stands behind `#` in the address: to go back to, to keep and to send. */
import type { WordColumn } from '../page/model.js';

export interface State {
  readonly view: string;
  /** Free text. */
  readonly text: string;
  /** Chosen values by column; a column that is not there has the choice it starts with. */
  readonly chosen: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sort: string | null;
  readonly isDescending: boolean;
  /** Fingerprint of the finding that is open. */
  readonly finding: string | null;
  /** Choices of the other tables. */
  readonly groups: ReadonlyMap<string, string>;
}

/** Says that everything is chosen in a column that starts with a choice. */
const ALL = '*';

/** Reads the address; what it does not know is left out. */
export function readState(hash: string, views: readonly string[], facets: readonly WordColumn[]): State {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const chosen = new Map<string, ReadonlySet<string>>();
  for (const { id } of facets) {
    const values = params.getAll(id);
    if (values.length > 0) chosen.set(id, new Set(values.filter((value) => value !== ALL)));
  }
  const view = params.get('view') ?? '';
  const groups = new Map(
    ['verdict', 'status'].flatMap((name) => (params.has(name) ? [[name, params.get(name)!]] : [])),
  );
  return {
    view: views.includes(view) ? view : views[0]!,
    text: params.get('q') ?? '',
    chosen,
    sort: params.get('sort'),
    isDescending: params.get('dir') === 'desc',
    finding: params.get('finding'),
    groups,
  };
}

/** Writes the address. The same choices give the same address. */
export function writeState({ view, text, chosen, sort, isDescending, finding, groups }: State): string {
  const params = new URLSearchParams({ view });
  if (text !== '') params.set('q', text);
  for (const [id, values] of [...chosen].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const value of values.size === 0 ? [ALL] : [...values].sort()) params.append(id, value);
  }
  if (sort !== null) params.set('sort', sort);
  if (isDescending) params.set('dir', 'desc');
  if (finding !== null) params.set('finding', finding);
  for (const [name, value] of groups) params.set(name, value);
  return `#${params.toString()}`;
}

/** The values that count of a column: those that the reader chose, else those it starts with. */
export function chosenOf({ facet, id }: WordColumn, state: State): ReadonlySet<string> {
  return state.chosen.get(id) ?? new Set(facet!.initial.map((index) => facet!.values[index]!));
}
