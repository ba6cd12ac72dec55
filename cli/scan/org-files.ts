/** The files that a scan reads besides the description: archive rules and an earlier scan. */
import { resolve } from 'node:path';
import { Archive, expiredRule, readArchive, unusedRule } from '../../analyzers/scan/index.js';
import type { ArchiveRule, EarlierScan } from '../../analyzers/scan/index.js';
import { tellDiagnostics } from '../check/tell.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { earlierIn, type StateFolder } from './org-state.js';

/** Archive rules with their text. */
export interface ArchiveFile {
  readonly rules: readonly ArchiveRule[];
  readonly sources: ReadonlyMap<string, string>;
  /** The rules as they are in force at a time, ISO 8601. */
  at(time: string): Archive;
}

/** @throws InputError with every fault of the file. */
export function readArchiveFile(path: string | undefined): ArchiveFile | null {
  if (path === undefined) return null;
  const { name, text } = readText(path);
  const sources = new Map([[name, text]]);
  const { rules, diagnostics } = readArchive(text, name);
  if (rules === null) throw new InputError(diagnostics, sources);
  return { rules, sources, at: (time) => new Archive(rules, time.slice(0, 10)) };
}

/** Tells of rules that archive nothing. */
export function tellArchive(archive: Archive, { sources }: ArchiveFile, terminal: Terminal): void {
  const { expired, unused } = archive.idle();
  tellDiagnostics([...expired.map(expiredRule), ...unused.map(unusedRule)], sources, terminal);
}

/**
 * The scan that changes are told since. A file is read at once; the latest scan of the folder when the present one has
 * taken its place.
 *
 * @throws InputError for a file that is no scan.
 */
export function readEarlier(
  previous: string | undefined,
  state: StateFolder,
  terminal: Terminal,
): () => EarlierScan | null {
  if (previous === undefined) return () => null;
  if (previous !== 'latest') {
    const earlier = earlierIn(resolve(terminal.cwd, previous), previous);
    return () => earlier;
  }
  return () => {
    const earlier = state.previous();
    if (earlier === null) terminal.tell('There is no earlier scan to tell changes since.\n');
    return earlier;
  };
}
