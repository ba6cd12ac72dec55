/** Why a rule fails. */
import type { RuleFile } from '../../ast.js';
import type { FailedCheck } from '../../explanation.js';
import type { TextLoader } from '../../functions/index.js';
import type { Document } from '../document.js';
import { FAIL } from '../scope.js';
import type { Locate, Place } from './node.js';
import { conjunctions, traceRule } from './record.js';
import { Tracer } from './tracer.js';

/** A rule file, as explanations need it. */
export interface ExplainedFile {
  readonly tree: RuleFile;
  /** Base name, as reports show it. */
  readonly file: string;
  readonly text: string;
  readonly ruleNames: readonly string[];
  readonly load: TextLoader;
}

/** 1-based lines and columns of a text; columns count characters. */
function placer(text: string): (offset: number) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: Array.from(text.slice(starts[line], offset)).length + 1 };
  };
}

/**
 * Whether what a rule's report holds hangs on what ran before it: captured keys add up, and the reports of key filters
 * and of blocks without values stand where a variable was evaluated first.
 */
export function needsHistory(tree: RuleFile): boolean {
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('capture' in node && node.capture !== null) return true;
    if ('notEmpty' in node && node.notEmpty === true) return true;
    if ('kind' in node && node.kind === 'keyFilter') return true;
    for (const child of Object.values(node) as unknown[]) pending.push(child);
  }
  return false;
}

/** The failed checks of one rule; none when it does not fail. */
export function explainRule(
  { tree, file, text, ruleNames, load }: ExplainedFile,
  document: Document,
  ruleIndex: number,
  locate: Locate,
  history: boolean,
): FailedCheck[] {
  let place: ((offset: number) => Place) | null = null;
  const tracer = new Tracer({
    tree,
    file,
    document,
    locate,
    load,
    placeInRules: (offset) => (place ??= placer(text))(offset),
    runFilter: conjunctions,
    runRule: traceRule,
  });
  for (let index = history ? 0 : ruleIndex; index < ruleIndex; index++) {
    tracer.unseen(() => traceRule(tracer, tree.rules[index]!));
  }
  if (traceRule(tracer, tree.rules[ruleIndex]!) !== FAIL) return [];
  const messages = { custom_message: null, error_message: null };
  return [{ Rule: { name: ruleNames[ruleIndex]!, metadata: {}, messages, checks: tracer.checks } }];
}
