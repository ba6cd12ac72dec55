/** Input parameters: documents whose values rules see beside those of the document they check. */
import { KEY_ORDER, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { EvaluationError, asGuardValue, typeName } from '../operators/index.js';

function mergeTwo(first: Value, second: Value): Value {
  if (isList(first) && isList(second)) return [...first, ...second];
  if (!isMap(first) || !isMap(second)) {
    const kinds = `${typeName(asGuardValue(first))}, ${typeName(asGuardValue(second))}`;
    throw new EvaluationError(`Types are not compatible for merges ${kinds}`);
  }
  const keys = [...keysOf(first), ...keysOf(second)];
  const clash = keysOf(second).find((key) => Object.hasOwn(first, key));
  if (clash !== undefined) throw new EvaluationError(`Key ${clash}, already exists in map`, 'multipleValues');
  const merged = Object.fromEntries(keys.map((key) => [key, (Object.hasOwn(first, key) ? first : second)[key]!]));
  return Object.keys(merged).every((key, index) => key === keys[index])
    ? merged
    : Object.defineProperty(merged, KEY_ORDER, { value: keys });
}

/**
 * The document that rules see when there are input parameters: all parameter documents and then the data document,
 * merged at the root (cfn-guard 3.1.1, measured).
 *
 * @returns The data itself when there are no parameters. Parts of the inputs are shared, not copied.
 * @throws EvaluationError when two of them have a key in common, or are not both maps or both lists.
 */
export function mergeInputParameters(parameters: readonly Value[], data: Value): Value {
  return [...parameters, data].reduce(mergeTwo);
}
