/** What reporters need beyond the report. */
import type { NotEvaluated, Report, Severity } from '../finding.js';

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

/** Verdicts that hang on one parameter. */
export interface ParameterGroup {
  /** `null` for what no parameter value would decide. */
  readonly parameter: string | null;
  readonly entries: readonly NotEvaluated[];
}

/**
 * Groups what was not evaluated by the parameters that would decide it, most verdicts first; what no parameter decides
 * comes last. An entry that hangs on two parameters is in both groups.
 */
export function groupByParameter(entries: readonly NotEvaluated[]): readonly ParameterGroup[] {
  const groups = new Map<string, NotEvaluated[]>();
  const others: NotEvaluated[] = [];
  for (const entry of entries) {
    if (entry.parameters.length === 0) others.push(entry);
    for (const parameter of new Set(entry.parameters)) {
      const group = groups.get(parameter);
      if (group) group.push(entry);
      else groups.set(parameter, [entry]);
    }
  }
  const sorted: ParameterGroup[] = [...groups]
    .map(([parameter, group]) => ({ parameter, entries: group }))
    .sort((a, b) => b.entries.length - a.entries.length || (a.parameter < b.parameter ? -1 : 1));
  return others.length === 0 ? sorted : [...sorted, { parameter: null, entries: others }];
}

/** What a label means to a reader. */
export function labelNote(label: string): string {
  const [kind, name] = split(label);
  return kind === 'assumes-default' && name !== ''
    ? `assumes that parameter \`${name}\` keeps its default value`
    : label;
}

function split(label: string): readonly [string, string] {
  const colon = label.indexOf(':');
  return colon < 0 ? [label, ''] : [label.slice(0, colon), label.slice(colon + 1)];
}

/** Whether the text is an absolute web address of plain URI characters, which viewers may open. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[A-Za-z0-9\-._~:/?#@!$&()*+,;=%]+$/.test(text);
}
