/**
 * From the explanation of a failed rule to the places a reader should look at: one failure for each resource and each
 * message, at the most telling value.
 */
import type { FailedCheck, UnresolvedValue } from '../../guard/index.js';
import { Float, KEY_ORDER, isList, isMap } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { PARAMETER_ROOT } from '../metadata/parameter-document.js';

/** One thing that is wrong in a document. */
export interface Failure {
  /** Where the value is, or the nearest value above something that is missing. */
  readonly path: Path;
  /** Whether the thing looked for is missing: the place is then the key of what should hold it. */
  readonly missing: boolean;
  /** What was looked for below `path`, such as `KmsMasterKeyId`; `''` when the value itself is wrong. */
  readonly subject: string;
  /** The rule author's message without its help lines; `''` when there is none. */
  readonly message: string;
  /** The `help:` lines of the rule author's message. */
  readonly help: string;
  /** What was seen and what was expected, in the engine's words. */
  readonly detail: string;
}

interface Leaf {
  readonly path: Path;
  readonly value: Value;
  readonly missing: boolean;
  readonly subject: string;
  readonly custom: string;
  /** The value seen, and what was expected of it. */
  readonly detail: string;
  /** The value seen. */
  readonly seen: string;
  /** Names of parameters' values that were looked for, such as the keys of tags. */
  readonly wanted: readonly string[];
}

/** Most values of a parameter that a message lists. */
const MAX_LISTED = 10;

/** The steps of a path as cfn-guard writes it. Keys that hold a slash are found again by walking the document. */
export function pathSteps(path: string, document: Value): Path {
  const words = path.split('/').slice(1);
  const steps: (string | number)[] = [];
  let at: Value | undefined = document;
  for (let index = 0; index < words.length;) {
    if (isList(at)) {
      const position = Number(words[index]);
      steps.push(position);
      at = at[position];
      index++;
      continue;
    }
    let key = words[index]!;
    let used = 1;
    if (isMap(at)) {
      const map: Readonly<Record<string, Value>> = at;
      while (!Object.hasOwn(map, key) && index + used < words.length) key += `/${words[index + used++]!}`;
      if (!Object.hasOwn(map, key)) {
        key = words[index]!;
        used = 1;
      }
      at = Object.hasOwn(map, key) ? map[key] : undefined;
    }
    steps.push(key);
    index += used;
  }
  return steps;
}

/** Lists what a failed rule found, in the order of the document's explanation, one entry per resource and message. */
export function failuresOf(checks: readonly FailedCheck[], document: Value): readonly Failure[] {
  const groups = new Map<string, Leaf[]>();
  const visit = (check: FailedCheck, alternatives: Leaf[] | null): void => {
    if ('Rule' in check) {
      for (const inner of check.Rule.checks) visit(inner, alternatives);
    } else if ('Disjunctions' in check) {
      // Members of an `or` fail together: they are one failure for each resource they look at.
      const together: Leaf[] = alternatives ?? [];
      for (const inner of check.Disjunctions.checks) visit(inner, together);
      if (alternatives === null) for (const leaves of byResource(withWanted(together))) add(leaves);
    } else {
      const leaf = leafOf(check, document);
      if (alternatives === null) add([leaf]);
      else alternatives.push(leaf);
    }
  };
  const add = (leaves: readonly Leaf[]): void => {
    const best = leaves.reduce((a, b) => (telling(b) > telling(a) ? b : a));
    const custom = best.custom || (leaves.find((leaf) => leaf.custom !== '')?.custom ?? '');
    const named = best.wanted.length > 0;
    const key = JSON.stringify([resourceOf(best.path), custom || [best.path, best.subject], named && best.path]);
    const known = groups.get(key);
    const leaf: Leaf = { ...best, custom };
    if (known === undefined) groups.set(key, [leaf]);
    else known.push(leaf);
  };
  for (const check of checks) visit(check, null);
  return [...groups.values()].flatMap((leaves) => distinctPlaces(leaves).map(toFailure));
}

/** Values that are wrong are listed each; things that are missing once, where the most is known. */
function distinctPlaces(leaves: readonly Leaf[]): readonly Leaf[] {
  const wrong = new Map<string, Leaf>();
  for (const leaf of leaves) if (!leaf.missing) wrong.set(JSON.stringify(leaf.path), leaf);
  if (wrong.size > 0) return [...wrong.values()];
  const deepest = leaves.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  return [naming(deepest, [...new Set(leaves.flatMap(({ wanted }) => wanted))])];
}

/**
 * Members of an `or` that compare a parameter with nothing tell the name that the others look for: the message names it
 * in place of a variable.
 */
function withWanted(leaves: readonly Leaf[]): readonly Leaf[] {
  const parameters = leaves.filter(({ path }) => path[0] === PARAMETER_ROOT);
  const others = leaves.filter((leaf) => !parameters.includes(leaf));
  if (others.length === 0 || parameters.length === 0) return leaves;
  const custom = parameters.find((leaf) => leaf.custom !== '')?.custom ?? '';
  const names = parameters.map(({ value }) => value).filter((value) => typeof value === 'string');
  return others.map((leaf) => ({
    ...leaf,
    custom: leaf.custom || custom,
    wanted: leaf.missing ? names : [],
  }));
}

