/**
 * Deterministic finite automata: sets of texts that can be joined, cut and asked for a member.
 *
 * INVARIANT: every automaton is trimmed. Each state can be reached and, but for the first, can reach an accepting one; a
 * transition that could not is `DEAD`. So an automaton is empty exactly when it accepts nothing in any state, and every
 * path through it is the start of a member.
 */
import type { Budget } from '../budget.js';
import type { Alphabet } from './alphabet.js';

export const DEAD = -1;

export interface Dfa {
  readonly alphabet: Alphabet;
  /** `next[state * alphabet.size + symbol]`. State 0 is the first. */
  readonly next: Int32Array;
  readonly accepts: Uint8Array;
}

const WHAT = 'automata';

/** Removes what cannot be reached or leads nowhere. */
export function trimmed(alphabet: Alphabet, next: Int32Array, accepts: Uint8Array, budget: Budget): Dfa {
  const { size } = alphabet;
  const count = accepts.length;
  budget.spend(next.length, WHAT);
  const useful = usefulStates(size, next, accepts);
  const names = new Int32Array(count).fill(DEAD);
  names[0] = 0;
  const kept = [0];
  // The list grows while it is walked.
  for (const state of kept) {
    for (let edge = state * size; edge < (state + 1) * size; edge++) {
      const to = next[edge]!;
      if (to !== DEAD && useful[to] === 1 && names[to] === DEAD) names[to] = kept.push(to) - 1;
    }
  }
  const newNext = new Int32Array(kept.length * size).fill(DEAD);
  const newAccepts = new Uint8Array(kept.length);
  kept.forEach((state, name) => {
    newAccepts[name] = accepts[state]!;
    for (let symbol = 0; symbol < size; symbol++) {
      const to = next[state * size + symbol]!;
      if (to !== DEAD && useful[to] === 1) newNext[name * size + symbol] = names[to]!;
    }
  });
  return { alphabet, next: newNext, accepts: newAccepts };
}

/** The states from which an accepting one can be reached. */
function usefulStates(size: number, next: Int32Array, accepts: Uint8Array): Uint8Array {
  const count = accepts.length;
  // The states that lead to each state, one list after the other.
  const ends = new Int32Array(count + 1);
  eachEdge((_, to) => ends[to]!++);
  for (let state = 1; state <= count; state++) ends[state]! += ends[state - 1]!;
  const sources = new Int32Array(ends[count]!);
  eachEdge((from, to) => (sources[--ends[to]!] = from));
  const useful = Uint8Array.from(accepts);
  const queue: number[] = [];
  for (let state = 0; state < count; state++) if (useful[state] === 1) queue.push(state);
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (let at = ends[state]!; at < (ends[state + 1] ?? sources.length); at++) {
      const source = sources[at]!;
      if (useful[source] === 1) continue;
      useful[source] = 1;
      queue.push(source);
    }
  }
  return useful;

  /** Neighbouring symbols mostly lead to the same state, which counts once. */
  function eachEdge(visit: (from: number, to: number) => void): void {
    for (let state = 0; state < count; state++) {
      let last = DEAD;
      for (let at = state * size; at < (state + 1) * size; at++) {
        const to = next[at]!;
        if (to !== DEAD && to !== last) visit(state, to);
        last = to;
      }
    }
  }
}

/** What a product keeps: both, the one without the other, or either. */
export type Join = 'and' | 'without' | 'or';

/** The texts of both, of the left without the right, or of either. */
export function join(left: Dfa, right: Dfa, how: Join, budget: Budget): Dfa {
  const { alphabet } = left;
  const { size } = alphabet;
  // A side that is dead is numbered one past its last state.
  const rights = right.accepts.length + 1;
  const leftDead = left.accepts.length;
  const names = numbering((left.accepts.length + 1) * rights);
  names.set(0, 0);
  const pairs = [0];
  const next: number[] = [];
  const accepts: number[] = [];
  for (const pair of pairs) {
    budget.spend(size, WHAT);
    const l = Math.floor(pair / rights);
    const r = pair % rights;
    const inLeft = l !== leftDead && left.accepts[l] === 1;
    const inRight = r !== rights - 1 && right.accepts[r] === 1;
    accepts.push(Number(how === 'and' ? inLeft && inRight : how === 'or' ? inLeft || inRight : inLeft && !inRight));
    for (let symbol = 0; symbol < size; symbol++) {
      const toLeft = l === leftDead ? DEAD : left.next[l * size + symbol]!;
      const toRight = r === rights - 1 ? DEAD : right.next[r * size + symbol]!;
      const dead =
        how === 'and'
          ? toLeft === DEAD || toRight === DEAD
          : toLeft === DEAD && (how === 'without' || toRight === DEAD);
      if (dead) {
        next.push(DEAD);
        continue;
      }
      const to = (toLeft === DEAD ? leftDead : toLeft) * rights + (toRight === DEAD ? rights - 1 : toRight);
      let name = names.get(to);
      if (name === undefined) {
        name = pairs.push(to) - 1;
        names.set(to, name);
      }
      next.push(name);
    }
  }
  const result = trimmed(alphabet, Int32Array.from(next), Uint8Array.from(accepts), budget);
  return result.accepts.length > MINIMISE_FROM ? minimised(result, budget) : result;
}

/** Numbers by number, as a table where one of this many entries is small. */
function numbering(count: number): Pick<Map<number, number>, 'get' | 'set'> {
  if (count > LARGEST_TABLE) return new Map<number, number>();
  const table = new Int32Array(count).fill(DEAD);
  return {
    get: (key) => (table[key] === DEAD ? undefined : table[key]),
    set(key, value) {
      table[key] = value;
      return new Map();
    },
  };
}

