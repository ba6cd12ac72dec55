/** What a scan of templates is to look for. */
import type { Policy } from '../../iam/index.js';
import type { PlaceKind } from '../../template/index.js';

/** A policy that says how far others of its kind may go. */
export interface Reference {
  /** Name of its file, for messages. */
  readonly name: string;
  readonly kind: 'identity' | 'resource' | 'trust';
  readonly policy: Policy;
}

/** The accounts in which an organization trusts. */
export interface Zone {
  /** Its id, `o-…`; `null` when it is not known. */
  readonly organization: string | null;
  /** Ids of its accounts. */
  readonly accounts: ReadonlySet<string>;
  /** Ids of accounts of others that may be given access. */
  readonly trusted: ReadonlySet<string>;
}

/** Options of a scan. */
export interface PolicyScanOptions {
  /** Actions that no policy may grant: names or patterns. `@default` none */
  readonly notGranted?: readonly string[];
  /** `@default` none: new access is not looked for */
  readonly references?: readonly Reference[];
  /** `@default` `null`: accounts are not looked at */
  readonly zone?: Zone | null;
}

/** Whether policies of a kind give access; the others set limits. */
export function grants(kind: PlaceKind): kind is 'identity' | 'resource' | 'trust' {
  return kind === 'identity' || kind === 'resource' || kind === 'trust';
}
