/**
 * The journal of a run: a line for what is meant, before the first call, then two for each call. It holds where the run
 * wants to and where it came from; what is in force is read from AWS Organizations each time, never from here. A line
 * that a dying process has cut off is the last, and is left out.
 */
import type { WantedPolicies } from './model.js';

/** The first line. */
export interface JournalHeader {
  readonly version: 1;
  readonly set: string;
  readonly organizationId: string;
  /** ISO time. */
  readonly startedAt: string;
  /** What the set was, to undo. */
  readonly before: WantedPolicies;
  readonly wanted: WantedPolicies;
  /** Ids of targets by wave; `null` for the waves that are made when nobody says. */
  readonly waves: readonly (readonly string[])[] | null;
}

/** What happened, one a line. */
export type JournalEntry =
  | { readonly kind: 'begin'; readonly mode: 'apply' | 'undo'; readonly at: string; readonly calls: number }
  | { readonly kind: 'call'; readonly number: number; readonly step: string }
  | { readonly kind: 'made'; readonly number: number; readonly policyId: string | null }
  | { readonly kind: 'stopped'; readonly message: string }
  | { readonly kind: 'finished'; readonly mode: 'apply' | 'undo'; readonly at: string };

export interface Journal {
  readonly header: JournalHeader;
  readonly entries: readonly JournalEntry[];
}

/** Which way the last run went, and whether it came to its end. */
export interface JournalStatus {
  readonly mode: 'apply' | 'undo';
  readonly isFinished: boolean;
  /** The call that was begun and whose end nobody noted. */
  readonly open: string | null;
}

/** A line of a journal. */
export function journalLine(value: JournalHeader | JournalEntry): string {
  return `${JSON.stringify(value)}\n`;
}

/** Reads a journal. @returns `null` when the text is none. */
export function readJournal(text: string): Journal | null {
  const values = text.split('\n').flatMap((line): readonly unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const [header, ...entries] = values as readonly [JournalHeader?, ...JournalEntry[]];
  const isHeader =
    header?.version === 1 &&
    [header.set, header.organizationId, header.startedAt].every((each) => typeof each === 'string') &&
    isWanted(header.before) &&
    isWanted(header.wanted);
  return isHeader ? { header, entries } : null;
}

function isWanted(value: Partial<WantedPolicies> | null): boolean {
  return Array.isArray(value?.documents) && Array.isArray(value.attachments);
}

export function journalStatus({ entries }: Journal): JournalStatus {
  let status: JournalStatus = { mode: 'apply', isFinished: false, open: null };
  for (const entry of entries) {
    if (entry.kind === 'begin') status = { mode: entry.mode, isFinished: false, open: null };
    if (entry.kind === 'call') status = { ...status, open: entry.step };
    if (entry.kind === 'made') status = { ...status, open: null };
    if (entry.kind === 'finished') status = { mode: entry.mode, isFinished: true, open: null };
  }
  return status;
}
