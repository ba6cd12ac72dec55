/**
 * The cases of every rule notice faults in it. `survivors.yml` lists the mutants that no case notices, each with the reason
 * why no document can tell it from the rule.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EvaluationError, compileRules, openDocument, parseRules } from '../../guard/index.js';
import type { Document, RuleFile } from '../../guard/index.js';
import { library } from './library.js';
import type { LibraryRule } from './library.js';
import { mutantsOf } from './mutants.js';

/** Mutants that survive for the same reason: their names, by rule. */
interface Group {
  readonly reason: string;
  readonly mutants: Readonly<Record<string, readonly string[]>>;
}

const groups = parse(readFileSync(join(__dirname, 'survivors.yml'), 'utf8')) as readonly Group[];

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

it('cases notice every fault but those that are listed with a reason', () => {
  const survivors: string[] = [];
  let total = 0;
  for (const rule of library) {
    const { tree } = parseRules(rule.guard, `${rule.id}.guard`);
    const documents = rule.cases.map(({ input }) => openDocument(input));
    expect(noticed(rule, tree!, documents)).toBe(false);
    for (const mutant of mutantsOf(tree!, rule.guard)) {
      total++;
      if (!noticed(rule, mutant.tree, documents)) survivors.push(`${rule.id}, ${mutant.name}`);
    }
  }
  expect(total).toBeGreaterThan(5_000);
  expect(1 - survivors.length / total).toBeGreaterThan(0.99);
  const listed = groups.flatMap(({ mutants }) =>
    Object.entries(mutants).flatMap(([rule, names]) => names.map((name) => `${rule}, ${name}`)),
  );
  // A survivor that is not listed, one that is listed twice, and one that is noticed by now are each a difference.
  expect(survivors.sort()).toStrictEqual(listed.sort());
}, 120_000);

it('the reasons are sentences', () => {
  expect(groups.filter(({ reason }) => !/^[A-Z].{60,}\.$/.test(reason))).toStrictEqual([]);
});
