/** Values with the way that led to them, for explanations. */
import { guardKeys, isGuardList, isGuardMap } from '../../operators/index.js';
import type { Access, GuardMap, GuardValue } from '../../operators/index.js';

/** A zero-based line and column. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Tells where the document writes a value, or the key `key` of the map at the path. Paths are `/`-joined keys and
 * indexes. Asked only for what is printed.
 */
export interface Locate {
  (path: string, key?: string): Place;
  /**
   * For a list put together from several documents: for each element its index in its own document, which its path
   * shows, and that document's places. `@default` the list is one document's.
   */
  readonly elements?: readonly { readonly index: number; readonly locate: Locate }[];
}

const NO_ELEMENTS: Pick<Locate, 'elements'> = {};
const NOWHERE: Place = { line: 0, column: 0 };

/** Where values come from decides which places they have. */
type Origin =
  | { readonly kind: 'document'; readonly locate: Locate }
  /** Literals of rules, and what functions make: all parts are at one place. */
  | { readonly kind: 'made'; readonly place: () => Place };

/** A value and its path. */
export class Node {
  private knownPath: string | null = null;

  private constructor(
    readonly value: GuardValue,
    private readonly origin: Origin,
    private readonly parent: Node | null,
    private readonly step: string | number,
    /** Set for keys of maps of the document: they have the path of the map and a place of their own. */
    private readonly isKey: boolean,
  ) {}

  static document(value: GuardValue, locate: Locate): Node {
    return new Node(value, { kind: 'document', locate }, null, '', false);
  }

  static literal(value: GuardValue): Node {
    return new Node(value, { kind: 'made', place: () => NOWHERE }, null, '', false);
  }

  /** A value that a function made from another one: it has that one's path and place. */
  static made(value: GuardValue, from: Node): Node {
    const node = new Node(value, { kind: 'made', place: () => from.place }, null, '', false);
    node.knownPath = from.path;
    return node;
  }

  get path(): string {
    if (this.knownPath !== null) return this.knownPath;
    if (this.parent === null) return (this.knownPath = '');
    return (this.knownPath = this.isKey ? this.parent.path : `${this.parent.path}/${this.step}`);
  }

  get place(): Place {
    if (this.origin.kind === 'made') return this.origin.place();
    return this.isKey ? this.origin.locate(this.path, String(this.step)) : this.origin.locate(this.path);
  }

  /** Whether the value is the document's own: it holds nothing that only rules can write. */
  get isWritten(): boolean {
    return this.origin.kind === 'document';
  }

  /** The node of a child; `value` is what is there. */
  child(step: string | number, value: GuardValue): Node {
    return new Node(value, this.origin, this, step, false);
  }

  /** The node of a key. */
  key(key: string): Node {
    return new Node(key, this.origin, this, key, this.origin.kind === 'document');
  }

  /** Elements of a list. */
  elements(): Node[] {
    if (!isGuardList(this.value)) return [];
    const { elements } = this.parent === null && this.origin.kind === 'document' ? this.origin.locate : NO_ELEMENTS;
    return this.value.map((value, at) => {
      const own = elements?.[at];
      if (own === undefined) return this.child(at, value);
      return new Node(value, { kind: 'document', locate: own.locate }, this, own.index, false);
    });
  }

  /** Keys and values of a map in written order. */
  entries(): (readonly [string, Node])[] {
    if (!isGuardMap(this.value)) return [];
    const map: GuardMap = this.value;
    return guardKeys(map).map((key) => [key, this.child(key, map[key]!)] as const);
  }
}

/** Where a query ended without a value. The texts are made when they are asked for. */
export interface UnresolvedResult {
  readonly kind: 'unresolved';
  readonly node: Node;
  readonly remaining: () => string;
  readonly reason: () => string;
}

/** A result of a query. */
export type Traced = { readonly kind: 'resolved' | 'literal'; readonly node: Node } | UnresolvedResult;

export function resolved(node: Node): Traced {
  return { kind: 'resolved', node };
}

/** How the operators read traced results. */
export const TRACED: Access<Traced> = {
  isUnresolved: (item) => item.kind === 'unresolved',
  isLiteral: (item) => item.kind === 'literal',
  value: (item) => item.node.value,
  elements: (item) => item.node.elements().map(resolved),
};
