/** From the model of a policy to its JSON. */
import type { Condition, PatternElement, Policy, Principal, PrincipalElement, Statement } from './model.js';
import { printOperator } from './parse/condition.js';

/** JSON text of a policy, elements in the order of AWS's examples. */
type Json = string | readonly Json[] | Members;
/** Members of an object; pairs and no object, since a condition key may have any name. */
class Members {
  constructor(readonly entries: readonly (readonly [string, Json])[]) {}
}

/**
 * Prints a policy as JSON.
 *
 * @param indent - Spaces for each level; 0 prints without white space, as it counts against quotas. `@default` 2.
 * @returns Text that `readPolicy` reads back to an equal model. A list with one entry is printed as the entry.
 * @throws RangeError when two conditions of one statement have the same operator and key, which JSON cannot say.
 */
export function printPolicy(policy: Policy, indent = 2): string {
  const entries: [string, Json][] = [];
  if (policy.version !== undefined) entries.push(['Version', policy.version]);
  if (policy.id !== undefined) entries.push(['Id', policy.id]);
  entries.push(['Statement', policy.statements.map(statementJson)]);
  return write(new Members(entries), indent, 0);
}

function statementJson({ sid, effect, principal, action, resource, conditions }: Statement): Json {
  const entries: [string, Json][] = [];
  if (sid !== undefined) entries.push(['Sid', sid]);
  entries.push(['Effect', effect]);
  if (principal !== undefined) {
    entries.push([principal.negated ? 'NotPrincipal' : 'Principal', principalJson(principal)]);
  }
  entries.push([action.negated ? 'NotAction' : 'Action', patternsJson(action)]);
  if (resource !== undefined) entries.push([resource.negated ? 'NotResource' : 'Resource', patternsJson(resource)]);
  if (conditions.length > 0) entries.push(['Condition', conditionsJson(conditions)]);
  return new Members(entries);
}

function principalJson({ principals }: PrincipalElement): Json {
  const only = principals.length === 1 ? principals[0] : undefined;
  if (only?.kind === 'AWS' && only.value === '*') return '*';
  const kinds = new Map<Principal['kind'], string[]>();
  for (const { kind, value } of principals) {
    const values = kinds.get(kind);
    if (values === undefined) kinds.set(kind, [value]);
    else values.push(value);
  }
  return new Members([...kinds].map(([kind, values]) => [kind, oneOrList(values)]));
}

function patternsJson({ patterns }: PatternElement): Json {
  return oneOrList(patterns);
}

function conditionsJson(conditions: readonly Condition[]): Json {
  const operators = new Map<string, Map<string, Json>>();
  for (const condition of conditions) {
    const operator = printOperator(condition);
    const keys = operators.get(operator) ?? new Map<string, Json>();
    operators.set(operator, keys);
    if (keys.has(condition.key)) throw new RangeError(`two conditions ${operator} on ${condition.key}`);
    keys.set(condition.key, oneOrList(condition.values));
  }
  return new Members([...operators].map(([operator, keys]) => [operator, new Members([...keys])]));
}

function oneOrList(values: readonly string[]): Json {
  return values.length === 1 ? values[0]! : values;
}

function write(value: Json, indent: number, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const space = indent === 0 ? '' : ' ';
  const [open, close, items] =
    value instanceof Members
      ? [
          '{',
          '}',
          value.entries.map(([key, item]) => `${JSON.stringify(key)}:${space}${write(item, indent, depth + 1)}`),
        ]
      : ['[', ']', value.map((item) => write(item, indent, depth + 1))];
  if (items.length === 0) return `${open}${close}`;
  if (indent === 0) return `${open}${items.join(',')}${close}`;
  const pad = ' '.repeat(indent * depth);
  const inner = ' '.repeat(indent * (depth + 1));
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${pad}${close}`;
}
