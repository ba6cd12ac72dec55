import { visible } from '../../findings/index.js';
import type { Status } from '../evaluate/index.js';
import type { FailedCheck } from '../explanation.js';
import type { RuleFileOutcome } from './file-report.js';

interface Node {
  readonly label: string;
  readonly children: readonly Node[];
}

function checkNode(check: FailedCheck): Node {
  if ('Rule' in check) {
    const { name, checks } = check.Rule;
    return { label: `Rule(${name}, Status=FAIL)`, children: checks.map(checkNode) };
  }
  if ('Disjunctions' in check) {
    return { label: 'Disjunction(Status=FAIL)', children: check.Disjunctions.checks.map(checkNode) };
  }
  if ('Block' in check) return { label: `Block(Status=FAIL)[${check.Block.context}]`, children: [] };
  const clause = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
  return { label: `Clause(Status=FAIL)[${clause.context.trim()}]`, children: [] };
}

/**
 * Every rule with its status, and below the failed ones what failed, as a tree of lines.
 *
 * @param outcome - `failures` may be left empty: then only the statuses are shown.
 */
export function outcomeTree(dataName: string, outcome: RuleFileOutcome, status: Status): string {
  let next = 0;
  const children = outcome.rules.map((rule): Node => {
    const failure = rule.status === 'FAIL' ? outcome.failures[next++] : undefined;
    return { label: `Rule(${rule.name}, Status=${rule.status})`, children: failure ? checkNode(failure).children : [] };
  });
  const lines: string[] = [];
  const print = (node: Node, prefix: string, last: boolean): void => {
    lines.push(`${prefix}${last ? '`- ' : '|- '}${visible(node.label)}\n`);
    node.children.forEach((child, index) => {
      print(child, `${prefix}${last ? '   ' : '|  '}`, index === node.children.length - 1);
    });
  };
  print({ label: `File(${dataName}, Status=${status})`, children }, '', true);
  return lines.join('');
}