function naming(leaf: Leaf, wanted: readonly string[]): Leaf {
  if (wanted.length === 0) return leaf;
  const names = wanted.map((name) => `\`${name}\``).join(', ');
  const detail = `${names} ${wanted.length === 1 ? 'is' : 'are'} missing`;
  return { ...leaf, subject: wanted.join(','), detail, seen: detail, wanted };
}

function byResource(leaves: readonly Leaf[]): readonly (readonly Leaf[])[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const key = resourceOf(leaf.path) ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leaf]);
    else group.push(leaf);
  }
  return [...groups.values()];
}

/** A wrong value tells more than a missing one, a deep place more than a shallow one. */
function telling(leaf: Leaf): number {
  return leaf.path.length + (leaf.missing ? 0 : 100);
}

/** The logical id of the resource that a path lies in. */
export function resourceOf(path: Path): string | null {
  return path[0] === 'Resources' && path.length > 1 ? String(path[1]) : null;
}

function leafOf(check: Exclude<FailedCheck, { Rule: unknown } | { Disjunctions: unknown }>, document: Value): Leaf {
  if ('Block' in check) {
    const { unresolved, messages } = check.Block;
    if (unresolved === null) return bare(messages.custom_message, 'nothing was selected to check');
    return missing(unresolved, messages.custom_message, document);
  }
  const clause = check.Clause;
  const { check: seen, messages } = 'Unary' in clause ? clause.Unary : clause.Binary;
  const custom = messages.custom_message ?? '';
  if ('UnResolvedContext' in seen) {
    const context = seen.UnResolvedContext.trim();
    return bare(custom, /[%()[\]]/.test(context) ? 'a check of the rule did not pass' : `\`${context}\` did not pass`);
  }
  if ('UnResolved' in seen) return missing(seen.UnResolved.value, custom, document);
  if ('InResolved' in seen) {
    const { from, to, comparison } = seen.InResolved;
    const listed = to.map((one) => show(one.value)).join(', ');
    const words = `is ${show(from.value)}, which is ${comparison[1] ? '' : 'not '}in ${listed}`;
    const leaf = wrong(from.path, from.value, words, custom, document);
    // What the organization allows is in no file that the reader has at hand.
    const isParameter = to.every(({ path }) => path.startsWith(`/${PARAMETER_ROOT}/`));
    const allowed = to.flatMap(({ value }) => (isList(value) ? value : [value]));
    if (!isParameter || comparison[1] || allowed.length > MAX_LISTED || leaf.seen === '') return leaf;
    return {
      ...leaf,
      seen: `${leaf.seen}, not ${allowed.length === 1 ? '' : 'one of '}${allowed.map(show).join(', ')}`,
    };
  }
  if ('from' in seen.Resolved) {
    const { from, to, comparison } = seen.Resolved;
    const place = from.path === '' && to.path !== '' ? to : from;
    const other = place === from ? to : from;
    return wrong(
      place.path,
      place.value,
      `is ${show(place.value)}, ${WORDS[comparison[0]](comparison[1])} ${show(other.value)}`,
      custom,
      document,
    );
  }
  const { value, comparison } = seen.Resolved;
  return wrong(value.path, value.value, UNARY[comparison[0]](comparison[1], show(value.value)), custom, document);
}

type Named =
  | 'Eq'
  | 'In'
  | 'Gt'
  | 'Ge'
  | 'Lt'
  | 'Le'
  | 'Exists'
  | 'Empty'
  | 'IsString'
  | 'IsList'
  | 'IsMap'
  | 'IsBool'
  | 'IsInt'
  | 'IsFloat'
  | 'IsNull';

const must =
  (words: string) =>
  (negated: boolean): string =>
    `must ${negated ? 'not ' : ''}be ${words}`;
const WORDS: Record<Named, (negated: boolean) => string> = {
  Eq: must('equal to'),
  In: must('in'),
  Gt: must('greater than'),
  Ge: must('at least'),
  Lt: must('less than'),
  Le: must('at most'),
  Exists: must('present'),
  Empty: must('empty'),
  IsString: must('a string'),
  IsList: must('a list'),
  IsMap: must('a map'),
  IsBool: must('a boolean'),
  IsInt: must('an integer'),
  IsFloat: must('a float'),
  IsNull: must('null'),
};
const kind =
  (words: string) =>
  (negated: boolean, value: string): string =>
    `is ${value}, must ${negated ? 'not ' : ''}be ${words}`;
