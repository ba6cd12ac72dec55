/** codepipeline-pipeline-approval-informed: who approves a deployment sees what an action found out about it. */
import { actionsOf, deploymentsOf, isBefore } from '../code/pipelines.js';
import type { Action } from '../code/pipelines.js';
import { at, scalar } from '../code/read.js';
import type { ResourceUnder, View } from '../code/view.js';

/** What can compare the permissions of two versions. */
const CHECKS = ['Build', 'Test', 'Invoke', 'Compute'];

export function check(view: View): void {
  for (const pipeline of view.resources('AWS::CodePipeline::Pipeline')) {
    const { actions, unknowns } = actionsOf(view, pipeline);
    if (unknowns.length > 0) {
      view.open(pipeline, ['Resources', pipeline.key, 'Properties', 'Stages'], unknowns);
      continue;
    }
    const seen = new Set<Action>();
    for (const { since, approvals } of deploymentsOf(view, actions)) {
      for (const approval of approvals.filter((one) => !seen.has(one))) {
        seen.add(approval);
        checkApproval(view, pipeline, approval, actions, since);
      }
    }
  }
}

function checkApproval(
  view: View,
  pipeline: ResourceUnder,
  approval: Action,
  actions: readonly Action[],
  since: number,
): void {
  const faults = view.verdicts.length;
  const { name, path } = approval;
  const before = actions.filter((one) => isBefore(one, approval));
  const configuration = [...path, 'Configuration'];
  for (const setting of ['ExternalEntityLink', 'CustomData']) {
    const text = scalar(view, at(approval.value, 'Configuration', setting)) ?? '';
    const where = [...configuration, setting];
    if (text === '') {
      const message = `the approval \`${name}\` has no \`${setting}\`: who approves is not shown what changes`;
      view.fail(pipeline, { path: where, missing: true, message, subject: `${name} ${setting}` });
    }
    for (const [, namespace = ''] of text.matchAll(/#\{([\w@-]+)\.[^}]*\}/g)) {
      if (namespace === 'codepipeline' || before.some((one) => namespaceOf(view, one) === namespace)) continue;
      const message = `the approval \`${name}\` shows variables of \`${namespace}\`, and no action before it has this \`Namespace\``;
      view.fail(pipeline, { path: where, message, subject: `${name} ${setting} ${namespace}` });
    }
  }
  if (!before.some((one) => one.stage > since && isCheck(view, one))) {
    const message = `before the approval \`${name}\` no action of this deployment looks at what changes`;
    view.fail(pipeline, { path, message, subject: name });
  }
  if (view.verdicts.length === faults) view.pass(pipeline);
}

/** A build, a test, a function, or a change set that is written and not yet carried out. */
function isCheck(view: View, { category, value }: Action): boolean {
  const mode = scalar(view, at(value, 'Configuration', 'ActionMode'));
  return CHECKS.includes(category) || (category === 'Deploy' && mode === 'CHANGE_SET_REPLACE');
}

function namespaceOf(view: View, { value }: Action): string | undefined {
  return scalar(view, at(value, 'Namespace'));
}
