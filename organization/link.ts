/**
 * The second step of reading: the parts become a tree. What is written directly below the root with a `parent` moves to
 * where it belongs; a name that fits no unit, or more than one, is told and never guessed.
 */
import { nearestName } from '../catalogue/index.js';
import type { SourceRange } from '../findings/index.js';
import {
  accountTwice,
  ambiguous,
  cycle,
  idTwice,
  siblingsAlike,
  tooDeep,
  tooManyUnits,
  unknownUnit,
} from './diagnostics.js';
import type { Part } from './parts.js';
import { ORGANIZATION_QUOTAS } from './quotas.js';
import type { OrganizationShapes } from './shape.js';

/** A part in its place. */
export interface LinkedPart {
  readonly part: Part;
  readonly units: LinkedPart[];
  readonly accounts: LinkedPart[];
}

/** A unit with the way in which its place is known. */
interface UnitEntry extends LinkedPart {
  /** The unit it is written in or that its `parent` means; `null` for the root, or when that cannot be told. */
  parent: UnitEntry | null;
  /** Path from the root; `null` while or because it cannot be told. */
  shown: string | null;
  state: 'waiting' | 'asked' | 'known';
}

/** Puts the parts into a tree and says what is wrong with it. */
export function linkParts(root: Part, shapes: OrganizationShapes): LinkedPart {
  return new Linker(root, shapes).link();
}

class Linker {
  private readonly top: LinkedPart;
  private readonly all: UnitEntry[] = [];
  /** Units by the last segment of their name, since a reference may be the end of a path. */
  private readonly byEnd = new Map<string, UnitEntry[]>();
  private readonly byId = new Map<string, UnitEntry[]>();

  constructor(
    private readonly root: Part,
    private readonly shapes: OrganizationShapes,
  ) {
    this.top = { part: root, units: [], accounts: root.accounts.filter(({ parent }) => parent === null).map(leaf) };
  }

  link(): LinkedPart {
    for (const unit of this.root.units) this.collect(unit, null);
    // Far more units than an organization can have are told alone: what follows would only be noise.
    const { units } = ORGANIZATION_QUOTAS;
    if (this.all.length > units) {
      this.shapes.tell(tooManyUnits(this.all.length, units, this.shapes.range([...this.root.path, 'units'], 'key')));
      return this.top;
    }
    for (const entry of this.all) this.place(entry);
    this.tellCycles();
    for (const entry of this.all) {
      if (entry.part.parent !== null) entry.parent?.units.push(entry);
    }
    for (const account of this.root.accounts) {
      if (account.parent === null) continue;
      this.resolve(account.parent.value, account.parent.path)?.accounts.push(leaf(account));
    }
    this.top.units.push(...this.all.filter(({ part, parent }) => part.parent === null && parent === null));
    this.checkUnits(this.top, '', 0, new Map());
    this.checkAccounts(this.top, new Map());
    return this.top;
  }

  private collect(part: Part, parent: UnitEntry | null): UnitEntry {
    const entry: UnitEntry = {
      part,
      units: [],
      accounts: part.accounts.map(leaf),
      parent,
      shown: null,
      state: 'waiting',
    };
    this.all.push(entry);
    const end = part.name.slice(part.name.lastIndexOf('/') + 1);
    append(this.byEnd, end, entry);
    if (part.id !== null) append(this.byId, part.id, entry);
    entry.units.push(...part.units.map((unit) => this.collect(unit, entry)));
    return entry;
  }

  /** Finds the parent and the path of a unit; both stay `null` on a way that comes back to itself. */
  private place(entry: UnitEntry): string | null {
    if (entry.state !== 'waiting') return entry.shown;
    entry.state = 'asked';
    const { parent } = entry.part;
    if (parent !== null) entry.parent = this.resolve(parent.value, parent.path);
    const above = entry.parent === null ? (parent === null ? '' : null) : this.place(entry.parent);
    entry.shown = above === null ? null : `${above}/${entry.part.name}`;
    entry.state = 'known';
    return entry.shown;
  }

  /** The unit that a reference means; tells when there is none or more than one. */
  private resolve(reference: string, path: Part['path']): UnitEntry | null {
    const found = this.matches(reference);
    const [unit] = found;
    if (found.length === 1 && unit !== undefined) return unit;
    const range = this.shapes.range(path);
    if (unit === undefined) {
      const names = this.all.map(({ part }) => part.name);
      this.shapes.tell(unknownUnit(reference, nearestName(reference, names), range));
      return null;
    }
    const choices = found.map((each) => each.shown ?? each.part.id ?? each.part.name);
    this.shapes.tell(ambiguous('organizational unit', reference, choices, range));
    return null;
  }

  private matches(reference: string): readonly UnitEntry[] {
    const named = (this.byEnd.get(reference.slice(reference.lastIndexOf('/') + 1)) ?? []).filter((entry) => {
      // A path that begins with a slash is one from the root; a bare name needs no path to be known.
      if (!reference.startsWith('/') && entry.part.name === reference) return true;
      if (!reference.endsWith(`/${entry.part.name}`)) return false;
      const shown = this.place(entry);
      return shown !== null && (reference.startsWith('/') ? shown === reference : shown.endsWith(`/${reference}`));
    });
    return [...new Set([...(this.byId.get(reference) ?? []), ...named])];
  }

  private tellCycles(): void {
    const settled = new Set<UnitEntry>();
    for (const start of this.all) {
      const way: UnitEntry[] = [];
      let at: UnitEntry | null = start;
      while (at !== null && !settled.has(at) && !way.includes(at)) {
        way.push(at);
        at = at.parent;
      }
      if (at !== null && !settled.has(at)) {
        const circle = way.slice(way.indexOf(at));
        const [first, ...others] = circle.flatMap(({ part: { parent } }) =>
          parent === null ? [] : this.shapes.range(parent.path),
        );
        this.shapes.tell(
          cycle(
            circle.map(({ part }) => part.name),
            first!,
            others,
          ),
        );
      }
      for (const each of way) settled.add(each);
    }
  }

  private checkUnits(above: LinkedPart, shown: string, depth: number, ids: Map<string, SourceRange>): void {
    const limit = ORGANIZATION_QUOTAS.unitDepth;
    const names = new Map<string, SourceRange>();
    for (const unit of above.units) {
      const { name, id, path, namedAt } = unit.part;
      const range = this.shapes.range(namedAt.path, namedAt.which);
      const sibling = names.get(name);
      if (sibling !== undefined) this.shapes.tell(siblingsAlike(name, range, sibling));
      names.set(name, range);
      if (id !== null) {
        const place = this.shapes.range([...path, 'id']);
        const other = ids.get(id);
        if (other !== undefined) this.shapes.tell(idTwice(id, place, other));
        ids.set(id, place);
      }
      // Of a branch that is too deep, the first unit is told and not all below it.
      if (depth === limit) this.shapes.tell(tooDeep(`${shown}/${name}`, depth + 1, limit, range));
      this.checkUnits(unit, `${shown}/${name}`, depth + 1, ids);
    }
  }

  private checkAccounts(above: LinkedPart, ids: Map<string, SourceRange>): void {
    for (const { part } of above.accounts) {
      const { id, path } = part;
      if (id === null || id === '') continue;
      const place = this.shapes.range([...path, 'id']);
      const other = ids.get(id);
      if (other !== undefined) this.shapes.tell(accountTwice(id, place, other));
      else ids.set(id, place);
    }
    for (const unit of above.units) this.checkAccounts(unit, ids);
  }
}

function leaf(part: Part): LinkedPart {
  return { part, units: [], accounts: [] };
}

function append<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