const UNARY: Record<Named, (negated: boolean, value: string) => string> = {
  Eq: kind('equal'),
  In: kind('in the list'),
  Gt: kind('greater'),
  Ge: kind('greater or equal'),
  Lt: kind('less'),
  Le: kind('less or equal'),
  Exists: (negated) => (negated ? 'is present, must be left out' : 'is missing'),
  Empty: (negated, value) => (negated ? 'is empty' : `is ${value}, must be empty`),
  IsString: kind('a string'),
  IsList: kind('a list'),
  IsMap: kind('a map'),
  IsBool: kind('a boolean'),
  IsInt: kind('an integer'),
  IsFloat: kind('a float'),
  IsNull: kind('null'),
};

function bare(custom: string | null, detail: string): Leaf {
  const place = { path: [], value: null, missing: false, subject: '' };
  return { ...place, custom: custom ?? '', detail, seen: '', wanted: [] };
}

function missing(value: UnresolvedValue, custom: string | null, document: Value): Leaf {
  const path = pathSteps(value.traversed_to.path, document);
  const holder = value.traversed_to.value;
  const subject = readable(value.remaining_query);
  const name = subject.replace(/^Properties\./, '');
  const detail = name === '' ? nothingIn(path, holder) : `\`${name}\` is missing`;
  return { path, value: null, missing: true, subject, custom: custom ?? '', detail, seen: detail, wanted: [] };
}

/** What a query looks for, as far as it is names of properties: variables and filters mean nothing to a reader. */
function readable(query: string): string {
  const words: string[] = [];
  for (const word of query.replace(/\[\*\]/g, '').split('.')) {
    if (/[%()[\]]|\bkeys\b/.test(word)) break;
    if (word.trim() !== '') words.push(word.trim());
  }
  return words.join('.');
}

/** What is missing has no name: an empty list is said to be empty. */
function nothingIn(path: Path, holder: Value): string {
  const name = propertyName(path);
  const shown = name === '' ? 'it' : `\`${name}\``;
  const empty = isList(holder) ? holder.length === 0 : isMap(holder) && Object.keys(holder).length === 0;
  return empty ? `${shown} is empty` : `${shown} holds nothing that the rule looks for`;
}

function wrong(path: string, value: Value, words: string, custom: string, document: Value): Leaf {
  const steps = pathSteps(path, document);
  const name = steps.length > 2 ? propertyName(steps) : '';
  const named = (text: string): string => (name === '' ? text : `\`${name}\` ${text}`);
  // What a function made of a value has the value's place; a reader finds there what was written.
  const written = path === '' ? undefined : valueAt(document, steps);
  const shown = written === undefined || isMap(written) || isList(written) ? value : written;
  // The result of a function that has no place, such as a count, has no name either.
  const seen = name === '' || isMap(value) || isList(value) ? '' : `\`${name}\` is ${show(shown)}`;
  return { path: steps, value, missing: false, subject: '', custom, detail: named(words), seen, wanted: [] };
}

function valueAt(document: Value, path: Path): Value | undefined {
  let at: Value | undefined = document;
  for (const step of path) {
    if (isList(at)) at = at[Number(step)];
    else at = isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** A path below a resource as its author writes it: `VersioningConfiguration.Status`, `Tags[0].Value`. */
export function propertyName(path: Path): string {
  const inside = path[0] === 'Resources' ? path.slice(path[2] === 'Properties' ? 3 : 2) : path;
  return inside
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

function toFailure(leaf: Leaf): Failure {
  const { text, help } = messageParts(leaf.custom);
  // Beside the author's message the value seen is enough; what was expected is what the message is about.
  const detail = text === '' ? leaf.detail : leaf.seen;
  return { path: leaf.path, missing: leaf.missing, subject: leaf.subject, message: text, help, detail };
}

/** The message of a rule and its help: what follows a line that begins with `help:`, its indentation kept. */
function messageParts(custom: string): { readonly text: string; readonly help: string } {
  const lines = custom.split('\n').map((line) => line.trimEnd());
  const at = lines.findIndex((line) => /^\s*help:/i.test(line));
  const words = (at < 0 ? lines : lines.slice(0, at)).map((line) => line.trim());
  const text = words.filter((line) => line !== '').join(' ');
  if (at < 0) return { text, help: '' };
  const rest = lines.slice(at + 1).filter((line) => line !== '');
  const indent = Math.min(...rest.map((line) => line.length - line.trimStart().length));
  const first = lines[at]!.replace(/^\s*help:\s*/i, '');
  return { text, help: [first, ...rest.map((line) => line.slice(indent))].filter((line) => line !== '').join('\n') };
}

/** A value as a message shows it: short, on one line. */
export function show(value: Value): string {
  const text = JSON.stringify(plain(value));
  return text.length <= 80 ? `\`${text}\`` : `\`${text.slice(0, 77)}...\``;
}

function plain(value: Value): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return value.toString();
  if (isList(value)) return value.map(plain);
  if (isMap(value)) {
    const keys = value[KEY_ORDER] ?? Object.keys(value);
    return Object.fromEntries(keys.map((key) => [key, plain((value as Record<string, Value>)[key]!)]));
  }
  return value;
}
