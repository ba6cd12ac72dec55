/**
 * Results for people. The table has the lines of cfn-guard 3.1.1 (measured); the details below it say the same as that
 * tool's, but scripts should read the structured formats.
 */
import { visible } from '../../findings/index.js';
import { get, isMap, type Value } from '../../template/index.js';
import type { Locate, Status } from '../evaluate/index.js';
import type { Comparison, FailedCheck, Messages, PathValue } from '../explanation.js';
import type { RuleFileOutcome } from './file-report.js';
import { printJson, UnprintableError } from './json.js';

/** A rule file on a data file, as the console shows it. */
export interface ConsoleInput {
  readonly dataName: string;
  readonly outcome: RuleFileOutcome;
  readonly status: Status;
  /** Place of a value, for the lines of its surroundings. */
  readonly locate: Locate;
  /** The text of the data file. */
  readonly text: string;
  /** The document: when it has `Resources`, failures are shown resource by resource. */
  readonly value: Value;
}

/** Lines of data shown around the one that is at fault. */
const LINES_BEFORE = 2;
const LINES_SHOWN = 6;

/** Which rules have which status: `''` when no rule has a status that is to be shown. */
export function summaryTable({ dataName, outcome, status }: ConsoleInput, shown: ReadonlySet<Status>): string {
  const prefix = `${outcome.ruleFile}/`;
  const names: Record<Status, Set<string>> = { SKIP: new Set(), PASS: new Set(), FAIL: new Set() };
  for (const rule of outcome.rules) {
    names[rule.status].add(rule.name.startsWith(prefix) ? rule.name.slice(prefix.length) : rule.name);
  }
  for (const name of [...names.PASS, ...names.FAIL]) names.SKIP.delete(name);
  const width = Math.max(0, ...[...names.SKIP, ...names.PASS, ...names.FAIL].map((name) => name.length)) + 4;
  const sections = (['SKIP', 'PASS', 'FAIL'] as const).filter((each) => shown.has(each) && names[each].size > 0);
  if (sections.length === 0) return '';
  const lines = [`${visible(dataName)} Status = ${status}`];
  for (const section of sections) {
    lines.push(section === 'FAIL' ? 'FAILED rules' : `${section} rules`);
    for (const name of names[section]) lines.push(`${visible(prefix)}${name.padEnd(width)}${section}`);
  }
  return `${lines.join('\n')}\n---\n`;
}

/** Why rules failed; `''` when none did. */
export function failureDetails(input: ConsoleInput): string {
  if (input.outcome.failures.length === 0) return '';
  const lines = hasResources(input.value) ? new Details(input).byResource() : new Details(input).plain();
  return lines.map((line) => `${line}\n`).join('');
}

/** Whether a document looks like a template. */
export function hasResources(document: Value): boolean {
  return isMap(document) && get(document, 'Resources') !== undefined;
}

