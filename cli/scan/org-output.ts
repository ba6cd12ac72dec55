/** Writes the report of a scan, piece by piece where it may be large. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Scan } from '../../analyzers/scan/index.js';
import type { ScanCounts } from '../../analyzers/report/index.js';
import { unwritable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { InputError } from '../input-error.js';
import { wantsColor, type Terminal } from '../terminal.js';
import type { ScanFormat } from './org-flags.js';

/** The report in pieces. @param earlier - Figures of earlier scans, for trends. */
async function* pieces(
  scan: Scan,
  format: ScanFormat,
  earlier: readonly ScanCounts[],
  color: boolean,
  width: number | undefined,
): AsyncGenerator<string, void, undefined> {
  const report = await import('../../analyzers/report/index.js');
  switch (format) {
    case 'json':
      return yield* report.jsonPieces(scan);
    case 'csv':
      return yield* report.csvPieces(scan);
    case 'sarif':
      return yield* report.sarifPieces(scan);
    case 'html':
      return yield report.scanAsHtml(scan, earlier);
    case 'pretty':
      yield report.scanAsPretty(scan, { color, ...(width !== undefined && { width }) });
  }
}

/** Looks whether the file can be written, before any work is done. @throws InputError when it cannot. */
export function checkOutput(file: string | undefined, cwd: string): void {
  if (file !== undefined) openOutputFile(file, cwd);
}

/** Characters that are written at one time. */
const CHUNK = 1 << 16;

/**
 * Prints a report, or puts it into a file: whole or not at all.
 *
 * @throws InputError when it cannot be written.
 */
export async function writeReport(
  scan: Scan,
  format: ScanFormat,
  earlier: readonly ScanCounts[],
  file: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) {
    const color = wantsColor(terminal.stdout, terminal.env);
    const all = pieces(scan, format, earlier, color, terminal.stdout.columns);
    for await (const chunk of chunked(all)) terminal.print(chunk);
    return;
  }
  const path = resolve(terminal.cwd, file);
  const temporary = join(dirname(path), `.stackade-${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      for await (const chunk of chunked(pieces(scan, format, earlier, false, undefined))) writeSync(descriptor, chunk);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new InputError([unwritable(file, error)]);
  }
}

/** Many small pieces as few large ones. */
async function* chunked(all: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let chunk = '';
  for await (const piece of all) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
