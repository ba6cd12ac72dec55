/** Key filters, whose rejected keys `cfn-guard` 3.1.1 reports as failed checks without a context (measured). */
import type { QueryPart } from '../../ast.js';
import { INCOMPARABLE, YES, compareKey, isGuardList } from '../../operators/index.js';
import type { Node, Traced } from './node.js';
import { resolved } from './node.js';
import { failedComparison, failedMembership, missingRight } from './checks.js';
import type { ClauseWords } from './checks.js';
import type { Tracer } from './tracer.js';

/** Whether a key passes; what rejects it is written down. */
export function traceKeyFilter(
  part: QueryPart & { kind: 'keyFilter' },
  key: Node,
  right: readonly Traced[],
  tracer: Tracer,
): boolean {
  const member = part.operator === 'in' || right.length > 1;
  const operator = member ? 'in' : part.operator;
  const clause: ClauseWords = { context: '', operator, negated: part.negated, message: null, origin: null };
  const compared: Traced[] = [];
  let passed = false;
  for (const result of right) {
    let against = result;
    let matches = false;
    if (result.kind !== 'unresolved') {
      const { value } = result.node;
      let answer = compareKey(member, key.value as string, value);
      if (answer === INCOMPARABLE && result.kind === 'literal' && isGuardList(value) && value.length === 1) {
        against = resolved(result.node.elements()[0]!);
        answer = compareKey(member, key.value as string, against.node.value);
      }
      matches = answer !== INCOMPARABLE && (answer === YES) !== part.negated;
    }
    compared.push(against.kind === 'literal' ? resolved(against.node) : against);
    if (matches) passed = true;
    else if (!member) {
      tracer.report(() =>
        against.kind === 'unresolved'
          ? missingRight(clause, against)
          : failedComparison(clause, key, against.node, null),
      );
    }
  }
  if (member && !passed && right.length > 0) {
    tracer.report(() => failedMembership(clause, key, compared));
  }
  tracer.events += member ? 1 : right.length;
  return passed;
}
