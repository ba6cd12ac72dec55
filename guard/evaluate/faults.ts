/** Errors that both evaluators raise, in the words of `cfn-guard` 3.1.1. */
import { EvaluationError } from '../operators/index.js';

function quoted(names: Iterable<string>): string {
  return `[${[...names].map((name) => `"${name}"`).join(', ')}]`;
}

export function unknownVariable(name: string, offset?: number): EvaluationError {
  return new EvaluationError(`Could not resolve variable by name ${name} across scopes`, 'missingValue', offset);
}

export function circularVariable(name: string): EvaluationError {
  return new EvaluationError(`the variable ${name} needs its own value`, 'recursion');
}

export function unknownRule(name: string, names: Iterable<string>, offset: number): EvaluationError {
  const detail = `Rule ${name} by that name does not exist, Rule Names = ${quoted(names)}`;
  return new EvaluationError(detail, 'missingValue', offset);
}

/** @param waiting - Names of the rules being evaluated, outermost first. */
export function circularRules(name: string, waiting: readonly string[], offset: number): EvaluationError {
  const circle = [...waiting.slice(waiting.indexOf(name)), name].join(' → ');
  return new EvaluationError(`the rules ${circle} refer to each other in a circle`, 'recursion', offset);
}

export function unknownParameterizedRule(name: string, names: Iterable<string>, offset: number): EvaluationError {
  const detail = `Parameterized Rule with name ${name} was not found, candidate ${quoted(names)}`;
  return new EvaluationError(detail, 'missingValue', offset);
}

export function wrongArguments(name: string, expected: number, count: number, offset: number): EvaluationError {
  const detail = `Arity mismatch for called parameter rule ${name}, expected ${expected}, got ${count}`;
  return new EvaluationError(detail, 'incompatible', offset);
}

export function noResources(typeName: string, offset: number): EvaluationError {
  return new EvaluationError(`Unable to resolve type block query: ${typeName}`, 'missingValue', offset);
}

/** Rules, variables and calls that wait for each other. The reference overflows its stack a little later. */
export const MOST_NESTED = 250;

export function tooDeep(): EvaluationError {
  return new EvaluationError(`rules or variables need each other more than ${MOST_NESTED} levels deep`, 'recursion');
}
