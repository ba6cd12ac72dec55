/**
 * Results for people about a document without resources, in the form of cfn-guard 3.1.1 (measured): one sentence for
 * each failed check, and one for each rule that passed or did not apply, of the statuses that are shown.
 */
import { visible } from '../../findings/index.js';
import type { Value } from '../../template/index.js';
import type { Status } from '../evaluate/index.js';
import type { Comparison, FailedCheck, PathValue, UnresolvedValue } from '../explanation.js';
import { rulesByStatus, type ConsoleInput } from './console.js';
import { printJson, UnprintableError } from './json.js';

/** The sentences; `''` when there are none, and when failures are to be shown and nothing failed. */
export function resultSentences(input: ConsoleInput, show: ReadonlySet<Status>): string {
  const { dataName, outcome } = input;
  if (show.has('FAIL') && outcome.failures.length === 0) return '';
  const names = rulesByStatus(input);
  const rules = (status: Status, verdict: string): string[] =>
    show.has(status)
      ? [...names[status]].map((name) => `Rule [${visible(name)}] is ${verdict} for template [${visible(dataName)}]`)
      : [];
  const sections = [
    show.has('FAIL') ? outcome.failures.flatMap((failure) => sentences(failure, '', dataName)) : [],
    rules('PASS', 'compliant'),
    rules('SKIP', 'not applicable'),
  ].filter((lines) => lines.length > 0);
  if (sections.length === 0) return '';
  const head = `Evaluation of rules ${visible(outcome.ruleFile)} against data ${visible(dataName)}\n--\n`;
  return head + sections.map((lines) => `${lines.join('\n')}\n--\n`).join('');
}

/** One sentence for each failed check. */
function sentences(check: FailedCheck, rule: string, dataName: string): string[] {
  if ('Rule' in check) {
    const name = rule === '' ? check.Rule.name : rule;
    return check.Rule.checks.flatMap((inner) => sentences(inner, name, dataName));
  }
  if ('Disjunctions' in check) return check.Disjunctions.checks.flatMap((inner) => sentences(inner, rule, dataName));
  const data = `in data [${visible(dataName)}] is not compliant with [${visible(rule)}]`;
  if ('Block' in check) {
    const { unresolved, messages } = check.Block;
    const reason = unresolved === null ? messages.error_message : queryReason(unresolved);
    return [`${traversed(unresolved?.traversed_to)} ${data} ${retrieval(reason)}`];
  }
  const clause = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
  const { check: found, messages } = clause;
  const message = `Error Message [${visible((messages.custom_message ?? '').replaceAll('\n', ';'))}]`;
  if ('UnResolved' in found) {
    const { traversed_to: at, reason } = found.UnResolved.value;
    return [`${traversed(at)} ${data} ${retrieval(reason)}`];
  }
  if ('UnResolvedContext' in found) return [`Check [${visible(clause.context.trim())}] ${data}. ${message}`];
  if ('InResolved' in found) {
    const { from, to, comparison } = found.InResolved;
    const not = comparison[1] ? 'did' : 'did not';
    const expected = `[${to.map((each) => shown(each.value)).join(', ')}]`;
    return [
      `Property [${visible(from.path)}] ${data} because provided value [${shown(from.value)}] ${not} match expected value in ${expected}. ${message}`,
    ];
  }
  if ('value' in found.Resolved) {
    const { value, comparison } = found.Resolved;
    return [
      `Property [${visible(value.path)}] ${data} because needed value at [${shown(value.value)}] ${UNARY_WORDS[comparison[0]]?.[comparison[1] ? 1 : 0] ?? ''}. ${message}`,
    ];
  }
  const { from, to, comparison } = found.Resolved;
  const incomparable = INCOMPARABLE.exec(messages.error_message ?? '')?.[1];
  if (incomparable !== undefined) return [`${traversed(from)} ${data} ${retrieval(incomparable)}`];
  const not = comparison[1] ? 'did' : 'did not';
  const set = comparison[0] === 'In' ? 'match expected value in' : 'match expected value';
  return [
    `Property [${visible(from.path)}] ${data} because provided value [${shown(from.value)}] ${not} ${set} [${shown(to.value)}]. ${message}`,
  ];
}

function traversed(value: PathValue | undefined): string {
  return `Property traversed until [${visible(value?.path ?? '')}]`;
}

function retrieval(reason: string | null): string {
  return `due to retrieval error. Error Message [${visible(reason ?? '')}]`;
}

function queryReason({ remaining_query: query, reason }: UnresolvedValue): string {
  return `Query ${query} did not resolve to correct value, reason ${reason ?? ''}`;
}

/** How the message of a comparison ends that cannot be made. */
const INCOMPARABLE = /\. Error = \[([\s\S]*)\]$/;

/** What a failed unary operator says of a value: without and with its negation. */
const UNARY_WORDS: Partial<Readonly<Record<Comparison[0], readonly [string, string]>>> = {
  Exists: ['did not exist', 'existed'],
  Empty: ['was not empty', 'was empty'],
  IsList: ['was not list', 'was a list '],
  IsMap: ['was not struct', 'was a struct'],
  IsString: ['was not a string ', 'was a string '],
  IsInt: ['was not int', 'was int'],
  IsBool: ['was not bool', 'was bool'],
  IsFloat: ['was not float', 'was float'],
  IsNull: ['was not null', 'was null'],
};

function shown(value: Value): string {
  try {
    return visible(printJson(value));
  } catch (error) {
    if (error instanceof UnprintableError) return 'a number that is not finite';
    throw error;
  }
}