const LARGEST_TABLE = 16_384;

/** Products of this size are made small, so that products of products stay small. */
const MINIMISE_FROM = 400;

/** The automaton of every text. */
export function everything(alphabet: Alphabet): Dfa {
  return { alphabet, next: new Int32Array(alphabet.size), accepts: Uint8Array.of(1) };
}

export function complementOf(dfa: Dfa, budget: Budget): Dfa {
  return join(everything(dfa.alphabet), dfa, 'without', budget);
}

/** Whether there is no member. */
export function isEmpty(dfa: Dfa): boolean {
  return dfa.accepts.length === 1 && dfa.accepts[0] === 0;
}

/** Whether a text is a member. */
export function accepts(dfa: Dfa, text: string): boolean {
  const { alphabet, next } = dfa;
  let state = 0;
  for (let at = 0; at < text.length; at++) {
    state = next[state * alphabet.size + alphabet.symbolOf(text.charCodeAt(at))]!;
    if (state === DEAD) return false;
  }
  return dfa.accepts[state] === 1;
}

/** A shortest member, in the plainest characters; `undefined` when there is none. */
export function shortest(dfa: Dfa): string | undefined {
  if (isEmpty(dfa)) return undefined;
  const { alphabet, next } = dfa;
  const from = new Int32Array(dfa.accepts.length).fill(DEAD);
  const by = new Int32Array(dfa.accepts.length);
  const queue = [0];
  for (const state of queue) {
    if (dfa.accepts[state] === 1) {
      let word = '';
      for (let step = state; step !== 0; step = from[step]!) word = alphabet.characterOf(by[step]!) + word;
      return word;
    }
    for (let symbol = 0; symbol < alphabet.size; symbol++) {
      const to = next[state * alphabet.size + symbol]!;
      if (to !== DEAD && to !== 0 && from[to] === DEAD) {
        from[to] = state;
        by[to] = symbol;
        queue.push(to);
      }
    }
  }
  return undefined;
}

/** Up to `count` different members, short ones first; all of them when there are no more. */
export function members(dfa: Dfa, count: number, budget: Budget): readonly string[] {
  const { alphabet, next } = dfa;
  const { size } = alphabet;
  const result: string[] = [];
  if (isEmpty(dfa)) return result;
  const distance = distances(dfa, budget);
  let level: (readonly [number, string])[] = [[0, '']];
  while (level.length > 0) {
    let following: (readonly [number, string])[] = [];
    for (const [state, word] of level) {
      budget.spend(size, WHAT);
      if (dfa.accepts[state] === 1 && result.push(word) === count) return result;
      for (let symbol = 0; symbol < size; symbol++) {
        const to = next[state * size + symbol]!;
        if (to === DEAD) continue;
        for (const character of alphabet.charactersOf(symbol, count)) following.push([to, word + character]);
      }
    }
    // Each start leads to a member of its own, so as many as are wanted will do; those near the end come to one soonest.
    if (following.length > count) {
      following = following.sort(([a], [b]) => distance[a]! - distance[b]!).slice(0, count);
    }
    level = following;
  }
  return result;
}

/** How many characters each state is from an accepting one. */
function distances({ alphabet, next, accepts }: Dfa, budget: Budget): readonly number[] {
  const { size } = alphabet;
  budget.spend(next.length, WHAT);
  const sources: number[][] = Array.from(accepts, () => []);
  next.forEach((to, edge) => {
    if (to !== DEAD) sources[to]!.push(Math.floor(edge / size));
  });
  const result: number[] = Array.from(accepts, (accepting) => (accepting === 1 ? 0 : -1));
  const queue = [...accepts.keys()].filter((state) => accepts[state] === 1);
  for (const state of queue) {
    for (const source of sources[state]!) {
      if (result[source] !== -1) continue;
      result[source] = result[state]! + 1;
      queue.push(source);
    }
  }
  return result;
}

/** The smallest automaton of the same texts (Moore's refinement of partitions). */
export function minimised(dfa: Dfa, budget: Budget): Dfa {
  const { alphabet, next } = dfa;
  const { size } = alphabet;
  const count = dfa.accepts.length;
  let block = Int32Array.from(dfa.accepts);
  let blocks = new Set(block).size;
  for (;;) {
    budget.spend(next.length, WHAT);
    const names = new Map<string, number>();
    const refined = new Int32Array(count);
    for (let state = 0; state < count; state++) {
      let key = String(block[state]);
      for (let at = state * size; at < (state + 1) * size; at++) {
        const to = next[at]!;
        key += to === DEAD ? '.' : `,${String(block[to])}`;
      }
      let name = names.get(key);
      if (name === undefined) {
        name = names.size;
        names.set(key, name);
      }
      refined[state] = name;
    }
    block = refined;
    if (names.size === blocks) break;
    blocks = names.size;
  }
  if (blocks === count) return dfa;
  // State 0 keeps its name, because blocks are named in the order of their first state.
  const newNext = new Int32Array(blocks * size).fill(DEAD);
  const newAccepts = new Uint8Array(blocks);
  for (let state = 0; state < count; state++) {
    const name = block[state]!;
    newAccepts[name] = dfa.accepts[state]!;
    for (let symbol = 0; symbol < size; symbol++) {
      const to = next[state * size + symbol]!;
      if (to !== DEAD) newNext[name * size + symbol] = block[to]!;
    }
  }
  return { alphabet, next: newNext, accepts: newAccepts };
}
