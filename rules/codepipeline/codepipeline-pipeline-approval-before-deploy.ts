/** codepipeline-pipeline-approval-before-deploy: no stage changes stacks before a person approved. */
import { actionsOf, deploymentsOf, isApproval } from '../code/pipelines.js';
import type { Action, Deployment } from '../code/pipelines.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  for (const pipeline of view.resources('AWS::CodePipeline::Pipeline')) {
    const { actions, unknowns } = actionsOf(view, pipeline);
    if (unknowns.length > 0) {
      view.open(pipeline, ['Resources', pipeline.key, 'Properties', 'Stages'], unknowns);
      continue;
    }
    const deployments = deploymentsOf(view, actions);
    for (const deployment of deployments.filter(({ approvals }) => approvals.length === 0)) {
      const { path, name } = deployment.action;
      view.fail(pipeline, { path, message: messageOf(deployment, actions), subject: name });
    }
    if (deployments.length > 0 && deployments.every(({ approvals }) => approvals.length > 0)) view.pass(pipeline);
  }
}

function messageOf({ action, since }: Deployment, actions: readonly Action[]): string {
  const late = actions.find((one) => isApproval(one) && one.stage === action.stage);
  const own = `\`${action.name}\` (\`RunOrder\` ${action.order})`;
  if (late !== undefined) {
    return `the action ${own} changes a stack before the approval \`${late.name}\` (\`RunOrder\` ${late.order}) of the same stage is given`;
  }
  const earlier = actions.some((one) => isApproval(one) && one.stage <= since);
  const why = earlier ? ': the approval of an earlier stage is used up by the deployment there' : '';
  return `the action ${own} changes a stack, and no person approves before it${why}`;
}
