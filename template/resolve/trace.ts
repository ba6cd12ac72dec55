/**
 * From a path of the resolved document back to what was written: where it is, and which defaults it took.
 *
 * Nothing is recorded while the document is evaluated. A path is followed through the written template, and at each
 * function the same question is asked that evaluation asked. Only what is reported costs anything.
 */
import { ABSENT } from '../unknown.js';
import type { Assignment } from '../unknown.js';
import { get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { textOf } from './build.js';
import { attributeParts, callOf, subParts } from './intrinsics.js';
import { hasLoop } from './loops.js';
import type { Located, Origins } from './origins.js';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.js';
import type { Resolver } from './resolver.js';
import { Scope } from './scope.js';
import type { Declared } from './sections.js';

/** What the way back needs to know of a resolved document. */
export interface Written {
  readonly resolver: Resolver;
  readonly template: ValueMap;
  /** By section, by key of the resolved document. */
  readonly declared: ReadonlyMap<string, ReadonlyMap<string, Declared>>;
  readonly origins: Origins;
}

/** Follows a path of the resolved document through the written one. */
class Walker {
  readonly conditions = new Set<string>();
  private scope: Scope;
  private readonly assumed: Map<string, Value>;

  constructor(
    private readonly written: Written,
    assignment: Assignment,
  ) {
    this.assumed = new Map(assignment);
    this.scope = new Scope(this.assumed);
  }

  get currentScope(): Scope {
    return this.scope;
  }

  /** The step at the end of a path, and whether the path could be followed to its end. */
  follow(path: Path): { step: Located; whole: boolean } {
    const [section, key, ...rest] = path;
    let step: Located = { node: this.written.template, path: [] };
    let below: Path = path;
    const declared =
      typeof section === 'string' && typeof key === 'string' ? this.written.declared.get(section)?.get(key) : undefined;
    if (declared !== undefined) {
      step = { node: declared.node, path: declared.path };
      below = rest;
      this.enter(declared.node);
    }
    for (let index = 0; index < below.length; index++) {
      step = this.settle(step, below.slice(index));
      const next = this.child(step, below[index]!);
      if (next === undefined) return { step, whole: false };
      step = next;
    }
    return { step: this.settle(step, []), whole: true };
  }

  /** Assumes that what is looked at is there. */
  private enter(node: Value): void {
    const condition = isMap(node) ? get(node, 'Condition') : undefined;
    const name = condition === undefined ? undefined : this.written.resolver.evaluate(condition, this.scope);
    if (typeof name === 'string') this.decide(name, true);
  }

  private decide(condition: string, holds: boolean): void {
    this.conditions.add(condition);
    if (!this.written.resolver.conditions.has(condition)) return;
    if (typeof this.written.resolver.truth(condition, this.scope) === 'boolean') return;
    this.assumed.set(`condition:${condition}`, holds);
    this.scope = new Scope(new Map(this.assumed));
  }

  /** Goes through the functions that pass one of their arguments on, as far as they are decided. */
  private settle(step: Located, rest: Path): Located {
    let current = step;
    for (;;) {
      const next = this.through(current, rest);
      if (next === undefined) return current;
      current = next;
    }
  }

  private through(step: Located, rest: Path): Located | undefined {
    const call = isMap(step.node) ? callOf(step.node) : undefined;
    if (call === undefined || !isList(call.argument)) return undefined;
    const argument = call.argument;
    const pass = (...below: (string | number)[]): Located | undefined => {
      let at: Located | undefined = { node: argument, path: this.written.origins.pathOf(step, call.name) };
      for (const key of below) at = at && this.written.origins.child(at, key);
      return at;
    };
    if (call.name === 'Fn::If' && argument.length === 3 && typeof argument[0] === 'string') {
      const name = argument[0];
      const truth = this.written.resolver.truth(name, this.scope);
      if (typeof truth === 'boolean') {
        this.conditions.add(name);
        return pass(truth ? 1 : 2);
      }
      if (truth === 'invalid' || rest.length === 0) return undefined;
      // Not decided: whichever branch has what is looked for.
      const holds = [true, false].find((side) => this.reaches(argument[side ? 1 : 2]!, rest));
      if (holds === undefined) return undefined;
      this.decide(name, holds);
      return pass(holds ? 1 : 2);
    }
    if (call.name === 'Fn::Select' && argument.length === 2) {
      const index = textOf(argument[0]!);
      const list = pass(1);
      return index === undefined || list === undefined || !isList(list.node)
        ? undefined
        : this.child(list, Number(index));
    }
    return undefined;
  }

  /** Whether a branch may have a path below it. */
  private reaches(branch: Value, rest: Path): boolean {
    const key = rest[0]!;
    if (isMap(branch)) {
      const call = callOf(branch);
      if (call?.name === 'Ref' && call.argument === 'AWS::NoValue') return false;
      return call !== undefined || hasLoop(branch) || Object.hasOwn(branch, key);
    }
    return isList(branch) && typeof key === 'number' && key < branch.length;
  }

  /** The child of an evaluated map or list. */
  private child(step: Located, key: string | number): Located | undefined {
    const { node } = step;
    const { resolver } = this.written;
    if (isMap(node)) {
      if (callOf(node) !== undefined) return undefined;
      if (!hasLoop(node)) return this.written.origins.child(step, key);
      const entry = resolver.expand(node, this.scope).entries.find((one) => one.key === key);
      return entry && { node: entry.node, path: [...step.path, ...entry.from] };
    }
    if (!isList(node) || typeof key !== 'number') return undefined;
    let seen = 0;
    for (let index = 0; index < node.length; index++) {
      if (resolver.evaluate(node[index]!, this.scope) === ABSENT) continue;
      if (seen++ === key) return this.written.origins.child(step, index);
    }
    return undefined;
  }
}

/** The place in the written document that a path of the resolved document comes from. */
export function sourcePath(written: Written, path: Path, assignment: Assignment): Path {
  return new Walker(written, assignment).follow(path).step.path;
}

/**
 * Parameters whose Default was used for the value at a path, for the conditions above it, or inside it.
 *
 * @param missing - What was looked for below the path and is not there. A map in which it is simply not written used no
 * default for that, whatever its other keys hold.
 */
export function defaultsAt(
  written: Written,
  path: Path,
  assignment: Assignment,
  missing: Path = [],
): readonly string[] {
  const walker = new Walker(written, assignment);
  const { step, whole } = walker.follow([...path, ...missing]);
  const used = new Set<string>();
  const collector = new Defaults(written.resolver, walker.currentScope, used);
  for (const condition of walker.conditions) collector.condition(condition);
  const notWritten = missing.length > 0 && !whole && !isMade(step.node);
  if (!notWritten) collector.value(step.node);
  return [...used].sort();
}

/** Whether a function or a loop says what is in a map. */
function isMade(node: Value): boolean {
  return isMap(node) && (callOf(node) !== undefined || hasLoop(node));
}

/** Collects the parameters that have their Default. */
class Defaults {
  private readonly seen = new Set<object>();
  private readonly conditions = new Set<string>();

  constructor(
    private readonly resolver: Resolver,
    private readonly scope: Scope,
    private readonly used: Set<string>,
  ) {}

  condition(name: string): void {
    if (this.conditions.has(name) || !this.resolver.conditions.has(name)) return;
    this.conditions.add(name);
    for (const { left, right } of this.resolver.conditions.comparisons(name)) {
      this.value(left);
      this.value(right);
    }
  }

  value(node: Value): void {
    if (typeof node !== 'object' || node === null || this.seen.has(node)) return;
    this.seen.add(node);
    if (isList(node)) {
      for (const item of node) this.value(item);
      return;
    }
    if (!isMap(node) || !this.resolver.calls.isDynamic(node)) return;
    const call = callOf(node);
    if (call === undefined) {
      for (const key of keysOf(node)) {
        if (key === 'Condition' && typeof node[key] === 'string') this.condition(node[key]);
        else this.value(node[key]!);
      }
      return;
    }
    this.call(call.name, call.argument);
  }

  private call(name: string, argument: Value): void {
    if (name === 'Ref' && typeof argument === 'string') this.name(argument);
    else if (name === 'Fn::Sub') {
      const text = isList(argument) ? argument[0] : argument;
      if (typeof text === 'string') {
        for (const part of subParts(text)) if (typeof part !== 'string') this.name(part.name);
      }
    } else if (name === 'Fn::If' && isList(argument) && typeof argument[0] === 'string') {
      this.condition(argument[0]);
      const truth = this.resolver.truth(argument[0], this.scope);
      if (truth !== false) this.value(argument[1] ?? null);
      if (truth !== true) this.value(argument[2] ?? null);
      return;
    } else if (name === 'Fn::GetAtt') {
      for (const part of typeof argument === 'string' || isList(argument) ? attributeParts(argument) : []) {
        this.value(part);
      }
    }
    this.value(argument);
  }

  private name(name: string): void {
    if (PSEUDO_PARAMETERS.has(name)) return;
    if (this.resolver.parameters.get(name)?.source === 'default') this.used.add(name);
  }
}
