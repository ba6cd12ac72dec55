/** What can stop a run between two calls: a key, or a command of the user's. */
import { spawn } from 'node:child_process';
import type { Terminal } from '../terminal.js';

/** Somebody wanted the run to stop: by a key, or by the check between two stages. */
export class StoppedError extends Error {
  override readonly name = 'stopped';
}

/** Whether somebody wants a run to stop. */
export interface Interruption {
  /** @throws StoppedError when somebody does. */
  readonly check: () => void;
  /** Waits; less long when somebody does, or the signal comes. */
  readonly wait: (seconds: number, signal?: AbortSignal) => Promise<void>;
  readonly end: () => void;
}

/** Stops a run at the next call when somebody presses Ctrl+C; a second time ends the process as ever. */
export function interruption(): Interruption {
  let isAsked = false;
  const wakers = new Set<() => void>();
  const ask = (): void => {
    isAsked = true;
    for (const wake of [...wakers]) wake();
  };
  process.once('SIGINT', ask).once('SIGTERM', ask);
  return {
    check: () => {
      if (isAsked) throw new StoppedError('interrupted');
    },
    wait: (seconds, signal) =>
      new Promise((resolve) => {
        if (isAsked || signal?.aborted === true) {
          resolve();
          return;
        }
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          wakers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, seconds * 1000);
        signal?.addEventListener('abort', done);
        wakers.add(done);
      }),
    end: () => {
      process.off('SIGINT', ask).off('SIGTERM', ask);
    },
  };
}

/** Runs a command of the user's. @throws Error when it fails. */
export function check(command: string, next: string, terminal: Terminal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      cwd: terminal.cwd,
      env: { ...process.env, STACKADE_NEXT: next },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Its output is talk: standard output is for the report.
    child.stdout.on('data', (data: Buffer) => {
      terminal.tell(data.toString());
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new StoppedError(`\`${command}\` ended with ${code ?? signal ?? 'an error'}`));
    });
  });
}
