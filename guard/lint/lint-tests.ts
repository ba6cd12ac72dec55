/** The lint of test files: rules that no case was seen to pass, fail or skip, and cases that say nothing. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type { Rule } from '../ast.js';
import * as told from './diagnostics.js';
import type { TypeKnowledge } from './knowledge.js';
import type { LintedRules } from './lint-rules.js';

/** What one test case expects. */
export interface LintedCase {
  readonly name: string;
  /** Rule name → the word for its status. */
  readonly expectations: ReadonlyMap<string, string>;
  readonly range: SourceRange;
}

const STATUSES = ['PASS', 'FAIL', 'SKIP'] as const;

/**
 * Compares rules with the cases that are given for them.
 *
 * @param nearest - See {@link TypeKnowledge.nearest}.
 * @returns Nothing of rules when no case is given at all.
 */
export function lintTests(
  files: readonly LintedRules[],
  cases: readonly LintedCase[],
  nearest: TypeKnowledge['nearest'],
): readonly Diagnostic[] {
  if (cases.length === 0) return [];
  const rules = files.flatMap(({ file, tree, text }) => tree.rules.map((rule) => ({ file, rule, text })));
  const names = [...new Set(rules.map(({ rule }) => rule.name))];
  const expected = new Map<string, Set<string>>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, expectations, range } of cases) {
    if (expectations.size === 0) {
      diagnostics.push(
        told.idleExpectation(`the test \`${name}\` expects nothing`, 'name a rule and its status', range),
      );
    }
    for (const [rule, status] of expectations) {
      if (!names.includes(rule)) {
        const guess = nearest(rule, names);
        const help = guess === undefined ? 'name a rule of the files that are given' : `did you mean \`${guess}\`?`;
        diagnostics.push(
          told.idleExpectation(`the test \`${name}\` names the rule \`${rule}\`, which there is not`, help, range),
        );
      } else if (!STATUSES.some((each) => each === status)) {
        const message = `the test \`${name}\` expects \`${status}\` of \`${rule}\`, which is no status`;
        diagnostics.push(told.idleExpectation(message, 'write PASS, FAIL or SKIP', range));
      }
      expected.set(rule, (expected.get(rule) ?? new Set()).add(status));
    }
  }
  for (const { file, rule, text } of rules) {
    const missing = STATUSES.filter(
      (status) => isPossible(rule, status) && expected.get(rule.name)?.has(status) !== true,
    );
    if (missing.length === 0) continue;
    const end = text.indexOf('\n', rule.offset);
    const range = { file, start: rule.offset, end: end < 0 ? text.length : end };
    diagnostics.push(told.untested(rule.name, missing, range));
  }
  return diagnostics;
}

/** A rule without a condition is rarely skipped, so nobody has to show it. */
function isPossible({ conditions }: Rule, status: (typeof STATUSES)[number]): boolean {
  return status !== 'SKIP' || conditions !== null;
}
