import type { Place } from '../evaluate/index.js';
import type { FailedCheck, Messages } from '../explanation.js';

/** A failed check that holds no others, with the path that SARIF points at. */
export interface Leaf {
  readonly messages: Messages;
  /** Path of the value whose place is reported; `null` when cfn-guard 3.1.1 reports none (measured). */
  readonly path: string | null;
  /** The place, where it is not that of the value at the path: keys of maps have places of their own. */
  readonly place?: Place;
}

/** The leaves of an entry, in order. Entries of rules and disjunctions say nothing of their own. */
export function leavesOf(check: FailedCheck): readonly Leaf[] {
  if ('Rule' in check) return check.Rule.checks.flatMap(leavesOf);
  if ('Disjunctions' in check) return check.Disjunctions.checks.flatMap(leavesOf);
  if ('Block' in check) return [{ messages: check.Block.messages, path: null }];
  const clause = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
  const { check: found, messages } = clause;
  if ('UnResolved' in found) return [{ messages, path: found.UnResolved.value.traversed_to.path }];
  if ('InResolved' in found) {
    const { path } = found.InResolved.from;
    return [{ messages, path, ...writtenPlace(messages, path) }];
  }
  return [{ messages, path: null }];
}

/** The place that the message of a membership gives after the path, as text and SARIF must not differ. */
function writtenPlace({ error_message: text }: Messages, path: string): { readonly place?: Place } {
  const [, behind = ''] = (text ?? '').split(`property [${path}[`, 2);
  const [, line, column] = /^L:(\d+),C:(\d+)\]/.exec(behind) ?? [];
  return line === undefined || column === undefined ? {} : { place: { line: Number(line), column: Number(column) } };
}
