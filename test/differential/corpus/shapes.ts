/**
 * What a rule file reads: resource types, the keys below their properties, and the literals that it compares them with.
 * Found by walking the rules over shapes instead of values, so that documents can be made that every rule has an opinion on.
 */
import type {
  AccessClause,
  Block,
  Clause,
  Condition,
  Conjunctions,
  Let,
  LetValue,
  Literal,
  Query,
  QueryPart,
  RuleFile,
  RuleItem,
} from '../../../guard/index.js';

type Kind = 'string' | 'list' | 'struct' | 'bool' | 'int' | 'float' | 'null';

/** A place in documents. A list and its elements share one shape: rules read `Statement` and `Statement[*]` alike. */
export class Shape {
  readonly keys = new Map<string, Shape>();
  readonly literals: Literal[] = [];
  readonly kinds = new Set<Kind>();
  /** Whether some rule reads elements of it. */
  iterated = false;
  /** Whether some rule asks whether it is empty, which aborts the reference's run on a number or null. */
  sized = false;

  child(key: string): Shape {
    let shape = this.keys.get(key);
    if (shape === undefined) this.keys.set(key, (shape = new Shape()));
    return shape;
  }
}

/** What one rule file reads. */
export interface DocumentShape {
  /** Resource type → its resource. */
  readonly resources: ReadonlyMap<string, Shape>;
  /** Every resource type that the file names, those that it only follows references to included. */
  readonly types: readonly string[];
}

type Binding = { readonly shapes: readonly Shape[] } | { readonly literal: Literal };

interface Scope {
  readonly context: readonly Shape[];
  readonly lets: readonly Let[];
  readonly bound: ReadonlyMap<string, readonly Binding[]>;
  readonly outer: Scope | null;
}

const TYPE_NAME = /^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$/;
/** Rules of the collection call each other a few levels deep and do not recurse. */
const DEEPEST_CALL = 24;
const KIND_OF: Readonly<Record<string, Kind>> = {
  isString: 'string',
  isList: 'list',
  isStruct: 'struct',
  isBool: 'bool',
  isInt: 'int',
  isFloat: 'float',
  isNull: 'null',
};

class Walk {
  private readonly root = new Shape();
  private readonly resourcesRoot = this.root.child('Resources');
  private readonly resources = new Map<string, Shape>();
  private readonly types = new Set<string>();
  private depth = 0;

  constructor(private readonly file: RuleFile) {}

  run(): DocumentShape {
    const scope: Scope = { context: [this.root], lets: this.file.lets, bound: new Map(), outer: null };
    for (const rule of this.file.rules) {
      if (rule.conditions !== null) this.conjunctions(rule.conditions, scope);
      this.block(rule.block, scope, [this.root]);
    }
    return { resources: this.resources, types: [...this.types] };
  }

  private resource(type: string): Shape {
    this.types.add(type);
    let shape = this.resources.get(type);
    if (shape === undefined) {
      this.resources.set(type, (shape = new Shape()));
      // Hook events carry the same properties under another name.
      this.root.child(type).keys.set('resourceProperties', shape.child('Properties'));
    }
    return shape;
  }

  private block(block: Block<RuleItem>, scope: Scope, context: readonly Shape[]): void {
    this.conjunctions(block.conjunctions, { context, lets: block.lets, bound: new Map(), outer: scope });
  }

  private conjunctions(conjunctions: Conjunctions<RuleItem | Clause | Condition>, scope: Scope): void {
    for (const line of conjunctions) for (const member of line) this.item(member, scope);
  }

  private item(item: RuleItem, scope: Scope): void {
    switch (item.kind) {
      case 'access':
        this.access(item, scope);
        return;
      case 'block':
        this.block(item.block, scope, this.shapes(item.query, scope));
        return;
      case 'when':
        this.conjunctions(item.conditions, scope);
        this.block(item.block, scope, scope.context);
        return;
      case 'typeBlock':
        this.block(item.block, scope, [this.resource(item.typeName)]);
        return;
      case 'ruleCall':
        this.call(item.name, item.args, scope);
        return;
      case 'reference':
    }
  }

  private call(name: string, args: readonly LetValue[], scope: Scope): void {
    const rule = this.file.parameterizedRules.find((candidate) => candidate.name === name);
    if (rule === undefined || this.depth > DEEPEST_CALL) return;
    const bound = new Map(rule.parameters.map((parameter, index) => [parameter, this.value(args[index], scope)]));
    this.depth++;
    this.block(rule.block, { context: scope.context, lets: [], bound, outer: scope }, scope.context);
    this.depth--;
  }

