/**
 * Documents with open choices for tests: `{ "Fn::If": ["C1", yes, no] }` is an unknown that condition `C1` decides,
 * `{ "Fn::If": ["C1", { "Ref": "AWS::NoValue" }, no] }` is absent when it holds, `{ "Ref": "?" }` is decided by nothing,
 * `{ "Ref": "P:x,y" }` is a parameter with AllowedValues, and `{ "Fn::Join": ["", ["a", null]] }` is text that is known in
 * part; with `"?"` for `""`, it may not be there at all.
 */
import { ABSENT, get, isList, isMap, keysOf } from '../../../template/index.js';
import type { Assignment, Choice, ResolvedDocument, Unknown, Value, ValueMap } from '../../../template/index.js';

/** `infeasible` lists combinations of conditions that cannot come out together. */
export function openDocumentOf(
  value: ValueMap,
  infeasible: readonly (readonly [string, boolean])[][] = [],
): ResolvedDocument {
  const unknowns = new Map<Value, Unknown>();
  const visit = (node: Value): void => {
    if (isList(node)) node.forEach(visit);
    if (!isMap(node)) return;
    const unknown = unknownOf(node);
    if (unknown !== undefined) unknowns.set(node, unknown);
    for (const key of keysOf(node)) visit(get(node, key)!);
  };
  visit(value);
  return {
    value,
    hasUnknowns: unknowns.size > 0,
    unknownAt: (node) => unknowns.get(node),
    feasible: (assignment) =>
      !infeasible.some((group) => group.every(([name, given]) => assignment.get(`condition:${name}`) === given)),
    defaultsAt: () => [],
    sourcePath: (path) => path,
  };
}

function unknownOf(node: ValueMap): Unknown | undefined {
  const branches = get(node, 'Fn::If');
  if (isList(branches)) {
    const name = branches[0] as string;
    const choice: Choice = { id: `condition:${name}`, kind: 'condition', name, values: [true, false] };
    return {
      kind: 'condition',
      reason: `condition \`${name}\` is open`,
      parameters: [],
      choices: [choice],
      under: (assignment: Assignment) => {
        const branch = branches[assignment.get(choice.id) === true ? 1 : 2]!;
        return isMap(branch) && get(branch, 'Ref') === 'AWS::NoValue' ? ABSENT : branch;
      },
    };
  }
  const joined = get(node, 'Fn::Join');
  if (isList(joined)) {
    const pieces = joined[1] as readonly (string | null)[];
    const reason = 'the text holds a name that is not known';
    const kind = joined[0] === '' ? 'attribute' : 'macro';
    return { kind, reason, parameters: [], pieces, choices: [], under: () => undefined };
  }
  const name = get(node, 'Ref');
  if (typeof name !== 'string' || name === 'AWS::NoValue') return undefined;
  const [parameter, allowed] = name.split(':');
  const choices: Choice[] =
    allowed === undefined
      ? []
      : [{ id: `parameter:${parameter!}`, kind: 'parameter', name: parameter!, values: allowed.split(',') }];
  return {
    kind: 'parameter',
    reason: `parameter \`${parameter!}\` has no value`,
    parameters: [parameter!],
    choices,
    under: (assignment) => (choices.length === 0 ? undefined : assignment.get(choices[0]!.id)),
  };
}

/** Every reachable assignment of conditions to truth values. */
export function allAssignments(document: ResolvedDocument, conditions: readonly string[]): Assignment[] {
  let all: Assignment[] = [new Map()];
  for (const name of conditions) {
    all = all.flatMap((one) => [true, false].map((given) => new Map(one).set(`condition:${name}`, given)));
  }
  return all.filter((one) => document.feasible(one));
}
