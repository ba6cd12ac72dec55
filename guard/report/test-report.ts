/** What `guard test` found, in the shapes of cfn-guard 3.1.1 (measured). */
import type { Value } from '../../template/index.js';
import type { Status } from '../evaluate/index.js';
import type { JunitCase, JunitSuite } from './junit.js';

/** One input with what was expected of it. */
export interface TestCaseResult {
  readonly name: string | null;
  readonly timeMs: number;
  readonly passed: readonly { readonly name: string; readonly evaluated: Status }[];
  readonly failed: readonly {
    readonly name: string;
    readonly expected: Status;
    readonly evaluated: readonly Status[];
  }[];
  /** Rules that nothing was expected of. */
  readonly skipped: readonly string[];
}

/** One rule file with its tests, or why they could not be run. */
export type TestFileResult =
  | { readonly ruleFile: string; readonly cases: readonly TestCaseResult[] }
  | { readonly ruleFile: string; readonly error: string; readonly timeMs: number };

/**
 * Compares the rules of one input with the expectations. A name that several rules bear meets an expected PASS or FAIL
 * when one of them has it, an expected SKIP only when all of them skip.
 *
 * @param rules - Every rule in the order of the file.
 * @param expectations - Rule name to expected status. Names of rules that do not exist are not looked at.
 */
export function compareExpectations(
  rules: readonly { readonly name: string; readonly status: Status }[],
  expectations: ReadonlyMap<string, Status>,
): Pick<TestCaseResult, 'passed' | 'failed' | 'skipped'> {
  const byName = new Map<string, Status[]>();
  for (const { name, status } of rules) byName.set(name, [...(byName.get(name) ?? []), status]);
  const passed: { name: string; evaluated: Status }[] = [];
  const failed: { name: string; expected: Status; evaluated: Status[] }[] = [];
  const skipped: string[] = [];
  for (const [name, evaluated] of byName) {
    const expected = expectations.get(name);
    if (expected === undefined) skipped.push(name);
    else if (expected === 'SKIP' ? evaluated.every((status) => status === 'SKIP') : evaluated.includes(expected)) {
      passed.push({ name, evaluated: expected });
    } else failed.push({ name, expected, evaluated });
  }
  return { passed, failed, skipped };
}

/** A result as plain data for JSON and YAML. */
export function testResultValue(result: TestFileResult): Value {
  if ('error' in result) return { rule_file: result.ruleFile, error: result.error };
  return {
    rule_file: result.ruleFile,
    test_cases: result.cases.map(({ name, passed, failed, skipped }) => ({
      name: name ?? '',
      passed_rules: passed.map((rule) => ({ name: rule.name, evaluated: rule.evaluated })),
      failed_rules: failed.map((rule) => ({ name: rule.name, expected: rule.expected, evaluated: rule.evaluated })),
      skipped_rules: skipped.map((rule) => ({ name: rule })),
    })),
  };
}

/** A result as a JUnit suite: one case for each expectation. */
export function testResultSuite(result: TestFileResult): JunitSuite {
  if ('error' in result) {
    const { ruleFile: name, timeMs, error } = result;
    return { name, timeMs, cases: [{ name, timeMs, result: { kind: 'error', text: error } }] };
  }
  const cases = result.cases.flatMap((test) => {
    const of = (name: string, outcome: JunitCase['result']): JunitCase => {
      return { id: test.name ?? '', name, timeMs: test.timeMs, result: outcome };
    };
    return [
      ...test.passed.map((rule) => of(rule.name, { kind: 'pass' })),
      ...test.failed.map((rule) => {
        const text = `Expected = ${rule.expected}, Evaluated = [${rule.evaluated.join(', ')}]`;
        return of(rule.name, { kind: 'fail', name: null, text });
      }),
    ];
  });
  return { name: result.ruleFile, timeMs: result.cases.reduce((sum, { timeMs }) => sum + timeMs, 0), cases };
}

/** One test case as console text, after its `Test Case #n` line. */
export function testCaseText({ name, passed, failed, skipped }: TestCaseResult): string {
  const lines = [
    ...(name === null ? [] : [`Name: ${name}`]),
    ...skipped.map((rule) => `  No Test expectation was set for Rule ${rule}`),
  ];
  if (failed.length > 0) lines.push('  FAIL Rules:');
  for (const rule of failed) {
    lines.push(`    ${rule.name}: Expected = ${rule.expected}, Evaluated = [${rule.evaluated.join(', ')}]`);
  }
  if (passed.length > 0) lines.push('  PASS Rules:');
  for (const rule of passed) lines.push(`    ${rule.name}: Expected = ${rule.evaluated}`);
  return lines.map((line) => `${line}\n`).join('');
}
