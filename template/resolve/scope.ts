/**
 * Scopes: what is assumed while a part of the template is evaluated.
 *
 * The document is evaluated in the root scope, which assumes nothing. Trying a choice evaluates only the node that hangs
 * on it, in a scope that assumes the choice. Scopes of equal assumptions are one object, so that equal questions get
 * identical answers.
 */
import type { ABSENT, Assignment, Choice, Unknown } from '../unknown.js';
import type { Value } from '../values.js';
import { jsonOf, sameValue } from './build.js';
import type { Problem } from './diagnostics.js';

/** Whether a condition holds: not decided, or not to be decided because the template is wrong. */
export type Truth = boolean | 'open' | 'invalid';

export class Scope {
  /** What the nodes of the template are here. */
  readonly memo = new Map<object, Value | typeof ABSENT>();
  /** What the conditions are here. */
  readonly truths = new Map<string, Truth>();
  /** What the assumed conditions say of parameters without a value. */
  readonly implied = new Map<string, Value | Choice | null>();
  /** The assumed conditions. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** The assumed parameters and pseudo parameters. */
  readonly parameters: ReadonlyMap<string, Value>;

  constructor(readonly assignment: Assignment) {
    const conditions = new Map<string, boolean>();
    const parameters = new Map<string, Value>();
    for (const [id, value] of assignment) {
      const name = id.slice(id.indexOf(':') + 1);
      if (id.startsWith('condition:')) conditions.set(name, value === true);
      else parameters.set(name, value);
    }
    this.conditions = conditions;
    this.parameters = parameters;
  }
}

/** The scopes of one document. */
export class Scopes {
  readonly root = new Scope(new Map());
  private readonly known = new Map<string, Scope>();

  /** The scope that assumes `scope` and the values that `assignment` gives `choices`; `undefined` when one is missing. */
  extend(scope: Scope, choices: readonly Choice[], assignment: Assignment): Scope | undefined {
    const next = new Map(scope.assignment);
    for (const { id } of choices) {
      const value = assignment.get(id);
      if (value === undefined) return undefined;
      next.set(id, value);
    }
    return this.of(next);
  }

  private of(assignment: Assignment): Scope {
    if (assignment.size === 0) return this.root;
    const key = keyOf(assignment);
    let scope = this.known.get(key);
    if (scope === undefined) {
      scope = new Scope(assignment);
      this.known.set(key, scope);
    }
    return scope;
  }
}

/** Text that is equal for equal assignments. */
export function keyOf(assignment: Assignment): string {
  const parts: string[] = [];
  for (const [id, value] of assignment) parts.push(`${JSON.stringify(id)}:${jsonOf(value)}`);
  return parts.sort().join();
}

/** Why a value is not known, without the value itself. */
export type Blocker = Pick<Unknown, 'kind' | 'reason' | 'parameters' | 'choices' | 'pieces' | 'sources'>;

/** What a function cannot be computed without. */
export class Stuck {
  constructor(
    readonly blockers: readonly Blocker[],
    /** The pieces of a text that is known in part. */
    readonly pieces?: readonly (string | null)[],
    /** What each piece that is not known comes from. */
    readonly sources?: readonly (string | null)[],
  ) {}
}

/** A function that cannot be computed because the template is wrong. */
export class Invalid {
  constructor(readonly problem: Problem) {}
}

/** One unknown for several: decided once all are, never when one of them never is. */
export function combined({ blockers, pieces, sources }: Stuck): Blocker {
  const [only] = blockers;
  if (blockers.length === 1 && pieces === undefined && only!.pieces === undefined) return only!;
  const hopeless = blockers.find((blocker) => blocker.choices.length === 0);
  // Where one value is known only at deployment, no parameter decides the whole, and none is asked for.
  const never = blockers.find((blocker) => blocker.choices.length === 0 && blocker.parameters.length === 0);
  const { kind, reason } = never ?? hopeless ?? blockers[0]!;
  const parameters = never === undefined ? [...new Set(blockers.flatMap((blocker) => blocker.parameters))] : [];
  const choices = new Map<string, Choice>();
  if (hopeless === undefined) {
    for (const choice of blockers.flatMap((blocker) => blocker.choices)) {
      const known = choices.get(choice.id);
      choices.set(choice.id, known === undefined ? choice : commonChoice(known, choice));
    }
  }
  const text = pieces === undefined || sources === undefined ? {} : { pieces, sources };
  return { kind, reason, parameters, choices: [...choices.values()], ...text };
}

/** One question asked twice: a value that only one of them takes cannot be (it is in one of two mappings, say). */
function commonChoice(left: Choice, right: Choice): Choice {
  if (left.values === right.values) return left;
  const values = left.values.filter((value) => right.values.some((other) => sameValue(value, other)));
  return values.length === 0 ? left : { ...left, values };
}

/** Every assignment of some choices; none at all when there are no choices or more than `limit` assignments. */
export function assignmentsOf(choices: readonly Choice[], limit: number): readonly Assignment[] {
  const count = choices.reduce((product, { values }) => product * values.length, choices.length === 0 ? 0 : 1);
  if (count > limit) return [];
  let all = count === 0 ? [] : [new Map<string, Value>()];
  for (const { id, values } of choices) {
    all = all.flatMap((before) => values.map((value) => new Map(before).set(id, value)));
  }
  return all;
}
