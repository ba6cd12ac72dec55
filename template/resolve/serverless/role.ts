/**
 * The role that SAM makes for a function or a state machine without one.
 *
 * Follows "Policies" of "AWS::Serverless::Function" and "Generated CloudFormation resources" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies):
 * an item is the name or ARN of a managed policy, a policy document, or a policy template.
 */
import { isList, isMap, keysOf } from '../../values.js';
import type { Value } from '../../values.js';
import { callOf } from '../intrinsics.js';
import { isNoValue } from '../origins.js';
import type { Located } from '../origins.js';
import type { Declared } from '../sections.js';
import { POLICY_TEMPLATE_NAMES, policyOfTemplate } from './policy-templates.js';
import type { ServerlessResource } from './resource.js';

/** AWS managed policies whose ARN has a path before the name, by that path. */
const POLICY_PATHS: Readonly<Record<string, readonly string[]>> = {
  'service-role/': [
    'AWSAppSyncPushToCloudWatchLogs',
    'AWSLambdaBasicExecutionRole',
    'AWSLambdaDynamoDBExecutionRole',
    'AWSLambdaENIManagementAccess',
    'AWSLambdaKinesisExecutionRole',
    'AWSLambdaMSKExecutionRole',
    'AWSLambdaRole',
    'AWSLambdaSQSQueueExecutionRole',
    'AWSLambdaVPCAccessExecutionRole',
    'AWSQuickSightDescribeRDS',
    'AWSStepFunctionsConsoleFullAccess',
    'AmazonAPIGatewayPushToCloudWatchLogs',
    'AmazonEC2RoleforSSM',
    'AmazonECSTaskExecutionRolePolicy',
    'AmazonS3ObjectLambdaExecutionRolePolicy',
  ],
  'job-function/': [
    'Billing',
    'DataScientist',
    'DatabaseAdministrator',
    'NetworkAdministrator',
    'SupportUser',
    'SystemAdministrator',
    'ViewOnlyAccess',
  ],
};

/** What a role has besides the policies of the template. */
export interface RoleOptions {
  /** The service that takes the role. */
  readonly service: string;
  /** Names of AWS managed policies, with their path. */
  readonly managed: readonly string[];
  /** Inline policies: name, actions, resource. */
  readonly inline: readonly (readonly [name: string, action: string, resource: Located])[];
  /** The tag with which SAM marks what it makes. */
  readonly createdBy: string;
}

/** The role of a SAM resource. */
export function roleOf(sam: ServerlessResource, options: RoleOptions): Declared {
  const id = `${sam.id}Role`;
  const policies = sam.property('Policies');
  const base = options.managed.map((name) => managedArn(sam, name));
  const inline = options.inline.map(([name, action, resource]) =>
    sam.map(
      ['PolicyName', sam.constant(name)],
      [
        'PolicyDocument',
        sam.map([
          'Statement',
          sam.list(
            sam.map(['Action', sam.constant(action)], ['Resource', resource], ['Effect', sam.constant('Allow')]),
          ),
        ]),
      ],
    ),
  );
  return sam.declare(
    id,
    'AWS::IAM::Role',
    ['AssumeRolePolicyDocument', sam.property('AssumeRolePolicyDocument') ?? trustOf(sam, options.service)],
    ['ManagedPolicyArns', listOf(sam, policies, base, (item) => managedItem(sam, item))],
    ['Policies', inlineList(sam, policies, inline, id)],
    ['Path', sam.property('RolePath')],
    ['PermissionsBoundary', sam.property('PermissionsBoundary')],
    ['Tags', sam.tagList(options.createdBy)],
  );
}

function trustOf(sam: ServerlessResource, service: string): Located {
  return sam.constant({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] }],
  });
}

/**
 * A list made from the items of `Policies`, after some that are always there.
 *
 * @param convert - The item of the new list; `undefined` when the policy has none there.
 */
function listOf(
  sam: ServerlessResource,
  policies: Located | undefined,
  base: readonly Located[],
  convert: (item: Located, index: number) => Located | undefined,
): Located {
  if (policies === undefined) return sam.list(...base);
  return sam.origins.inBranches(policies, (branch) => {
    if (isNoValue(branch.node)) return sam.list(...base);
    const items = isList(branch.node) ? sam.origins.items(branch) : [branch];
    const made = items.map((item, index) => convert(item, index)).filter((item) => item !== undefined);
    return sam.origins.list(branch.path, [...base, ...made]);
  });
}

function inlineList(
  sam: ServerlessResource,
  policies: Located | undefined,
  base: readonly Located[],
  role: string,
): Located | undefined {
  const list = listOf(sam, policies, base, (item, index) => inlineItem(sam, item, `${role}Policy${index}`));
  return isList(list.node) && list.node.length === 0 ? undefined : list;
}

type PolicyKind = 'managed' | 'document' | 'template' | 'none';

function kindOf(node: Value): PolicyKind {
  if (typeof node === 'string') return 'managed';
  if (!isMap(node) || isNoValue(node)) return 'none';
  const call = callOf(node);
  if (call?.name === 'Fn::If' && isList(call.argument)) {
    const kinds = call.argument.slice(1).map(kindOf);
    return kinds.find((kind) => kind !== 'none') ?? 'none';
  }
  if (call !== undefined) return 'managed';
  return Object.hasOwn(node, 'Statement') ? 'document' : 'template';
}

function managedItem(sam: ServerlessResource, item: Located): Located | undefined {
  if (kindOf(item.node) !== 'managed') return undefined;
  return sam.origins.inBranches(item, (branch) =>
    typeof branch.node === 'string' ? { ...managedArn(sam, branch.node), path: branch.path } : branch,
  );
}

/** The ARN of a managed policy that is given by ARN or by name. */
function managedArn(sam: ServerlessResource, name: string): Located {
  if (name.startsWith('arn:')) return sam.constant(name);
  const path = Object.entries(POLICY_PATHS).find(([, names]) => names.includes(name))?.[0] ?? '';
  return sam.constant({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${path}${name}` });
}

function inlineItem(sam: ServerlessResource, item: Located, name: string): Located | undefined {
  const kind = kindOf(item.node);
  if (kind !== 'document' && kind !== 'template') return undefined;
  return sam.origins.inBranches(item, (branch) => {
    if (isNoValue(branch.node)) return branch;
    return sam.origins.map(branch.path, [
      ['PolicyName', { node: name, path: branch.path }],
      ['PolicyDocument', kindOf(branch.node) === 'document' ? branch : ofTemplate(sam, branch)],
    ]);
  });
}

/** The document of a policy template; one that is not known gives a document that is not known. */
function ofTemplate(sam: ServerlessResource, written: Located): Located {
  const [name, ...rest] = isMap(written.node) ? keysOf(written.node) : [];
  if (name === undefined || rest.length > 0 || !POLICY_TEMPLATE_NAMES.has(name)) {
    const macro = { 'Fn::Transform': { Name: `SAM policy template ${name ?? ''}` } };
    return sam.origins.constant(written.path, macro);
  }
  return policyOfTemplate(sam.origins, name, sam.origins.child(written, name)!);
}
