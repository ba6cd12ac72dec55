/** How far a scan has come, on standard error; and the wish of a person to stop it. */
import type { UnitResult } from '../../analyzers/scan/index.js';
import type { Terminal } from '../terminal.js';

/** Between two lines, in milliseconds: rarely into a log, more often for a person. */
const LOG_PAUSE = 10_000;
const TERMINAL_PAUSE = 1_000;

/** Tells from time to time; short scans are silent. */
export class Progress {
  /** Whether somebody has pressed Ctrl+C. A second one ends the process; the checkpoint stands that too. */
  isStopped = false;
  private total = 0;
  private count = 0;
  private before = 0;
  private failed = 0;
  private last = Date.now();
  private readonly start = Date.now();
  private readonly rates = new Map<string, number>();
  private isShown = false;
  private readonly onSignal = (): void => {
    this.isStopped = true;
    process.removeListener('SIGINT', this.onSignal);
  };

  constructor(private readonly terminal: Terminal) {}

  /** @param done - Parts that an earlier run has finished. */
  begin(total: number, done: number): void {
    this.total = total;
    this.before = done;
    this.count = done;
    process.on('SIGINT', this.onSignal);
    if (done > 0) this.terminal.tell(`Going on with a scan: ${done} of ${total} parts are finished.\n`);
  }

  done({ failures, outcome }: UnitResult): void {
    this.count++;
    if (failures.length > 0 && outcome !== 'skipped') this.failed++;
    const pause = this.terminal.stderr.isTTY ? TERMINAL_PAUSE : LOG_PAUSE;
    if (Date.now() - this.last < pause) return;
    this.last = Date.now();
    const perSecond = (this.count - this.before) / Math.max((Date.now() - this.start) / 1000, 0.1);
    const slowest = [...this.rates].sort(([, a], [, b]) => a - b)[0];
    const held = slowest === undefined ? '' : `; held back by ${slowest[0]}, ${slowest[1].toFixed(1)} calls a second`;
    const text = `scanning: ${this.count} of ${this.total} parts, ${this.failed} incomplete, ${perSecond.toFixed(1)} a second${held}`;
    this.isShown = this.terminal.stderr.isTTY;
    this.terminal.tell(this.isShown ? `\r\u001b[K${text}` : `${text}\n`);
  }

  throttled(key: string, perSecond: number): void {
    this.rates.set(key, perSecond);
  }

  stop(): void {
    process.removeListener('SIGINT', this.onSignal);
    if (this.isShown) this.terminal.tell('\r\u001b[K');
  }
}
