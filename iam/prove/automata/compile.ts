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
  const symbols = tokens.map(({ set }) => alphabet.symbolsOf(set));
  const star = tokens.findIndex(({ many }) => many);
  if (star === -1 || star === tokens.length - 1) return chainOf(symbols, star !== -1, alphabet, budget);
  const step = (place: number): number => (tokens[place]!.many ? place : place + 1);
  const closed = closing(tokens);
  const first = closed([0]);
  const names = new Map<string, number>([[keyOf(first), 0]]);
  const states = [first];
  const nameOf = (reached: readonly number[]): number => {
    if (reached.length === 0) return DEAD;
    const target = closed(reached);
    const key = keyOf(target);
    let name = names.get(key);
    if (name === undefined) {
      name = states.push(target) - 1;
      names.set(key, name);
    }
    return name;
  };
  const rows: Int32Array[] = [];
  // The list grows while it is walked.
  for (const places of states) {
    budget.spend(size * places.length + size, WHAT);
    const inside = places.filter((place) => place < tokens.length);
    // Most symbols are taken only by the tokens that take every symbol, so that they lead to one state.
    const greedy = inside.filter((place) => symbols[place]!.length === size);
    const row = new Int32Array(size).fill(nameOf(greedy.map(step)));
    const taken = new Map<number, number[]>();
    for (const place of inside) {
      if (symbols[place]!.length === size) continue;
      for (const symbol of symbols[place]!) {
        const takers = taken.get(symbol);
        if (takers === undefined) taken.set(symbol, [place]);
        else takers.push(place);
      }
    }
    for (const [symbol, takers] of taken) {
      const all = greedy.length === 0 ? takers : [...greedy, ...takers].sort((a, b) => a - b);
      row[symbol] = nameOf(all.map(step));
    }
    rows.push(row);
  }
  const next = new Int32Array(rows.length * size);
  for (const [state, row] of rows.entries()) next.set(row, state * size);
  const accepting = Uint8Array.from(states, (places) => Number(places.at(-1) === tokens.length));
  return trimmed(alphabet, next, accepting, budget);
}

/** Most patterns are a text, or the beginning of one: a match stands at one place only. */
function chainOf(
  symbols: readonly (readonly number[])[],
  endsInStar: boolean,
  alphabet: Alphabet,
  budget: Budget,
): Dfa {
  const { size } = alphabet;
  const length = endsInStar ? symbols.length - 1 : symbols.length;
  budget.spend((length + 1) * size, WHAT);
  const next = new Int32Array((length + 1) * size).fill(DEAD);
  for (const [place, taken] of symbols.entries()) {
    // A place that takes nothing cannot be passed; a star can be left out.
    if (taken.length === 0 && place < length) return emptyDfa(alphabet);
    for (const symbol of taken) next[place * size + symbol] = Math.min(place + 1, length);
  }
  const accepts = new Uint8Array(length + 1);
  accepts[length] = 1;
  return { alphabet, next, accepts };
}

/** Adds to ascending places those that stars lead to for nothing, and leaves out what a later star covers. */
function closing(tokens: readonly PatternToken[]): (places: readonly number[]) => readonly number[] {
  // For each star the first place from which every token up to the star takes no more than the star.
  const covers = tokens.map(({ set, many }, at) => {
    if (!many) return -1;
    let first = at;
    while (first > 0 && within(tokens[first - 1]!.set, set)) first--;
    return first;
  });
  return (places) => {
    const reached: number[] = [];
    let last = -1;
    for (const place of places) {
      for (let at = place; ; at++) {
        if (at > last) {
          last = at;
          const cover = covers[at] ?? -1;
          if (cover >= 0) {
            // What stands from the cover on is at the end, because the places ascend.
            while (reached.length > 0 && reached.at(-1)! >= cover) reached.pop();
          }
          reached.push(at);
        }
        if (tokens[at]?.many !== true) break;
      }
    }
    return reached;
  };
}

/** A short text that tells lists of states apart. */
function keyOf(states: Iterable<number>): string {
  let key = '';
  for (const state of states) key += String.fromCharCode(state & 0xffff, state >>> 16);
  return key;
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
    const seen = new Int32Array(this.empty.length);
    let stamp = 0;
    const closed = (states: readonly number[]): Int32Array => {
      stamp++;
      const reached: number[] = [];
      for (const state of states) {
        if (seen[state] === stamp) continue;
        seen[state] = stamp;
        reached.push(state);
      }
      // The list grows while it is walked.
      for (const state of reached) {
        for (const to of this.empty[state]!) {
          if (seen[to] === stamp) continue;
          seen[to] = stamp;
          reached.push(to);
        }
      }
      return Int32Array.from(reached).sort();
    };
    const first = closed([0]);
    const names = new Map<string, number>([[keyOf(first), 0]]);
    const sets = [first];
    const rows: Int32Array[] = [];
    for (const set of sets) {
      const targets: number[][] = Array.from({ length: size }, () => []);
      for (const state of set) {
        const edges = this.edges[state]!;
        for (const [symbol, to] of edges) targets[symbol]!.push(to);
        budget.spend(edges.length + 1, WHAT);
      }
      budget.spend(size, WHAT);
      const row = new Int32Array(size);
      // Many symbols lead to the same states: these are closed once.
      const closures = new Map<string, readonly [name: number, length: number]>();
      for (let symbol = 0; symbol < size; symbol++) {
        const reached = targets[symbol]!;
        if (reached.length === 0) {
          row[symbol] = DEAD;
          continue;
        }
        const raw = keyOf(reached);
        let found = closures.get(raw);
        if (found === undefined) {
          const target = closed(reached);
          const key = keyOf(target);
          let name = names.get(key);
          if (name === undefined) {
            name = sets.push(target) - 1;
            names.set(key, name);
          }
          found = [name, target.length];
          closures.set(raw, found);
        }
        budget.spend(found[1], WHAT);
        row[symbol] = found[0];
      }
      rows.push(row);
    }
    const next = new Int32Array(rows.length * size);
    for (const [state, row] of rows.entries()) next.set(row, state * size);
    const accepting = Uint8Array.from(sets, (set) => Number(set.includes(end)));
    return trimmed(alphabet, next, accepting, budget);
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
