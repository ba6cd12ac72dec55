/**
 * Tells from a rule's conditions alone that it is skipped: most rules of a large set are about types of resources that a
 * document does not have, and asking for the type is all that they need.
 *
 * A gate is recognised only where everything else in the conditions can neither end with an error nor remember anything,
 * so that leaving it out changes nothing. Two forms of conditions close one:
 * - `%x !empty`, where `x` selects resources by type and the document has none of the types. Where the selection asks
 *   for more than the type, this must be the only condition, as the rest of the selection is not looked into;
 * - `exists` on a key of the root that the document lacks, where a variable holds the key's name.
 *
 * Where the conditions ask for nothing but types and keys of the root, the same forms tell that they hold.
 */
import type {
  AccessClause,
  Block,
  Clause,
  Conjunctions,
  Let,
  LetValue,
  Literal,
  ParameterizedCall,
  Query,
  QueryPart,
  Rule,
  RuleFile,
  RuleItem,
} from '../ast.js';
import { isGuardMap, isUnaryOperator, own } from '../operators/index.js';
import { hasCaptures } from './compiler.js';
import type { Document } from './document.js';
import { indexOfKey } from './keys.js';
import { isHarmless as isHarmlessInFilter } from './type-selector.js';

/** The types or keys without which a rule is skipped. */
export interface Gate {
  /** Sets of resource types; the rule needs one type of each set. */
  readonly types: readonly (readonly string[])[];
  /** Keys that the root must have. */
  readonly keys: readonly string[];
  /**
   * Sets of keys of the root; with one key of each set and the types, the conditions hold. `null` when they ask for
   * anything else.
   */
  readonly opening: readonly (readonly string[])[] | null;
}

/**
 * Whether a gate is closed for a document: the rule's status is SKIP, whatever unknown values are. An unknown resource
 * may be absent and has the type that is written; where all of them are unknown, `Resources` may turn out to be empty.
 */
export function isClosed(gate: Gate, document: Document): boolean {
  const { root, resources } = document;
  if (gate.keys.length > 0 && isGuardMap(root)) {
    for (const key of gate.keys) if (own(root, key) === undefined) return true;
  }
  if (resources === null || resources.allUnknown) return false;
  for (const types of gate.types) if (!resources.hasAny(types)) return true;
  return false;
}

/**
 * The types without which no rule of a file applies, where that can be told: sets of resource types, of each of which a
 * document needs one. Empty when the file must be asked.
 */
export function typesNeeded(file: RuleFile): readonly (readonly string[])[] {
  const [gate, ...more] = gatesOf(file);
  return more.length === 0 ? (gate?.types ?? []) : [];
}

/** Whether a document lacks what {@link typesNeeded} names: the rules are then skipped, whatever unknown values are. */
export function lacksTypes(types: readonly (readonly string[])[], document: Document): boolean {
  return isClosed({ types, keys: [], opening: null }, document);
}

/** Whether the conditions hold in a document, as far as a gate can tell. */
export function isOpen({ types, keys, opening }: Gate, { root, resources, taint }: Document): boolean {
  if (opening === null || keys.length > 0 || resources === null || taint !== null || !isGuardMap(root)) return false;
  for (const names of opening) if (!names.some((name) => own(root, name) !== undefined)) return false;
  for (const names of types) if (!resources.hasAny(names)) return false;
  return true;
}

type Bindings = ReadonlyMap<string, LetValue>;

class GateReader {
  private readonly lets: Bindings;
  private types: string[][] = [];
  private keys: string[] = [];
  private opening: string[][] = [];

  constructor(private readonly file: RuleFile) {
    this.lets = new Map(file.lets.filter(onlyOne).map(({ name, value }) => [name, value]));
  }

  /** What closes the conditions; `null` when they hold anything but harmless clauses. */
  read(conditions: Conjunctions<RuleItem>): Gate | null {
    this.types = [];
    this.keys = [];
    this.opening = [];
    const narrowed = this.narrowedTypes(conditions);
    if (narrowed !== null) return { types: [narrowed], keys: [], opening: null };
    let complete = true;
    for (const line of conditions) {
      if (!line.every((item) => this.isHarmlessCall(item) || this.isHarmless(item, this.lets))) return null;
      if (line.length > 1 || !this.collect(line[0]!)) complete = false;
    }
    return { types: this.types, keys: this.keys, opening: complete ? this.opening : null };
  }

  /** @returns whether all that the item asks for was collected. */
  private collect(item: RuleItem): boolean {
    if (item.kind === 'access') return this.collectTypes(item);
    return item.kind === 'ruleCall' && (this.collectKey(item) || this.collectOpening(item));
  }

  /** A call of `rule r(doc) { %doc { a exists or b exists } }`. */
  private collectOpening(call: ParameterizedCall): boolean {
    const [line, ...others] = this.called(call)?.block.conjunctions ?? [];
    const block = line?.length === 1 && others.length === 0 ? line[0]! : null;
    if (block?.kind !== 'block' || block.block.lets.length > 0 || block.block.conjunctions.length !== 1) return false;
    const name = onlyVariable(block.query);
    if (name === null || !block.query.matchAll || !this.isRoot(this.bind(call).get(name))) return false;
    const keys = block.block.conjunctions[0]!.map(existingKey);
    if (!keys.every((key) => key !== null)) return false;
    this.opening.push(keys);
    return true;
  }

