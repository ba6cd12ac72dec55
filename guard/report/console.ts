/**
 * Results for people, in the form of cfn-guard 3.1.1 (measured): the table, and for documents with resources the details
 * below it; `sentences.ts` is for other documents. Resources stand in the order of their failures, which that tool
 * shuffles, and what belongs to no resource is said after them, which that tool leaves out. Scripts should read the
 * structured formats.
 */
import { visible } from '../../findings/index.js';
import { get, isMap, keysOf, type Value } from '../../template/index.js';
import { shortText, type Locate, type Status } from '../evaluate/index.js';
import type { Comparison, FailedCheck, Messages } from '../explanation.js';
import { asGuardValue } from '../operators/index.js';
import type { RuleFileOutcome } from './file-report.js';

/** A rule file on a data file, as the console shows it. */
export interface ConsoleInput {
  readonly dataName: string;
  readonly outcome: RuleFileOutcome;
  readonly status: Status;
  /** Place of a value, for the lines of its surroundings. */
  readonly locate: Locate;
  /** The text of the data file. */
  readonly text: string;
  /** The document. */
  readonly value: Value;
}

/** Lines of data shown around the one that is at fault: three before it, itself, and two after it. */
const LINES_BEFORE = 3;
const LINES_SHOWN = 6;

/** Names of rules by status, without the name of the file before the default rule. A name that also ran is not skipped. */
export function rulesByStatus({ outcome }: ConsoleInput): Readonly<Record<Status, ReadonlySet<string>>> {
  const prefix = `${outcome.ruleFile}/`;
  const names: Record<Status, Set<string>> = { SKIP: new Set(), PASS: new Set(), FAIL: new Set() };
  for (const rule of outcome.rules) {
    names[rule.status].add(rule.name.startsWith(prefix) ? rule.name.slice(prefix.length) : rule.name);
  }
  for (const name of [...names.PASS, ...names.FAIL]) names.SKIP.delete(name);
  return names;
}

