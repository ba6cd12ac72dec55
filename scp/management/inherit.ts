/**
 * What a management policy sets, alone and with another below it.
 *
 * A policy is a tree of names; at its leaves operators say what becomes of the value that comes from above: `@@assign` puts
 * one in its place, `@@append` and `@@remove` change a list. `@@operators_allowed_for_child_policies` says which of them
 * policies below may use; what a policy forbids, no policy below allows again. See
 * https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
 */
import { isList, isMap, keysOf } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';

const CONTROL = '@@operators_allowed_for_child_policies';

/** The settings of a policy, as policies below meet them. */
interface Setting {
  readonly value: Value | undefined;
  readonly children: ReadonlyMap<string, Setting>;
  /** Operators of policies below; `null` for all. */
  readonly allowed: ReadonlySet<string> | null;
}

const NOTHING: Setting = { value: undefined, children: new Map(), allowed: null };

/**
 * The value of a setting.
 *
 * @param policies - From the root to the account.
 * @param path - Names, without operators.
 * @returns `undefined` where no policy sets it.
 */
export function settingAt(policies: readonly Value[], path: readonly string[]): Value | undefined {
  let setting: Setting | undefined = policies.reduce<Setting>((above, policy) => merge(above, policy), NOTHING);
  for (const name of path) setting = setting?.children.get(name);
  return setting?.value;
}

function merge(above: Setting, policy: Value): Setting {
  if (!isMap(policy)) return above;
  const children = new Map(above.children);
  for (const name of keysOf(policy)) {
    if (name.startsWith('@@')) continue;
    const known = above.children.get(name);
    // What is closed here is closed for everything below this name.
    if (above.allowed?.size === 0) continue;
    children.set(name, merge(known ?? NOTHING, policy[name]!));
  }
  return { value: valueOf(above, policy), children, allowed: narrowed(above.allowed, policy[CONTROL]) };
}

function valueOf({ value, allowed }: Setting, policy: ValueMap): Value | undefined {
  const written = (operator: string): Value | undefined =>
    allowed === null || allowed.has(operator) ? policy[operator] : undefined;
  const assigned = written('@@assign') ?? value;
  const [append, remove] = [written('@@append'), written('@@remove')];
  if (append === undefined && remove === undefined) return assigned;
  const kept = listOf(assigned).filter((each) => !listOf(remove).includes(each));
  return [...kept, ...listOf(append).filter((each) => !kept.includes(each))];
}

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : isList(value) ? value : [value];

function narrowed(above: Setting['allowed'], written: Value | undefined): Setting['allowed'] {
  if (written === undefined) return above;
  const names = listOf(written);
  if (names.includes('@@all')) return above;
  const own = new Set(names.filter((name): name is string => typeof name === 'string' && name !== '@@none'));
  return above === null ? own : new Set([...own].filter((name) => above.has(name)));
}
