/** Computing with sets of values, the same way for texts, numbers, times and addresses. */
import { Alphabet } from '../automata/alphabet.js';
import { compileLanguage } from '../automata/compile.js';
import { accepts, everything, isEmpty, join, members, shortest } from '../automata/dfa.js';
import type { Dfa } from '../automata/dfa.js';
import { ALL, languageKey, literalLanguage, not } from '../automata/language.js';
import type { Language } from '../automata/language.js';
import type { Budget } from '../budget.js';
import type { SetSpec } from './spec.js';

/** A kind of value and its sets. `S` is how this space keeps a set. */
export interface Space<S> {
  readonly all: S;
  of(spec: SetSpec): S;
  and(left: S, right: S): S;
  without(left: S, right: S): S;
  isEmpty(set: S): boolean;
  /** A plain member; `undefined` when there is none. */
  pick(set: S): string | undefined;
  /** Up to `count` members; all of them when there are no more. */
  some(set: S, count: number): readonly string[];
  has(set: S, value: string): boolean;
}

/** Automata over one alphabet, by the language that they are of. */
interface Compiled {
  readonly automata: Map<string, { readonly dfa: Dfa; readonly steps: number }>;
  transitions: number;
}

const byAlphabet = new WeakMap<Alphabet, Compiled>();
/** How many transitions of automata are kept for an alphabet: 4 MB of them. */
const KEPT = 1_000_000;

/**
 * The automaton of a language, made once for all questions with this alphabet. Whoever gets one that there is pays for it
 * all the same: whether a budget is enough must not hang on what was asked before.
 */
function compiled(language: Language, alphabet: Alphabet, budget: Budget): Dfa {
  let known = byAlphabet.get(alphabet);
  if (known === undefined) {
    known = { automata: new Map(), transitions: 0 };
    byAlphabet.set(alphabet, known);
  }
  const key = languageKey(language);
  const there = known.automata.get(key);
  if (there !== undefined) {
    budget.spend(there.steps, 'automata');
    return there.dfa;
  }
  const before = budget.spent;
  const dfa = compileLanguage(language, alphabet, budget);
  if (known.transitions + dfa.next.length > KEPT) {
    known.automata.clear();
    known.transitions = 0;
  }
  known.automata.set(key, { dfa, steps: budget.spent - before });
  known.transitions += dfa.next.length;
  return dfa;
}

/** Sets of texts. */
export class TextSpace implements Space<Dfa> {
  readonly all: Dfa;
  private readonly known = new Map<Language, Dfa>();

  constructor(
    readonly alphabet: Alphabet,
    private readonly budget: Budget,
  ) {
    this.all = everything(alphabet);
  }

  of(spec: SetSpec): Dfa {
    return this.language(languageOf(spec));
  }

  language(language: Language): Dfa {
    let dfa = this.known.get(language);
    if (dfa === undefined) {
      dfa = compiled(language, this.alphabet, this.budget);
      this.known.set(language, dfa);
    }
    return dfa;
  }

  and(left: Dfa, right: Dfa): Dfa {
    return left === right || right === this.all
      ? left
      : left === this.all
        ? right
        : join(left, right, 'and', this.budget);
  }

  or(left: Dfa, right: Dfa): Dfa {
    return left === right ? left : join(left, right, 'or', this.budget);
  }

  without(left: Dfa, right: Dfa): Dfa {
    return join(left, right, 'without', this.budget);
  }

  isEmpty(set: Dfa): boolean {
    return isEmpty(set);
  }

  pick(set: Dfa): string | undefined {
    return shortest(set);
  }

  some(set: Dfa, count: number): readonly string[] {
    return members(set, count, this.budget);
  }

  has(set: Dfa, value: string): boolean {
    return accepts(set, value);
  }
}

const BLANK_TEXT = literalLanguage('');

/** @throws TypeError for a set of another theory. */
export function languageOf(spec: SetSpec): Language {
  switch (spec.kind) {
    case 'all':
      return ALL;
    case 'blank':
      return BLANK_TEXT;
    case 'text':
      return spec.language;
    case 'not':
      return not(languageOf(spec.of));
    case 'quantity':
    case 'addresses':
      throw new TypeError('a set of quantities is no set of texts');
  }
}
