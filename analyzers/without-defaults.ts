/** Templates whose parameters get values that are not looked at. */
import { get, isMap, keysOf } from '../template/index.js';
import type { Value, ValueMap } from '../template/index.js';

/** A template without the Defaults of some parameters, which nobody knows the values of then. */
export function withoutDefaults(template: ValueMap, names: readonly string[]): ValueMap {
  const parameters = get(template, 'Parameters');
  if (names.length === 0 || parameters === undefined || !isMap(parameters)) return template;
  const changed: Record<string, Value> = {};
  for (const name of keysOf(parameters)) {
    const declaration = parameters[name]!;
    changed[name] = names.includes(name) && isMap(declaration) ? without(declaration, 'Default') : declaration;
  }
  return { ...template, Parameters: changed };
}

function without(map: ValueMap, key: string): ValueMap {
  const kept: Record<string, Value> = {};
  for (const each of keysOf(map)) if (each !== key) kept[each] = map[each]!;
  return kept;
}