/** A text property of a resource; `undefined` when it has none. */
function textOf(document: Value, path: readonly string[]): string | undefined {
  let value: Value | undefined = document;
  for (const key of path) value = isMap(value) ? get(value, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}

const RESOURCE = /^\/Resources\/([^/]+)/;

class Details {
  private readonly dataLines: readonly string[];

  constructor(private readonly input: ConsoleInput) {
    this.dataLines = input.text.split('\n');
  }

  byResource(): string[] {
    const { failures, ruleFile } = this.input.outcome;
    const resources = new Set(failures.flatMap(pathsOf).flatMap((path) => RESOURCE.exec(path)?.[1] ?? []));
    const lines = [
      `Evaluating data ${visible(this.input.dataName)} against rules ${visible(ruleFile)}`,
      `Number of non-compliant resources ${resources.size}`,
    ];
    for (const name of resources) {
      lines.push(`Resource = ${visible(name)} {`);
      const type = textOf(this.input.value, ['Resources', name, 'Type']);
      const cdkPath = textOf(this.input.value, ['Resources', name, 'Metadata', 'aws:cdk:path']);
      if (type !== undefined) lines.push(`  Type      = ${visible(type)}`);
      if (cdkPath !== undefined) lines.push(`  CDK-Path  = ${visible(cdkPath)}`);
      const belongs = (path: string): boolean => RESOURCE.exec(path)?.[1] === name;
      for (const failure of failures) lines.push(...this.check(failure, '  ', belongs));
      lines.push('}');
    }
    // What belongs to no resource, such as a rule that refers to a failing one, is said as well.
    for (const failure of failures) {
      lines.push(...this.check(failure, '', (path) => !RESOURCE.test(path)));
    }
    return lines;
  }

  plain(): string[] {
    const { dataName, outcome } = this.input;
    return [
      `Evaluation of rules ${visible(outcome.ruleFile)} against data ${visible(dataName)}`,
      '--',
      ...outcome.failures.flatMap((failure) => this.sentences(failure, '')),
      '--',
    ];
  }

  /** One sentence for each failed check. */
  private sentences(check: FailedCheck, rule: string): string[] {
    if ('Rule' in check) {
      const name = rule === '' ? check.Rule.name : rule;
      return check.Rule.checks.flatMap((inner) => this.sentences(inner, name));
    }
    if ('Disjunctions' in check) return check.Disjunctions.checks.flatMap((inner) => this.sentences(inner, rule));
    const data = `in data [${visible(this.input.dataName)}] is not compliant with [${visible(rule)}]`;
    if ('Block' in check) {
      const { unresolved, messages } = check.Block;
      return [`${traversed(unresolved?.traversed_to)} ${data} ${retrieval(messages)}`];
    }
    const clause = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
    const { check: found, messages } = clause;
    const message = `Error Message [${visible((messages.custom_message ?? '').replaceAll('\n', ';'))}]`;
    if ('UnResolved' in found) {
      return [`${traversed(found.UnResolved.value.traversed_to)} ${data} ${retrieval(messages)}`];
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
        `Property [${visible(value.path)}] ${data} because needed value at [${shown(value.value)}] to be ${operatorText(comparison)}. ${message}`,
      ];
    }
    const { from, to, comparison } = found.Resolved;
    const not = comparison[1] ? 'did' : 'did not';
    const set = comparison[0] === 'In' ? 'match expected value in' : 'match expected value';
    return [
      `Property [${visible(from.path)}] ${data} because provided value [${shown(from.value)}] ${not} ${set} [${shown(to.value)}]. ${message}`,
    ];
  }

  /** An entry as nested braces, with only the checks whose path belongs. */
  private check(check: FailedCheck, indent: string, belongs: (path: string) => boolean): string[] {
    if (!pathsOf(check).some(belongs)) return [];
    const inner = `${indent}  `;
    if ('Rule' in check) {
      const { name, messages, checks } = check.Rule;
      const nested = checks.flatMap((each) => this.check(each, `${inner}  `, belongs));
      return [
        `${indent}Rule = ${visible(name)} {`,
        ...messageLines(messages.custom_message, inner, 'Message'),
        `${inner}ALL {`,
        ...nested,
        `${inner}}`,
        `${indent}}`,
      ];
    }
    if ('Disjunctions' in check) {
      const nested = check.Disjunctions.checks.flatMap((each) => this.check(each, inner, belongs));
      return [`${indent}ANY {`, ...nested, `${indent}}`];
    }
    const { context, title, rows, path } = factsOf(check);
    const deep = `${inner}  `;
    return [
      `${indent}Check = ${visible(context)} {`,
      `${inner}${title} {`,
      ...messageLines(check, deep),
      ...rows.map(([label, value]) => `${deep}${label.padEnd(16)}= ${visible(value)}`),
      ...this.surroundings(path, deep),
      `${inner}}`,
      `${indent}}`,
    ];
  }

  /** The lines of the data file around a value. */
  private surroundings(path: string | null, indent: string): string[] {
    if (path === null || path === '') return [];
    const first = Math.max(0, this.input.locate(path).line - LINES_BEFORE);
    const lines = this.dataLines.slice(first, first + LINES_SHOWN);
    return [
      `${indent}Code:`,
      ...lines.map((line, index) => `${indent}  ${String(first + index + 1).padStart(5)}.${visible(line)}`),
    ];
  }
}

function messageLines(source: FailedCheck | string | null, indent: string, label?: string): string[] {
  const labelled = (name: string, text: string | null): string[] => {
    const lines = (text ?? '').split('\n').map((line) => line.trim());
    const used = lines.filter((line) => line !== '');
    if (used.length === 0) return [];
    if (used.length === 1) return [`${indent}${name.padEnd(16)}= ${visible(used[0]!)}`];
    return [`${indent}${name} {`, ...used.map((line) => `${indent}  ${visible(line)}`), `${indent}}`];
  };
  if (source === null || typeof source === 'string') return labelled(label ?? 'Message', source);
  const messages = messagesOf(source);
  return [...labelled('Message', messages.custom_message), ...labelled('Error', messages.error_message)];
}

