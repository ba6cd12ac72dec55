/**
 * What the literals that were assumed so far leave of one dimension.
 *
 * A dimension has no value, one, or (keys that hold lists) several. "Some value is in L" and "every value is in L" are then
 * decided exactly: several values exist within `all` such that each of `some` is met if, and only if, `all` meets each of
 * `some` by itself, because values can be added one by one.
 */
import type { Atom } from './formula.js';
import type { Space } from './sets/space.js';
import { specHas } from './sets/spec-has.js';
import type { SetSpec } from './sets/spec.js';

/** `one`: there is always one value; `optional`: one or none; `list`: none, one or several. */
export type Shape = 'one' | 'optional' | 'list';

/** A value of a dimension: absent, one, or several. */
export type DimensionValue = readonly string[] | undefined;

/** One dimension of requests. `S` is how its space keeps sets. */
export class Dimension<S = unknown> {
  readonly root: Domain<S>;
  private readonly sets = new Map<Atom, S>();

  /** @param universe - The values that can occur. */
  constructor(
    readonly name: string,
    readonly shape: Shape,
    readonly space: Space<S>,
    universe: SetSpec,
  ) {
    this.root = new Domain(this, shape !== 'one', space.of(universe), [], new Map());
  }

  setOf(atom: Atom): S {
    let set = this.sets.get(atom);
    if (set === undefined) {
      set = this.space.of(atom.set);
      this.sets.set(atom, set);
    }
    return set;
  }

  /** Whether a value is in the set of an atom. */
  contains(atom: Atom, value: string): boolean {
    const known = this.sets.get(atom);
    if (known !== undefined) return this.space.has(known, value);
    return specHas(atom.set, value) ?? this.space.has(this.setOf(atom), value);
  }
}

/** What is left of a dimension; never changes. */
export class Domain<S = unknown> {
  private readonly narrower = new Map<number, Domain<S> | null>();
  private chosen: { readonly value: DimensionValue } | undefined;

  constructor(
    readonly dimension: Dimension<S>,
    /** Whether the dimension may have no value. */
    readonly mayBeAbsent: boolean,
    /** The values that may occur. */
    readonly all: S,
    /** Sets of which each must hold a value (of a list). */
    private readonly someIn: readonly S[],
    private readonly literals: ReadonlyMap<number, boolean>,
  ) {}

  /** @returns `null` when nothing is left. */
  narrowed(atom: Atom, positive: boolean): Domain<S> | null {
    const assumed = this.literals.get(atom.id);
    if (assumed !== undefined) return assumed === positive ? this : null;
    const key = atom.id * 2 + Number(positive);
    let result = this.narrower.get(key);
    if (result === undefined) {
      result = this.compute(atom, positive);
      this.narrower.set(key, result);
    }
    return result;
  }

  private compute(atom: Atom, positive: boolean): Domain<S> | null {
    const { dimension } = this;
    const { space, shape } = dimension;
    const literals = new Map(this.literals).set(atom.id, positive);
    const set = dimension.setOf(atom);
    if (positive && shape === 'list') {
      const met = space.and(this.all, set);
      if (space.isEmpty(met)) return null;
      return new Domain(dimension, false, this.all, [...this.someIn, set], literals);
    }
    const all = positive ? space.and(this.all, set) : space.without(this.all, set);
    const mayBeAbsent = this.mayBeAbsent && !positive;
    if (space.isEmpty(all) && !mayBeAbsent) return null;
    if (this.someIn.some((some) => space.isEmpty(space.and(all, some)))) return null;
    return new Domain(dimension, mayBeAbsent, all, this.someIn, literals);
  }

  /** A value that is left; none rather than one, one rather than several. */
  get value(): DimensionValue {
    this.chosen ??= { value: this.choose() };
    return this.chosen.value;
  }

  private choose(): DimensionValue {
    if (this.mayBeAbsent) return undefined;
    const { space } = this.dimension;
    if (this.someIn.length === 0) return [space.pick(this.all)!];
    let common: S | undefined = this.all;
    for (const some of this.someIn) {
      common = space.and(common, some);
      if (space.isEmpty(common)) {
        common = undefined;
        break;
      }
    }
    if (common !== undefined) return [space.pick(common)!];
    const values: string[] = [];
    for (const some of this.someIn) {
      const met = space.and(this.all, some);
      if (!values.some((value) => space.has(met, value))) values.push(space.pick(met)!);
    }
    return values;
  }

  /** Up to `count` single values that are left; all of them when there are no more. */
  values(count: number): readonly string[] {
    const { space } = this.dimension;
    const all = this.someIn.reduce((left, some) => space.and(left, some), this.all);
    return space.some(all, count);
  }
}
