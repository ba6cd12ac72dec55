/**
 * What a check is. A check names what it reads; the scan reads it once for all checks, and calls the check when it was
 * read. A control whose check was not called, or says that it could not tell, is NOT EVALUATED.
 */
import type { Severity } from '../../findings/index.js';
import type { AccountRef, Reach, ScanSource } from './model.js';
import type { IamFacts, Json, LiveResource, OrganizationFacts, ReadFailure } from './source.js';

/** What all checks have. */
interface CheckFields {
  /** Kebab-case, such as `iam-role-without-boundary`. */
  readonly id: string;
  /** Ids of controls; at least one. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  readonly source: ScanSource;
  /** The good condition, in a few words. */
  readonly title: string;
  /** What to do about a finding. */
  readonly help: string;
}

/** One finding of a check; what is left out is the check's own or that of the place. */
export interface CheckFinding {
  readonly resource: { readonly arn: string; readonly type: string };
  /** Part of the resource, or who reaches it; tells findings of one resource apart. `@default` `''` */
  readonly subject?: string;
  /** What is wrong, with the value seen; no credential, token or NoEcho value. */
  readonly message: string;
  readonly help?: string;
  readonly severity?: Severity;
  readonly reach?: Reach;
  readonly since?: string;
  /** Twelve digits; for checks of the organization. */
  readonly account?: string;
  /** For checks of the organization and of accounts. */
  readonly region?: string;
}

/** What a check says of one place, or of the whole. */
export interface CheckOutcome {
  readonly findings: readonly CheckFinding[];
  /** What it could not tell; each makes its controls NOT EVALUATED. */
  readonly failures?: readonly ReadFailure[];
  /** Whether there was anything to judge. `@default` true; when it is false everywhere the control is SKIP. */
  readonly concerned?: boolean;
}

/** What every check may know. */
export interface CheckContext {
  readonly organization: OrganizationFacts;
  /** When the scan first began, ISO 8601: ages are counted up to then. */
  readonly started: string;
  /** Values of the organization's parameters at an account, its units and the root; names as in the rules. */
  parameters(account: string): Readonly<Record<string, Json>>;
}

/** An account of the scan as checks see it. */
export interface AccountFacts {
  readonly account: AccountRef;
  /** `global` for checks of accounts. */
  readonly region: string;
  /** Resources of a type that the check reads. @throws RangeError for a type that it does not name. */
  resources(type: string): readonly LiveResource[];
  /** Only for checks that read it. @throws RangeError otherwise. */
  iam(): IamFacts;
}

/** What a check of accounts or Regions reads. */
export interface CheckReads {
  /** The IAM configuration of the account. */
  readonly iam?: boolean;
  /** Types of Cloud Control. */
  readonly resources?: readonly string[];
  /**
   * Whether a resource or a type that cannot be read keeps the check from being called, because it draws conclusions
   * from what it does not find. Otherwise it is called with the others, and its controls are NOT EVALUATED unless they
   * fail.
   */
  readonly whole?: boolean;
  /** Read there only; nothing is said elsewhere. `@default` every account */
  readonly only?: 'management';
}

/** Judges the organization from what is read once. */
export interface OrganizationCheck extends CheckFields {
  readonly scope: 'organization';
  check(context: CheckContext): CheckOutcome;
}

/**
 * Judges an account (IAM, resources that are the same in each Region: read in the home Region), or an account in each
 * Region.
 */
export interface PlaceCheck extends CheckFields {
  readonly scope: 'account' | 'region';
  readonly reads: CheckReads;
  check(facts: AccountFacts, context: CheckContext): CheckOutcome;
}

/** What a check across places took from one. */
export interface Extract {
  readonly account: AccountRef;
  readonly region: string;
  readonly value: Json;
}

/** Judges by comparing places: takes what it needs from each, and concludes when all have been read. */
export interface AcrossCheck extends CheckFields {
  readonly scope: 'across';
  /** What it takes from: accounts or Regions of accounts. */
  readonly at: 'account' | 'region';
  readonly reads: CheckReads;
  /** Keep it small: it is held for every place. `null` is not handed to `conclude`. */
  extract(facts: AccountFacts, context: CheckContext): Json;
  /**
   * @param extracts - Sorted by account, then Region.
   * @param complete - Whether every place of the scan gave one.
   */
  conclude(extracts: readonly Extract[], complete: boolean, context: CheckContext): CheckOutcome;
}

export type Check = OrganizationCheck | PlaceCheck | AcrossCheck;
