/**
 * Waivers as plain data: a file that a security team owns says which findings are accepted, where, why, by whom and until
 * when. A waiver marks a finding; it never takes one out of a report.
 */
import type { SourceRange } from '../../findings/index.js';

/** Where a waiver applies. Each part that is given must hold; a part with several values holds when one of them fits. */
export interface WaiverScope {
  /** Patterns of paths as the report shows them: `*`, `?`, and `**` for folders. */
  readonly file?: readonly string[];
  /** Patterns of logical ids. */
  readonly logicalId?: readonly string[];
  /** Patterns of resource types. */
  readonly resourceType?: readonly string[];
  readonly account?: readonly string[];
  readonly ou?: readonly string[];
  /** Tag keys with patterns of their values; a resource carries all of them. */
  readonly tag?: Readonly<Record<string, readonly string[]>>;
}

/** What a waiver or a list of a waiver file speaks of. */
export interface Target {
  readonly kind: 'rule' | 'control';
  readonly id: string;
}

/** One waiver. */
export interface Waiver {
  readonly target: Target;
  readonly scope: WaiverScope;
  readonly reason: string;
  readonly owner: string;
  readonly ticket: string;
  /** The last day on which it applies, `YYYY-MM-DD`. */
  readonly expires: string;
  /** Where it is written. */
  readonly range: SourceRange;
}

/** A waiver file that was read. */
export interface WaiverFile {
  readonly waivers: readonly Waiver[];
  readonly neverWaivable: readonly Target[];
  /** Whether suppressions in templates count: all, none, or those of these rules and controls. */
  readonly developerSuppressions: boolean | readonly Target[];
}

/** No waiver file: nothing is waived, and no template suppresses anything. */
export const NO_WAIVERS: WaiverFile = { waivers: [], neverWaivable: [], developerSuppressions: false };

/** The content of a waiver file as its schema has it. */
export interface WaiverFileContent {
  readonly version: 1;
  readonly allowDeveloperSuppressions?: boolean | readonly string[];
  readonly neverWaivable?: readonly string[];
  readonly waivers?: readonly WaiverContent[];
}

export interface WaiverContent {
  readonly rule?: string;
  readonly control?: string;
  readonly scope?: Readonly<Partial<Record<Exclude<keyof WaiverScope, 'tag'>, string | readonly string[]>>> & {
    readonly tag?: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly reason: string;
  readonly owner: string;
  readonly ticket: string;
  readonly expires: string;
}

/** Makes a matcher of a pattern with `*`, `?` and `**`. */
export type CompileGlob = (pattern: string) => (text: string) => boolean;

/** Whether a target speaks of a finding. */
export function speaksOf(
  target: Target,
  entry: { readonly ruleId: string; readonly controls: readonly string[] },
): boolean {
  return target.kind === 'rule' ? target.id === entry.ruleId : entry.controls.includes(target.id);
}
