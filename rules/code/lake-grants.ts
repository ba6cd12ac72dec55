/** What a template says of its data lake: administrators, registered locations, grants. */
import { parseArn } from '../../iam/index.js';
import type { Path } from '../../template/index.js';
import { at, isKnown, itemsOf, pathOf } from './read.js';
import { property } from './view.js';
import type { ResourceUnder, View } from './view.js';

/** The types that grant rights on the lake. */
export const GRANT_TYPES = ['AWS::LakeFormation::Permissions', 'AWS::LakeFormation::PrincipalPermissions'] as const;

/** A grant to a principal. */
export interface LakeGrant {
  readonly resource: ResourceUnder;
  /** ARN of the principal. */
  readonly principal: string;
  readonly permissions: readonly { readonly name: string; readonly path: Path }[];
}

/** The grants of a template. */
export function lakeGrants(view: View): readonly LakeGrant[] {
  return view.resources(...GRANT_TYPES).map((resource) => {
    const holder = property(resource, 'Principal') ?? property(resource, 'DataLakePrincipal');
    return {
      resource,
      principal: view.text(at(holder, 'DataLakePrincipalIdentifier')) ?? '',
      permissions: itemsOf(property(resource, 'Permissions')).map((value, index) => ({
        name: view.text(value) ?? '',
        path: pathOf(resource, 'Permissions', index),
      })),
    };
  });
}

/** The administrators that the settings of the template name, with their places. */
export function lakeAdministrators(
  view: View,
): readonly { readonly resource: ResourceUnder; readonly arn: string; readonly path: Path }[] {
  return view.resources('AWS::LakeFormation::DataLakeSettings').flatMap((resource) =>
    itemsOf(property(resource, 'Admins')).map((value, index) => ({
      resource,
      arn: view.text(at(value, 'DataLakePrincipalIdentifier')) ?? view.text(value) ?? '',
      path: pathOf(resource, 'Admins', index),
    })),
  );
}

/** ARNs of objects in the locations of the lake: registered by the template, or named by the organization. */
export function lakeObjects(view: View): readonly { readonly location: string; readonly arn: string }[] {
  const registered = view
    .resources('AWS::LakeFormation::Resource')
    .map((resource) => view.text(property(resource, 'ResourceArn')))
    .filter((arn): arn is string => arn !== undefined && (isKnown(view, arn) || parseArn(arn) !== undefined));
  const named = view.texts('lakeBuckets').map((name) => `arn:${view.place.partition}:s3:::${name}`);
  return [...new Set([...registered, ...named].map((arn) => arn.replace(/\/\*?$/, '')))].map((location) => ({
    location,
    arn: `${location}/zzz/object`,
  }));
}

/** The roles by which Lake Formation itself reaches registered locations. */
export function registeringRoles(view: View): readonly ResourceUnder[] {
  return view
    .resources('AWS::LakeFormation::Resource')
    .flatMap((resource) => view.graph.target(property(resource, 'RoleArn'), 'AWS::IAM::Role') ?? []);
}
