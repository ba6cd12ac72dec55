/**
 * Decides whether a value fits a restricted schema, when some of it may not be known.
 *
 * Three answers come out: no problem; problems, each of which is there under choices that the template leaves open; or
 * problems of kind `open`, where the answer hangs on a value that nobody knows. The general validator of JSON Schema (ajv)
 * knows no such values and takes longer to load than a whole check takes, so it is what tests compare this file with.
 *
 * Values are read as CloudFormation reads them: a number or a Boolean may be written as text, and a text as a number.
 */
import { ABSENT, Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, Path, Unknown, UnknownKind, Value, ValueMap } from '../../template/index.js';
import { escapePattern, fill, matchesPattern } from './pattern.js';
import type { GateContext } from './pattern.js';
import { EVENT_VALUES, NO_CHOICES, Ways } from './outcomes.js';
import type { Outcome, Unknowns } from './outcomes.js';
import { own, resolved } from './schema.js';
import type { RestrictedSchema, Scalar, Schema } from './schema.js';

/** What is wrong, or not known. */
export type ProblemKind = 'property' | 'forbidden' | 'free-form' | 'value' | 'required' | 'placeholder' | 'open';

export interface Problem {
  readonly kind: ProblemKind;
  /** Below `Properties`. Of what is missing: the object that lacks it. */
  readonly path: Path;
  /** The choices under which the problem is there. */
  readonly assignment: Assignment;
  /** A sentence without full stop. */
  readonly message: string;
  /** The property that is refused or missing; names of the placeholders that nothing fills; approved values. */
  readonly names: readonly string[];
  /** The part of the schema that decided. */
  readonly schema: Schema;
  /** Of kind `open`: template parameters that would decide it. */
  readonly parameters: readonly string[];
}

/** Values of these kinds are texts, or lists of texts. */
const SCALAR_KINDS: ReadonlySet<UnknownKind> = new Set([
  'parameter',
  'pseudoParameter',
  'import',
  'attribute',
  'dynamicReference',
  'mapping',
]);

export class Judge {
  private ways: Ways;

  constructor(
    private readonly schema: RestrictedSchema,
    private readonly context: GateContext,
    private readonly unknowns: Unknowns = EVENT_VALUES,
  ) {
    this.ways = new Ways(unknowns);
  }

  /**
   * What is wrong with the properties of a resource: all of it, since what is left out could be what decides.
   *
   * @param assignment - The choices under which the resource is there.
   */
  problems(properties: Value, assignment: Assignment = NO_CHOICES): readonly Problem[] {
    this.ways = new Ways(this.unknowns);
    return this.ways
      .of(properties, assignment)
      .flatMap((outcome) =>
        this.outcome(this.schema, outcome.value === ABSENT ? { ...outcome, value: {} } : outcome, []),
      );
  }

  private outcome(schema: Schema, { assignment, value, unknown }: Outcome, path: Path): Problem[] {
    if (value === ABSENT) return [];
    const node = resolved(this.schema, schema);
    return unknown === undefined
      ? this.known(node, value, path, assignment)
      : this.unknown(node, unknown, path, assignment);
  }

  private known(node: Schema, value: Value, path: Path, assignment: Assignment): Problem[] {
    if (node.anyOf !== undefined) return this.union(node, node.anyOf, value, path, assignment);
    if (node.not !== undefined) return [this.freeForm(node, path, assignment)];
    const problem = (message: string): Problem[] => [make('value', path, assignment, message, node)];
    switch (node.type) {
      case undefined:
        // Verified schemas are open only where an overlay opened them.
        return node['x-approved'] === true ? [] : problem('nothing is approved here');
      case 'object':
        if (!isMap(value)) return problem(`${shown(value)} is no object`);
        return this.object(node, value, path, assignment);
      case 'array':
        if (!isList(value)) return problem(`${shown(value)} is no list`);
        return this.list(node, value, path, assignment);
      default:
        return this.scalar(node, value, path, assignment);
    }
  }

