/** From a language to its automaton. */
import type { Budget } from '../budget.js';
import type { Alphabet } from './alphabet.js';
import { ANY_CHAR, contains, within } from './char-set.js';
import { complementOf, DEAD, join, trimmed } from './dfa.js';
import type { Dfa } from './dfa.js';
import type { Language, PatternToken } from './language.js';

const WHAT = 'automata';

/**
 * @param alphabet - Must tell apart every set of characters in the language.
 * @throws Exhausted when the automaton grows beyond the budget, as it does for `*a` followed by many `?`.
 */
export function compileLanguage(language: Language, alphabet: Alphabet, budget: Budget): Dfa {
  switch (language.kind) {
    case 'pattern':
      return compilePattern(language.tokens, alphabet, budget);
    case 'choice':
      return unionOf(
        language.options.map((option) => compileLanguage(option, alphabet, budget)),
        alphabet,
        budget,
      );
    case 'not':
      return complementOf(compileLanguage(language.of, alphabet, budget), budget);
    case 'both': {
      const left = compileLanguage(language.left, alphabet, budget);
      return join(left, compileLanguage(language.right, alphabet, budget), 'and', budget);
    }
    case 'sequence':
    case 'repeat': {
      const nfa = new Nfa();
      const end = nfa.add(language, nfa.newState(), alphabet, budget);
      return nfa.determinised(end, alphabet, budget);
    }
  }
}

/** Joined in pairs, so that each text is walked through a logarithmic number of times. */
function unionOf(parts: readonly Dfa[], alphabet: Alphabet, budget: Budget): Dfa {
  if (parts.length === 0) return emptyDfa(alphabet);
  if (parts.length === 1) return parts[0]!;
  const middle = parts.length >> 1;
  const left = unionOf(parts.slice(0, middle), alphabet, budget);
  return join(left, unionOf(parts.slice(middle), alphabet, budget), 'or', budget);
}

function emptyDfa(alphabet: Alphabet): Dfa {
  return { alphabet, next: new Int32Array(alphabet.size).fill(DEAD), accepts: Uint8Array.of(0) };
}

/**
 * A state is the set of tokens at which a match may stand. Once it may stand at a star that takes whatever the tokens
 * between an earlier place and the star take, the earlier place adds nothing: what it still matches has to pass the star,
 * and the star can take the way there. Leaving it out keeps `*a*a*a*` as small as it is long.
 */
function compilePattern(tokens: readonly PatternToken[], alphabet: Alphabet, budget: Budget): Dfa {
  const { size } = alphabet;
  const symbols = new Map<unknown, readonly number[]>();
  const takes = tokens.map(({ set }) => {
    let known = symbols.get(set);
    if (known === undefined) {
      known = alphabet.symbolsOf(set);
      symbols.set(set, known);
    }
    const row = new Uint8Array(size);
    for (const symbol of known) row[symbol] = 1;
    return row;
  });
  // For each star the first place from which every token up to the star takes no more than the star.
  const covers = tokens.map(({ set, many }, at) => {
    if (!many) return -1;
    let first = at;
    while (first > 0 && within(tokens[first - 1]!.set, set)) first--;
    return first;
  });
  const closed = (places: Iterable<number>): number[] => {
    const reached = new Set<number>();
    for (const place of places) {
      let at = place;
      reached.add(at);
      while (tokens[at]?.many === true) reached.add(++at);
    }
    const sorted = [...reached].sort((a, b) => a - b);
    let result = sorted;
    for (const place of sorted) {
      const cover = covers[place] ?? -1;
      if (cover >= 0) result = result.filter((each) => each >= place || each < cover);
    }
    return result;
  };
  const first = closed([0]);
  const names = new Map<string, number>([[first.join(), 0]]);
  const states = [first];
  const next: number[] = [];
  // The list grows while it is walked.
  for (const places of states) {
    budget.spend(size * places.length + size, WHAT);
    for (let symbol = 0; symbol < size; symbol++) {
      const reached: number[] = [];
      for (const place of places) {
        if (takes[place]?.[symbol] === 1) reached.push(tokens[place]!.many ? place : place + 1);
      }
      if (reached.length === 0) {
        next.push(DEAD);
        continue;
      }
      const target = closed(reached);
      const key = target.join();
      let name = names.get(key);
      if (name === undefined) {
        name = states.push(target) - 1;
        names.set(key, name);
      }
      next.push(name);
    }
  }
  const accepting = Uint8Array.from(states, (places) => Number(places.includes(tokens.length)));
  return trimmed(alphabet, Int32Array.from(next), accepting, budget);
}

/** Automata with empty steps, for sequences and repetitions. */
class Nfa {
  private readonly empty: number[][] = [];
  private readonly edges: (readonly [number, number])[][] = [];

