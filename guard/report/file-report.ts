/** What one data file comes to under all rule files: the object that `cfn-guard validate --structured` prints for it. */
import type { Value } from '../../template/index.js';
import type { Status } from '../evaluate/index.js';
import type { FailedCheck } from '../explanation.js';

/** What one rule file says of one data file. */
export interface RuleFileOutcome {
  /** Base name of the rule file. */
  readonly ruleFile: string;
  /** Every rule in the order of the file; the rule of loose clauses is called `<rule file>/default`. */
  readonly rules: readonly { readonly name: string; readonly status: Status }[];
  /** Why rules failed: one `Rule` entry for each FAIL among the rules, in the same order. */
  readonly failures: readonly FailedCheck[];
}

/** All rule files on one data file. */
export interface FileReport {
  readonly name: string;
  readonly status: Status;
  readonly failures: readonly FailedCheck[];
  /** Names of rules that skipped, sorted, each once. A name given to several rules can stand in several lists. */
  readonly skipped: readonly string[];
  /** Names of rules that passed, sorted, each once. */
  readonly passed: readonly string[];
}

/** FAIL wins over PASS, PASS over SKIP; nothing at all is SKIP. */
export function combinedStatus(statuses: Iterable<Status>): Status {
  let combined: Status = 'SKIP';
  for (const status of statuses) {
    if (status === 'FAIL') return 'FAIL';
    if (status === 'PASS') combined = 'PASS';
  }
  return combined;
}

/** Puts the outcomes of several rule files on one data file together. */
export function fileReport(name: string, outcomes: readonly RuleFileOutcome[]): FileReport {
  const names = { PASS: new Set<string>(), FAIL: new Set<string>(), SKIP: new Set<string>() };
  for (const { rules } of outcomes) for (const rule of rules) names[rule.status].add(rule.name);
  const status = names.FAIL.size > 0 ? 'FAIL' : names.PASS.size > 0 ? 'PASS' : 'SKIP';
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  return { name, status, failures, skipped: sorted(names.SKIP), passed: sorted(names.PASS) };
}

/** Without surrogates the order of code units is that of code points. */
function sorted(names: ReadonlySet<string>): string[] {
  const list = [...names];
  return list.some((name) => /[\ud800-\udfff]/.test(name)) ? list.sort(compareText) : list.sort();
}

/** Order of code points, which is the order of UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
    return isHigh(x) === isHigh(y) ? x - y : isHigh(x) ? 1 : -1;
  }
  return a.length - b.length;
}

/** An entry as it is printed: without the places in the rule file that our own reports use. */
function printedCheck(check: FailedCheck): Value {
  if ('Rule' in check) {
    const { name, metadata, messages, checks } = check.Rule;
    return { Rule: { name, metadata, messages: { ...messages }, checks: checks.map(printedCheck) } };
  }
  if ('Disjunctions' in check) return { Disjunctions: { checks: check.Disjunctions.checks.map(printedCheck) } };
  return 'Block' in check ? { Block: check.Block as unknown as Value } : { Clause: check.Clause as unknown as Value };
}

/** A report as plain data, in the shape that `cfn-guard validate --structured` prints (3.1.1, measured). */
export function reportValue(report: FileReport): Value {
  return {
    name: report.name,
    metadata: {},
    status: report.status,
    not_compliant: report.failures.map(printedCheck),
    not_applicable: report.skipped,
    compliant: report.passed,
  };
}
