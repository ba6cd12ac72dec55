/** The roles of a template with the policies that the template attaches to them, wherever they are written. */
import { get, isList, isMap, supposedName } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { property } from './view.js';
import type { PolicyUnder, ResourceUnder, View } from './view.js';

/** The types in which policies of roles are written; a rule that asks for them names all in its metadata. */
export const ROLE_POLICY_TYPES = [
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
] as const;

/** A role and what it may do. */
export interface RoleUnder {
  readonly resource: ResourceUnder;
  /** The ARN that references to it give. */
  readonly arn: string;
  readonly trust: PolicyUnder | undefined;
  /** Inline policies and managed ones, of the role itself or of other resources. */
  readonly policies: readonly PolicyUnder[];
  /** Managed policies that are not in the template, with their places. */
  readonly elsewhere: readonly { readonly text: string; readonly path: Path }[];
}

/** The roles of a template. */
export function rolesOf(view: View): readonly RoleUnder[] {
  const policies = view.policies(...ROLE_POLICY_TYPES);
  return view.resources('AWS::IAM::Role').map((resource) => {
    const managed = listOf(property(resource, 'ManagedPolicyArns'));
    const listed = managed.map((value) => view.graph.target(value, 'AWS::IAM::ManagedPolicy')?.key);
    const isAttached = ({ resource: holder }: PolicyUnder): boolean =>
      holder.key === resource.key ||
      listed.includes(holder.key) ||
      [...listOf(property(holder, 'Roles')), ...listOf(property(holder, 'RoleName'))].some(
        (value) => holder.type !== 'AWS::IAM::Role' && view.graph.target(value, 'AWS::IAM::Role')?.key === resource.key,
      );
    return {
      resource,
      arn: supposedName(resource.key, { type: resource.type, resource: resource.value }, 'Arn', view.place)!,
      trust: policies.find(({ kind, resource: holder }) => kind === 'trust' && holder.key === resource.key),
      policies: policies.filter((found) => found.kind === 'identity' && isAttached(found)),
      elsewhere: managed.flatMap((value, index) =>
        listed[index] === undefined
          ? [
              {
                text: view.text(value) ?? '',
                path: ['Resources', resource.key, 'Properties', 'ManagedPolicyArns', index],
              },
            ]
          : [],
      ),
    };
  });
}

/** The tags of a resource, by key; a value that is no text, or not known, is told as it reads in the template. */
export function tagsOf(view: View, resource: ResourceUnder): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of listOf(property(resource, 'Tags'))) {
    const [key, value] = isMap(tag) ? [get(tag, 'Key'), get(tag, 'Value')] : [];
    const name = view.text(key);
    if (name !== undefined) tags.set(name, view.text(value) ?? '');
  }
  return tags;
}

/** The items of a list; a single value is what CloudFormation takes for a list of one. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}