function messagesOf(check: FailedCheck): Messages {
  if ('Rule' in check) return check.Rule.messages;
  if ('Disjunctions' in check) return { custom_message: null, error_message: null };
  if ('Block' in check) return check.Block.messages;
  return 'Unary' in check.Clause ? check.Clause.Unary.messages : check.Clause.Binary.messages;
}

interface Facts {
  readonly context: string;
  readonly title: 'ComparisonError' | 'RequiredPropertyError' | 'RuleError';
  readonly rows: readonly (readonly [string, string])[];
  readonly path: string | null;
}

function factsOf(check: FailedCheck): Facts {
  if ('Block' in check) {
    const { context, unresolved } = check.Block;
    if (unresolved === null) return { context, title: 'RequiredPropertyError', rows: [], path: null };
    return missing(context, unresolved);
  }
  if (!('Clause' in check)) return { context: '', title: 'RuleError', rows: [], path: null };
  const clause = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
  const { context, check: found } = clause;
  if ('UnResolved' in found) return missing(context, found.UnResolved.value);
  if ('UnResolvedContext' in found) return { context, title: 'RuleError', rows: [], path: null };
  const row = (label: string, text: string): readonly [string, string] => [label, text];
  if ('InResolved' in found) {
    const { from, to, comparison } = found.InResolved;
    const rows = [
      row('PropertyPath', from.path),
      row('Operator', operatorText(comparison)),
      row('Value', shown(from.value)),
      row('ComparedWith', `[${to.map((each) => shown(each.value)).join(', ')}]`),
    ];
    return { context, title: 'ComparisonError', rows, path: from.path };
  }
  const [subject, other] =
    'value' in found.Resolved ? [found.Resolved.value, null] : [found.Resolved.from, found.Resolved.to];
  const rows = [row('PropertyPath', subject.path), row('Operator', operatorText(found.Resolved.comparison))];
  if (other !== null) rows.push(row('Value', shown(subject.value)), row('ComparedWith', shown(other.value)));
  return { context, title: 'ComparisonError', rows, path: subject.path };
}

function missing(
  context: string,
  unresolved: { readonly traversed_to: PathValue; readonly remaining_query: string; readonly reason: string | null },
): Facts {
  const rows: (readonly [string, string])[] = [
    ['PropertyPath', unresolved.traversed_to.path],
    ['MissingProperty', unresolved.remaining_query],
  ];
  if (unresolved.reason !== null) rows.push(['Reason', unresolved.reason]);
  return { context, title: 'RequiredPropertyError', rows, path: unresolved.traversed_to.path };
}

/** Paths of the values that a check speaks of; `''` when it speaks of none. */
function pathsOf(check: FailedCheck): readonly string[] {
  if ('Rule' in check) return check.Rule.checks.length === 0 ? [''] : check.Rule.checks.flatMap(pathsOf);
  if ('Disjunctions' in check) return check.Disjunctions.checks.flatMap(pathsOf);
  return [factsOf(check).path ?? ''];
}

function traversed(value: PathValue | undefined): string {
  return `Property traversed until [${visible(value?.path ?? '')}]`;
}

function retrieval(messages: Messages): string {
  return `due to retrieval error. Error Message [${visible(messages.error_message ?? '')}]`;
}

const OPERATOR_WORDS: Readonly<Record<Comparison[0], string>> = {
  Eq: 'EQUAL',
  In: 'IN',
  Gt: 'GREATER THAN',
  Ge: 'GREATER THAN EQUALS',
  Lt: 'LESS THAN',
  Le: 'LESS THAN EQUALS',
  Exists: 'EXISTS',
  Empty: 'EMPTY',
  IsString: 'IS STRING',
  IsList: 'IS LIST',
  IsMap: 'IS STRUCT',
  IsBool: 'IS BOOL',
  IsInt: 'IS INT',
  IsFloat: 'IS FLOAT',
  IsNull: 'IS NULL',
};

function operatorText([operator, negated]: Comparison): string {
  return negated ? `NOT ${OPERATOR_WORDS[operator]}` : OPERATOR_WORDS[operator];
}

function shown(value: Value): string {
  try {
    return visible(printJson(value));
  } catch (error) {
    if (error instanceof UnprintableError) return 'a number that is not finite';
    throw error;
  }
}
