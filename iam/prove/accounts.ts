/**
 * Accounts tie the caller to the resource: whether they are the same decides how the policies work together. The accounts
 * that a set of ARNs can name are a regular language themselves, cut out of its automaton, so that it can be decided
 * exactly whether two sets can agree or differ.
 */
import { DEAD, trimmed } from './automata/dfa.js';
import type { Dfa } from './automata/dfa.js';
import type { Budget } from './budget.js';

/** Colons in front of the account of an ARN. */
const COLONS_BEFORE = 4;

/** What stands between the fourth and the fifth colon of the members. */
export function accountsOf(dfa: Dfa, budget: Budget): Dfa {
  const { alphabet, next } = dfa;
  const { size } = alphabet;
  const colon = alphabet.symbolOf(':'.charCodeAt(0));
  let level = new Set([0]);
  for (let colons = 0; colons < COLONS_BEFORE; colons++) {
    const seen = new Set(level);
    const following = new Set<number>();
    for (const state of seen) {
      budget.spend(size, 'accounts');
      for (let symbol = 0; symbol < size; symbol++) {
        const to = next[state * size + symbol]!;
        if (to === DEAD) continue;
        if (symbol === colon) following.add(to);
        else seen.add(to);
      }
    }
    level = following;
  }
  const first = [...level].sort((a, b) => a - b);
  const names = new Map([[first.join(), 0]]);
  const sets = [first];
  const edges: number[] = [];
  const accepting: number[] = [];
  for (const set of sets) {
    budget.spend(size * (set.length + 1), 'accounts');
    accepting.push(Number(set.some((state) => next[state * size + colon] !== DEAD)));
    for (let symbol = 0; symbol < size; symbol++) {
      const reached = new Set<number>();
      if (symbol !== colon) {
        for (const state of set) {
          const to = next[state * size + symbol]!;
          if (to !== DEAD) reached.add(to);
        }
      }
      if (reached.size === 0) {
        edges.push(DEAD);
        continue;
      }
      const target = [...reached].sort((a, b) => a - b);
      const key = target.join();
      let name = names.get(key);
      if (name === undefined) {
        name = sets.push(target) - 1;
        names.set(key, name);
      }
      edges.push(name);
    }
  }
  return trimmed(alphabet, Int32Array.from(edges), Uint8Array.from(accepting), budget);
}
