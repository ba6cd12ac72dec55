/** Queries over nodes, with the words of `cfn-guard` 3.1.1 for what is not found (measured). */
import type { Clause, Conjunctions, Query, QueryPart } from '../../ast.js';
import type { KeyConverter } from '../../operators/index.js';
import {
  EvaluationError,
  findKey,
  isGuardList,
  isGuardMap,
  own,
  typeName,
  valueOfLiteral,
} from '../../operators/index.js';
import type { GuardMap } from '../../operators/index.js';
import { indexOfKey, partsOf } from '../keys.js';
import { PASS } from '../scope.js';
import { traceKeyFilter } from './key-filter.js';
import { Node, resolved } from './node.js';
import type { Traced } from './node.js';
import { dump, dumpElements, dumpResults, partsText, placeText } from './print.js';
import type { Scope, Tracer } from './tracer.js';
import { typeFilter } from './type-filter.js';

class Walk {
  readonly out: Traced[] = [];

  constructor(
    private readonly tracer: Tracer,
    private readonly parts: readonly QueryPart[],
    private readonly offset: number,
  ) {}

  private unresolved(node: Node, reason: () => string, from: number): void {
    this.out.push({ kind: 'unresolved', node, reason, remaining: () => partsText(this.parts.slice(from)) });
  }

  /** From a part on. */
  step(at: number, node: Node, scope: Scope, converter: KeyConverter | null): void {
    const part = this.parts[at];
    if (part === undefined) {
      this.out.push(resolved(node));
      return;
    }
    switch (part.kind) {
      case 'this':
        this.step(at + 1, node, scope, converter);
        return;
      case 'key':
        this.key(part.name, at, node, scope, converter);
        return;
      case 'variable':
        this.interpolated(part.name, at, node, scope, converter);
        return;
      case 'index':
        if (isGuardList(node.value)) this.element(part.index, at, node, scope, converter);
        else {
          const reason = (): string =>
            `Attempting to retrieve from index ${part.index} but type is not an array at path ${placeText(node)}, type ${typeName(node.value)}`;
          this.unresolved(node, reason, at);
        }
        return;
      case 'allValues':
      case 'allIndices':
        this.star(part, at, node, scope, converter);
        return;
      case 'keyFilter':
        this.keyFilter(part, at, node, scope, converter);
        return;
      case 'filter':
        this.filter(part, at, node, scope, converter);
        return;
    }
  }

  private key(name: string, at: number, node: Node, scope: Scope, converter: KeyConverter | null): void {
    const index = indexOfKey(name);
    if (index !== null) {
      if (isGuardList(node.value)) this.element(index, at, node, scope, converter);
      else {
        const reason = (): string =>
          `Attempting to retrieve from index ${index} but type is not an array at path ${placeText(node)}`;
        this.unresolved(node, reason, 0);
      }
      return;
    }
    if (!isGuardMap(node.value)) {
      this.notStruct(name, at, node);
      return;
    }
    const found = findKey(node.value, name, converter);
    if (found !== null) this.step(at + 1, node.child(found.key, node.value[found.key]!), scope, found.converter);
    else this.unresolved(node, () => `Could not find key ${name} inside struct at path ${placeText(node)}`, at);
  }

  private notStruct(name: string, at: number, node: Node): void {
    const reason = (): string =>
      `Attempting to retrieve from key ${name} but type is not an struct type at path ${placeText(node)}, Type = ${typeName(node.value)}, Value = ${dump(node)}`;
    this.unresolved(node, reason, at);
  }

  private element(index: number, at: number, node: Node, scope: Scope, converter: KeyConverter | null): void {
    const element = node.elements()[Math.abs(index)];
    if (element !== undefined) {
      this.step(at + 1, element, scope, converter);
      return;
    }
    const reason = (): string =>
      `Array Index out of bounds for path = ${placeText(node)} on index = ${index} inside Array = ${dumpElements(node)}, remaining query = ${partsText(this.parts)}`;
    this.unresolved(node, reason, 0);
  }

  private interpolated(name: string, at: number, node: Node, scope: Scope, converter: KeyConverter | null): void {
    if (!isGuardMap(node.value)) {
      this.notStruct(`%${name}`, at, node);
      return;
    }
    const all = this.tracer.variable(name, scope);
    let keys = all;
    const following = this.parts[at + 1];
    if (following?.kind === 'index') {
      const index = Math.abs(following.index);
      const picked = all[index];
      if (picked === undefined) {
        const reason = (): string =>
          `Index ${index} on the set of values returned for variable ${name} on the join, is out of bounds. Length ${all.length}, Values = ${dumpResults(all)}`;
        this.unresolved(node, reason, at);
        return;
      }
      keys = [picked];
    } else if (following !== undefined && !['key', 'variable', 'allIndices'].includes(following.kind)) {
      throw new EvaluationError(
        'This type of query based variable interpolation is not supported',
        'incompatible',
        this.offset,
      );
    }
    for (const key of keys) {
      if (key.kind === 'unresolved') {
        const reason = (): string =>
          `Keys returned for variable ${name} could not completely resolve. Path traversed until ${placeText(key.node)}${key.reason()}`;
        this.unresolved(node, reason, at);
      } else if (isGuardList(key.node.value)) {
        for (const each of key.node.elements()) this.interpolatedKey(each, each, at, node, scope, converter);
      } else this.interpolatedKey(key.node, node, at, node, scope, converter);
    }
  }