  private object(node: Schema, value: ValueMap, path: Path, assignment: Assignment): Problem[] {
    const problems: Problem[] = [];
    const gone = new Map<string, Assignment>();
    for (const key of keysOf(value)) {
      const schema =
        own(node.properties, key) ?? (node.additionalProperties === false ? undefined : node.additionalProperties);
      for (const outcome of this.ways.of(get(value, key)!, assignment)) {
        if (outcome.value === ABSENT) gone.set(key, outcome.assignment);
        else if (schema !== undefined) problems.push(...this.outcome(schema, outcome, [...path, key]));
        else problems.push(this.refused(node, key, [...path, key], outcome.assignment));
      }
    }
    for (const name of node.required ?? []) {
      const without = Object.hasOwn(value, name) ? gone.get(name) : assignment;
      if (without === undefined) continue;
      problems.push(
        make('required', path, without, `\`${name}\` is missing`, own(node.properties, name) ?? node, [name]),
      );
    }
    return problems;
  }

  private refused(node: Schema, key: string, path: Path, assignment: Assignment): Problem {
    const forbidden = own(node['x-forbidden'], key);
    if (forbidden === undefined) return make('property', path, assignment, `\`${key}\` is not approved`, node, [key]);
    const note = forbidden === '' ? node : { ...node, 'x-message': forbidden };
    return make('forbidden', path, assignment, `\`${key}\` is forbidden`, note, [key]);
  }

  private list(node: Schema, value: readonly Value[], path: Path, assignment: Assignment): Problem[] {
    const problems: Problem[] = [];
    let least = 0;
    let most = 0;
    let isKnown = true;
    for (const [index, element] of value.entries()) {
      const outcomes = this.ways.of(element, assignment);
      const there = outcomes.filter((outcome) => outcome.value !== ABSENT);
      if (there.length > 0) most += 1;
      if (there.length === outcomes.length) least += 1;
      isKnown &&= outcomes.length === 1 && outcomes[0]!.unknown === undefined;
      for (const outcome of there) problems.push(...this.outcome(node.items ?? { not: {} }, outcome, [...path, index]));
    }
    const { minItems = 0, maxItems = Infinity } = node;
    const say = (message: string): void => {
      problems.push(make('value', path, assignment, message, node));
    };
    if (most < minItems) say(`there are ${most} elements, fewer than ${minItems}`);
    else if (least > maxItems) say(`there are ${least} elements, more than ${maxItems}`);
    else if (least < minItems || most > maxItems) {
      problems.push(make('open', path, assignment, 'how many elements there are hangs on conditions', node));
    }
    if (node.uniqueItems === true) {
      if (new Set(value.map((each) => canonical(each))).size < value.length) say('two elements are the same');
      else if (!isKnown) {
        problems.push(
          make('open', path, assignment, 'whether its elements differ hangs on values that are not known', node),
        );
      }
    }
    return problems;
  }

