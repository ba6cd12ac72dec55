/**
 * The functions of a distributed scan, as AWS Lambda calls them: one file for the three steps, each with a role of its own.
 * AWS Lambda Developer Guide, "Define Lambda function handler in Node.js", "Using the Lambda context object".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginRun, bucketStore, mergeRun, scanBatch, UnfinishedBatch } from '../../analyzers/distributed/index.js';
import type { Batch, RunStore, ScanParts } from '../../analyzers/distributed/index.js';
import { InputError } from '../input-error.js';
import { processTerminal } from '../terminal.js';
import { packageRoot } from '../version.js';
import { workerParts, type WorkerSettings } from './worker-parts.js';

/** What the state machine hands over. */
export type WorkerEvent =
  | { readonly step: 'begin' | 'merge'; readonly run: string }
  | { readonly step: 'batch'; readonly run: string; readonly batch: Batch };

/** No part is begun in the last two minutes: what is under way has to end, and its results to be written. */
const LAST_MILLISECONDS = 120_000;
/** Parts that one function scans at the same time. */
const PARTS_AT_ONCE = 4;

let ready: Promise<{ readonly store: RunStore; readonly parts: ScanParts }> | null = null;

async function open(): Promise<{ readonly store: RunStore; readonly parts: ScanParts }> {
  const bucket = process.env['STACKADE_RUNS'];
  if (bucket === undefined || bucket === '') throw new Error('STACKADE_RUNS names no bucket');
  const root = packageRoot();
  const settings = JSON.parse(readFileSync(join(root, 'settings.json'), 'utf8')) as WorkerSettings;
  const at = (name: string | null): string | null => (name === null ? null : join(root, name));
  const { config, archive, attestations } = settings;
  const files = { config: join(root, config), archive: at(archive), attestations: at(attestations) };
  const parts = await workerParts({ ...settings, ...files }, processTerminal());
  return { store: await bucketStore(bucket), parts };
}

/** @throws what makes the state machine try again, or give up: an error's name is what it goes by. */
export async function handler(event: WorkerEvent, context: { getRemainingTimeInMillis(): number }): Promise<unknown> {
  try {
    ready ??= open();
    const { store, parts } = await ready;
    switch (event.step) {
      case 'begin':
        return await beginRun(event.run, Number(process.env['STACKADE_PER_BATCH'] ?? '20'), store, parts);
      case 'batch': {
        const isLate = (): boolean => context.getRemainingTimeInMillis() < LAST_MILLISECONDS;
        return await scanBatch(event.run, event.batch, { concurrency: PARTS_AT_ONCE, isLate }, store, parts);
      }
      case 'merge':
        return await mergeRun(event.run, store, parts);
      default:
        throw new RangeError('the event names no step of a scan');
    }
  } catch (error) {
    // What was made ready may be what failed.
    if (!(error instanceof UnfinishedBatch)) ready = null;
    if (!(error instanceof InputError)) throw error;
    throw new Error(
      error.diagnostics.map(({ code, message, help }) => `${code} ${message}; ${help ?? ''}`).join('\n'),
      { cause: error },
    );
  }
}