  /** `%x !empty`: with no result at all it fails. */
  private collectTypes(clause: AccessClause): boolean {
    const selection = this.mustSelect(clause);
    const types = selection === null ? null : this.selectedTypes(selection);
    if (types === null) return false;
    this.types.push(types);
    return true;
  }

  /** The query of `x`, where the clause is `%x !empty`. */
  private mustSelect({ operator, negated, prefixNot, query }: AccessClause): Query | null {
    const name = onlyVariable(query);
    if (operator !== 'empty' || negated === prefixNot || name === null) return null;
    const value = this.lets.get(name);
    return value?.kind === 'query' ? value : null;
  }

  /**
   * The types of `Resources.*[ Type == .. a == .. ]`, where to select something of them is the only condition. What else
   * the selection asks for is asked of no other resource.
   */
  private narrowedTypes(conditions: Conjunctions<RuleItem>): readonly string[] | null {
    const [line, ...lines] = conditions;
    const [clause, ...clauses] = line ?? [];
    if (clause?.kind !== 'access' || clauses.length > 0 || lines.length > 0) return null;
    const selection = this.mustSelect(clause);
    const filter = selection === null ? null : selectingFilter(selection);
    if (filter === null || filter.length < 2) return null;
    const typeLine = filter.find((each) => each.every((one) => this.comparedType(one) !== null));
    if (!filter.every((each) => each === typeLine || each.every(isHarmlessInFilter))) return null;
    return typeLine?.map((one) => this.comparedType(one)!) ?? null;
  }

  /** A call of `rule r(doc, type) { %doc.%type.key exists }`. */
  private collectKey(call: ParameterizedCall): boolean {
    const called = this.called(call);
    const [line, ...others] = called?.block.conjunctions ?? [];
    const clause = line?.length === 1 ? line[0] : undefined;
    if (called === null || clause?.kind !== 'access' || others.length > 0) return false;
    const { parts, matchAll } = clause.query;
    if (clause.operator !== 'exists' || clause.negated !== clause.prefixNot || !matchAll) return false;
    const [head, star, ...rest] = parts;
    const [key, next] = star?.kind === 'allIndices' ? rest : [star, ...rest];
    if (head?.kind !== 'variable' || key?.kind !== 'variable' || next?.kind !== 'key') return false;
    const bound = this.bind(call);
    const name = this.literal(bound.get(key.name));
    if (!this.isRoot(bound.get(head.name)) || name?.kind !== 'string') return false;
    this.keys.push(name.value);
    return true;
  }

  private called(call: ParameterizedCall): RuleFile['parameterizedRules'][number] | null {
    const named = this.file.parameterizedRules.filter(({ name }) => name === call.name);
    const [rule] = named;
    if (rule === undefined || named.length > 1 || rule.parameters.length !== call.args.length) return null;
    return rule.block.lets.length === 0 && new Set(rule.parameters).size === rule.parameters.length ? rule : null;
  }

  private bind(call: ParameterizedCall): Bindings {
    const { parameters } = this.called(call)!;
    return new Map([...this.lets, ...parameters.map((name, index) => [name, call.args[index]!] as const)]);
  }

  /** The literal that a value is, perhaps through a variable of the file. */
  private literal(value: LetValue | undefined): Literal | null {
    if (value?.kind === 'literal') return value.literal;
    const name = value?.kind === 'query' ? onlyVariable(value) : null;
    const named = name === null ? undefined : this.lets.get(name);
    return named?.kind === 'literal' ? named.literal : null;
  }

  /** Whether a value is the document: `this`, perhaps through a variable of the file. */
  private isRoot(value: LetValue | undefined): boolean {
    if (value?.kind !== 'query') return false;
    if (value.parts.length === 1 && value.parts[0]!.kind === 'this') return true;
    const name = onlyVariable(value);
    const named = name === null ? undefined : this.lets.get(name);
    return named?.kind === 'query' && named.parts.length === 1 && named.parts[0]!.kind === 'this';
  }

  /** The types of `Resources.*[ Type == .. ]` and `Resources[ Type == .. ]`; `null` for any other query. */
  private selectedTypes(query: Query): string[] | null {
    const [line, ...more] = selectingFilter(query) ?? [];
    if (line === undefined || more.length > 0) return null;
    const types = line.map((clause) => this.comparedType(clause));
    return types.every((type) => type !== null) ? types : null;
  }

  /** The type of the clause `Type == ..`. */
  private comparedType(clause: Clause): string | null {
    if (clause.kind !== 'access' || clause.operator !== 'eq' || clause.negated || !clause.query.matchAll) return null;
    const [part, ...more] = clause.query.parts;
    if (part?.kind !== 'key' || part.name !== 'Type' || more.length > 0) return null;
    const literal = this.literal(clause.right ?? undefined);
    return literal?.kind === 'string' ? literal.value : null;
  }

