/**
 * What lies between the policies that an organization has and those that it shall have: steps, each one call of AWS
 * Organizations, in an order that is safe to stop at any point.
 */
import type { OrganizationPolicyType, OrganizationSnapshot } from '../../organization/index.js';
import type { ComposedDocument } from '../compose/index.js';

/**
 * The tag by which Stackade knows its own policies. Its value names a set; a plan for one set looks at no other's
 * policies, so that guardrails and revocations are planned apart.
 */
export const OWNER_TAG = 'stackade:set';

/** Names of errors that say that another change is under way: the call is tried again. */
export const BUSY_ERRORS: readonly string[] = ['ConcurrentModificationException', 'PolicyChangesInProgressException'];

/** What shall be attached at one target. */
export interface WantedAttachment {
  /** Id of a root, unit or account. */
  readonly targetId: string;
  readonly type: OrganizationPolicyType;
  /** Names of documents of this type. */
  readonly documents: readonly string[];
  /** Of SCPs: whether `FullAWSAccess` shall be attached; left out: it stays as it is. */
  readonly fullAwsAccess?: boolean;
}

/** All policies of one set, and where each is attached. What is not here and belongs to the set goes away. */
export interface WantedPolicies {
  readonly documents: readonly ComposedDocument[];
  readonly attachments: readonly WantedAttachment[];
}

/** An organization with what else a plan must know of its policies. */
export interface PolicyState extends OrganizationSnapshot {
  /** Tags of the policies that AWS does not manage, by policy id. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A policy as a step names it. */
export interface StepPolicy {
  readonly type: OrganizationPolicyType;
  readonly name: string;
  /** `null` when an earlier step makes it. */
  readonly id: string | null;
}

/** A root, unit or account as a step names it. */
export interface StepTarget {
  readonly id: string;
  /** The way to it, as `shownTarget` writes it. */
  readonly shown: string;
}

/** One call. */
export type ApplyStep =
  | { readonly kind: 'enablePolicyType'; readonly rootId: string; readonly type: OrganizationPolicyType }
  | { readonly kind: 'createPolicy'; readonly document: ComposedDocument }
  | {
      readonly kind: 'updatePolicy';
      readonly policy: StepPolicy;
      /**
       * `replace`: from the old text to the new one. `add`: to a text that has the statements of both, because others
       * of the old ones may be on their way to another document; a later step with `remove` gives it the new text.
       */
      readonly part: 'replace' | 'add' | 'remove';
      readonly description: string;
      readonly content: string;
    }
  | { readonly kind: 'attachPolicy' | 'detachPolicy'; readonly policy: StepPolicy; readonly target: StepTarget }
  | { readonly kind: 'deletePolicy'; readonly policy: StepPolicy };

/** Steps that are made one after the other; between two stages there are a pause and a check. */
export interface Stage {
  /** Such as `wave 1 of 2: /Sandbox`. */
  readonly title: string;
  readonly steps: readonly ApplyStep[];
}

/** Why nothing is done. */
export interface ApplyProblem {
  readonly kind:
    | 'notOwned'
    | 'unknownTarget'
    | 'unknownDocument'
    | 'quota'
    | 'lastAllow'
    | 'ownAccess'
    | 'gap'
    | 'otherOrganization'
    | 'invalidContent';
  /** The policy, target or step that it is about. */
  readonly of: string;
  /** One sentence without its full stop. */
  readonly message: string;
  /** The next step, as an instruction. */
  readonly help: string;
}

/** Slots and characters in use at a target when all is done. */
export interface TargetUse {
  readonly target: StepTarget;
  readonly type: OrganizationPolicyType;
  /** Policies attached, those of others and of AWS among them. */
  readonly attached: number;
  readonly limit: number;
}

export interface ApplyPlan {
  readonly set: string;
  readonly organizationId: string;
  /** Empty when there is a problem, and when nothing is to be done. */
  readonly stages: readonly Stage[];
  readonly problems: readonly ApplyProblem[];
  /** What a reader should know, in sentences. */
  readonly notes: readonly string[];
  /** Ids of accounts for which something changes. */
  readonly accounts: readonly string[];
  readonly use: readonly TargetUse[];
  /** The state when all is done. */
  readonly after: PolicyState;
}
