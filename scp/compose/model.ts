/**
 * What the composer makes of a description: policy documents as AWS Organizations shall hold them, and where each is
 * attached. Plain data, so that it can be written to files and read by whoever brings it to an organization.
 */
import { shownTarget, targetsOf } from '../../organization/index.js';
import type { Organization, OrganizationPolicyType, Target, TargetPath } from '../../organization/index.js';

/** A policy that shall be in the organization. */
export interface ComposedDocument {
  /** Unique among the documents of its type; made of the place at which it is attached, so that it stays the same. */
  readonly name: string;
  readonly type: OrganizationPolicyType;
  /** For people who look at the policy in AWS Organizations; at most 512 characters. */
  readonly description: string;
  /** JSON without white space, as it is to be saved. */
  readonly content: string;
}

/** A root, unit or account as the description has it. */
export interface AttachmentTarget {
  readonly kind: Target['kind'];
  /** `null` when the description does not say it. */
  readonly id: string | null;
  /** The way to it as `shownTarget` writes it, for readers: names may hold slashes. */
  readonly path: string;
  /** Names of the units below the root on the way to it, and its own; empty for the root. */
  readonly names: readonly string[];
}

/** What shall be attached at one target; what is not listed shall not be, but for the policies that AWS attaches. */
export interface Attachment {
  readonly target: AttachmentTarget;
  readonly type: OrganizationPolicyType;
  /** Names of documents of this type. */
  readonly documents: readonly string[];
  /** Of SCPs: whether `FullAWSAccess` stays attached. `RCPFullAWSAccess` always does; other types have no such policy. */
  readonly fullAwsAccess: boolean;
}

/** Documents and where they go. Targets and types without an attachment have only what AWS attaches. */
export interface Composition {
  readonly documents: readonly ComposedDocument[];
  /** In the order of the tree, types in the order of `POLICY_TYPES`; each pair of target and type at most once. */
  readonly attachments: readonly Attachment[];
}

/** A text that tells a target from the others: accounts by their ids, root and units by the way to them. */
export function targetKey({ kind, id, names }: AttachmentTarget): string {
  return kind === 'account' ? `account ${id ?? ''}` : `${kind} ${JSON.stringify(names)}`;
}

/** The last target of a path as attachments name it. */
export function attachmentTarget(path: TargetPath): AttachmentTarget {
  const { kind, id } = path.at(-1)!;
  return { kind, id, path: shownTarget(path), names: path.slice(1).map(({ name }) => name) };
}

/** The names of the documents attached at a target: the option `attachments` of `compareOrganization`. */
export function attachmentsOf(
  organization: Organization,
  { attachments }: Composition,
): (target: Target, type: OrganizationPolicyType) => readonly string[] {
  const keys = new Map<Target, string>();
  for (const path of targetsOf(organization)) keys.set(path.at(-1)!, targetKey(attachmentTarget(path)));
  const known = new Map(attachments.map((each) => [`${each.type} ${targetKey(each.target)}`, each.documents]));
  return (target, type) => known.get(`${type} ${keys.get(target) ?? ''}`) ?? [];
}
