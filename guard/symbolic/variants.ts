/** Lists and maps of which some values may not be there: what there is under which choices. */
import { ABSENT, isMap } from '../../template/index.js';
import type { Assignment, Value } from '../../template/index.js';
import { EvaluationError } from '../operators/index.js';
import { UnknownValue } from './choices.js';
import type { ChoiceSpace } from './choices.js';

/** The list under each assignment that decides which of its elements are there. */
export function listVariants(
  space: ChoiceSpace,
  items: readonly Value[],
  assignment: Assignment,
): { items: readonly Value[]; assignment: Assignment }[] {
  if (!items.some((item) => isMap(item) && space.document.unknownAt(item)?.kind === 'condition')) {
    return [{ items, assignment }];
  }
  const variants: { items: readonly Value[]; assignment: Assignment }[] = [];
  const collect = (from: number, kept: readonly Value[], under: Assignment): void => {
    if (from === items.length) {
      if (variants.length >= 256) throw new EvaluationError('too many variants of a list with conditional elements');
      variants.push({ items: kept, assignment: under });
      return;
    }
    space.force(items[from]!, under, (forced, next) => {
      const rest = forced === ABSENT ? kept : [...kept, forced instanceof UnknownValue ? items[from]! : forced];
      collect(from + 1, rest, next);
    });
  };
  collect(0, [], assignment);
  return variants;
}

/**
 * The usual case, where each value hangs on one condition: the assignment that takes all of them away, `null` when there
 * is none, `undefined` when some value hangs on more. Whether it can be reached is asked once.
 */
function absentByOneChoice(
  space: ChoiceSpace,
  values: readonly Value[],
  assignment: Assignment,
): Assignment | null | undefined {
  let all: Assignment | null = assignment;
  for (const value of values) {
    const unknown = space.document.unknownAt(value)!;
    const choice = unknown.choices.length === 1 ? unknown.choices[0]! : undefined;
    if (choice?.kind !== 'condition') return undefined;
    const absent = choice.values
      .map((given) => new Map([[choice.id, given]]))
      .filter((one) => unknown.under(one) === ABSENT);
    if (absent.length !== 1) return absent.length === 0 ? null : undefined;
    if (all !== null) all = space.joinKnown(all, choice, absent[0]!);
  }
  return all !== null && space.document.feasible(all) ? all : null;
}

/** Most assignments under which a list of conditional values is looked at for being empty. */
const MAX_EMPTY = 64;

/** The assignments under which none of the values is there. */
export function allAbsent(space: ChoiceSpace, values: readonly Value[], assignment: Assignment): readonly Assignment[] {
  if (values.some((value) => !isMap(value) || space.document.unknownAt(value) === undefined)) return [];
  const direct = absentByOneChoice(space, values, assignment);
  if (direct !== undefined) return direct === null ? [] : [direct];
  let found: readonly Assignment[] = [assignment];
  for (const value of values) {
    const extended: Assignment[] = [];
    for (const under of found) {
      space.force(value, under, (forced, next) => {
        if (forced === ABSENT && extended.length < MAX_EMPTY) extended.push(next);
      });
    }
    found = extended;
  }
  return found;
}
