/** Membership straight from what is written down, for sets that may never need an automaton. */
import { patternMatches } from '../automata/compile.js';
import type { Language } from '../automata/language.js';
import type { SetSpec } from './spec.js';

/** Whether a text is in a set; `undefined` when only the computed set can tell. */
export function specHas(spec: SetSpec, text: string): boolean | undefined {
  switch (spec.kind) {
    case 'all':
      return true;
    case 'blank':
      return text === '';
    case 'text':
      return languageHas(spec.language, text);
    case 'not': {
      const inner = specHas(spec.of, text);
      return inner === undefined ? undefined : !inner;
    }
    case 'quantity':
    case 'addresses':
      return undefined;
  }
}

/** Whether a text is in a language; `undefined` when only its automaton can tell. */
export function languageHas(language: Language, text: string): boolean | undefined {
  switch (language.kind) {
    case 'pattern':
      return patternMatches(language.tokens, text);
    case 'choice': {
      let isKnown = true;
      for (const option of language.options) {
        const one = languageHas(option, text);
        if (one === true) return true;
        isKnown &&= one !== undefined;
      }
      return isKnown ? false : undefined;
    }
    case 'not': {
      const inner = languageHas(language.of, text);
      return inner === undefined ? undefined : !inner;
    }
    case 'both': {
      const left = languageHas(language.left, text);
      const right = languageHas(language.right, text);
      return left === false || right === false ? false : left === undefined || right === undefined ? undefined : true;
    }
    case 'sequence':
    case 'repeat':
      return undefined;
  }
}

/** Whether a text is in a language, also where parts of the text have to be told apart; for short texts. */
export function languageHolds(language: Language, text: string): boolean {
  return endsOf(language, text, 0).has(text.length);
}

/** Where the members that begin at a place of the text can end. */
function endsOf(language: Language, text: string, from: number): ReadonlySet<number> {
  const rest = Array.from({ length: text.length - from + 1 }, (_, index) => from + index);
  switch (language.kind) {
    case 'pattern':
      return new Set(rest.filter((end) => patternMatches(language.tokens, text.slice(from, end))));
    case 'choice':
      return new Set(language.options.flatMap((option) => [...endsOf(option, text, from)]));
    case 'not': {
      const inner = endsOf(language.of, text, from);
      return new Set(rest.filter((end) => !inner.has(end)));
    }
    case 'both': {
      const right = endsOf(language.right, text, from);
      return new Set([...endsOf(language.left, text, from)].filter((end) => right.has(end)));
    }
    case 'sequence':
      return language.parts.reduce<ReadonlySet<number>>((ends, part) => after(ends, part, text), new Set([from]));
    case 'repeat':
      return repeated(language, text, from);
  }
}

function after(ends: ReadonlySet<number>, next: Language, text: string): ReadonlySet<number> {
  return new Set([...ends].flatMap((end) => [...endsOf(next, text, end)]));
}

function repeated({ of, min, max }: Extract<Language, { kind: 'repeat' }>, text: string, from: number): Set<number> {
  let ends: ReadonlySet<number> = new Set([from]);
  for (let times = 0; times < min; times++) ends = after(ends, of, text);
  const all = new Set(ends);
  // Once no new place is reached, further rounds reach none either.
  for (let times = min; max === null || times < max; times++) {
    const next = [...after(ends, of, text)].filter((end) => !all.has(end));
    if (next.length === 0) break;
    for (const end of next) all.add(end);
    ends = new Set(next);
  }
  return all;
}
