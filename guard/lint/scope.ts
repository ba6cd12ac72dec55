/** Names in sight of a clause, and what is known where it stands. */
import type { Let, Literal } from '../ast.js';
import type { Asked } from './keys.js';

/** Something that holds wherever a clause is looked at, because a condition or filter above asks for it. */
export interface Fact extends Asked {
  /** The variable that its query begins with; `null` when it begins at the value that the clause stands at. */
  readonly variable: string | null;
  /** For `==` with a text or number: what is compared, without the right side, and the right side. */
  readonly equals: { readonly left: string; readonly right: string } | null;
}

/** Where in a resource a value lies. */
export interface Place {
  /** The types that the resource may have. */
  readonly types: readonly string[];
  /** `null` at the resource itself, else the path below `Properties`. */
  readonly path: readonly string[] | null;
}

/** A name and what it stands for. */
export interface Name {
  readonly kind: 'variable' | 'parameter';
  readonly offset: number;
  used: boolean;
  readonly literal: Literal | null;
  /** What its values are, when they are resources of given types. */
  readonly place: Place | null;
  /** What its last filter asks for. */
  readonly facts: readonly Fact[];
}

export class Names {
  private readonly own = new Map<string, Name>();

  constructor(private readonly parent: Names | null) {}

  /** @returns Whether the name was there already. */
  add(name: string, value: Name): boolean {
    const known = this.own.has(name);
    if (!known) this.own.set(name, value);
    return known;
  }

  find(name: string): Name | undefined {
    return this.own.get(name) ?? this.parent?.find(name);
  }

  all(): readonly string[] {
    return [...this.own.keys(), ...(this.parent?.all() ?? [])];
  }

  unused(): readonly (readonly [string, Name])[] {
    return [...this.own].filter(([, { used }]) => !used);
  }

  declares(name: string): boolean {
    return this.own.has(name);
  }
}

/** Everything that is known where a clause stands. */
export interface Context {
  readonly names: Names;
  readonly facts: readonly Fact[];
  /** The value that relative queries begin at; `null` when nothing is known of it. */
  readonly place: Place | null;
}

/** What stays known at another value: facts about variables that mean the same there. */
export function carried(facts: readonly Fact[], lets: readonly Let[] = []): readonly Fact[] {
  return facts.filter(({ variable }) => variable !== null && !lets.some(({ name }) => name === variable));
}
