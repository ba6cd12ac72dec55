/** Policies that a template attaches by their ARN: their documents stand elsewhere. */
import type { Location } from '../../findings/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Marks, Path, Value } from '../../template/index.js';

/** The resource that holds a policy. */
export interface PolicyHolder {
  /** Its key in the resolved document. */
  readonly key: string;
  /** As the template writes it. */
  readonly logicalId: string;
  readonly type: string;
}

/** A policy that is attached by its ARN. */
export interface Attachment {
  readonly resource: PolicyHolder;
  readonly property: string;
  readonly arn: string;
  readonly location: Location;
}

/** Properties that grant what the policies with these ARNs allow; a boundary grants nothing. */
const GRANTING: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'ManagedPolicyArns',
  'AWS::IAM::Role': 'ManagedPolicyArns',
  'AWS::IAM::User': 'ManagedPolicyArns',
  'AWS::SSO::PermissionSet': 'ManagedPolicies',
};

/** The attachments of a resource with its choices made. @param locate - Of a path from the document's root. */
export function attachmentsOf(
  holder: PolicyHolder,
  resource: Value,
  marks: Marks,
  locate: (path: Path) => Location,
): readonly Attachment[] {
  const property = Object.hasOwn(GRANTING, holder.type) ? GRANTING[holder.type] : undefined;
  const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
  const written = property === undefined || !isMap(properties ?? null) ? undefined : get(properties as never, property);
  if (property === undefined || written === undefined) return [];
  const arns = marks.replaceInPolicy(written);
  return (isList(arns) ? arns : [arns]).flatMap((arn, index) => {
    if (typeof arn !== 'string') return [];
    const base: Path = ['Resources', holder.key, 'Properties', property];
    return [{ resource: holder, property, arn, location: locate(isList(arns) ? [...base, index] : base) }];
  });
}
