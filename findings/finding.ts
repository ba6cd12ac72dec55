/** What Stackade reports: places, diagnostics of its engines, findings of its rules. Plain data, safe to compare and print. */

/** A place in a file; lines and columns are 1-based, columns count UTF-16 code units, the end is exclusive. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** JSON pointer (RFC 6901) of the value the place belongs to; `''` is the whole document. */
  readonly pointer: string;
}

/** A half-open span `[start, end)` of one file, in UTF-16 code units from its first character. */
export interface SourceRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** How much a finding matters. */
export type Severity = 'error' | 'warning' | 'info';

/** What an engine says of its input. Becomes a {@link Finding} in one place, `fromDiagnostic`. */
export interface Diagnostic {
  /** Stable name such as `GRD2003`. A retired code keeps its page and is not used again. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong: one sentence, lower case, no full stop, the reader's own text in backticks. */
  readonly message: string;
  /** Left out only when no file is at fault. */
  readonly location?: SourceRange;
  /** Other places that explain this one: "opened here". */
  readonly labels?: readonly { readonly range: SourceRange; readonly text: string }[];
  /** The next step, as an instruction. */
  readonly help?: string;
}

/** The verdict of one rule on one file. */
export type Verdict = 'PASS' | 'FAIL' | 'SKIP' | 'NOT_EVALUATED';

/** Why a finding does not count: a waiver covers it, its template suppresses it, or a baseline knows it. */
export interface Waived {
  readonly reason: string;
  readonly owner: string;
  /** The last day, `YYYY-MM-DD`; `null` when there is no end. */
  readonly expires: string | null;
  /** `@default` `waiver` */
  readonly by?: 'waiver' | 'suppression' | 'baseline';
  readonly ticket?: string;
}

/** One thing to mend, as every reporter prints it. */
export interface Finding {
  readonly ruleId: string;
  /** Ids of the controls that the rule puts into practice, such as `ENC-S3-01`. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  /** The good condition, in a few words. */
  readonly title: string;
  /** What was found here. */
  readonly message: string;
  /** How to mend it. */
  readonly help: string;
  /** Page or address that explains the rule; `''` when there is none. */
  readonly docs: string;
  /** Stable over edits elsewhere in the file. */
  readonly fingerprint: string;
  readonly location: Location;
  readonly resource: { readonly logicalId: string; readonly type: string } | null;
  /** `assumes-default:PARAMETER`, `generated:LOGICALID`. */
  readonly labels: readonly string[];
  readonly waived: Waived | null;
}

/** A rule that should have been evaluated on a file and could not be. */
export interface NotEvaluated {
  readonly path: string;
  readonly ruleId: string;
  readonly controls: readonly string[];
  readonly reason: string;
  /** Template parameters whose values would decide it; `AWS::Region` and `AWS::AccountId` among them. */
  readonly parameters: readonly string[];
  /** The value that is not known, or the nearest thing above it; `null` when no place of the file is at fault. */
  readonly location: Location | null;
  /** The waiver under which the missing verdict is accepted; left out when there is none. */
  readonly waived?: Waived;
}

/** The verdicts on one file. */
export interface FileResult {
  readonly path: string;
  readonly status: Verdict;
  readonly rules: Readonly<Record<string, Verdict>>;
}

/** Everything one run of a reporting command has to say. */
export interface Report {
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly files: readonly FileResult[];
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly NotEvaluated[];
  readonly summary: Summary;
}

/** Counts over a {@link Report}; waived findings are counted apart from the open ones. */
export interface Summary {
  readonly files: number;
  readonly rules: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly waived: number;
  readonly notEvaluated: number;
}
