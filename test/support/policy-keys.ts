/**
 * Every condition key that a template uses is one that the named actions carry, and every action takes a resource that the
 * statement names: a condition on a key that never comes is always or never true, and a resource that an action does not
 * have is never met.
 */
import {
  conditionKeysOf,
  expandActionPattern,
  iamAction,
  iamConditionKey,
  iamService,
  isInstanceOfKey,
} from '../../catalogue/iam/index.js';
import type { IamAction } from '../../catalogue/iam/index.js';
import type { Statement } from '../../iam/index.js';
import type { AbsentKey } from '../../iam/templates/index.js';

/** Global keys that only some services send. */
const SOME_SERVICES = /^aws:(?:requesttag\/|resourcetag\/|tagkeys$)/i;

const actionsOf = ({ action }: Statement): readonly IamAction[] =>
  action.negated ? [] : action.patterns.flatMap(expandActionPattern).map((name) => iamAction(name)!);

const carries = (action: IamAction, key: string): boolean =>
  conditionKeysOf(action).some((listed) => isInstanceOfKey(key, listed));

/** Whether some text fits two patterns with `*` and `?`. */
function overlap(left: string, right: string): boolean {
  const known = new Map<string, boolean>();
  const at = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const [a, b] = [left[i], right[j]];
    const result =
      a === undefined && b === undefined
        ? true
        : a === '*'
          ? at(i + 1, j) || (b !== undefined && at(i, j + 1))
          : b === '*'
            ? at(i, j + 1) || (a !== undefined && at(i + 1, j))
            : a !== undefined && b !== undefined && (a === b || a === '?' || b === '?') && at(i + 1, j + 1);
    known.set(key, result);
    return result;
  };
  return at(0, 0);
}

function resourcesOf(action: IamAction): readonly string[] {
  const service = iamService(action.name.slice(0, action.name.indexOf(':')))!;
  const types = action.resourceTypes.flatMap(({ name }) => service.resourceType(name)?.arn ?? []);
  return types.map((arn) => arn.replace(/\$\{[^}]*\}/g, '*'));
}

/** The tests of one template. */
export function holdKeys(statements: readonly Statement[], absentKeys: readonly AbsentKey[] = []): void {
  it('names actions that exist', () => {
    const patterns = statements.flatMap(({ action }) => action.patterns).filter((pattern) => pattern !== '*');
    expect(patterns.filter((pattern) => expandActionPattern(pattern).length === 0)).toStrictEqual([]);
  });

  it('uses condition keys that exist and that its actions carry', () => {
    const wrong: string[] = [];
    const excused = new Set<string>();
    const excuses = absentKeys.map(({ key, actions }) => {
      return { key, actions: new Set(actions.flatMap(expandActionPattern)) };
    });
    for (const statement of statements) {
      for (const { key } of statement.conditions) {
        if (iamConditionKey(key) === undefined) wrong.push(`${key} is unknown`);
        if (key.toLowerCase().startsWith('aws:') && !SOME_SERVICES.test(key)) continue;
        for (const action of actionsOf(statement)) {
          if (carries(action, key)) continue;
          const excuse = excuses.find((each) => isInstanceOfKey(key, each.key) && each.actions.has(action.name));
          if (excuse === undefined) wrong.push(`${statement.sid!}: ${action.name} does not carry ${key}`);
          else excused.add(excuse.key);
        }
      }
    }
    expect(wrong).toStrictEqual([]);
    expect([...excused].sort()).toStrictEqual(absentKeys.map(({ key }) => key).sort());
  });

  it('names actions that take the resources, and resources that the actions take', () => {
    const wrong: string[] = [];
    for (const statement of statements) {
      const { action, resource } = statement;
      if (action.negated || resource === undefined || resource.negated || resource.patterns.includes('*')) continue;
      for (const pattern of action.patterns) {
        const arns = expandActionPattern(pattern).flatMap((each) => resourcesOf(iamAction(each)!));
        if (!arns.some((arn) => resource.patterns.some((each) => overlap(arn, each)))) {
          wrong.push(`${statement.sid!}: ${pattern} takes none of the resources`);
        }
      }
      for (const pattern of resource.patterns) {
        const arns = actionsOf(statement).flatMap(resourcesOf);
        if (!arns.some((arn) => overlap(arn, pattern))) wrong.push(`${statement.sid!}: nothing takes ${pattern}`);
      }
    }
    expect(wrong).toStrictEqual([]);
  });
}
