/** A progress bar on standard error, when the work takes long and a person looks on. */
import type { SingleBar } from 'cli-progress';

/** Work that is quicker needs no bar. */
const PATIENCE_MS = 1_000;

export interface Progress {
  /** Says how many files are done. */
  at(done: number): Promise<void>;
  /** Takes the bar away. */
  stop(): void;
}

const SILENT: Progress = {
  at: () => Promise.resolve(),
  stop: () => undefined,
};

/**
 * Watches over work on files.
 *
 * @param total - How many files there are.
 * @param stream - Standard error. Nothing is shown when it is no terminal.
 */
export function startProgress(total: number, stream: { readonly isTTY: boolean }): Progress {
  return stream.isTTY ? new Bar(total) : SILENT;
}

class Bar implements Progress {
  private bar: SingleBar | undefined;
  private done = 0;
  private stopped = false;
  private readonly started = Date.now();
  /** Shows the bar while the work waits for something; work that does not let timers run is noticed in `at`. */
  private readonly timer = setTimeout(() => void this.show(), PATIENCE_MS);

  constructor(private readonly total: number) {
    this.timer.unref();
  }

  async at(done: number): Promise<void> {
    this.done = done;
    if (this.bar === undefined && Date.now() - this.started >= PATIENCE_MS) await this.show();
    this.bar?.update(done);
  }

  private async show(): Promise<void> {
    const { default: cliProgress } = await import('cli-progress');
    // The work may have ended, or another call may have come first, while the module was loaded.
    if (this.stopped || this.bar !== undefined) return;
    this.bar = new cliProgress.SingleBar({
      format: 'checking {bar} {value}/{total} files',
      barCompleteChar: '#',
      barIncompleteChar: '.',
      clearOnComplete: true,
      stream: process.stderr,
    });
    this.bar.start(this.total, this.done);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.bar?.stop();
  }
}
