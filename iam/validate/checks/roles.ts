/**
 * `iam:PassRole` and `iam:CreateServiceLinkedRole` on more roles than one means
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Pass role with …",
 * "Create SLR with …").
 */
import { parseArn } from '../../arn.js';
import type { ConditionView, ElementView, StatementView } from '../view.js';
import { demandsKey } from '../view.js';
import { eachStatement, grantsToIdentity, mentionOf, type Mention } from './input.js';

/** What the two actions have in common. */
interface Family {
  readonly action: string;
  readonly prefix: string;
  /** A condition on this key narrows the statement well enough. */
  readonly key: string;
  readonly message: string;
  readonly help: string;
}

const FAMILIES: readonly Family[] = [
  {
    action: 'iam:passrole',
    prefix: 'PASS_ROLE_WITH',
    key: 'iam:passedtoservice',
    message: 'any role, of an administrator too, can be handed to a service',
    help: 'name the roles in `Resource`, or add a condition on `iam:PassedToService`',
  },
  {
    action: 'iam:createservicelinkedrole',
    prefix: 'CREATE_SLR_WITH',
    key: 'iam:awsservicename',
    message: 'service-linked roles of any service can be created',
    help: 'name the roles in `Resource`, or add a condition on `iam:AWSServiceName`',
  },
];

export const checkRoles = eachStatement((statement: StatementView, input, report) => {
  if (statement.effect !== 'Allow' || !grantsToIdentity(input)) return;
  const { resource, conditions } = statement;
  if (resource === undefined) return;
  for (const { action, prefix, key, message, help } of FAMILIES) {
    const mention = mentionOf(statement, action);
    if (mention === undefined || conditions.some((each) => each.lower === key && namesServices(each))) continue;
    const suffix = suffixOf(mention, resource);
    if (suffix === undefined) continue;
    report(`${prefix}_${suffix}`, statement.action!.path, `${words(mention, resource)}: ${message}`, help);
  }
});

/** Whether a condition holds for some services only. */
function namesServices(condition: ConditionView): boolean {
  return (
    condition.operator !== 'Null' &&
    demandsKey(condition) &&
    condition.values.every(({ text }) => !/^[*?]*$/.test(text))
  );
}

function suffixOf(mention: Mention, resource: ElementView): string | undefined {
  if (resource.negated) {
    return {
      named: 'NOT_RESOURCE',
      wildcard: 'STAR_IN_ACTION_AND_NOT_RESOURCE',
      notAction: 'NOT_ACTION_AND_NOT_RESOURCE',
    }[mention];
  }
  if (!resource.items.some(({ text }) => isAnyRole(text))) return undefined;
  return {
    named: 'STAR_IN_RESOURCE',
    wildcard: 'STAR_IN_ACTION_AND_RESOURCE',
    notAction: 'STAR_IN_RESOURCE_AND_NOT_ACTION',
  }[mention];
}

function words(mention: Mention, resource: ElementView): string {
  const how = { named: 'the action', wildcard: 'a pattern of actions', notAction: '`NotAction`' }[mention];
  return `${how} with ${resource.negated ? '`NotResource`' : 'a wildcard for all roles'}`;
}

/** A pattern for the roles of an account, whatever their names; `role/service-*` and the like name some. */
export function isAnyRole(text: string): boolean {
  if (/^\*+$/.test(text)) return true;
  const resource = parseArn(text)?.resource;
  return resource !== undefined && /^(?:[*?]+|role\/(?:aws-service-role\/)?[*?/]+)$/.test(resource);
}