  private union(
    node: Schema,
    branches: readonly Schema[],
    value: Value,
    path: Path,
    assignment: Assignment,
  ): Problem[] {
    const tried = branches.map((branch) => this.outcome(branch, { assignment, value }, path));
    const fits = tried.find((problems) => problems.length === 0);
    if (fits !== undefined) return fits;
    const open = tried.find((problems) => problems.every(({ kind }) => kind === 'open' || kind === 'placeholder'));
    if (open !== undefined) return open;
    // Each branch may fail under choices of its own, so that one of them fits under any.
    const hangs = tried.filter((problems) => problems.every((problem) => problem.assignment.size > assignment.size));
    if (hangs.length > 1) {
      return [make('open', path, assignment, 'which of several forms it has hangs on conditions', node)];
    }
    const [nearest] = [...tried].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length);
    if (depthOf(nearest!) > path.length) return nearest!;
    const types = branches.map((branch) => TYPE_WORDS[resolved(this.schema, branch).type ?? ''] ?? 'another form');
    const told = tried.find((_, index) => isOfType(resolved(this.schema, branches[index]!), value));
    if (told !== undefined) return told;
    return [make('value', path, assignment, `${shown(value)} is not ${[...new Set(types)].join(' or ')}`, node)];
  }

  private freeForm(node: Schema, path: Path, assignment: Assignment): Problem {
    const free = node['x-free-form'];
    const reason = free === undefined ? 'is closed' : free === 'json' ? 'may hold anything' : 'may have any keys';
    return make(
      'free-form',
      path,
      assignment,
      free === undefined ? reason : `${reason}, and no overlay allows it`,
      node,
    );
  }

  private scalar(node: Schema, value: Value, path: Path, assignment: Assignment): Problem[] {
    const read = readScalar(node.type!, value);
    if (read === null || (read === UNWRITTEN && isLimited(node))) {
      return [make('value', path, assignment, `${shown(value)} is no ${TYPE_NAMES[node.type!] ?? ''}`, node)];
    }
    return read === UNWRITTEN ? [] : this.limits(node, read, path, assignment);
  }

  private limits(node: Schema, value: Scalar, path: Path, assignment: Assignment): Problem[] {
    const problems: Problem[] = [];
    const say = (message: string): void => {
      problems.push(make('value', path, assignment, message, node));
    };
    if (node.enum !== undefined) {
      const problem = this.enumerated(node, node.enum, value, path, assignment);
      if (problem !== null) problems.push(problem);
      if (problem?.kind === 'placeholder') return problems;
    }
    if (typeof value === 'string') {
      const length = node.minLength === undefined && node.maxLength === undefined ? 0 : Array.from(value).length;
      if (length < (node.minLength ?? 0)) say(`${shown(value)} is shorter than ${node.minLength!} characters`);
      if (length > (node.maxLength ?? Infinity)) say(`${shown(value)} is longer than ${node.maxLength!} characters`);
      if (node.pattern !== undefined) {
        const filled = fill(node.pattern, this.context, escapePattern);
        if ('missing' in filled) return [this.unfilled(node, filled.missing, path, assignment)];
        if (!matchesPattern(filled.text, value)) say(`${shown(value)} does not match \`${filled.text}\``);
      }
    }
    if (typeof value === 'number') {
      if (value < (node.minimum ?? -Infinity)) say(`${value} is less than ${node.minimum!}`);
      if (value > (node.maximum ?? Infinity)) say(`${value} is more than ${node.maximum!}`);
    }
    for (const part of node.allOf ?? []) {
      problems.push(...this.limits({ ...part, ...notesOf(node) }, value, path, assignment));
    }
    return problems;
  }

  private enumerated(
    node: Schema,
    values: readonly Scalar[],
    value: Scalar,
    path: Path,
    assignment: Assignment,
  ): Problem | null {
    const missing = new Set<string>();
    const allowed: Scalar[] = [];
    for (const each of values) {
      const filled = typeof each === 'string' ? fill(each, this.context) : { text: each };
      if ('missing' in filled) for (const name of filled.missing) missing.add(name);
      else allowed.push(filled.text);
    }
    if (allowed.includes(value)) return null;
    if (missing.size > 0) return this.unfilled(node, [...missing], path, assignment);
    return make('value', path, assignment, `${shown(value)} is not approved`, node, allowed.map(String));
  }

  private unfilled(node: Schema, names: readonly string[], path: Path, assignment: Assignment): Problem {
    const list = names.map((name) => `\`<${name}>\``).join(', ');
    return make('placeholder', path, assignment, `nothing fills the placeholder ${list}`, node, names);
  }

  private unknown(node: Schema, unknown: Unknown, path: Path, assignment: Assignment): Problem[] {
    if (node.not !== undefined) return [this.freeForm(node, path, assignment)];
    if (node.type === undefined && node.anyOf === undefined && node['x-approved'] === true) return [];
    if (SCALAR_KINDS.has(unknown.kind) && this.takesAnyText(node)) return [];
    const problem = make('open', path, assignment, unknown.reason, node);
    return [{ ...problem, parameters: unknown.parameters }];
  }

  /** Whether every text fits, as far as the gate is concerned: CloudFormation itself refuses a text that is no number. */
  private takesAnyText(node: Schema): boolean {
    if (node.anyOf !== undefined) return node.anyOf.some((each) => this.takesAnyText(resolved(this.schema, each)));
    if (node.type === 'array') {
      const isBound = node.minItems !== undefined || node.maxItems !== undefined || node.uniqueItems === true;
      const items = node.items === undefined ? undefined : resolved(this.schema, node.items);
      return !isBound && items?.type !== 'array' && items !== undefined && this.takesAnyText(items);
    }
    return node.type !== undefined && node.type !== 'object' && !isLimited(node);
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'Boolean',
};
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'a Boolean',
  object: 'an object',
  array: 'a list',
};