  /** A call whose rule calls no other: what its parameters stand for is then known here. */
  private isHarmlessCall(item: RuleItem): boolean {
    if (item.kind !== 'ruleCall') return false;
    const called = this.called(item);
    return (
      called !== null &&
      item.args.every((arg) => this.isHarmlessValue(arg)) &&
      this.areHarmless(called.block, this.bind(item))
    );
  }

  private isHarmless(item: RuleItem, bindings: Bindings): boolean {
    if (item.kind === 'access') return this.isHarmlessAccess(item, bindings);
    return (
      item.kind === 'block' && this.isHarmlessQuery(item.query, bindings) && this.areHarmless(item.block, bindings)
    );
  }

  private areHarmless(block: Block<RuleItem>, bindings: Bindings): boolean {
    return block.lets.length === 0 && block.conjunctions.flat().every((item) => this.isHarmless(item, bindings));
  }

  private isHarmlessAccess({ operator, query }: AccessClause, bindings: Bindings): boolean {
    if (!isUnaryOperator(operator)) return false;
    // `empty` of a number is an error; of all results of a variable it is none.
    return this.isHarmlessQuery(query, bindings) && (operator !== 'empty' || onlyVariable(query) !== null);
  }

  /** Values of variables and arguments: literals, and queries without surprises. */
  private isHarmlessValue(value: LetValue): boolean {
    if (value.kind === 'literal') return true;
    return value.kind === 'query' && (this.selectedTypes(value) !== null || this.isHarmlessQuery(value, this.lets));
  }

  private isHarmlessQuery({ parts }: Query, bindings: Bindings): boolean {
    return parts.every((part, index) => {
      if (part.kind !== 'variable') return isPlain(part);
      // Inside a query only the name of a key, written as text, and only before another key.
      if (index > 0 && (this.literal(bindings.get(part.name))?.kind !== 'string' || parts[index + 1]?.kind !== 'key')) {
        return false;
      }
      const value = bindings.get(part.name);
      return value !== undefined && (index > 0 || this.isHarmlessHead(value));
    });
  }

  private isHarmlessHead(value: LetValue): boolean {
    if (value.kind === 'literal') return true;
    if (value.kind === 'call') return false;
    // A variable that reads another one could read itself.
    const name = onlyVariable(value);
    const read = name === null ? value : this.lets.get(name);
    if (read?.kind !== 'query') return read?.kind === 'literal';
    return read.parts.every(isPlain) || this.selectedTypes(read) !== null;
  }
}

/** The filter of `Resources.*[ .. ]` and `Resources[ .. ]`; `null` for any other query. */
function selectingFilter({ parts, matchAll }: Query): Conjunctions<Clause> | null {
  const [resources, ...selection] = parts;
  const star = selection[0]?.kind === 'allValues' ? selection.shift() : undefined;
  const [filter, ...others] = selection;
  if (!matchAll || others.length > 0 || resources?.kind !== 'key' || resources.name !== 'Resources') return null;
  if (filter?.kind !== 'filter' || (star?.kind === 'allValues' && star.capture !== null)) return null;
  return filter.capture === null ? filter.conjunctions : null;
}

function isPlain(part: QueryPart): boolean {
  if (part.kind === 'key') return !part.name.startsWith('%');
  if (part.kind === 'allValues' || part.kind === 'allIndices') return part.capture === null;
  return part.kind === 'this' || part.kind === 'index';
}

/** The variable that a query is, with or without the `[*]` that has no effect; `null` for other queries. */
function onlyVariable({ parts }: Query): string | null {
  const [head, ...others] = parts;
  return head?.kind === 'variable' && others.length === 0 ? head.name : null;
}

/** The key of the clause `key exists`; `null` for any other clause. */
function existingKey(clause: RuleItem): string | null {
  if (clause.kind !== 'access' || clause.operator !== 'exists' || clause.negated !== clause.prefixNot) return null;
  const [part, ...others] = clause.query.parts;
  const isKey = part?.kind === 'key' && others.length === 0 && clause.query.matchAll && isPlain(part);
  return isKey && indexOfKey(part.name) === null ? part.name : null;
}

function onlyOne({ name }: Let, _index: number, lets: readonly Let[]): boolean {
  return lets.filter((other) => other.name === name).length === 1;
}

function gateOf(rule: Rule, reader: GateReader): Gate | null {
  if (rule.conditions === null) return null;
  const found = reader.read(rule.conditions);
  return found !== null && found.types.length + found.keys.length > 0 ? found : null;
}

/** The gates of the rules of a file, by position; `null` for a rule whose conditions are of another form. */
export function gatesOf(file: RuleFile): readonly (Gate | null)[] {
  // Keys that a query captures may be added to any variable.
  if (hasCaptures(file)) return file.rules.map(() => null);
  const reader = new GateReader(file);
  return file.rules.map((rule) => gateOf(rule, reader));
}
