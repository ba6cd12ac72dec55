/** Roles, users, groups and permission sets, with what decides their rights. */
import type { Policy } from '../../iam/index.js';
import type { Place } from './model.js';

/** One policy of an identity. */
export interface Held {
  readonly policy: Policy;
  /** Where a statement is written; the document where no index is given. */
  readonly placeOf: (statement?: number) => Place;
}

/** Something attached whose content no template shows, or that cannot be read. */
export interface Opaque {
  /** Equal for the same policy on both sides. */
  readonly key: string;
  /** As messages name it. */
  readonly name: string;
  readonly why: 'managed' | 'group' | 'unreadable';
  readonly reason: string;
  readonly place: Place;
}

/** The boundary of an identity. */
export type Boundary =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly policy: Policy; readonly name: string; readonly place: Place }
  /** Its content is in no template. */
  | { readonly kind: 'opaque'; readonly key: string; readonly name: string; readonly place: Place };

/** An identity with what decides its rights. */
export interface Identity {
  /** Equal on both sides for the same identity. */
  readonly key: string;
  readonly stack: string;
  /** The logical id, or the name of an identity that no template of the side declares. */
  readonly name: string;
  readonly type: string;
  /** What it is called in IAM; `undefined` for what has many names, such as a group. */
  readonly arn: string | undefined;
  /** Whether a template of the side declares it. */
  readonly isDeclared: boolean;
  /** Whether it is a managed policy that identities of the templates have: what it allows is told of them. */
  readonly isAttached: boolean;
  readonly place: Place;
  readonly policies: Held[];
  readonly opaque: Map<string, Opaque>;
  boundary: Boundary;
  /** Seconds; `undefined` where there is no such limit. */
  session: { readonly seconds: number | string; readonly place: Place } | undefined;
}
