/** Rule files ready to run. */
import type { RuleFile } from '../ast.js';
import type { FailedCheck } from '../explanation.js';
import type { TextLoader } from '../functions/index.js';
import { loadTestData } from '../load/load-data.js';
import { EvaluationError } from '../operators/index.js';
import { RegexBudgetError } from '../regex/index.js';
import { Compiler } from './compiler.js';
import type { Document } from './document.js';
import { explainRule, needsHistory } from './explain/explain.js';
import type { Locate } from './explain/node.js';
import { gatesOf, isClosed, isOpen } from './gate.js';
import type { Gate } from './gate.js';
import { FAIL, PASS, Run, SKIP } from './scope.js';
import type { StatusCode } from './scope.js';

/** PASS, FAIL, or SKIP for a rule that does not apply. */
export type Status = 'PASS' | 'FAIL' | 'SKIP';

export interface RuleResult {
  /** As reports show it: the rule of the loose items is called `<rule file>/default`. */
  readonly name: string;
  readonly status: Status;
  /** Whether the rule read a map that the document was opened with as unknown. */
  readonly touchedUnknown: boolean;
}

export interface Evaluation {
  /** FAIL if any rule fails, else PASS if any passes, else SKIP. */
  readonly status: Status;
  /** One entry a rule in file order, repeated names included. */
  readonly rules: readonly RuleResult[];
}

export interface CompileOptions {
  /** Base name of the rule file, as reports show it. */
  readonly file: string;
  /** The text that the tree was parsed from. */
  readonly text: string;
  /** Reads the texts given to `json_parse`. `@default` the reader of test inputs. */
  readonly loadText?: TextLoader;
}

const STATUSES: readonly Status[] = ['PASS', 'FAIL', 'SKIP'];

/** A compiled rule file. It keeps nothing of a document between evaluations. */
export class Program {
  /** Names of the rules in file order, as reports show them. */
  readonly ruleNames: readonly string[];
  private readonly compiler: Compiler;
  private knownHistory: boolean | null = null;
  private knownGates: readonly (Gate | null)[] | null = null;
  private evaluations = 0;
  /** The result when no rule applies. */
  private readonly skipped: Evaluation;
  /** Results by rule, by status, and by whether an unknown value was read. */
  private readonly results: readonly (readonly (readonly [RuleResult, RuleResult])[])[];

  constructor(
    readonly tree: RuleFile,
    readonly options: CompileOptions,
  ) {
    this.ruleNames = tree.rules.map(({ name, loose }) => (loose ? `${options.file}/default` : name));
    this.results = this.ruleNames.map((name) =>
      STATUSES.map((status) => [
        { name, status, touchedUnknown: false },
        { name, status, touchedUnknown: true },
      ]),
    );
    this.skipped = { status: 'SKIP', rules: this.results.map((byStatus) => byStatus[SKIP]![0]) };
    this.compiler = new Compiler(tree, options.loadText ?? loadTestData);
  }

  /**
   * Evaluates every rule on a document.
   *
   * @throws EvaluationError as the whole run of `cfn-guard` ends with an error; statuses of other rules are lost with it.
   */
  evaluate(document: Document): Evaluation {
    try {
      return this.evaluated(document);
    } catch (error) {
      throw asEvaluationError(error);
    }
  }

  private evaluated(document: Document): Evaluation {
    // Worth finding when a second document comes.
    const gates = this.evaluations++ === 0 ? this.knownGates : this.ruleGates;
    const next = (from: number): number => (gates === null ? from : firstOpen(gates, from, document));
    const first = next(0);
    if (first === this.ruleNames.length) return this.skipped;
    const run = new Run(document, this.compiler.file.declarations);
    const rules = this.skipped.rules.slice();
    let overall: StatusCode = SKIP;
    for (let index = first; index < rules.length; index = next(index + 1)) {
      const status = this.compiler.ruleStatus(index, run, isCertain(gates?.[index], document));
      if (status === FAIL) overall = FAIL;
      else if (status === PASS && overall !== FAIL) overall = PASS;
      rules[index] = this.results[index]![status]![run.touched ? 1 : 0];
    }
    return { status: STATUSES[overall]!, rules };
  }

  /**
   * Why a rule fails on a document, as `cfn-guard validate --structured -o json` prints it under `not_compliant`.
   *
   * @param ruleIndex - Position of the rule in {@link ruleNames}.
   * @param locate - Tells where the document writes a value or a key; asked only for what is printed.
   * @returns One `Rule` entry, or nothing when the rule does not fail.
   * @throws EvaluationError as {@link evaluate}.
   */
  explain(document: Document, ruleIndex: number, locate: Locate): FailedCheck[] {
    const { tree, ruleNames, options } = this;
    const { file, text, loadText: load = loadTestData } = options;
    try {
      return explainRule({ tree, file, text, ruleNames, load }, document, ruleIndex, locate, this.history);
    } catch (error) {
      throw asEvaluationError(error);
    }
  }

  /** What closes each rule, by position; `null` where nothing does. */
  private get ruleGates(): readonly (Gate | null)[] {
    return (this.knownGates ??= gatesOf(this.tree));
  }

  /** Whether explanations must run the rules before, too. */
  private get history(): boolean {
    return (this.knownHistory ??= needsHistory(this.tree));
  }
}

/** The position of the first rule, from one on, that is not certain to be skipped; the number of rules if there is none. */
function firstOpen(gates: readonly (Gate | null)[], from: number, document: Document): number {
  let index = from;
  for (; index < gates.length; index++) {
    const gate = gates[index] ?? null;
    if (gate === null || !isClosed(gate, document)) break;
  }
  return index;
}

function isCertain(gate: Gate | null | undefined, document: Document): boolean {
  return gate !== null && gate !== undefined && isOpen(gate, document);
}

/** What crashes `cfn-guard` 3.1.1 is an error like the others here: a regex that gives up, and the end of the stack. */
function asEvaluationError(error: unknown): unknown {
  if (error instanceof RegexBudgetError) return new EvaluationError(error.message, 'regex');
  return isStackOverflow(error) ? new EvaluationError('rules or data are nested too deep', 'recursion') : error;
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/**
 * Compiles a rule file. Most of the work is done when a rule first applies.
 *
 * @param tree - From a parser that was told to check regexes: an invalid one is an error only where it is met.
 * @throws EvaluationError when a variable of the file holds an invalid regex.
 */
export function compileRules(tree: RuleFile, options: CompileOptions): Program {
  return new Program(tree, options);
}
