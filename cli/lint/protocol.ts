/** What the lint's worker thread and its owner say to each other. Plain data, so that it can be posted. */

/** What the worker is told when it starts. */
export interface LintSettings {
  /** Codes that are not to be reported. */
  readonly excluded: readonly string[];
  readonly region: string | null;
  readonly account: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One template to analyse. */
export interface LintRequest {
  readonly id: number;
  readonly path: string;
  readonly text: string;
}

/** One thing that the library says; the parts of its `DetailedDiagnostic` that a report needs. */
export interface LintDiagnostic {
  readonly ruleId: string;
  readonly severity: 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';
  readonly message: string;
  readonly ruleDescription?: string;
  readonly suggestedFix?: string;
  readonly documentationUrl?: string;
  readonly entity?: { readonly logicalId: string; readonly entityType: string; readonly resourceType?: string };
  readonly propertyPath?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly conditionScenario?: Readonly<Record<string, boolean>>;
}

/** What the library says of one template. */
export interface LintReport {
  readonly status: 'OK' | 'ANALYSIS_INCOMPLETE' | 'ERROR';
  readonly diagnostics: readonly LintDiagnostic[];
  /** Why the analysis is incomplete, in the library's words. */
  readonly incomplete: readonly string[];
}

export type LintAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'report'; readonly id: number; readonly report: LintReport }
  /** The library threw; its memory may be in any state, so the worker is not used again. */
  | { readonly kind: 'failed'; readonly id: number | null; readonly reason: string };