  private value(value: LetValue | undefined, scope: Scope): Binding[] {
    if (value === undefined || value.kind === 'call') return [];
    return value.kind === 'literal' ? [{ literal: value.literal }] : this.resolve(value, scope);
  }

  private variable(name: string, scope: Scope | null): readonly Binding[] {
    if (scope === null) return [];
    const bound = scope.bound.get(name);
    if (bound !== undefined) return bound;
    const found = scope.lets.findLast((candidate) => candidate.name === name);
    return found === undefined ? this.variable(name, scope.outer) : this.value(found.value, scope);
  }

  private access(clause: AccessClause, scope: Scope): void {
    const left = this.shapes(clause.query, scope);
    const kind = KIND_OF[clause.operator];
    for (const shape of left) {
      if (kind !== undefined) shape.kinds.add(kind);
      if (clause.operator === 'empty') shape.sized = true;
    }
    for (const right of this.value(clause.right ?? undefined, scope)) {
      if (!('literal' in right)) continue;
      const { literal } = right;
      const literals = literal.kind === 'list' ? literal.items : [literal];
      for (const shape of left) shape.literals.push(...literals, ...(literal.kind === 'list' ? [literal] : []));
    }
  }

  private shapes(query: Query, scope: Scope): Shape[] {
    return this.resolve(query, scope).flatMap((binding) => ('shapes' in binding ? binding.shapes : []));
  }

  private resolve(query: Query, scope: Scope): Binding[] {
    const [head, ...rest] = query.parts;
    if (head === undefined) return [];
    if (head.kind !== 'variable') {
      return [{ shapes: this.follow(head.kind === 'this' ? rest : query.parts, scope.context, scope) }];
    }
    // `[*]` after a variable stands for its results.
    const parts = rest[0]?.kind === 'allIndices' ? rest.slice(1) : rest;
    return this.variable(head.name, scope).map((binding) =>
      'literal' in binding ? binding : { shapes: this.follow(parts, binding.shapes, scope) },
    );
  }

  private follow(parts: readonly QueryPart[], start: readonly Shape[], scope: Scope): Shape[] {
    let shapes = [...start];
    for (const part of parts) shapes = [...new Set(shapes.flatMap((shape) => this.step(part, shape, scope)))];
    return shapes;
  }

  private step(part: QueryPart, shape: Shape, scope: Scope): Shape[] {
    switch (part.kind) {
      case 'this':
        return [shape];
      case 'key':
        return [shape.child(part.name)];
      case 'variable':
        return this.variable(part.name, scope).flatMap((binding) => {
          if (!('literal' in binding) || binding.literal.kind !== 'string') return [];
          const { value } = binding.literal;
          if (shape === this.root && TYPE_NAME.test(value)) this.resource(value);
          return [shape.child(value)];
        });
      case 'filter':
        return this.filtered(part.conjunctions, shape, scope);
      default:
        if (shape !== this.resourcesRoot) shape.iterated = true;
        return [shape];
    }
  }

  private filtered(conjunctions: Conjunctions<Clause>, shape: Shape, scope: Scope): Shape[] {
    if (shape === this.resourcesRoot) {
      const types = this.typesIn(conjunctions, scope).map((type) => this.resource(type));
      for (const type of types) {
        this.conjunctions(conjunctions, { context: [type], lets: [], bound: new Map(), outer: scope });
      }
      return types;
    }
    this.conjunctions(conjunctions, { context: [shape], lets: [], bound: new Map(), outer: scope });
    return [shape];
  }

  /** The resource types that a filter on `Resources.*` lets through. */
  private typesIn(conjunctions: Conjunctions<Clause>, scope: Scope): string[] {
    return conjunctions.flat().flatMap((clause) => {
      if (clause.kind !== 'access' || clause.right === null) return [];
      const [part] = clause.query.parts;
      if (part?.kind !== 'key' || part.name !== 'Type') return [];
      return this.value(clause.right, scope).flatMap((binding) => {
        if (!('literal' in binding)) return [];
        const literals = binding.literal.kind === 'list' ? binding.literal.items : [binding.literal];
        return literals.flatMap((literal) => (literal.kind === 'string' ? [literal.value] : []));
      });
    });
  }
}

/** Resource types that appear as text anywhere in a file, such as the target of a reference. */
export function typeNames(text: string): string[] {
  const names = [...text.matchAll(/["']([A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+)["']/g)].map((match) => match[1]!);
  return [...new Set(names)];
}

/** The shape of the documents that a rule file reads. */
export function shapeOf(file: RuleFile): DocumentShape {
  return new Walk(file).run();
}
