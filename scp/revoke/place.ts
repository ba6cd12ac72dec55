/**
 * Puts revocations into documents. A revocation stays in the document that it is in: while several are updated one after
 * the other, nobody is let in again between two calls.
 */
import type { Revocation, RevocationDocument } from './model.js';
import { targetKey } from './model.js';
import { revocationText, upToHours } from './statements.js';

/** Hours to which times of expiry are moved up, so that more revocations share a statement; only when room is short. */
const COARSER = [4, 24] as const;

/** What does not fit, and by how much. */
export interface RevocationOverflow {
  readonly revocations: readonly Revocation[];
  /** Characters that the revocations left over would need. */
  readonly characters: number;
  /** Documents that there may be. */
  readonly documents: number;
  /** Those in force that expire first. */
  readonly next: readonly Revocation[];
}

export interface Placed {
  /** As many as before, or more; one whose revocations have expired is empty. */
  readonly documents: readonly RevocationDocument[];
  readonly overflow: RevocationOverflow | null;
  /** Whether times of expiry were moved up. */
  readonly coarser: boolean;
}

export interface Placing {
  readonly now: number;
  /** Characters of a document. */
  readonly size: number;
  /** Documents that there may be, those that there are among them. */
  readonly slots: number;
  readonly breakGlass: readonly string[];
}

/** Takes out what has expired and adds what is new. Of two revocations of one target the longer one stays. */
export function placeRevocations(
  existing: readonly RevocationDocument[],
  added: readonly Revocation[],
  { now, size, slots, breakGlass }: Placing,
): Placed {
  const documents = existing.map(({ revocations }) => revocations.filter(({ expires }) => expires > now));
  const lengthOf = (revocations: readonly Revocation[]): number => revocationText({ revocations, breakGlass }).length;
  const fits = (revocations: readonly Revocation[]): boolean => lengthOf(revocations) <= size;
  // What a document has at most: a revocation adds no more than a document of its own would have.
  const bounds = new Map<readonly Revocation[], number>();
  const hasRoom = (held: readonly Revocation[], one: Revocation): boolean => {
    const next = [...held, one];
    const bound = (bounds.get(held) ?? size) + lengthOf([one]);
    return bound <= size || fits(next);
  };
  const left: Revocation[] = [];
  let coarser = false;
  // Longer patterns of roles that are spared can make a document too long.
  for (const [index, held] of documents.entries()) {
    let count = held.length;
    while (count > 0 && !fits(held.slice(0, count))) count--;
    left.push(...held.slice(count));
    documents[index] = held.slice(0, count);
  }
  for (const one of added) {
    const key = targetKey(one.target);
    const at = documents.findIndex((held) => held.some(({ target }) => targetKey(target) === key));
    if (at >= 0) {
      const extended = documents[at]!.map((held) => (targetKey(held.target) === key ? longer(held, one) : held));
      if (fits(extended)) {
        documents[at] = extended;
        continue;
      }
    }
    // Where the longer one does not fit the shorter one stays, and the longer one is put elsewhere.
    const room = documents.findIndex((held, index) => index !== at && hasRoom(held, one));
    if (room >= 0) {
      const held = documents[room]!;
      documents[room] = [...held, one];
      const bound = (bounds.get(held) ?? size) + lengthOf([one]);
      bounds.set(documents[room], bound <= size ? bound : lengthOf(documents[room]));
    } else if (documents.length < slots) documents.push([one]);
    else if (addCoarser(documents, one, fits)) coarser = true;
    else left.push(one);
  }
  const inForce = documents.flat().toSorted((a, b) => a.expires - b.expires);
  return {
    documents: documents.map((revocations) => ({ revocations, breakGlass })),
    overflow:
      left.length === 0
        ? null
        : {
            revocations: left,
            characters: revocationText({ revocations: left, breakGlass }).length,
            documents: slots,
            next: inForce.slice(0, 3),
          },
    coarser,
  };
}

function longer(held: Revocation, added: Revocation): Revocation {
  const expires = Math.max(held.expires, added.expires);
  if (held.target.kind !== 'role' || added.target.kind !== 'role') return { target: added.target, expires };
  // A later time ends the sessions of the earlier one, too.
  return { target: { ...added.target, before: Math.max(held.target.before, added.target.before) }, expires };
}

function addCoarser(
  documents: (readonly Revocation[])[],
  one: Revocation,
  fits: (revocations: readonly Revocation[]) => boolean,
): boolean {
  for (const hours of COARSER) {
    for (const [index, held] of documents.entries()) {
      const key = targetKey(one.target);
      const others = held.filter(({ target }) => targetKey(target) !== key);
      const own = held.filter(({ target }) => targetKey(target) === key).map((each) => longer(each, one));
      const moved = [...others, ...(own.length === 0 ? [one] : own)].map(({ target, expires }): Revocation => ({
        target,
        expires: upToHours(expires, hours),
      }));
      if (!fits(moved)) continue;
      documents[index] = moved;
      return true;
    }
  }
  return false;
}
