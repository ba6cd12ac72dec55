/** A bundle: the rules of one run, parsed and compiled once, whatever number of templates follows. */
import { compileRegex, compileRules, parseRules } from '../../guard/index.js';
import type { Program, RuleFile } from '../../guard/index.js';
import type { Diagnostic } from '../../findings/index.js';
import type { CodeRule } from '../code/run.js';
import type { RuleInfo } from './rule-info.js';

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
  /**
   * Of a file that is known to parse: what `typesNeeded` gives for it. Where a template lacks these types, the file is not
   * even parsed. `rules` then names all rules of the file. `@default` nothing is known of the file.
   */
  readonly needs?: readonly (readonly string[])[];
}

/** One Guard file; it is compiled, and one that is known to parse is parsed, when that is first asked for. */
export class BundleFile {
  private parsed: RuleFile | undefined;
  private compiled: Program | undefined;

  /** @param given - The tree of the text, when there is one already, or what gives it when it is first asked for. */
  constructor(
    readonly source: GuardRuleSource,
    private readonly given?: RuleFile | (() => RuleFile),
  ) {
    if (given === undefined || typeof given === 'function') return;
    this.parsed = given;
    this.compiled = this.compile(given);
  }

  get tree(): RuleFile {
    return (this.parsed ??= typeof this.given === 'function' ? this.given() : this.parse());
  }

  private parse(): RuleFile {
    const { tree, diagnostics } = parseRules(this.source.text, this.source.file, { checkRegex });
    if (tree === null) throw new Error(`${this.source.file} is no rule file: ${diagnostics[0]?.message ?? ''}`);
    return tree;
  }

  get program(): Program {
    return (this.compiled ??= this.compile(this.tree));
  }

  private compile(tree: RuleFile): Program {
    const { file, text } = this.source;
    return compileRules(tree, { file, text });
  }
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
  const add = (info: RuleInfo): void => {
    if (!rules.has(info.id)) rules.set(info.id, info);
  };
  for (const source of sources) {
    if (source.needs !== undefined && source.needs.length > 0) {
      files.push(new BundleFile(source));
      for (const info of source.rules.values()) add(info);
      continue;
    }
    const parsed = parseRules(source.text, source.file, { checkRegex });
    diagnostics.push(...parsed.diagnostics);
    if (parsed.tree === null) continue;
    const { tree } = parsed;
    files.push(new BundleFile(source, tree));
    for (const rule of tree.rules) add(ruleInfo(source, rule.name));
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
