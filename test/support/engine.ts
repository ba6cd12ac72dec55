/** Runs this project's Guard engine as {@link file://./reference.ts} runs the reference, so that results compare. */
import {
  compileRegex,
  compileRules,
  EvaluationError,
  fileReport,
  loadData,
  openDocument,
  parseRules,
  reportElementJson,
  UnprintableError,
  type Document,
  type Program,
} from '../../guard/index.js';
import type { Value } from '../../template/index.js';
import type { Status } from './reference.js';

/** One document's statuses, in the three lists of a structured report. */
export interface Statuses {
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly passed: readonly string[];
}

export type EngineRun =
  | { readonly outcome: 'ran'; readonly status: Status; readonly statuses: Statuses }
  | { readonly outcome: 'parse-error' | 'error'; readonly message: string };

/** Parses and compiles a rule file; `null` with the first diagnostic when it does not parse. */
export function compile(file: string, text: string): { readonly program: Program } | { readonly message: string } {
  const { tree, diagnostics } = parseRules(text, file, { checkRegex: regexProblem });
  if (tree === null) return { message: diagnostics[0]?.message ?? 'no diagnostic' };
  return { program: compileRules(tree, { file, text }) };
}

function regexProblem(pattern: string): string | null {
  const compiled = compileRegex(pattern);
  return compiled.ok ? null : compiled.message;
}

/**
 * What `guard validate --structured -o json` prints for one document and one rule file; the empty string when there is
 * nothing to print.
 */
export function printedReport(rules: string, data: string): string {
  const compiled = compile('RULES_STDIN[1]', rules);
  const loaded = loadData(data, 'DATA_STDIN[1]');
  if ('message' in compiled || !loaded.ok) return '';
  const document = openDocument(loaded.value);
  const { program } = compiled;
  try {
    const { rules: results } = program.evaluate(document);
    const failures = results.flatMap(({ status }, index) =>
      status === 'FAIL' ? program.explain(document, index, (path, key) => loaded.locate(path, key)) : [],
    );
    const outcome = { ruleFile: 'RULES_STDIN[1]', rules: results, failures };
    return `[\n${reportElementJson(fileReport('DATA_STDIN[1]', [outcome]))}\n]`;
  } catch (error) {
    if (!(error instanceof EvaluationError) && !(error instanceof UnprintableError)) throw error;
    return '';
  }
}

/** Opens a document as `guard validate` reads it. */
export function open(name: string, text: string): Document | { readonly message: string } {
  const loaded = loadData(text, name);
  return loaded.ok ? openDocument(loaded.value) : loaded;
}

/** The statuses that rule files give a document, combined like a structured report. */
export function evaluate(programs: readonly Program[], document: Document): EngineRun {
  const names: Record<Status, string[]> = { FAIL: [], SKIP: [], PASS: [] };
  try {
    for (const program of programs) {
      for (const { name, status } of program.evaluate(document).rules) names[status].push(name);
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { outcome: 'error', message: error.message };
  }
  const unique = (list: readonly string[]): string[] => [...new Set(list)].sort((a, b) => (a < b ? -1 : 1));
  const statuses = { failed: names.FAIL, skipped: unique(names.SKIP), passed: unique(names.PASS) };
  return { outcome: 'ran', status: names.FAIL.length > 0 ? 'FAIL' : names.PASS.length > 0 ? 'PASS' : 'SKIP', statuses };
}

/**
 * Validates one document against one rule file, both given as text. It is done twice, because a program that has been
 * used learns which documents its rules skip.
 */
export function validate(rules: string, data: string): EngineRun {
  const compiled = compile('RULES_STDIN[1]', rules);
  if ('message' in compiled) return { outcome: 'parse-error', message: compiled.message };
  const document = open('DATA_STDIN[1]', data);
  if ('message' in document) return { outcome: 'error', message: document.message };
  const run = evaluate([compiled.program], document);
  const again = evaluate([compiled.program], openDocument(document.root as Value));
  if (JSON.stringify(run) !== JSON.stringify(again)) throw new Error('The same program gave another answer.');
  return run;
}
