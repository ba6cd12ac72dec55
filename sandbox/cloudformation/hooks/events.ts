/**
 * What a Lambda Hook is told: "Create Lambda functions to evaluate resources for Lambda Hooks" of the CloudFormation Hooks
 * User Guide (https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html).
 */
import { readTemplate } from '../../../template/index.js';
import { contextOf } from '../context.js';
import type { ChangeData } from '../data.js';
import type { HookQuestion } from '../hook-gate.js';
import { operationOf } from './configuration.js';
import type { HookType } from './data.js';

/** One invocation of several, when a hook answers that it is not done. */
export interface Attempt {
  readonly invocation: number;
  readonly callbackContext: unknown;
}

/** The text that lies behind the address which events of stacks and change sets carry. */
export function payloadOf(question: HookQuestion): string | null {
  if (question.target === 'RESOURCE') return null;
  const { template, previousTemplate } = question;
  if (question.target === 'STACK') return JSON.stringify({ template, previousTemplate });
  return JSON.stringify({ template, changedResources: changedResources(template, question.changes) });
}

export function changedResources(template: string, changes: readonly ChangeData[]): readonly object[] {
  const { source } = readTemplate(template, 'template');
  const lineOf = (logicalId: string): number | null => {
    const range = source?.keyRangeOf(['Resources', logicalId]);
    return range === undefined ? null : template.slice(0, range.start).split('\n').length;
  };
  return changes.map((change) => ({
    logicalResourceId: change.logicalId,
    resourceType: change.type,
    action: { Add: 'CREATE', Modify: 'UPDATE', Remove: 'DELETE' }[change.action],
    lineNumber: change.action === 'Remove' ? null : lineOf(change.logicalId),
    beforeContext: contextOf(change.before),
    afterContext: contextOf(change.after),
  }));
}

/** @param payloadUrl - Of the text of {@link payloadOf}. */
export function eventOf(
  type: HookType,
  model: Readonly<Record<string, unknown>>,
  question: HookQuestion,
  token: string,
  payloadUrl: string | null,
  { invocation, callbackContext }: Attempt,
): object {
  const { stack, action, changeSetId } = question;
  return {
    clientRequestToken: token,
    awsAccountId: stack.account,
    // There is none behind Cloud Control API.
    stackId: operationOf(question) === 'CLOUD_CONTROL' ? '' : stack.id,
    changeSetId,
    hookTypeName: type.name,
    hookTypeVersion: type.versionId,
    hookModel: model,
    actionInvocationPoint: `${action}_PRE_PROVISION`,
    requestData: requestData(question, payloadUrl),
    requestContext: { invocation, callbackContext },
  };
}

function requestData(question: HookQuestion, payloadUrl: string | null): object {
  if (question.target !== 'RESOURCE') {
    const { target } = question;
    const targetLogicalId = target === 'STACK' ? question.stack.name : question.changeSetId;
    return { targetName: target, targetType: target, targetLogicalId, payload: payloadUrl };
  }
  const { type, logicalId, properties, previous } = question;
  return {
    targetName: type,
    targetType: question.requestToken === undefined ? type : 'RESOURCE',
    targetLogicalId: logicalId,
    targetModel: { resourceProperties: properties, previousResourceProperties: previous },
  };
}
