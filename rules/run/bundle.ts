/** A bundle: the rules of one run, parsed and compiled once, whatever number of templates follows. */
import { compileRegex, compileRules, parseRules } from '../../guard/index.js';
import type { Program, RuleFile } from '../../guard/index.js';
import type { Diagnostic, Severity } from '../../findings/index.js';
import type { CodeRule } from '../code/run.js';

/** A Guard file with what a report says of its rules. */
export interface GuardRuleSource {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly text: string;
  /**
   * What is known of the rules of the file, by their Guard names. A rule without an entry (a user's own rule) is reported
   * under its Guard name at severity error.
   */
  readonly rules: ReadonlyMap<string, RuleInfo>;
}

/** How a rule appears in reports. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly controls: readonly string[];
  /** Why it matters and how to mend it, printed below each finding. */
  readonly help: string;
  readonly docs: string;
  /** Whether the values that it looks at may be secrets: reports do not show them. `@default` false. */
  readonly secret?: boolean;
  /**
   * Whether the rule judges what is written out: a value that stands nowhere in the template, and that nobody gave, is none
   * of its concern. `@default` false.
   */
  readonly written?: boolean;
}

/** One compiled Guard file. */
export interface BundleFile {
  readonly source: GuardRuleSource;
  readonly tree: RuleFile;
  readonly program: Program;
}

export interface RuleBundle {
  readonly files: readonly BundleFile[];
  /** Rules written in TypeScript. */
  readonly code: readonly CodeRule[];
  /** All rules in order of their files, each once; then those written in TypeScript. */
  readonly rules: readonly RuleInfo[];
}

/**
 * Parses and compiles rule files.
 *
 * @param code - Rules written in TypeScript that belong to the run. `@default` none.
 * @returns The bundle, or `null` when a file does not parse: a run with fewer rules than asked for is no run.
 */
export function buildBundle(
  sources: readonly GuardRuleSource[],
  code: readonly CodeRule[] = [],
): {
  readonly bundle: RuleBundle | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const files: BundleFile[] = [];
  const rules = new Map<string, RuleInfo>();
  for (const source of sources) {
    const parsed = parseRules(source.text, source.file, { checkRegex });
    diagnostics.push(...parsed.diagnostics);
    if (parsed.tree === null) continue;
    const { tree } = parsed;
    files.push({ source, tree, program: compileRules(tree, { file: source.file, text: source.text }) });
    for (const rule of tree.rules) {
      const info = ruleInfo(source, rule.name);
      if (!rules.has(info.id)) rules.set(info.id, info);
    }
  }
  for (const { info } of code) rules.set(info.id, info);
  const broken = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  return { bundle: broken ? null : { files, code, rules: [...rules.values()] }, diagnostics };
}

const checkRegex = (pattern: string): string | null => {
  const compiled = compileRegex(pattern);
  return compiled.ok ? null : compiled.message;
};

/** What a report says of a rule of a file. */
export function ruleInfo(source: GuardRuleSource, name: string): RuleInfo {
  return (
    source.rules.get(name) ?? {
      id: name,
      title: `${name} holds`,
      severity: 'error',
      controls: [],
      help: '',
      docs: '',
    }
  );
}
