/**
 * The regular expressions of Guard: the dialect of the Rust crate `fancy_regex` 0.13 over `regex` 1.10, as cfn-guard
 * 3.1.1 uses it. Search is unanchored, on Unicode code points.
 */
import { analyze, checkEasy } from './analyze.js';
import { RegexBudgetError, runBacktracking } from './backtrack.js';
import { compileBacktracking } from './backtrack-program.js';
import { expand } from './expand.js';
import { isRegular } from './measure.js';
import { fits, planNative } from './native.js';
import { parsePattern } from './parse.js';
import { PikeMachine } from './pike.js';
import type { Slots } from './pike.js';
import { compileProgram } from './program.js';
import { checkSize } from './size.js';
import { RegexSyntaxError } from './syntax.js';
import type { ParsedRegex } from './syntax.js';

export { RegexBudgetError };

/** A pattern that the reference accepts. Its programs are made when they are first needed. */
export interface GuardRegex {
  readonly pattern: string;
  /**
   * Whether the pattern matches somewhere in the text.
   * @throws {RegexBudgetError} when a pattern with look-around or back-references backtracks too often; without them
   * the time is proportional to the text's length.
   */
  test(text: string): boolean;
  /**
   * What Guard's `regex_replace` returns: the expanded replacement of each match, one after the other; the text
   * between the matches is not in it.
   * @throws {RegexBudgetError}
   */
  replaceMatches(text: string, replacement: string): string;
}

export type CompiledRegex =
  | { readonly ok: true; readonly regex: GuardRegex }
  /** `offset` counts UTF-16 code units from the pattern's start. */
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Patterns are few and come again in many rule files. */
const CACHE_LIMIT = 10_000;
const cache = new Map<string, CompiledRegex>();

/** Compiles a pattern, or says why the reference refuses it. Never throws. */
export function compileRegex(pattern: string): CompiledRegex {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): CompiledRegex {
  try {
    return { ok: true, regex: new Regex(pattern, parsePattern(pattern)) };
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return { ok: false, message: error.message, offset: error.offset };
  }
}

type Find = (text: string, start: number) => Slots | null;

class Regex implements GuardRegex {
  private readonly regular: boolean;
  private find: Find;
  private matcher: ((text: string) => boolean) | null = null;

  constructor(
    readonly pattern: string,
    private readonly parsed: ParsedRegex,
  ) {
    const { expr } = parsed;
    const info = analyze(expr);
    this.regular = isRegular(expr);
    if (info.hard) {
      // Parts of it can be refused, so it is compiled at once; such patterns are rare.
      const program = compileBacktracking(info);
      this.find = (text, start) => runBacktracking(program, pattern, text, start);
    } else {
      checkEasy(info);
      checkSize(expr);
      this.find = (text, start) => {
        const machine = new PikeMachine(compileProgram(expr));
        this.find = (t, s) => machine.exec(t, s, false);
        return this.find(text, start);
      };
    }
  }

  test(text: string): boolean {
    this.matcher ??= this.makeMatcher();
    return this.matcher(text);
  }

  private makeMatcher(): (text: string) => boolean {
    if (!this.regular) return (text) => this.find(text, 0) !== null;
    const { expr } = this.parsed;
    let machine: PikeMachine | null = null;
    const testLinear = (text: string): boolean => {
      machine ??= new PikeMachine(compileProgram(expr));
      return machine.test(text);
    };
    const plan = planNative(expr);
    if (plan === null) return testLinear;
    let native: RegExp;
    try {
      native = new RegExp(plan.source, plan.flags);
    } catch {
      // The engine's own limits, such as on a program's size, are no reason to refuse a pattern.
      return testLinear;
    }
    return (text) => (fits(plan, text) ? native.test(text) : testLinear(text));
  }

  replaceMatches(text: string, replacement: string): string {
    let result = '';
    let lastEnd = -1;
    for (let from = 0; from <= text.length;) {
      const slots = this.find(text, from);
      if (slots === null) break;
      const start = slots[0] ?? 0;
      const end = slots[1] ?? 0;
      const isEmpty = start === end;
      from = isEmpty ? end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1) : end;
      // An empty match directly after a match does not count.
      if (isEmpty && end === lastEnd) continue;
      lastEnd = end;
      result += expand(replacement, this.parsed.names, (group) => groupText(text, slots, group));
    }
    return result;
  }
}

function groupText(text: string, slots: Slots, group: number): string | null {
  const start = slots[2 * group] ?? -1;
  const end = slots[2 * group + 1] ?? -1;
  return start < 0 || end < start ? null : text.slice(start, end);
}
