/** What reporters need beyond the report. */
import type { Finding, NotEvaluated, Report, Severity, Waived } from '../finding.js';

/** What is known of a rule beyond its findings. Rules of a user's own files have none. */
export interface RuleInfo {
  readonly id: string;
  /** The good condition, in a few words. */
  readonly title: string;
  /** What the rule looks at. */
  readonly description: string;
  /** Why it matters: what can happen. */
  readonly risk: string;
  readonly remediation: {
    readonly text: string;
    /** The YAML to write. */
    readonly cloudformation?: string;
  };
  readonly severity: Severity;
  readonly controls: readonly string[];
  /** Page or address; `''` when there is none. */
  readonly docs: string;
}

/** How to print a report. */
export interface ReportOptions {
  /** Colour, for `pretty`; the others never use it. */
  readonly color: boolean;
  /** Columns of the terminal, for `pretty`. `@default` 100; never less than 80 nor more than 120 */
  readonly width?: number;
  /** Texts by path, for source excerpts. `@default` no excerpts */
  readonly sources?: ReadonlyMap<string, string>;
  /** What is known of the rules. `@default` only what the findings say */
  readonly rules?: readonly RuleInfo[];
  /** From which severity on a finding is a failure, for `junit`. `@default` `error` */
  readonly failOn?: Severity | 'never';
  /** Most bytes of UTF-8 to print, for `markdown`; what does not fit is left out and counted. `@default` no limit */
  readonly maxBytes?: number;
}

/** Prints a report. Pure: the same arguments give the same text. Every text ends with a line break. */
export type Reporter = (report: Report, options: ReportOptions) => string;

/** From least to most severe. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Rule metadata by id. */
export function rulesById(options: ReportOptions): ReadonlyMap<string, RuleInfo> {
  return new Map((options.rules ?? []).map((rule) => [rule.id, rule]));
}

/** Until when, by whom and why something is waived: `until 2026-12-31, platform, SEC-7: reason`. */
export function waivedText({ reason, owner, expires, ticket }: Waived): string {
  const words = [...(expires === null ? [] : [`until ${expires}`]), owner, ...(ticket === undefined ? [] : [ticket])];
  return `${words.filter((word) => word !== '').join(', ')}: ${reason}`.replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

/** Whether a waiver, a suppression or a baseline covers it. */
export function isWaived(entry: Finding | NotEvaluated): boolean {
  return entry.waived !== null && entry.waived !== undefined;
}

/** What nobody waived of that which was not evaluated. */
export function openEntries({ notEvaluated }: Report): readonly NotEvaluated[] {
  return notEvaluated.filter(({ waived }) => waived === undefined);
}

/** The label of a finding on a value that may be a secret: its line is not shown. */
export const HIDES_VALUE = 'hides-value';

/** What a label means to a reader. */
export function labelNote(label: string): string {
  if (label === HIDES_VALUE) return 'the value may be a secret and is not shown';
  const [kind, name] = split(label);
  if (name === '') return label;
  switch (kind) {
    case 'assumes-default':
      return `assumes that parameter \`${name}\` keeps its default value`;
    case 'generated':
      return `this is about \`${name}\`, which AWS SAM makes of the resource`;
    default:
      return label;
  }
}

function split(label: string): readonly [string, string] {
  const colon = label.indexOf(':');
  return colon < 0 ? [label, ''] : [label.slice(0, colon), label.slice(colon + 1)];
}

/** Whether the text is an absolute web address of plain URI characters, which viewers may open. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[A-Za-z0-9\-._~:/?#@!$&()*+,;=%]+$/.test(text);
}
