/**
 * Claims about a request: atoms joined by and, or and not. An atom says of one dimension of the request (its action, its
 * resource, its caller, the values of one condition key) that it has a value in a set; everything that policies say comes
 * down to that. "Every value is in the set" is the negation of "some value is outside".
 */
import { specKey } from './sets/spec.js';
import type { SetSpec } from './sets/spec.js';

/** Some value of the dimension is in the set. False when the dimension has no value. */
export interface Atom {
  readonly kind: 'atom';
  readonly id: number;
  readonly dimension: string;
  readonly set: SetSpec;
}

export type Formula =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'literal'; readonly atom: Atom; readonly positive: boolean }
  | { readonly kind: 'and'; readonly parts: readonly Formula[] }
  | { readonly kind: 'or'; readonly parts: readonly Formula[] };

export const TRUE: Formula = { kind: 'true' };
export const FALSE: Formula = { kind: 'false' };

export function and(parts: readonly Formula[]): Formula {
  const flat: Formula[] = [];
  for (const part of parts) {
    if (part.kind === 'false') return FALSE;
    if (part.kind === 'and') flat.push(...part.parts);
    else if (part.kind !== 'true') flat.push(part);
  }
  return flat.length === 0 ? TRUE : flat.length === 1 ? flat[0]! : { kind: 'and', parts: flat };
}

export function or(parts: readonly Formula[]): Formula {
  const flat: Formula[] = [];
  for (const part of parts) {
    if (part.kind === 'true') return TRUE;
    if (part.kind === 'or') for (const inner of part.parts) flat.push(inner);
    else if (part.kind !== 'false') flat.push(part);
  }
  return flat.length === 0 ? FALSE : flat.length === 1 ? flat[0]! : { kind: 'or', parts: flat };
}

const negations = new WeakMap<Formula, Formula>();

export function not(formula: Formula): Formula {
  const known = negations.get(formula);
  if (known !== undefined) return known;
  const result = negationOf(formula);
  negations.set(formula, result);
  negations.set(result, formula);
  return result;
}

function negationOf(formula: Formula): Formula {
  switch (formula.kind) {
    case 'true':
      return FALSE;
    case 'false':
      return TRUE;
    case 'literal':
      return { ...formula, positive: !formula.positive };
    case 'and':
      return or(formula.parts.map(not));
    case 'or':
      return and(formula.parts.map(not));
  }
}

/** Gives equal atoms one number, so that what contradicts is seen without computing. */
export class Atoms {
  private readonly known = new Map<string, Formula>();
  readonly all: Atom[] = [];

  /** Some value of the dimension is in the set. */
  some(dimension: string, set: SetSpec): Formula {
    const key = `${dimension}\n${specKey(set)}`;
    let literal = this.known.get(key);
    if (literal === undefined) {
      const atom: Atom = { kind: 'atom', id: this.all.length, dimension, set };
      this.all.push(atom);
      literal = { kind: 'literal', atom, positive: true };
      this.known.set(key, literal);
    }
    return literal;
  }
}
