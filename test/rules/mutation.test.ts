/** The cases of every rule notice faults in it. The mutants that no case notices are listed in a snapshot. */
import { EvaluationError, compileRules, openDocument, parseRules } from '../../guard/index.js';
import type { Document, RuleFile } from '../../guard/index.js';
import { library } from './library.js';
import type { LibraryRule } from './library.js';
import { mutantsOf } from './mutants.js';

/** Whether some case has another verdict than before. A fault that ends the evaluation with an error is noticed, too. */
function noticed(rule: LibraryRule, tree: RuleFile, documents: readonly Document[]): boolean {
  const program = compileRules(tree, { file: `${rule.id}.guard`, text: rule.guard });
  try {
    return rule.cases.some(({ verdict }, index) => program.evaluate(documents[index]!).rules[0]!.status !== verdict);
  } catch (error) {
    if (error instanceof EvaluationError) return true;
    throw error;
  }
}

it('cases notice nearly every fault', () => {
  const survivors: Record<string, string[]> = {};
  let total = 0;
  let missed = 0;
  for (const rule of library) {
    const { tree } = parseRules(rule.guard, `${rule.id}.guard`);
    const documents = rule.cases.map(({ input }) => openDocument(input));
    expect(noticed(rule, tree!, documents)).toBe(false);
    for (const mutant of mutantsOf(tree!, rule.guard)) {
      total++;
      if (noticed(rule, mutant.tree, documents)) continue;
      missed++;
      (survivors[rule.id] ??= []).push(mutant.name);
    }
  }
  expect(total).toBeGreaterThan(2_000);
  expect((total - missed) / total).toBeGreaterThan(0.98);
  expect(`${total - missed} of ${total}`).toMatchSnapshot('noticed');
  // Mostly guards that only choose the message, and queries that a valid template gives one value for.
  expect(survivors).toMatchSnapshot('not noticed');
}, 120_000);
