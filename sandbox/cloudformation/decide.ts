/**
 * Asks the policies whether a caller may use an operation
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html).
 */
import { iamAction } from '../../catalogue/iam/index.js';
import { partitionOf } from '../../template/index.js';
import { CLOUDFORMATION_PRINCIPAL } from './engine.js';
import type { CfnCall, Engine } from './engine.js';
import { optional, tagsOf } from './input.js';
import { visibleSets } from './stack-sets/access.js';

/** @throws RequestError `accessDenied`. */
export function decide(engine: Engine, call: CfnCall, operation: string): void {
  const { by, input } = call;
  const known = iamAction(`cloudformation:${operation}`);
  const types = new Set(known?.resourceTypes.map(({ name }) => name));
  const resource = types.has('stackset') ? stackSetArn(call) : types.has('stack') ? stackArn(engine, call) : '*';
  const roleArn = optional(input, 'RoleARN');
  const url = optional(input, 'TemplateURL');
  const changeSet = optional(input, 'ChangeSetName');
  const tags = input['Tags'] === undefined ? undefined : tagsOf(input);
  by.authorize(`cloudformation:${operation}`, resource, {
    owner: call.account,
    ...(tags !== undefined && { requestTags: new Map(tags), tagKeys: [...tags.keys()] }),
    context: {
      ...(roleArn !== undefined && { 'cloudformation:RoleArn': roleArn }),
      ...(url !== undefined && { 'cloudformation:TemplateUrl': url }),
      ...(changeSet !== undefined && { 'cloudformation:ChangeSetName': changeSet }),
    },
  });
  if (roleArn !== undefined) {
    by.authorize('iam:PassRole', roleArn, { context: { 'iam:PassedToService': CLOUDFORMATION_PRINCIPAL } });
  }
}

function stackArn(engine: Engine, call: CfnCall): string {
  const named = optional(call.input, 'StackName');
  const changeSet = engine.place(call).changeSets.get(optional(call.input, 'ChangeSetName') ?? '');
  const name = named ?? changeSet?.stackId;
  if (name === undefined) return '*';
  const stack = engine.find(call, name);
  if (stack !== undefined) return stack.id;
  if (name.startsWith('arn:')) return name;
  // A stack that is to be made has no id yet.
  return `arn:${partitionOf(call.region)}:cloudformation:${call.region}:${call.account}:stack/${name}/*`;
}

function stackSetArn(call: CfnCall): string {
  const name = optional(call.input, 'StackSetName') ?? '*';
  const { sets } = visibleSets(call);
  const found = sets.get(name) ?? [...sets.values()].find((set) => set.name === name && set.status === 'ACTIVE');
  if (found !== undefined) return found.arn;
  const management = call.by.state.organization.managementAccountId;
  return `arn:${partitionOf(call.region)}:cloudformation:${call.region}:${management}:stackset/${name}${name.includes(':') ? '' : ':*'}`;
}
