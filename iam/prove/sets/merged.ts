/** Sets of values as the conditions of policies list them. */
import { choice } from '../automata/language.js';
import type { Language } from '../automata/language.js';
import { languageOf } from './space.js';
import { textSpec } from './spec.js';
import type { SetSpec } from './spec.js';

/** One set for all values that are compared alike. */
export function mergedSets(sets: readonly SetSpec[]): readonly SetSpec[] {
  const texts = sets.flatMap((set) => (set.kind === 'text' ? [set.language] : []));
  const quantities = sets.filter((set) => set.kind === 'quantity');
  const ranges = sets.flatMap((set) => (set.kind === 'addresses' ? set.ranges : []));
  const result: SetSpec[] = [];
  if (texts.length > 0) result.push(textSpec(choice(texts)));
  const [first] = quantities;
  if (first !== undefined) result.push({ ...first, comparisons: quantities.flatMap(({ comparisons }) => comparisons) });
  if (ranges.length > 0) result.push({ kind: 'addresses', ranges });
  return result;
}

/** A set as a language, when it is one. */
export function textOnly(set: SetSpec): Language | undefined {
  try {
    return languageOf(set);
  } catch {
    return undefined;
  }
}
