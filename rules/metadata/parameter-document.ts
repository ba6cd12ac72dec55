/**
 * How parameters reach the text of a rule. A rule reads them below the root key `StackadeParameters`; the key comes from a
 * parameter document that is merged into the root, as `cfn-guard validate -i` does, so that the text runs unchanged in
 * cfn-guard. A rule whose parameter is missing fails wherever it has something to check. Where nothing can be merged, as in
 * a Guard Hook, the values are written into the text instead.
 */
import type { ParameterValue } from './parameters.js';

/** The root key below which rules read their parameters. A template that has it itself must not be checked. */
export const PARAMETER_ROOT = 'StackadeParameters';

/** The document to merge into the root of a template, such as the content of a file for `cfn-guard validate -i`. */
export function parameterDocument(values: Readonly<Record<string, ParameterValue>>): {
  readonly StackadeParameters: Readonly<Record<string, ParameterValue>>;
} {
  return { [PARAMETER_ROOT]: values };
}

const READS = /^let (\w+) = StackadeParameters\.(\w+)$/gm;

/** The names of the parameters that the text of a rule reads, in order. */
export function parametersRead(guard: string): readonly string[] {
  return [...guard.matchAll(READS)].map((match) => match[2]!);
}

/**
 * Writes parameters into the text of a rule, so that it needs no parameter document.
 *
 * @returns The text with each `let name = StackadeParameters.parameter` bound to the value instead.
 * @throws RangeError when a value is missing or cannot be written as a Guard literal.
 */
export function inlineParameters(guard: string, values: Readonly<Record<string, ParameterValue>>): string {
  return guard.replace(READS, (_line, name: string, parameter: string) => {
    if (!Object.hasOwn(values, parameter)) throw new RangeError(`parameter ${parameter} has no value`);
    return `let ${name} = ${guardLiteral(values[parameter]!)}`;
  });
}

/**
 * A value as a literal of the Guard language.
 *
 * @throws RangeError for what the language cannot say: a number that is no 64-bit integer nor a plain positive decimal, and
 *   a text that ends in a backslash or holds both kinds of quotes.
 */
export function guardLiteral(value: ParameterValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    const text = String(value);
    if (!/^(-?[0-9]+|[0-9]+\.[0-9]+)$/.test(text)) throw new RangeError(`${text} is no number of the Guard language`);
    return text;
  }
  if (typeof value === 'string') {
    if (value.endsWith('\\')) throw new RangeError(`a text of the Guard language cannot end in a backslash: ${value}`);
    const quote = value.includes("'") ? '"' : "'";
    // A backslash before the closing kind of quote would be taken for an escape.
    if (value.includes(quote)) throw new RangeError(`a text of the Guard language cannot hold both quotes: ${value}`);
    return `${quote}${value}${quote}`;
  }
  if (isList(value)) return `[${value.map(guardLiteral).join(', ')}]`;
  const entries = Object.entries(value).map(([key, entry]) => `${guardLiteral(key)}: ${guardLiteral(entry)}`);
  return `{ ${entries.join(', ')} }`;
}

function isList(value: ParameterValue): value is readonly ParameterValue[] {
  return Array.isArray(value);
}