/** A number whose digits are not known any more, or that others share its value with: no limit can be held to it. */
const UNWRITTEN: unique symbol = Symbol('unwritten');

/** A scalar as its type has it; `null` when it is none of the type. */
function readScalar(type: string, value: Value): Scalar | null | typeof UNWRITTEN {
  if (value === null || isMap(value) || isList(value)) return null;
  switch (type) {
    case 'string':
      if (value instanceof Float) return UNWRITTEN;
      return typeof value === 'number' && !Number.isSafeInteger(value) ? UNWRITTEN : String(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return typeof value === 'string' && /^(?:true|false)$/i.test(value) ? value.toLowerCase() === 'true' : null;
    default: {
      const number = readNumber(value);
      if (number === null || (type === 'integer' && !Number.isInteger(number))) return null;
      return Number.isInteger(number) && !Number.isSafeInteger(number) ? UNWRITTEN : number;
    }
  }
}

function readNumber(value: string | number | bigint | boolean | Float): number | null {
  if (typeof value === 'boolean') return null;
  if (typeof value !== 'string') return finite(value instanceof Float ? value.value : Number(value));
  if (!/^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$/.test(value)) return null;
  return finite(Number(value));
}

function finite(number: number): number | null {
  return Number.isFinite(number) ? number : null;
}

function isLimited(node: Schema): boolean {
  const { enum: values, pattern, minLength, maxLength, minimum, maximum, allOf } = node;
  return [values, pattern, minLength, maxLength, minimum, maximum, allOf].some((limit) => limit !== undefined);
}

function isOfType(node: Schema, value: Value): boolean {
  if (node.type === 'object') return isMap(value);
  if (node.type === 'array') return isList(value);
  return node.type !== undefined && readScalar(node.type, value) !== null;
}

/** What an overlay says at a place, for the limits that were added to it. */
function notesOf(node: Schema): Schema {
  return {
    ...(node['x-message'] !== undefined && { 'x-message': node['x-message'] }),
    ...(node['x-controls'] !== undefined && { 'x-controls': node['x-controls'] }),
  };
}

function depthOf(problems: readonly Problem[]): number {
  return Math.max(...problems.map(({ path }) => path.length));
}

function make(
  kind: ProblemKind,
  path: Path,
  assignment: Assignment,
  message: string,
  schema: Schema,
  names: readonly string[] = [],
): Problem {
  return { kind, path, assignment, message, names, schema, parameters: [] };
}

const MAX_SHOWN = 100;

/** A value in a message. */
export function shown(value: Value): string {
  if (isMap(value)) return 'an object';
  if (isList(value)) return 'a list';
  if (value === null) return '`null`';
  const text = value instanceof Float ? String(value.value) : String(value);
  return `\`${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}\``;
}

/** A text that two values share only when they are the same. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Float) return each.value;
    if (typeof each === 'bigint') return each.toString();
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
