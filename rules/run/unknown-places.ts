/** Where in a document the values stand that a verdict hangs on. Looked for only when something is reported. */
import { ABSENT, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, Path, ResolvedDocument, Unknown, Value } from '../../template/index.js';

/** A place in the resolved document, and the choices under which it is there. */
export interface UnknownPlace {
  readonly path: Path;
  readonly assignment: Assignment;
}

/** Most values that are looked at: a document of nested choices has more than anybody would wait for. */
const MAX_VISITED = 200_000;

/**
 * A document that gives the same unknown for the same text: texts with dynamic references are found again by it.
 *
 * @param value - The root of the new document; what is known of its maps stays.
 */
export function withRoot(document: ResolvedDocument, value: ResolvedDocument['value']): ResolvedDocument {
  const texts = new Map<string, Unknown | undefined>();
  return {
    value,
    hasUnknowns: document.hasUnknowns,
    unknownAt: (node) => {
      if (typeof node !== 'string') return document.unknownAt(node);
      if (!texts.has(node)) texts.set(node, document.unknownAt(node));
      return texts.get(node);
    },
    feasible: (assignment) => document.feasible(assignment),
    defaultsAt: (path, assignment, missing) => document.defaultsAt(path, assignment, missing),
    sourcePath: (path, assignment) => document.sourcePath(path, assignment),
  };
}

/** Finds unknowns by identity. The document is walked once, however many verdicts ask. */
export class UnknownPlaces {
  private found: Map<Unknown, UnknownPlace> | null = null;

  /** @param texts - Whether the document has texts that stand for unknowns. */
  constructor(
    private readonly document: ResolvedDocument,
    private readonly texts: boolean,
  ) {}

  /** The first place of an unknown in the order of the document; `undefined` when it stands nowhere. */
  of(unknown: Unknown): UnknownPlace | undefined {
    this.found ??= this.walk();
    return this.found.get(unknown);
  }

  private walk(): Map<Unknown, UnknownPlace> {
    const found = new Map<Unknown, UnknownPlace>();
    const { document } = this;
    let visited = 0;
    const visit = (value: Value, path: Path, assignment: Assignment): void => {
      if (++visited > MAX_VISITED) return;
      if (typeof value === 'string' && !this.texts) return;
      const unknown =
        typeof value === 'string' || (typeof value === 'object' && value !== null)
          ? document.unknownAt(value)
          : undefined;
      if (unknown !== undefined) {
        if (!found.has(unknown)) found.set(unknown, { path, assignment });
        if (typeof value === 'object') branches(unknown, value, path, assignment);
        return;
      }
      if (isList(value)) {
        value.forEach((item, index) => {
          visit(item, [...path, index], assignment);
        });
      } else if (isMap(value)) for (const key of keysOf(value)) visit(value[key]!, [...path, key], assignment);
    };
    // What is unknown inside a value that hangs on choices is met under each of them.
    const branches = (unknown: Unknown, value: Value, path: Path, assignment: Assignment): void => {
      const open = unknown.choices.find((choice) => !assignment.has(choice.id));
      if (open !== undefined) {
        for (const chosen of open.values) {
          if (visited > MAX_VISITED) return;
          const next = new Map(assignment).set(open.id, chosen);
          if (document.feasible(next)) branches(unknown, value, path, next);
        }
        return;
      }
      const under = unknown.choices.length === 0 ? undefined : unknown.under(assignment);
      if (under !== undefined && under !== ABSENT && under !== value) visit(under, path, assignment);
    };
    visit(document.value, [], new Map());
    return found;
  }
}
