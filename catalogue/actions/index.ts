/**
 * Which IAM actions make, change and delete the resources of a type of CloudFormation. For most types that people use the
 * rows of `type-actions.json` say so, each checked against the AWS Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/); for others the actions that are called as the type
 * is: `AWS::AppConfig::Application` is made by `appconfig:CreateApplication`.
 */
import { TYPE_ACTION_NAMESPACES, TYPE_ACTION_ROWS } from '../generated/type-actions.js';
import { iamAction, iamService } from '../iam/index.js';
import { resourceTypeNames } from '../index.js';
import type { TypeAction, TypeActions, TypeActionsRow, WrittenAction } from './types.js';

export type { TypeAction, TypeActions } from './types.js';

/** Words before the name of a type. A type has actions when one of the first makes it. */
const VERBS = {
  create: ['Create', 'Put', 'Register'],
  change: ['Update', 'Modify'],
  delete: ['Delete', 'Deregister'],
} as const;

/**
 * Namespaces whose types are CloudFormation itself: stacks, hooks and extensions are made by calls that nothing calls on
 * behalf of CloudFormation.
 */
const NEVER = new Set(['AWS::CloudFormation', 'AWS::Serverless']);

let known: ReadonlySet<string> | undefined;

/**
 * The actions behind a resource type.
 *
 * @param type - Such as `AWS::S3::Bucket`; case counts.
 * @returns `undefined` for a type that CloudFormation does not have, and for one of which no action is known.
 */
export function actionsOfType(type: string): TypeActions | undefined {
  known ??= new Set(resourceTypeNames());
  if (!known.has(type)) return undefined;
  return Object.hasOwn(TYPE_ACTION_ROWS, type) ? fromRow(type, TYPE_ACTION_ROWS[type]!) : byName(type);
}

/** The resource types of which no action is known, in the order of {@link resourceTypeNames}. Takes a while. */
export function typesWithoutActions(): readonly string[] {
  return resourceTypeNames().filter((type) => actionsOfType(type) === undefined);
}

/** The resource types that have a row. */
export function typesWithRow(): readonly string[] {
  return Object.keys(TYPE_ACTION_ROWS);
}

function fromRow(type: string, { source, read, ...row }: TypeActionsRow): TypeActions {
  const whole = (written: WrittenAction): TypeAction =>
    typeof written === 'string' ? { action: written, resource: '*' } : written;
  return {
    type,
    origin: 'row',
    create: row.create.map(whole),
    change: row.change.map(whole),
    delete: row.delete.map(whole),
    source,
    read,
  };
}

function byName(type: string): TypeActions | undefined {
  const end = type.lastIndexOf('::');
  const namespace = type.slice(0, end);
  if (NEVER.has(namespace)) return undefined;
  const service = namespace.slice(namespace.indexOf('::') + 2);
  const prefix = Object.hasOwn(TYPE_ACTION_NAMESPACES, service)
    ? TYPE_ACTION_NAMESPACES[service]!
    : service.toLowerCase();
  if (iamService(prefix) === undefined) return undefined;
  const called = (verbs: readonly string[]): readonly TypeAction[] =>
    verbs.flatMap((verb) => {
      const action = iamAction(`${prefix}:${verb}${type.slice(end + 2)}`);
      return action === undefined ? [] : [{ action: action.name, resource: '*' }];
    });
  const create = called(VERBS.create);
  if (create.length === 0) return undefined;
  return { type, origin: 'name', create, change: called(VERBS.change), delete: called(VERBS.delete) };
}
