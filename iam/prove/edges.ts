/** What an automaton can ask of a part of its texts that stands between two given characters. */
import { DEAD, trimmed } from './automata/dfa.js';
import type { Dfa } from './automata/dfa.js';
import type { Budget } from './budget.js';
import type { TextSpace } from './sets/space.js';

/**
 * The languages of the parts that lead from a state after `before` to the same state before `after`.
 *
 * @param edge.after - `''` for the end of the text: then to an accepting state.
 */
export function edgeLanguages(
  dfa: Dfa,
  edge: { readonly before: string; readonly after: string },
  space: TextSpace,
  budget: Budget,
): readonly Dfa[] {
  const { alphabet, next, accepts } = dfa;
  const { size } = alphabet;
  const before = alphabet.symbolOf(edge.before.charCodeAt(0));
  const starts = new Set<number>();
  const ends = new Map<number, number[]>();
  accepts.forEach((accepting, state) => {
    const after = next[state * size + before]!;
    if (after !== DEAD) starts.add(after);
    const goal =
      edge.after === ''
        ? accepting === 1
          ? 0
          : DEAD
        : next[state * size + alphabet.symbolOf(edge.after.charCodeAt(0))]!;
    if (goal !== DEAD) ends.set(goal, [...(ends.get(goal) ?? []), state]);
  });
  const result: Dfa[] = [];
  for (const start of starts) {
    for (const states of ends.values()) {
      budget.spend(next.length, 'values of variables');
      result.push(between(dfa, start, states, budget));
    }
  }
  return result.filter((each) => !space.isEmpty(each));
}

/** The same automaton with another first state, which changes places with the old one, and other accepting states. */
function between({ alphabet, next, accepts }: Dfa, start: number, ends: readonly number[], budget: Budget): Dfa {
  const { size } = alphabet;
  const swap = (state: number): number => (state === 0 ? start : state === start ? 0 : state);
  const newNext = new Int32Array(next.length);
  for (let state = 0; state < accepts.length; state++) {
    for (let symbol = 0; symbol < size; symbol++) {
      const to = next[swap(state) * size + symbol]!;
      newNext[state * size + symbol] = to === DEAD ? DEAD : swap(to);
    }
  }
  const accepting = new Uint8Array(accepts.length);
  for (const end of ends) accepting[swap(end)] = 1;
  return trimmed(alphabet, newNext, accepting, budget);
}
