/** Statements that mean the same by their elements, and what documents have in common. */
import type { Policy, Statement } from '../../iam/index.js';
import { jsonOf } from '../json.js';

const statementKeys = new WeakMap<Statement, string>();

/** Equal for statements that mean the same by their elements: names, order and case of actions do not count. */
export function keyOf(statement: Statement): string {
  let key = statementKeys.get(statement);
  if (key === undefined) {
    const { effect, principal, action, resource, conditions } = statement;
    const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
    key = jsonOf([
      effect,
      principal && [principal.negated, sorted(principal.principals.map(({ kind, value }) => `${kind} ${value}`))],
      [action.negated, sorted(action.patterns.map((pattern) => pattern.toLowerCase()))],
      resource && [resource.negated, sorted(resource.patterns)],
      sorted(
        conditions.map(({ operator, qualifier, ifExists, key: name, values }) =>
          jsonOf([operator, qualifier, ifExists, name.toLowerCase(), sorted(values)]),
        ),
      ),
    ]);
    statementKeys.set(statement, key);
  }
  return key;
}

/** The key with the version of the language, which decides whether variables are any. */
export function versionedKeys({ statements, version }: Policy): readonly (readonly [string, Statement])[] {
  return statements.map((statement) => {
    const key = keyOf(statement);
    return [version === '2012-10-17' || !key.includes('${') ? key : `2008 ${key}`, statement] as const;
  });
}

export function keysOfDenies(policy: Policy): readonly string[] {
  return versionedKeys(policy).flatMap(([key, { effect }]) => (effect === 'Deny' ? [key] : []));
}

/** Whether documents are the same but for order and names. */
export function equal(one: readonly Policy[] | null, other: readonly Policy[] | null): boolean {
  if (one === null || other === null) return one === other;
  const texts = (policies: readonly Policy[]): string =>
    [...new Set(policies.flatMap((policy) => versionedKeys(policy).map(([key]) => key)))].sort().join('\n');
  return texts(one) === texts(other);
}

/** Whether each allow of the new documents stands in the old ones, and each deny of the old ones in the new. */
export function within(before: readonly Policy[], after: readonly Policy[]): boolean {
  const [older, newer] = [before, after].map((policies) => policies.flatMap(versionedKeys));
  const [had, has] = [older!, newer!].map((list) => new Set(list.map(([key]) => key)));
  return (
    newer!.every(([key, { effect }]) => effect === 'Deny' || had!.has(key)) &&
    older!.every(([key, { effect }]) => effect === 'Allow' || has!.has(key))
  );
}

/** The new documents without allows that the old ones have too, where that leaves out nothing new: every old deny is still there. */
export function withoutCommon(before: readonly Policy[], after: readonly Policy[]): readonly Policy[] {
  const has = new Set(after.flatMap(keysOfDenies));
  if (!before.flatMap(keysOfDenies).every((key) => has.has(key))) return after;
  const had = new Set(before.flatMap((policy) => versionedKeys(policy).map(([key]) => key)));
  return after.flatMap((policy) => {
    const kept = versionedKeys(policy).flatMap(([key, each]) =>
      each.effect === 'Deny' || !had.has(key) ? [each] : [],
    );
    return kept.length === 0 ? [] : [{ ...policy, statements: kept }];
  });
}
