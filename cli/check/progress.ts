/** A progress bar on standard error, when the work takes long and a person looks on. */
import type { SingleBar } from 'cli-progress';

/** Work that is quicker needs no bar. */
const PATIENCE_MS = 1_000;

export interface Progress {
  /** Says how many files are done. */
  at(done: number): Promise<void>;
  stop(): void;
}

const SILENT: Progress = {
  at: () => Promise.resolve(),
  stop: () => undefined,
};

/** @param total - How many files there are. @param isTTY - Whether standard error is a terminal; else nothing is shown. */
export function startProgress(total: number, isTTY: boolean, now: () => number = Date.now): Progress {
  if (!isTTY) return SILENT;
  const started = now();
  let bar: SingleBar | undefined;
  return {
    at: async (done) => {
      if (bar === undefined) {
        if (now() - started < PATIENCE_MS || done >= total) return;
        const { default: cliProgress } = await import('cli-progress');
        bar = new cliProgress.SingleBar({
          format: 'checking {bar} {value}/{total} files',
          barCompleteChar: '#',
          barIncompleteChar: '.',
          hideCursor: false,
          clearOnComplete: true,
          stream: process.stderr,
        });
        bar.start(total, done);
      }
      bar.update(done);
    },
    stop: () => {
      bar?.stop();
    },
  };
}
