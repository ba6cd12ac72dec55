/** The compiled evaluator and the one that writes explanations are two; on everything they must say the same. */
import fc from 'fast-check';
import {
  EvaluationError,
  compileRules,
  loadData,
  loadTestData,
  openDocument,
  parseRules,
} from '../../../guard/index.js';
import type { Document, Program } from '../../../guard/index.js';
import { Tracer } from '../../../guard/evaluate/explain/tracer.js';
import { conjunctions, traceRule } from '../../../guard/evaluate/explain/record.js';
import { pair } from '../../arbitraries/rules.js';
import { corpus } from '../../differential/corpus/corpus.js';
import { controlTowerRules, referenceBinary } from '../../support/reference.js';
import { FILE, program } from './support.js';

const NOWHERE = { line: 0, column: 0 };

/** Statuses by walking the syntax tree with paths, or null when that ends with an error. */
function traced({ tree }: Program, document: Document): string[] | null {
  const tracer = new Tracer({
    tree,
    file: FILE,
    document,
    locate: () => NOWHERE,
    load: loadTestData,
    placeInRules: () => NOWHERE,
    runFilter: conjunctions,
    runRule: traceRule,
  });
  try {
    return tree.rules.map((rule) => ['PASS', 'FAIL', 'SKIP'][tracer.unseen(() => traceRule(tracer, rule))]!);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function compiled(of: Program, document: Document): string[] | null {
  try {
    return of.evaluate(document).rules.map(({ status }) => status);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

describe('the two evaluators', () => {
  it('agree on generated rules and documents', () => {
    let compared = 0;
    fc.assert(
      fc.property(pair, ({ rules, document }) => {
        let of: Program;
        try {
          of = program(rules);
        } catch {
          return;
        }
        const opened = openDocument(document);
        expect(traced(of, opened)).toEqual(compiled(of, opened));
        compared++;
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  // The rule files come with the reference executable.
  const present = referenceBinary() === undefined ? it.skip : it;
  present('agree on every Control Tower rule file', () => {
    const programs = controlTowerRules().map(({ name, text }) =>
      compileRules(parseRules(text, name).tree!, { file: name, text }),
    );
    const templates = corpus().filter((_template, index) => index % 8 === 0);
    const seen = new Set<string>();
    for (const { name, text } of templates) {
      const loaded = loadData(text, name);
      if (!loaded.ok) throw new Error(loaded.message);
      const document = openDocument(loaded.value);
      for (const of of programs) {
        const statuses = compiled(of, document);
        expect({ name, file: of.options.file, statuses: traced(of, document) }).toEqual({
          name,
          file: of.options.file,
          statuses,
        });
        statuses?.forEach((status, index) => seen.add(`${of.options.file} ${index} ${status}`));
      }
    }
    expect(programs).toHaveLength(237);
    expect([...seen].filter((each) => each.endsWith('FAIL')).length).toBeGreaterThan(120);
  });
});
