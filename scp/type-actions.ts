/** Statements about the actions behind resource types of CloudFormation. */
import { actionsOfType } from '../catalogue/actions/index.js';
import type { TypeAction, TypeActions } from '../catalogue/actions/index.js';
import { FillError } from '../iam/templates/index.js';
import type { ParameterValue, WrittenStatement } from '../iam/templates/index.js';
import type { StatementGenerator } from './model.js';

/** Most characters of a list of actions in one statement: with its conditions the statement fits a document. */
const MOST = 7000;

/**
 * Denies making, changing and deleting resources of the governed types to everybody who does not do it through
 * CloudFormation, and the change of the roles that are exempt: otherwise whoever makes a role of such a name is exempt, too.
 *
 * `aws:CalledViaFirst` is the first service of a chain of calls with the rights of a principal. It is absent from a direct
 * call, and a negated operator matches what is absent. See
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledviafirst
 */
export const onlyThroughCloudFormation: StatementGenerator = (parameters) => [
  ...statements(
    'OnlyByCloudFormation',
    typesOf(parameters, 'governedTypes').flatMap((type) => [...type.create, ...type.change, ...type.delete]),
    {
      $why: 'A call without a chain, or whose chain begins with another service, was not made by a stack of CloudFormation.',
      Condition: {
        StringNotEquals: { 'aws:CalledViaFirst': '{{firstServices}}' },
        ArnNotLike: { 'aws:PrincipalArn': '{{deploymentRoles}}' },
      },
    },
  ),
  {
    Sid: 'KeepDeploymentRoles',
    $why: 'Whoever can make or change a role of an exempt name is exempt.',
    $if: 'deploymentRoles',
    Effect: 'Deny',
    Action: [
      ...['iam:CreateRole', 'iam:DeleteRole', 'iam:UpdateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy'],
      ...['iam:DeleteRolePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePermissionsBoundary'],
      ...['iam:DeleteRolePermissionsBoundary', 'iam:TagRole', 'iam:UntagRole'],
    ],
    Resource: ['{{deploymentRoles}}'],
    Condition: { ArnNotLike: { 'aws:PrincipalArn': '{{platformRoles}}' } },
  },
];

/** Denies making resources of the forbidden types. */
export const forbiddenResourceTypes: StatementGenerator = (parameters) =>
  statements(
    'ForbiddenTypes',
    typesOf(parameters, 'forbiddenTypes').flatMap(({ create }) => create),
    {
      $why: 'What makes a resource of a type that nobody has approved, by whatever way.',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': '{{exemptRoles}}' } },
    },
  );

/** @throws FillError for types of which no action is known: a policy that leaves them out would look as if it held them. */
function typesOf(parameters: Readonly<Record<string, ParameterValue>>, name: string): readonly TypeActions[] {
  const names = [parameters[name]!].flat();
  const found = names.map((type) => actionsOfType(type));
  const unknown = names.filter((_, index) => found[index] === undefined);
  if (unknown.length > 0) {
    const list = unknown.map((type) => `\`${type}\``).join(', ');
    throw new FillError(`holds types of which the catalogue knows no action: ${list}`, name);
  }
  return found.flatMap((each) => each ?? []);
}

/** One statement for each resource, or several where the list of actions is long. */
function statements(
  sid: string,
  actions: readonly TypeAction[],
  more: Pick<WrittenStatement, '$why' | 'Condition'>,
): readonly WrittenStatement[] {
  const byResource = new Map<string, Set<string>>();
  for (const { action, resource } of actions) {
    byResource.set(resource, (byResource.get(resource) ?? new Set()).add(action));
  }
  const { $why, Condition } = more;
  return [...byResource]
    .sort(([left], [right]) => compare(left, right))
    .flatMap(([resource, names]) => chunks([...names].sort(compare)).map((Action) => ({ Action, resource })))
    .map(({ Action, resource }, index) => ({
      Sid: index === 0 ? sid : `${sid}${index + 1}`,
      $why: $why!,
      Effect: 'Deny',
      Action,
      Resource: resource,
      Condition: Condition!,
    }));
}

function chunks(names: readonly string[]): readonly (readonly string[])[] {
  const result: string[][] = [[]];
  let length = 0;
  for (const name of names) {
    length += name.length + 3;
    if (length > MOST) {
      result.push([]);
      length = name.length + 3;
    }
    result.at(-1)!.push(name);
  }
  return result;
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