  /** `at` of the message is the map, or, for keys from a list, the key. */
  private interpolatedKey(
    key: Node,
    place: Node,
    at: number,
    node: Node,
    scope: Scope,
    converter: KeyConverter | null,
  ): void {
    const { value } = key;
    if (typeof value !== 'string') {
      throw new EvaluationError('a key inside a query is no string', 'notComparable', this.offset);
    }
    const child = own(node.value as GuardMap, value);
    if (child !== undefined) this.step(at + 1, node.child(value, child), scope, converter);
    else this.unresolved(node, () => `Could not locate key = ${value} inside struct at path = ${placeText(place)}`, at);
  }

  private star(
    part: QueryPart & { kind: 'allValues' | 'allIndices' },
    at: number,
    node: Node,
    scope: Scope,
    converter: KeyConverter | null,
  ): void {
    const { kind, capture } = part;
    const isMap = isGuardMap(node.value) && (kind === 'allValues' || capture !== null);
    const children = isMap ? node.entries() : node.elements().map((element) => [null, element] as const);
    if (!isMap && !isGuardList(node.value)) this.step(at + 1, node, scope, converter);
    else if (children.length === 0) this.noEntries(at, node);
    for (const [key, child] of children) {
      if (key !== null && capture !== null) this.tracer.capture(capture, node.key(key));
      this.step(at + 1, child, key === null ? scope : this.tracer.candidate(child, scope), converter);
    }
  }

  private noEntries(at: number, node: Node): void {
    const reason = (): string =>
      `No more entries for value at path = ${placeText(node)} on type = ${typeName(node.value)} `;
    this.unresolved(node, reason, at);
  }

  private keyFilter(
    part: QueryPart & { kind: 'keyFilter' },
    at: number,
    node: Node,
    scope: Scope,
    converter: KeyConverter | null,
  ): void {
    if (!isGuardMap(node.value)) {
      const reason = (): string => `Map Filter for keys was not a struct ${typeName(node.value)} ${placeText(node)}`;
      this.unresolved(node, reason, at);
      return;
    }
    const { right } = part;
    const results: readonly Traced[] =
      right.kind === 'query'
        ? traceQuery(right, this.tracer, node, scope, converter)
        : [{ kind: 'literal', node: Node.literal(valueOfLiteral(right)) }];
    const entries = node.entries();
    const selected = entries.filter(([key]) => traceKeyFilter(part, node.key(key), results, this.tracer));
    for (const [, child] of selected) this.step(at + 1, child, scope, converter);
  }

  private passes(body: Conjunctions<Clause>, scope: Scope): boolean {
    const { tracer } = this;
    const quick = typeFilter(body, scope.root.value, (name) => tracer.literalOf(name, scope));
    if (quick !== null) {
      tracer.events += quick.clauses + 1;
      return quick.passed;
    }
    const status = tracer.unseen(() => tracer.context.runFilter(tracer, body, scope));
    tracer.events++;
    return status === PASS;
  }

  private filter(
    part: QueryPart & { kind: 'filter' },
    at: number,
    node: Node,
    scope: Scope,
    converter: KeyConverter | null,
  ): void {
    const { conjunctions, capture } = part;
    const previous = this.parts[at - 1]!.kind;
    const { tracer } = this;
    if (isGuardList(node.value)) {
      for (const element of node.elements()) {
        if (this.passes(conjunctions, tracer.candidate(element, scope))) this.step(at + 1, element, scope, converter);
      }
    } else if (!isGuardMap(node.value)) this.filterScalar(conjunctions, at, node, scope, converter);
    else if (previous === 'allValues' || previous === 'allIndices') {
      if (this.passes(conjunctions, scope)) this.step(at + 1, node, scope, converter);
    } else if (previous === 'key') {
      for (const [key, child] of node.entries()) {
        const inner = tracer.candidate(child, scope);
        if (!this.passes(conjunctions, inner)) continue;
        if (capture !== null) tracer.capture(capture, node.key(key));
        this.step(at + 1, child, inner, converter);
      }
    } else if (this.passes(conjunctions, tracer.candidate(node, scope))) this.step(at + 1, node, scope, converter);
  }

  private filterScalar(
    body: Conjunctions<Clause>,
    at: number,
    node: Node,
    scope: Scope,
    converter: KeyConverter | null,
  ): void {
    const { tracer } = this;
    if (this.parts[at - 1]!.kind !== 'allIndices') {
      const reason = (): string =>
        `Filter on value type that was not a struct or array ${typeName(node.value)} ${placeText(node)}`;
      this.unresolved(node, reason, at);
      return;
    }
    const inner = tracer.candidate(node, scope);
    // Nothing is written down for a scalar, not even the filter itself.
    if (tracer.context.runFilter(tracer, body, inner) === PASS) this.step(at + 1, node, scope, converter);
  }

  /** A query that begins with a variable; the first `[*]` after it has no effect. */
  fromVariable(name: string, scope: Scope, converter: KeyConverter | null): void {
    const start = this.parts[1]?.kind === 'allIndices' ? 2 : 1;
    for (const result of this.tracer.variable(name, scope)) {
      if (result.kind === 'unresolved' || start >= this.parts.length) this.out.push(result);
      else this.step(start, result.node, this.tracer.candidate(result.node, scope), converter);
    }
  }
}

/**
 * The results of a query.
 *
 * @param root - Where it starts.
 * @param scope - Where its filters and variables look.
 * @param converter - A key conversion in force already.
 */
export function traceQuery(
  query: Query,
  tracer: Tracer,
  root: Node,
  scope: Scope,
  converter: KeyConverter | null,
): readonly Traced[] {
  const parts = partsOf(query);
  const walk = new Walk(tracer, parts, query.offset);
  const [head] = parts;
  if (head?.kind === 'variable') walk.fromVariable(head.name, scope, converter);
  else walk.step(0, root, scope, converter);
  return walk.out;
}
