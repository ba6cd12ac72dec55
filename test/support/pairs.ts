/** One rule file and one document, given to the reference and to this project's engine. */
import { printedReport, validate, type EngineRun, type Statuses } from './engine.js';
import { validatePairs, validateTexts, type ReferenceRun } from './reference.js';

/** What validation makes of a pair: the statuses, or that the rules do not parse, or that the run is aborted. */
export type Verdict = Statuses | 'parse-error' | 'error';

/** What the engine refuses although the reference leaves it unread; docs/guard-differences.md gives the reasons. */
const REFUSED = 'unexpected text after the end of the document';

export interface Comparison {
  /** `crash` says nothing about the pair, so that any verdict of the engine agrees. */
  readonly reference: Verdict | 'crash';
  readonly engine: Verdict;
  readonly agree: boolean;
  /** Whether the engine also prints the reference's report to the byte, explanations of failures included. */
  readonly sameReport: boolean;
  readonly stderr: string;
  readonly message: string;
}

export function referenceVerdict(run: ReferenceRun): Verdict | 'crash' {
  if (run.outcome !== 'ran') return run.outcome;
  const { failed, skipped, passed } = run.reports[0]!;
  return { failed, skipped, passed };
}

export function engineVerdict(run: EngineRun): Verdict {
  return run.outcome === 'ran' ? run.statuses : run.outcome;
}

/** Runs both on a pair given as texts. */
export function comparePair(rules: string, data: string): Comparison {
  return compareWith(validateTexts([rules], [data]), rules, data);
}

/** Runs both on many pairs. */
export function comparePairs(pairs: readonly { readonly rules: string; readonly data: string }[]): Comparison[] {
  return validatePairs(pairs).map((run, index) => compareWith(run, pairs[index]!.rules, pairs[index]!.data));
}

function compareWith(run: ReferenceRun, rules: string, data: string): Comparison {
  const ours = validate(rules, data);
  const reference = referenceVerdict(run);
  const engine = engineVerdict(ours);
  const message = 'message' in ours ? ours.message : '';
  return {
    reference,
    engine,
    sameReport: run.outcome !== 'ran' || run.stdout === printedReport(rules, data),
    agree:
      reference === 'crash' ||
      (engine === 'error' && message.endsWith(REFUSED)) ||
      JSON.stringify(reference) === JSON.stringify(engine),
    stderr: run.stderr,
    message,
  };
}

/** Counts of what pairs reached, so that a comparison that only ever skips does not look like agreement. */
export class Reached {
  private readonly counts = new Map<string, number>();

  add(reference: Verdict | 'crash'): void {
    if (typeof reference === 'string') {
      this.count(reference);
      return;
    }
    if (reference.failed.length > 0) this.count('FAIL');
    if (reference.skipped.length > 0) this.count('SKIP');
    if (reference.passed.length > 0) this.count('PASS');
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  toString(): string {
    return [...this.counts].map(([name, count]) => `${name} ${count}`).join(', ');
  }

  private count(name: string): void {
    this.counts.set(name, this.of(name) + 1);
  }
}