  newState(): number {
    this.edges.push([]);
    return this.empty.push([]) - 1;
  }

  /** Adds the language after a state. @returns the state after it. */
  add(language: Language, from: number, alphabet: Alphabet, budget: Budget): number {
    budget.spend(1, WHAT);
    switch (language.kind) {
      case 'sequence': {
        let at = from;
        for (const part of language.parts) at = this.add(part, at, alphabet, budget);
        return at;
      }
      case 'repeat': {
        let at = from;
        for (let count = 0; count < language.min; count++) at = this.add(language.of, at, alphabet, budget);
        if (language.max === null) {
          const loop = this.newState();
          this.empty[at]!.push(loop);
          this.empty[this.add(language.of, loop, alphabet, budget)]!.push(loop);
          return loop;
        }
        const end = this.newState();
        for (let count = language.min; count < language.max; count++) {
          this.empty[at]!.push(end);
          at = this.add(language.of, at, alphabet, budget);
        }
        this.empty[at]!.push(end);
        return end;
      }
      case 'choice': {
        const end = this.newState();
        for (const option of language.options) {
          const start = this.newState();
          this.empty[from]!.push(start);
          this.empty[this.add(option, start, alphabet, budget)]!.push(end);
        }
        return end;
      }
      default:
        return this.embed(compileLanguage(language, alphabet, budget), from);
    }
  }

  private embed({ alphabet, next, accepts }: Dfa, from: number): number {
    const names = Array.from(accepts, () => this.newState());
    const end = this.newState();
    this.empty[from]!.push(names[0]!);
    names.forEach((name, state) => {
      if (accepts[state] === 1) this.empty[name]!.push(end);
      for (let symbol = 0; symbol < alphabet.size; symbol++) {
        const to = next[state * alphabet.size + symbol]!;
        if (to !== DEAD) this.edges[name]!.push([symbol, names[to]!]);
      }
    });
    return end;
  }

  determinised(end: number, alphabet: Alphabet, budget: Budget): Dfa {
    const { size } = alphabet;
    const closed = (states: Iterable<number>): number[] => {
      const reached = new Set(states);
      for (const state of reached) for (const to of this.empty[state]!) reached.add(to);
      return [...reached].sort((a, b) => a - b);
    };
    const first = closed([0]);
    const names = new Map<string, number>([[first.join(), 0]]);
    const sets = [first];
    const next: number[] = [];
    for (const set of sets) {
      const targets: Set<number>[] = Array.from({ length: size }, () => new Set());
      for (const state of set) {
        for (const [symbol, to] of this.edges[state]!) targets[symbol]!.add(to);
        budget.spend(this.edges[state]!.length + 1, WHAT);
      }
      budget.spend(size, WHAT);
      for (const reached of targets) {
        if (reached.size === 0) {
          next.push(DEAD);
          continue;
        }
        const target = closed(reached);
        budget.spend(target.length, WHAT);
        const key = target.join();
        let name = names.get(key);
        if (name === undefined) {
          name = sets.push(target) - 1;
          names.set(key, name);
        }
        next.push(name);
      }
    }
    const accepting = Uint8Array.from(sets, (set) => Number(set.includes(end)));
    return trimmed(alphabet, Int32Array.from(next), accepting, budget);
  }
}

/** Whether a text matches a pattern, without an automaton. */
export function patternMatches(tokens: readonly PatternToken[], text: string): boolean {
  let isPlain = plain.get(tokens);
  if (isPlain === undefined) {
    isPlain = tokens.every(({ set, many }) => !many || set === ANY_CHAR);
    plain.set(tokens, isPlain);
  }
  return isPlain ? plainMatches(tokens, text) : generalMatches(tokens, text);
}

const plain = new WeakMap<readonly PatternToken[], boolean>();

/** For stars that take everything: it is enough to go back to the last one. */
function plainMatches(tokens: readonly PatternToken[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  for (;;) {
    const current = tokens[token];
    if (current?.many === true) {
      star = token++;
      resume = at;
    } else if (current !== undefined && at < text.length && contains(current.set, text.charCodeAt(at))) {
      token++;
      at++;
    } else if (current === undefined && at === text.length) {
      return true;
    } else if (star >= 0 && resume < text.length) {
      at = ++resume;
      token = star + 1;
    } else {
      return false;
    }
  }
}

function generalMatches(tokens: readonly PatternToken[], text: string): boolean {
  let places = new Set([0]);
  const close = (): void => {
    for (const place of places) if (tokens[place]?.many === true) places.add(place + 1);
  };
  close();
  for (let at = 0; at < text.length && places.size > 0; at++) {
    const unit = text.charCodeAt(at);
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token !== undefined && contains(token.set, unit)) next.add(token.many ? place : place + 1);
    }
    places = next;
    close();
  }
  return places.has(tokens.length);
}
