/** When two expressions of one template certainly give one value. */
import { isList, isMap, keysOf } from '../values.js';
import type { Value } from '../values.js';
import { jsonOf } from './build.js';
import { attributeParts } from './intrinsics.js';

/**
 * A text that two expressions have in common only when they give the same value wherever they stand in one deployment.
 *
 * A function of the same arguments gives the same value, so the text is that of the expression; the ways to write
 * `Fn::GetAtt` are one. Two expressions that turn out to be equal may have different texts, as `Fn::Select` of `0` and of
 * `"0"`.
 *
 * @returns `null` when a macro has a part in it: it may give something else each time it is called.
 */
export function identityOf(expression: Value): string | null {
  return callsMacro(expression) ? null : jsonOf(normal(expression));
}

function callsMacro(node: Value): boolean {
  if (isList(node)) return node.some(callsMacro);
  return isMap(node) && keysOf(node).some((key) => key === 'Fn::Transform' || callsMacro(node[key]!));
}

function normal(node: Value): Value {
  if (isList(node)) return node.map(normal);
  if (!isMap(node)) return node;
  const keys = keysOf(node);
  const argument = node['Fn::GetAtt'];
  if (keys.length === 1 && argument !== undefined && (typeof argument === 'string' || isList(argument))) {
    return { 'Fn::GetAtt': attributeParts(argument).map(normal) };
  }
  return Object.fromEntries(keys.map((key) => [key, normal(node[key]!)]));
}
