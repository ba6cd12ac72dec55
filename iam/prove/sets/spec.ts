/** What a condition says of a value, as a set of texts that is written down but not yet computed. */
import { languageKey } from '../automata/language.js';
import type { Language } from '../automata/language.js';

/** How the values of a key are compared: as texts, or as what they stand for. */
export type Theory = 'text' | 'number' | 'date' | 'ip';

/** `sign` says whether values left of, at and right of the threshold belong. The threshold is `units` × 10^-`places`. */
export interface Comparison {
  readonly below: boolean;
  readonly at: boolean;
  readonly above: boolean;
  readonly units: bigint;
  readonly places: number;
}

export type SetSpec =
  | { readonly kind: 'all' }
  /** Only the empty text. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly language: Language }
  /** Any of the comparisons; a value that is no number or date is not in it. */
  | { readonly kind: 'quantity'; readonly theory: 'number' | 'date'; readonly comparisons: readonly Comparison[] }
  /** Any of the ranges of addresses, as {@link addressRange} numbers them. */
  | { readonly kind: 'addresses'; readonly ranges: readonly (readonly [bigint, bigint])[] }
  | { readonly kind: 'not'; readonly of: SetSpec };

export const EVERY_VALUE: SetSpec = { kind: 'all' };
export const BLANK: SetSpec = { kind: 'blank' };

export function textSpec(language: Language): SetSpec {
  return { kind: 'text', language };
}

export function notSpec(of: SetSpec): SetSpec {
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

/** The theory in which a set can be computed; `null` for sets that every theory knows. */
export function theoryOf(spec: SetSpec): Theory | null {
  switch (spec.kind) {
    case 'all':
    case 'blank':
      return null;
    case 'text':
      return 'text';
    case 'quantity':
      return spec.theory;
    case 'addresses':
      return 'ip';
    case 'not':
      return theoryOf(spec.of);
  }
}

/** A text that is the same for equal sets. */
export function specKey(spec: SetSpec): string {
  switch (spec.kind) {
    case 'text':
      return `text ${languageKey(spec.language)}`;
    case 'not':
      return `not ${specKey(spec.of)}`;
    default:
      return JSON.stringify(spec, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  }
}
