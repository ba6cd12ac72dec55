/** A thread of `stackade iam replay`: replays some of the files, and answers with its report. */
import { parentPort, workerData } from 'node:worker_threads';
import { Fingerprints } from '../../scp/replay/index.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { prepareReplay, replayPart } from './replay-run.js';
import type { ReplayAnswer, ReplayTask } from './replay-threads.js';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

/** Silent: what there is to tell of the policies, the command has told. */
const silent = (cwd: string): Terminal => ({
  cwd,
  env: {},
  stdout: { isTTY: false, columns: undefined },
  stderr: { isTTY: false },
  print: () => undefined,
  tell: () => undefined,
});

async function answer({ flags, files, cwd }: ReplayTask): Promise<ReplayAnswer> {
  try {
    const events = new Fingerprints();
    return await replayPart(prepareReplay(flags, silent(cwd), events).replay, events, files);
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', diagnostics: error.diagnostics };
    throw error;
  }
}

port.postMessage(await answer(workerData as ReplayTask));