/** Which rules have which status: `''` when no rule has a status that is to be shown. */
export function summaryTable(input: ConsoleInput, shown: ReadonlySet<Status>): string {
  const { dataName, outcome, status } = input;
  const prefix = `${outcome.ruleFile}/`;
  const names = rulesByStatus(input);
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

/** Why rules failed, for a document with resources; `''` when none did. */
export function failureDetails(input: ConsoleInput): string {
  if (input.outcome.failures.length === 0) return '';
  return new Details(input)
    .byResource()
    .map((line) => `${line}\n`)
    .join('');
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

/**
 * What finds the resource that a path leads into; it finds none for a path elsewhere. Keys stand in paths as they are, so
 * a name with a slash in it is told by the names that the document has: the longest that fits.
 */
function resourceFinder(document: Value): (path: string) => string | undefined {
  const resources = isMap(document) ? get(document, 'Resources') : undefined;
  const slashed = isMap(resources)
    ? keysOf(resources)
        .filter((name) => name.includes('/'))
        .sort((a, b) => b.length - a.length)
    : [];
  return (path) => {
    const rest = path.startsWith(RESOURCES) ? path.slice(RESOURCES.length) : '';
    return slashed.find((name) => rest === name || rest.startsWith(`${name}/`)) ?? /^[^/]+/.exec(rest)?.[0];
  };
}

const RESOURCES = '/Resources/';

class Details {
  private readonly dataLines: readonly string[];
  private readonly resourceOf: (path: string) => string | undefined;

  constructor(private readonly input: ConsoleInput) {
    this.dataLines = input.text.replace(/\r?\n$/, '').split(/\r?\n/);
    this.resourceOf = resourceFinder(input.value);
  }

  byResource(): string[] {
    const { failures, ruleFile } = this.input.outcome;
    const resources = new Set(failures.flatMap(pathsOf).flatMap((path) => this.resourceOf(path) ?? []));
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
      const belongs = (path: string): boolean => this.resourceOf(path) === name;
      for (const failure of failures) {
        if (pathsOf(failure).some(belongs)) lines.push(...this.check(failure, '  ', belongs, true));
      }
      lines.push('}');
    }
    // What belongs to no resource, such as a rule that refers to a failing one, is said as well.
    for (const failure of failures) {
      lines.push(...this.check(failure, '', (path) => this.resourceOf(path) === undefined, false));
    }
    return lines;
  }

  /** An entry as nested braces, with only the checks whose path belongs. `hollow` leaves what is around others, too. */
  private check(check: FailedCheck, indent: string, belongs: (path: string) => boolean, hollow: boolean): string[] {
    const inner = `${indent}  `;
    const holdsOthers = 'Disjunctions' in check || 'Rule' in check;
    if (!(hollow && holdsOthers) && !pathsOf(check).some(belongs)) return [];
    if ('Disjunctions' in check) {
      const nested = check.Disjunctions.checks.flatMap((each) => this.check(each, inner, belongs, hollow));
      return [`${indent}ANY {`, ...nested, `${indent}}`];
    }
    if ('Rule' in check) {
      const { name, messages, checks } = check.Rule;
      const nested = checks.flatMap((each) => this.check(each, `${inner}  `, belongs, hollow));
      return [
        `${indent}Rule = ${visible(name)} {`,
        ...labelled('Message', messages.custom_message, inner),
        `${inner}ALL {`,
        ...nested,
        `${inner}}`,
        `${indent}}`,
      ];
    }
    return this.clause(check, indent);
  }

  /** A failed clause or block. The braces of a failed membership close before its rows, as they do in the reference. */
  private clause(check: Leaf, indent: string): string[] {
    const inner = `${indent}  `;
    const deep = `${inner}  `;
    const found = 'Block' in check ? null : clauseOf(check).check;
    const head = `${indent}Check = ${visible('Block' in check ? check.Block.context : clauseOf(check).context)} {`;
    const messages = messagesOf(check);
    if (found === null || 'UnResolved' in found || 'UnResolvedContext' in found) {
      return [head, ...this.missing(check, messages, inner), `${indent}}`];
    }
    const { rows, path } = compared(found, messages.error_message ?? '', (at) => this.placed(at));
    const text = [
      ...labelled('Message', messages.custom_message, deep, MESSAGE_WIDTH),
      ...errorRow(messages, deep, MESSAGE_WIDTH),
    ];
    const values = [...rows.map(([label, value]) => row(label, value, deep)), ...this.surroundings(path, deep), ''];
    const open = `${inner}ComparisonError {`;
    if ('InResolved' in found) return [head, open, ...text, `${inner}}`, ...values, `${indent}}`];
    return [head, open, ...text, ...values, `${inner}}`, `${indent}}`];
  }

  /** Something that is not there. A block says so in other words than a clause. */
  private missing(check: Leaf, messages: Messages, inner: string): string[] {
    const deep = `${inner}  `;
    if ('Block' in check) {
      const { unresolved } = check.Block;
      const error = errorRow(messages, deep, BLOCK_WIDTH + 1);
      if (unresolved === null) return [`${inner}RequiredPropertyError {`, ...error, `${inner}}`];
      const { path } = unresolved.traversed_to;
      return [
        `${inner}RequiredPropertyError {`,
        row('PropertyPath', path, deep, BLOCK_WIDTH),
        row('MissingProperty', unresolved.remaining_query, deep, BLOCK_WIDTH),
        ...error,
        ...this.surroundings(path, deep),
        '',
        `${inner}}`,
      ];
    }
    const found = clauseOf(check).check;
    const message = labelled('Message', messages.custom_message, inner);
    if (!('UnResolved' in found)) {
      const error = errorRow(messages, deep, 0);
      return [...message, `${inner}RuleError {`, ...error, `${inner}}`];
    }
    const { traversed_to: at, remaining_query: query, reason } = found.UnResolved.value;
    return [
      ...message,
      `${inner}RequiredPropertyError {`,
      row('PropertyPath', this.placed(at.path), deep, 0),
      row('MissingProperty', query, deep, 0),
      row('Reason', reason ?? '', deep, 0),
      ...this.surroundings(at.path, deep),
      `${inner}}`,
    ];
  }

  /** A path with its place. */
  private placed(path: string): string {
    const { line, column } = path === '' ? { line: 0, column: 0 } : this.input.locate(path);
    return `${path}[L:${line},C:${column}]`;
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

/** The widths of labels, which differ from one kind of failure to the next. */
const ROW_WIDTH = 16;
const MESSAGE_WIDTH = 17;
const BLOCK_WIDTH = 19;

function row(label: string, value: string, indent: string, width = ROW_WIDTH): string {
  return `${indent}${width === 0 ? `${label} ` : label.padEnd(width)}= ${visible(value)}`;
}

function errorRow({ error_message: text }: Messages, indent: string, width: number): string[] {
  return text === null || text === '' ? [] : [row('Error', text, indent, width)];
}

/** A message on the line of its label, or on lines of its own when it has several; none when it is empty. */
function labelled(label: string, text: string | null, indent: string, width = 0): string[] {
  const lines = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return [];
  if (lines.length === 1) return [row(label, lines[0]!, indent, width)];
  const name = width === 0 ? `${label} ` : label.padEnd(width);
  return [`${indent}${name}{`, ...lines.map((line) => `${indent}  ${visible(line)}`), `${indent}}`];
}

/** A failed check that holds no others. */
type Leaf = Exclude<FailedCheck, { readonly Rule: unknown } | { readonly Disjunctions: unknown }>;
type Clause = Extract<Leaf, { readonly Clause: unknown }>['Clause'];
type ClauseCheck = Extract<Clause, { Unary: unknown }>['Unary'] | Extract<Clause, { Binary: unknown }>['Binary'];

function clauseOf(check: Exclude<Leaf, { readonly Block: unknown }>): ClauseCheck {
  return 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
}

type Compared = Exclude<
  ClauseCheck['check'],
  { readonly UnResolved: unknown } | { readonly UnResolvedContext: unknown }
>;

function comparedPath(found: Compared): string {
  if ('InResolved' in found) return found.InResolved.from.path;
  return 'value' in found.Resolved ? found.Resolved.value.path : found.Resolved.from.path;
}

/** What was compared with what. */
function compared(
  found: Compared,
  message: string,
  placed: (path: string) => string,
): { readonly rows: readonly (readonly [string, string])[]; readonly path: string } {
  if ('InResolved' in found) {
    const { from, to, comparison } = found.InResolved;
    const rows = [
      ['PropertyPath', placed(from.path)],
      ['Operator', operatorText(comparison)],
      ['Value', written(from.value)],
      ['ComparedWith', `[${to.map((each) => written(each.value)).join(', ')}]`],
    ] as const;
    return { rows, path: from.path };
  }
  const [subject, other] =
    'value' in found.Resolved ? [found.Resolved.value, null] : [found.Resolved.from, found.Resolved.to];
  const rows: (readonly [string, string])[] = [
    ['PropertyPath', placed(subject.path)],
    ['Operator', operatorText(found.Resolved.comparison)],
  ];
  if (other !== null) {
    // A range is text in the explanation; the message tells it from text by the quotes that it lacks.
    const { value } = other;
    const isRange = typeof value === 'string' && /^[[(].*[\])]$/.test(value) && message.includes(` Value=${value}]`);
    rows.push(['Value', written(subject.value)], ['ComparedWith', isRange ? value : written(value)]);
  }
  return { rows, path: subject.path };
}

function messagesOf(check: FailedCheck): Messages {
  if ('Rule' in check) return check.Rule.messages;
  if ('Disjunctions' in check) return { custom_message: null, error_message: null };
  if ('Block' in check) return check.Block.messages;
  return 'Unary' in check.Clause ? check.Clause.Unary.messages : check.Clause.Binary.messages;
}

/** Paths of the values that a check speaks of; `''` when it speaks of none. */
function pathsOf(check: FailedCheck): readonly string[] {
  if ('Rule' in check) return check.Rule.checks.length === 0 ? [''] : check.Rule.checks.flatMap(pathsOf);
  if ('Disjunctions' in check) return check.Disjunctions.checks.flatMap(pathsOf);
  if ('Block' in check) return [check.Block.unresolved?.traversed_to.path ?? ''];
  const found = clauseOf(check).check;
  if ('UnResolved' in found) return [found.UnResolved.value.traversed_to.path];
  if ('UnResolvedContext' in found) return [''];
  return [comparedPath(found)];
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

/** A value as messages print it: strings are quoted and nothing in them is escaped. */
function written(value: Value): string {
  return shortText(asGuardValue(value));
}
