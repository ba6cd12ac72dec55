/** The outcome of a scan of an organization, as every output shows it. Plain data; what has no order by meaning is sorted. */
import type { Severity, Verdict } from '../../findings/index.js';

/** An account as a reader knows it. */
export interface AccountRef {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  /** Names of the units from below the root, such as `['Workloads', 'Production']`; `[]` directly below the root. */
  readonly path: readonly string[];
}

/** Where a finding comes from. */
export type ScanSource = 'access-analyzer' | 'iam' | 'organization' | 'resources' | 'rollout' | 'attestation';

/** What the organization's own policies say of an access that a finding shows. */
export interface Reach {
  /** `cannot-tell` when it hangs on what nobody gave; never taken for `blocked`. */
  readonly verdict: 'reachable' | 'blocked' | 'cannot-tell';
  /** The policies that block it, as `SCP NAME at UNIT, statement SID`; why it cannot be told otherwise. */
  readonly reason: string;
}

/** One thing to mend in an organization. */
export interface ScanFinding {
  /** Stable over scans: hexadecimal digest of check, account, Region, resource and subject. */
  readonly fingerprint: string;
  /** Kebab-case id of the check, such as `iam-role-without-boundary`. */
  readonly checkId: string;
  /** Ids of the controls that the check watches; sorted. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  readonly source: ScanSource;
  readonly account: AccountRef;
  /** `global` where Regions mean nothing. */
  readonly region: string;
  readonly resource: { readonly arn: string; readonly type: string };
  /** Who or what reaches the resource, or the part of it that is wrong; `''` when the resource says all. */
  readonly subject: string;
  /** The good condition, in a few words. */
  readonly title: string;
  /** What is wrong, with the value seen; no credential, token or NoEcho value. */
  readonly message: string;
  readonly help: string;
  /** `null` where the finding is no access. */
  readonly reach: Reach | null;
  /** ISO 8601, UTC, from the service that found it; `null` when nobody knows. */
  readonly since: string | null;
  /** The archive rule that sets it aside; `null` for an active one. */
  readonly archived: {
    readonly rule: string;
    readonly reason: string;
    readonly owner: string;
    readonly expires: string | null;
  } | null;
}

/** What could not be read or decided in one unit of the scan. */
export interface UnitFailure {
  /** The step, such as `ListFindingsV2` or the id of a check. */
  readonly step: string;
  /** AWS's error code, or a short word of ours such as `SUSPENDED`, `REGION_DISABLED`. */
  readonly code: string;
  readonly message: string;
  /** Controls that are NOT EVALUATED there because of it; sorted. */
  readonly controls: readonly string[];
}

/** One account in one Region. */
export interface ScanUnit {
  readonly account: AccountRef;
  readonly region: string;
  readonly status: 'complete' | 'partial' | 'failed' | 'skipped';
  readonly failures: readonly UnitFailure[];
}

/** What the scan says of one control over the whole organization. */
export interface ControlResult {
  readonly control: string;
  readonly title: string;
  /** FAIL wins, then NOT_EVALUATED, then PASS; SKIP when nothing there concerns it. */
  readonly verdict: Verdict;
  readonly findings: number;
  /** Why it is NOT EVALUATED or skipped; `''` otherwise. */
  readonly reason: string;
}

/** What changed since an earlier scan; fingerprints, sorted. */
export interface ScanChanges {
  /** When the earlier scan began, ISO 8601. */
  readonly since: string;
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

/** One scan. Equal answers of the organization give equal scans, however often it was interrupted. */
export interface Scan {
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly organization: { readonly id: string; readonly managementAccount: string };
  /** When the scan first began (a resumed one keeps it), ISO 8601, UTC. */
  readonly started: string;
  /** Sorted by account id, then Region. */
  readonly units: readonly ScanUnit[];
  /** Sorted by severity (error first), check, account, Region, resource, subject. */
  readonly findings: readonly ScanFinding[];
  /** One for each control of layer `scan` or `attest`; sorted by id. */
  readonly controls: readonly ControlResult[];
  readonly changes: ScanChanges | null;
}
