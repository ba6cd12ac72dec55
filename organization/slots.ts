/** Attachment slots and sizes, held to the dated quotas. */
import { MANAGED_POLICIES } from './effective.js';
import type { Organization, OrganizationPolicyType, Target } from './model.js';
import { POLICY_TYPE_QUOTAS } from './quotas.js';
import { shownTarget, targetsOf } from './tree.js';

/** Places for policies of one type at one target. */
export interface AttachmentSlots {
  readonly limit: number;
  /** Those that AWS attaches by itself. */
  readonly managed: readonly string[];
  /** What is left for policies of the organization's own. */
  readonly own: number;
}

/** The slots for policies of a type at a target. */
export function attachmentSlots(target: Target, type: OrganizationPolicyType): AttachmentSlots {
  const limit = POLICY_TYPE_QUOTAS[type].perTarget;
  const managed =
    type === 'rcp' ? [MANAGED_POLICIES.rcp] : type === 'scp' && target.fullAwsAccess ? [MANAGED_POLICIES.scp] : [];
  return { limit, managed, own: limit - managed.length };
}

/** A policy document and where it is attached. */
export interface PlacedDocument {
  readonly name: string;
  readonly type: OrganizationPolicyType;
  /** Of the text as it is saved, white space too. */
  readonly characters: number;
  readonly targets: readonly Target[];
}

/** A quota that is not kept: what is counted, how much there is, and how much there may be. */
export interface QuotaProblem {
  /** A document too long, too many documents at a target, too many in the organization. */
  readonly kind: 'characters' | 'attachments' | 'policies';
  readonly type: OrganizationPolicyType;
  /** The document, or the target as a reader writes it; `null` for the organization. */
  readonly of: string | null;
  readonly value: number;
  readonly limit: number;
  /** Names of the documents that count, the largest first. */
  readonly documents: readonly string[];
}

/** What of some documents and attachments AWS Organizations would refuse. */
export function quotaProblems(
  organization: Organization,
  documents: readonly PlacedDocument[],
): readonly QuotaProblem[] {
  const problems: QuotaProblem[] = [];
  for (const [type, quota] of Object.entries(POLICY_TYPE_QUOTAS) as [
    OrganizationPolicyType,
    (typeof POLICY_TYPE_QUOTAS)['scp'],
  ][]) {
    const bySize = documents.filter((each) => each.type === type).sort((a, b) => b.characters - a.characters);
    for (const { name, characters } of bySize) {
      if (characters <= quota.documentCharacters) continue;
      const limit = quota.documentCharacters;
      problems.push({ kind: 'characters', type, of: name, value: characters, limit, documents: [name] });
    }
    if (bySize.length > quota.perOrganization) {
      const names = bySize.map(({ name }) => name);
      const { perOrganization: limit } = quota;
      problems.push({ kind: 'policies', type, of: null, value: bySize.length, limit, documents: names });
    }
    for (const path of targetsOf(organization)) {
      const target = path.at(-1)!;
      const here = bySize.filter(({ targets }) => targets.includes(target)).map(({ name }) => name);
      const { limit, managed } = attachmentSlots(target, type);
      const value = here.length + managed.length;
      if (value > limit) {
        problems.push({ kind: 'attachments', type, of: shownTarget(path), value, limit, documents: here });
      }
    }
  }
  return problems;
}
