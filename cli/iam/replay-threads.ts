/** Replays the files of a trail in several threads, and puts their reports together as if one had read all files. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../../findings/index.js';
import { Fingerprints, ReplayReport } from '../../scp/replay/index.js';
import type { ReportData } from '../../scp/replay/index.js';
import { InputError } from '../input-error.js';
import { packageRoot } from '../version.js';
import type { ReplayFlags } from './replay-flags.js';

/** What a thread is given. */
export interface ReplayTask {
  readonly flags: ReplayFlags;
  readonly files: readonly string[];
  readonly cwd: string;
}

/** What a thread answers. */
export type ReplayAnswer =
  | {
      readonly kind: 'done';
      readonly report: ReportData;
      /** Fingerprints of the events that it has seen. */
      readonly events: readonly (readonly Uint32Array<ArrayBuffer>[])[];
    }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/** Divides files, in their order, into parts of about the same size. No part is empty. */
export function partsOf(files: readonly string[], count: number): readonly (readonly string[])[] {
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const parts: string[][] = [];
  let read = 0;
  for (const [index, file] of files.entries()) {
    // By the middle of the file, so that no part is much larger than the others.
    const part = total === 0 ? 0 : Math.floor(((read + sizes[index]! / 2) / total) * count);
    (parts[Math.min(part, count - 1)] ??= []).push(file);
    read += sizes[index]!;
  }
  return parts.filter((part) => part.length > 0);
}

/**
 * Replays parts at the same time: the first in this thread, which would have nothing to do otherwise.
 *
 * @param here - Replays files in this thread, with an answer as a thread gives it.
 * @returns `null` when a record is in more than one part: only one thread can tell which of them counts.
 * @throws InputError when a file cannot be read.
 */
export async function replayInThreads(
  flags: ReplayFlags,
  parts: readonly (readonly string[])[],
  here: (files: readonly string[]) => Promise<ReplayAnswer>,
): Promise<ReplayReport | null> {
  const [first, ...others] = parts;
  const answers = await Promise.all([
    ...others.map((files) => answerOf({ flags, files, cwd: process.cwd() })),
    here(first ?? []),
  ]);
  const report = new ReplayReport();
  let seen: Fingerprints | undefined;
  // In the order of the files, so that the report is that of one thread.
  for (const answer of [answers.at(-1)!, ...answers.slice(0, -1)]) {
    if (answer.kind === 'refused') throw new InputError(answer.diagnostics);
    const events = Fingerprints.of(answer.events);
    if (seen?.meets(events) === true) return null;
    if (seen === undefined) seen = events;
    else seen.addAll(events);
    report.addAll(answer.report);
  }
  return report;
}

function answerOf(task: ReplayTask): Promise<ReplayAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: task });
    worker.once('message', (answer: ReplayAnswer) => {
      resolve(answer);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`a thread of the replay ended with code ${code} and without an answer`));
    });
  });
}

/** The built file: threads are started from `dist/` whatever the command runs from. */
function workerFile(): string {
  const file = join(packageRoot(), 'dist', 'bin', 'replay-worker.js');
  if (!existsSync(file)) throw new Error(`${file} does not exist; build the package`);
  return file;
}
