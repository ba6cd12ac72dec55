/** Values of parameters: what is given, checked against the template, with defaults for the rest. */
import { nearestName } from '../../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../../findings/index.js';
import { isList, isMap, keysOf } from '../../../template/index.js';
import type { Path, Value } from '../../../template/index.js';
import { badParameter, missingParameter, unknownParameter } from '../diagnostics.js';
import type { ParameterDefinition, Parametrised, ParameterValue } from '../model.js';
import { PARAMETER_TYPES } from './types.js';

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

export interface ParameterOptions {
  /**
   * Present time in milliseconds since the Unix epoch. A policy that denies what was issued before a time in the future
   * denies everybody until then, so a template with a time cannot be built without it.
   */
  readonly now?: number;
  /** Whether examples stand in for values that are not given. Only for cases and claims. */
  readonly examples?: boolean;
  /** Where the value at a path of the given map is written, for messages. */
  readonly locate?: (path: Path) => SourceRange | undefined;
}

/** How far ahead a time may be, for clocks that differ. */
const AHEAD = 60_000;

/** Checks the values that are given for a template and adds the defaults. */
export function completeParameters(
  template: Parametrised,
  given: Value,
  options: ParameterOptions = {},
): { readonly values: ParameterValues; readonly diagnostics: readonly Diagnostic[] } {
  const { name, parameters } = template;
  const diagnostics: Diagnostic[] = [];
  const say = (diagnostic: Diagnostic, path: Path): void => {
    const location = options.locate?.(path) ?? options.locate?.([]);
    diagnostics.push(location === undefined ? diagnostic : { ...diagnostic, location });
  };
  const values: Record<string, ParameterValue> = {};
  const known = Object.keys(parameters);
  if (!isMap(given)) {
    return { values, diagnostics: [badParameter(name, 'parameters', 'are no map', 'a map from name to value')] };
  }
  for (const key of keysOf(given)) {
    if (Object.hasOwn(parameters, key)) continue;
    say(unknownParameter(name, key, known, nearestName(key, known)), [key]);
  }
  for (const [key, definition] of Object.entries(parameters)) {
    const written = Object.hasOwn(given, key)
      ? given[key]!
      : (definition.default ?? (options.examples === true ? definition.example : undefined));
    if (written === undefined) {
      say(missingParameter(name, key, definition.description), []);
      continue;
    }
    const read = readValue(written, definition, options);
    if (typeof read === 'object' && 'fault' in read) {
      say(badParameter(name, key, read.fault, acceptedBy(definition)), [key]);
    } else {
      values[key] = read;
    }
  }
  return { values, diagnostics };
}

/** What a parameter accepts, in words. */
export function acceptedBy({ type, list, least = 1 }: ParameterDefinition): string {
  const { what } = PARAMETER_TYPES[type];
  if (list !== true) return what;
  return least === 0 ? `a list, each ${what}; it may be empty` : `a list of at least ${least}, each ${what}`;
}

function readValue(
  written: Value,
  definition: ParameterDefinition,
  options: ParameterOptions,
): ParameterValue | { readonly fault: string } {
  if (definition.list !== true) return readOne(written, definition, options);
  if (!isList(written)) return { fault: 'is no list' };
  const texts = new Set<string>();
  for (const each of written) {
    const read = readOne(each, definition, options);
    if (typeof read === 'object') return read;
    texts.add(read);
  }
  const { least = 1 } = definition;
  return texts.size < least ? { fault: `has ${texts.size} entries` } : [...texts];
}

function readOne(
  written: Value,
  { type }: ParameterDefinition,
  { now, examples }: ParameterOptions,
): string | { readonly fault: string } {
  if (typeof written !== 'string') return { fault: 'holds something that is no text' };
  const fault = PARAMETER_TYPES[type].fault(written);
  if (fault !== undefined) return { fault: `holds \`${written}\`, which ${fault}` };
  if (type === 'time' && examples !== true) {
    if (now === undefined) return { fault: 'cannot be judged without the present time' };
    if (Date.parse(written) > now + AHEAD) {
      return { fault: `holds \`${written}\`, which is in the future: it would deny everybody until then` };
    }
  }
  return written;
}
