/** iam-policy-named-actions: no policy of an identity allows every action, or every action of a service, on everything. */
import type { Statement } from '../../iam/index.js';
import { withUnknownsAs } from '../../template/index.js';
import type { Unknown } from '../../template/index.js';
import { pathIn } from '../code/policy-paths.js';
import type { PolicyUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const found of view.policies()) {
    if (found.kind === 'identity') checkPolicy(view, found);
  }
}

function checkPolicy(view: View, found: PolicyUnder): void {
  const { resource, policy } = found;
  if (policy === undefined) {
    view.unreadable(found);
    return;
  }
  const before = view.verdicts.length;
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow') return;
    const { action } = statement;
    const path = pathIn(found, index, action.negated ? 'NotAction' : 'Action');
    const fault = action.negated ? 'allows every action but those of `NotAction`' : broadGrant(statement);
    const unknown = [...view.unknownsIn(...action.patterns), ...unknownResources(view, statement)];
    if (fault !== undefined) {
      view.fail(resource, { path, message: `the statement ${fault}`, subject: `statement ${index}` });
    } else if (unknown.length > 0) {
      view.open(resource, path, unknown);
    }
  });
  if (view.verdicts.length === before) view.pass(resource);
}

/** What is not known of the resources, where it matters: a resource by resource grant of named actions is none of ours. */
function unknownResources(view: View, { action, resource }: Statement): readonly Unknown[] {
  if (!action.patterns.some(isWholeService)) return [];
  return view.unknownsIn(...(resource?.patterns ?? []).filter((pattern) => isEverything(withUnknownsAs(pattern, '*'))));
}

/** What is too broad about a statement with `Action`. */
function broadGrant({ action, resource }: Statement): string | undefined {
  const onEverything = resource?.negated === true || resource?.patterns.some(isEverything) === true;
  const everything = action.patterns.find((pattern) => /^\*+(?::\*+)?$/.test(pattern));
  if (everything !== undefined) return `allows every action (\`${everything}\`)`;
  if (!onEverything) return undefined;
  const service = action.patterns.find(isWholeService);
  return service === undefined ? undefined : `allows every action of a service (\`${service}\`) on every resource`;
}

function isWholeService(pattern: string): boolean {
  return /^[^:]+:\*+$/.test(pattern);
}

/** `*`, and ARNs that leave everything after the service open. */
function isEverything(pattern: string): boolean {
  return /^\*+$/.test(pattern) || /^arn:[^:]*:[^:]*(?::\*+)+$/.test(pattern);
}
