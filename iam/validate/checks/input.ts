/** What every check is given. */
import { wildcardMatch } from '../../../catalogue/iam/index.js';
import type { Value } from '../../../template/index.js';
import type { PolicyKind } from '../../model.js';
import type { Report } from '../finding.js';
import type { ConditionView, PolicyView, StatementView } from '../view.js';
import type { Budget } from '../budget.js';

/** One document, and where it stands. */
export interface CheckInput {
  readonly view: PolicyView;
  readonly value: Value;
  readonly kind: PolicyKind;
  /** As it is written, for quotas that count white space. */
  readonly text?: string;
  /** CloudFormation type of the resource that a resource policy is attached to, such as `AWS::S3::Bucket`. */
  readonly resourceType?: string;
  /** Limits the comparisons of all checks together. */
  readonly budget: Budget;
}

/** A group of checks. */
export type Check = (input: CheckInput, report: Report) => void;

/** Runs a check on each statement. */
export function eachStatement(check: (statement: StatementView, input: CheckInput, report: Report) => void): Check {
  return (input, report) => {
    for (const statement of input.view.statements) check(statement, input, report);
  };
}

/** Whether policies of a kind give permissions to an identity; boundaries, SCPs and RCPs only limit them. */
export function grantsToIdentity({ kind }: CheckInput): boolean {
  return kind === 'identity' || kind === 'session';
}

/** How the action element of a statement speaks of an action: by name, through a wildcard, by leaving it out of `NotAction`. */
export type Mention = 'named' | 'wildcard' | 'notAction';

/** @param action - With prefix, in lower case. @returns `undefined` when the statement does not speak of it. */
export function mentionOf({ action }: StatementView, name: string): Mention | undefined {
  if (action === undefined) return undefined;
  const matching = action.items.filter(({ text }) => wildcardMatch(text.toLowerCase(), name));
  if (action.negated) return matching.length === 0 ? 'notAction' : undefined;
  if (matching.length === 0) return undefined;
  return matching.some(({ text }) => /[*?]/.test(text)) ? 'wildcard' : 'named';
}

/** The conditions of a statement on a key. @param key - In lower case. */
export function conditionsOn({ conditions }: StatementView, key: string): readonly ConditionView[] {
  return conditions.filter(({ lower }) => lower === key);
}
