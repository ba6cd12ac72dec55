/**
 * What the library of boundaries and roles consists of: permissions boundaries, which limit identities, and roles with
 * their permissions and trust.
 */
import type {
  PolicyCase,
  PolicyMetadata,
  CaseFile as SharedCaseFile,
  Twin,
  WrittenClaim,
  WrittenStatement,
} from '../iam/templates/index.js';

/** `boundary`: one managed policy; `role`: what a role may do and who may assume it. */
export type TemplateKind = 'boundary' | 'role';

/** A policy of a template. A boundary has `boundary`, a role has the other two. */
export type PolicyName = 'boundary' | 'permissions' | 'trust';

/** A text beside the policies, such as SQL; texts may hold `{{parameter}}`. */
export interface Companion {
  readonly title: string;
  /** Of the code block on the page. */
  readonly language: string;
  readonly lines: readonly string[];
}

/** `template.json`. */
export interface TemplateMetadata extends PolicyMetadata<TemplateKind> {
  readonly companions?: readonly Companion[];
}

/** A case of a template of several policies. */
export interface BoundaryCase extends PolicyCase {
  /** `@default` the boundary, or the permissions of the role. */
  readonly of?: 'trust';
}

/** `cases.yml`. */
export interface CaseFile extends SharedCaseFile {
  readonly cases: readonly BoundaryCase[];
}

export interface BoundaryClaim extends WrittenClaim {
  /** `@default` the boundary, or the permissions of the role. */
  readonly of?: 'trust';
}

/**
 * Two sessions with different values of a tag have no action on a resource in common.
 *
 * The values are those of `within` and those of `others` together. Isolation is proven for values of `within`; sessions with
 * a value of `others`, which could meet another tenant, are shown to be denied everything.
 */
export interface IsolationClaim {
  readonly claim: string;
  /** The condition key of the tag, such as `aws:PrincipalTag/{{tenantTagKey}}`. */
  readonly key: string;
  /** Regular expressions of values. */
  readonly within: string;
  readonly others: string;
  readonly twin: Twin;
}

/** `claims.yml`. */
export interface ClaimFile {
  readonly claims: readonly BoundaryClaim[];
  readonly isolation?: readonly IsolationClaim[];
}

/** The statements of each policy as written. */
export type WrittenPolicies = Readonly<Partial<Record<PolicyName, readonly WrittenStatement[]>>>;

/** A template with everything that belongs to it. */
export interface BoundaryTemplate extends TemplateMetadata {
  readonly policies: WrittenPolicies;
  readonly cases: CaseFile;
  readonly claims: ClaimFile;
}
