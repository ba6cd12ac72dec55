/** Puts statements into as few documents as the quotas ask for. */
import { printPolicy } from '../../iam/index.js';
import type { Policy, Statement } from '../../iam/index.js';
import { statementText } from './compact.js';

/** How much room there is at one root, OU or account. */
export interface Room {
  /** Characters of one document. */
  readonly size: number;
  /** Documents that can be attached. */
  readonly slots: number;
}

/** Statements that do not fit, and by how much. */
export interface Overflow {
  /** Statements left over. */
  readonly statements: readonly Statement[];
  /** How many more documents they would fill. */
  readonly documents: number;
  /** Characters that are too many. */
  readonly characters: number;
  /** The largest statements of all, as JSON, largest first; at most five. */
  readonly largest: readonly string[];
}

export interface Filled {
  readonly documents: readonly Policy[];
  readonly overflow?: Overflow;
}

const FRAME = printPolicy({ version: '2012-10-17', statements: [] }, 0).length;
const COMMA = 1;

/**
 * Fills documents: statements that allow first, since nothing else can stand for them, then the largest first, each into
 * the fullest document that has room for it.
 *
 * @returns Documents of statements in their order. What does not fit is in `overflow`, never left out silently.
 */
export function fill(statements: readonly Statement[], room: Room): Filled {
  const sized = statements
    .flatMap((statement) => split(statement, room.size - FRAME))
    .map((statement, order) => ({ statement, order, length: statementText(statement).length }))
    .toSorted((a, b) => rank(a.statement) - rank(b.statement) || b.length - a.length || a.order - b.order);
  const open: { length: number; readonly items: (typeof sized)[number][] }[] = [];
  for (const item of sized) {
    const fitting = open.filter(({ length }) => length + COMMA + item.length <= room.size);
    const best = fitting.toSorted((a, b) => b.length - a.length)[0];
    if (best === undefined) open.push({ length: FRAME + item.length, items: [item] });
    else {
      best.length += COMMA + item.length;
      best.items.push(item);
    }
  }
  const isTooLarge = ({ length }: { readonly length: number }): boolean => length > room.size;
  const attached = open.filter((one) => !isTooLarge(one)).slice(0, room.slots);
  const over = open.filter((one) => !attached.includes(one));
  const documents = attached.map(({ items }): Policy => {
    const inOrder = items.toSorted((a, b) => a.order - b.order).map(({ statement }) => statement);
    return { version: '2012-10-17', statements: inOrder };
  });
  if (over.length === 0) return { documents };
  const items = over.flatMap((one) => one.items);
  return {
    documents,
    overflow: {
      statements: items.map(({ statement }) => statement),
      documents: over.length,
      characters: items.reduce((sum, { length }) => sum + length + COMMA, 0),
      largest: sized
        .toSorted((a, b) => b.length - a.length)
        .slice(0, 5)
        .map(({ statement }) => statementText(statement)),
    },
  };
}

function rank({ effect }: Statement): number {
  return effect === 'Allow' ? 0 : 1;
}

/** A statement that is larger than a document can hold, in parts that say the same together. */
function split(statement: Statement, size: number): readonly Statement[] {
  if (statementText(statement).length <= size) return [statement];
  // The longer list: what the parts have in common stands in both.
  const [element] = (['action', 'resource'] as const)
    .filter((name) => statement[name]?.negated === false && statement[name].patterns.length > 1)
    .toSorted((one, other) => JSON.stringify(statement[other]).length - JSON.stringify(statement[one]).length);
  if (element === undefined) return [statement];
  const { patterns } = statement[element]!;
  const middle = Math.ceil(patterns.length / 2);
  return [patterns.slice(0, middle), patterns.slice(middle)].flatMap((half) =>
    split({ ...statement, [element]: { negated: false, patterns: half } }, size),
  );
}
