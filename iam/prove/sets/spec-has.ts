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
