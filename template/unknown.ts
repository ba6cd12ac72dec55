/**
 * What a resolved template does not know, and what would decide it.
 *
 * In a resolved document an unknown value stays the map that was written (`{ "Ref": "Env" }`), and the document knows
 * that map by identity. An engine that meets such a map asks {@link ResolvedDocument.unknownAt}; when the unknown has
 * choices it may try them one by one with {@link Unknown.under}.
 */
import type { Path, Value, ValueMap } from './values.js';

/** A question that the template leaves open: an undecided condition, or a parameter with AllowedValues and no value. */
export interface Choice {
  /** `condition:NAME` or `parameter:NAME`. */
  readonly id: string;
  readonly kind: 'condition' | 'parameter';
  readonly name: string;
  /** `[true, false]` for a condition, the AllowedValues for a parameter. */
  readonly values: readonly Value[];
}

/** Choice id → the value it is given. */
export type Assignment = ReadonlyMap<string, Value>;

/** Stands for `AWS::NoValue`, and for a resource whose condition is false: the key is not there. */
export const ABSENT: unique symbol = Symbol('absent');

/** Why a value is not known. Only what has the kind `condition` may turn out not to be there. */
export type UnknownKind =
  | 'parameter'
  | 'pseudoParameter'
  | 'import'
  | 'attribute'
  | 'dynamicReference'
  | 'condition'
  | 'mapping'
  | 'macro'
  | 'invalid';

/** A value that the template alone does not fix. */
export interface Unknown {
  readonly kind: UnknownKind;
  /** One sentence without full stop, such as "parameter `Env` has no value". */
  readonly reason: string;
  /** Parameters whose values would decide it, `AWS::Region` and `AWS::AccountId` among them; empty when a part of it stays unknown all the same. */
  readonly parameters: readonly string[];
  /** The parameter or pseudo parameter that it is the value of, when it is a `Ref` alone: two of one name are equal. */
  readonly reference?: string;
  /** Text that is known in part: its literal pieces in order, with `null` for each piece of text that is not known. */
  readonly pieces?: readonly (string | null)[];
  /**
   * For each piece that is not known, in order, what it comes from (see `identityOf`): equal texts stand for equal values.
   * `null` where even the same words may give another value each time.
   */
  readonly sources?: readonly (string | null)[];
  /** Once all of these are assigned, {@link under} gives the value. Empty when nothing in the template can decide it. */
  readonly choices: readonly Choice[];
  /**
   * The value under an assignment of all `choices`. It may hold further unknowns (of other choices) inside; it is
   * `undefined` when it stays unknown all the same. Equal assignments of `choices` give the identical object.
   */
  under(assignment: Assignment): Value | typeof ABSENT | undefined;
}

/** A template after resolution of everything that is known. */
export interface ResolvedDocument {
  readonly value: ValueMap;
  /** The unknown that this map stands for; `undefined` for an ordinary map. Resources with an undecided `Condition` are unknowns too. */
  unknownAt(node: Value): Unknown | undefined;
  /** Whether the document has any unknown at all. */
  readonly hasUnknowns: boolean;
  /** Whether some choice of parameter values makes all these choices true together; true when in doubt. */
  feasible(assignment: Assignment): boolean;
  /**
   * Names of parameters whose Default was used for the value at a path, for its ancestors' conditions, or inside it.
   *
   * @param assignment - The choices under which the path was reached. `@default` a branch that has the path.
   * @param missing - What was looked for below the path and is not there: only what took it away is asked for, not what
   * its siblings hold. `@default` nothing.
   */
  defaultsAt(path: Path, assignment?: Assignment, missing?: Path): readonly string[];
  /**
   * The place in the written document that a path of the resolved document comes from (they differ below intrinsics).
   *
   * @param assignment - The choices under which the path was reached. `@default` a branch that has the path.
   */
  sourcePath(path: Path, assignment?: Assignment): Path;
}
