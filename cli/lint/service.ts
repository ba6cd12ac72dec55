/**
 * Schema lint by `@aws/cloudformation-validate`, in a worker thread. The library takes about a second to start, so
 * the service is started before templates are read. A template that crashes the library, or on which it takes too long,
 * becomes a finding, and a new worker goes on with the others.
 */
import { Worker } from 'node:worker_threads';
import { readTemplate } from '../../template/index.js';
import { jsonOf, withoutRefused } from './corrections.js';
import { crashResult, refusedResult, toLintResult } from './results.js';
import type { LintedFile, LintResult } from './results.js';
import type { LintAnswer, LintReport, LintRequest, LintSettings } from './protocol.js';

export type { LintedFile, LintResult };

/**
 * Codes that are reported only when asked for: they flag nearly every template, or what our own rules say better. `I9003`
 * is about the command line and not about the template: no Region was given.
 */
export const OFF_BY_DEFAULT: readonly string[] = ['I9001', 'I9003', 'I9040', 'W9002', 'W9013'];

export interface LintOptions {
  /** Codes to report that are off by default. */
  readonly enable?: readonly string[];
  /** Further codes not to report. */
  readonly disable?: readonly string[];
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  /** Values of template parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Milliseconds for one template. `@default` 60 seconds. */
  readonly timeout?: number;
  /** Milliseconds for the library to start. `@default` 120 seconds. */
  readonly startTimeout?: number;
  /** The file of the worker thread. `@default` the one beside this module. */
  readonly worker?: URL;
}

export interface LintService {
  /**
   * Analyses templates.
   *
   * @returns One result for each file, in the order of the files. Never rejects: what goes wrong is in the results.
   */
  lint(files: readonly LintedFile[]): Promise<LintResult[]>;
  /** Ends the worker; results that are still awaited say so. */
  close(): Promise<void>;
}

/** CloudFormation refuses templates of more than one million bytes; the library's memory grows with the text. */
const MAX_LENGTH = 4_000_000;
/** Megabytes for the worker's JavaScript, which holds little more than reports; WebAssembly has its own limit of 4 GB. */
const MAX_HEAP = 512;
/** A library that cannot start twice in a row will not start. */
const MAX_FAILED_STARTS = 2;

/** Starts the lint. Its worker begins to load the library at once and does not keep the process alive. */
export function startLint(options: LintOptions = {}): LintService {
  return new Service(options);
}

/** What became of one request. */
type Outcome =
  { readonly kind: 'report'; readonly report: LintReport } | { readonly kind: 'crash'; readonly reason: string };

class Service implements LintService {
  private readonly settings: LintSettings;
  private thread: Thread | null;
  private failedStarts = 0;
  /** Why no worker is started any more. */
  private ended: string | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LintOptions) {
    const enabled = new Set(options.enable ?? []);
    this.settings = {
      excluded: [...OFF_BY_DEFAULT.filter((code) => !enabled.has(code)), ...(options.disable ?? [])],
      region: options.region ?? null,
      account: options.account ?? null,
      parameters: options.parameters ?? {},
    };
    this.thread = this.startThread();
  }

  private startThread(): Thread {
    const { worker, timeout, startTimeout } = this.options;
    return new Thread(worker ?? new URL('./worker.js', import.meta.url), this.settings, {
      start: startTimeout ?? 120_000,
      request: timeout ?? 60_000,
    });
  }

  lint(files: readonly LintedFile[]): Promise<LintResult[]> {
    const results = this.queue.then(async () => {
      const all: LintResult[] = [];
      for (const file of files) all.push(await this.lintFile(file));
      return all;
    });
    this.queue = results;
    return results;
  }

  private async lintFile(file: LintedFile): Promise<LintResult> {
    if (file.text.length > MAX_LENGTH) {
      return refusedResult(file.path, `the schema lint is not given files of more than ${MAX_LENGTH} characters`);
    }
    const first = await this.ask(file);
    const again = first.kind === 'report' ? accepted(first.report, file) : undefined;
    const outcome = again === undefined ? first : await this.ask(again);
    return outcome.kind === 'report'
      ? toLintResult(outcome.report, file, this.settings.parameters)
      : crashResult(file.path, outcome.reason);
  }

  private async ask(file: LintedFile): Promise<Outcome> {
    for (;;) {
      if (this.ended !== null) return { kind: 'crash', reason: this.ended };
      const thread = (this.thread ??= this.startThread());
      const failure = await thread.ready();
      if (failure === null) {
        this.failedStarts = 0;
        const outcome = await thread.ask(file);
        // After a crash the library's memory may be in any state.
        if (outcome.kind === 'crash') await this.dropThread();
        return outcome;
      }
      await this.dropThread();
      this.failedStarts += 1;
      if (this.failedStarts >= MAX_FAILED_STARTS) this.ended ??= `it could not be started: ${failure}`;
    }
  }

  private async dropThread(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.end('the worker was replaced');
  }

  async close(): Promise<void> {
    this.ended = 'the lint was ended';
    const { thread } = this;
    this.thread = null;
    await thread?.end(this.ended);
  }
}

/** The file as the library can expand it, where it refused it and should not have; places are those of the file all the same. */
function accepted({ diagnostics }: LintReport, { path, text, source }: LintedFile): LintedFile | undefined {
  if (!diagnostics.some(({ ruleId }) => ruleId === 'E0001')) return undefined;
  const read = source ?? readTemplate(text, path).source;
  const template = read === null ? undefined : withoutRefused(diagnostics, read.value);
  return template === undefined ? undefined : { path, text: jsonOf(template) };
}

/** One worker thread and the request that it is working on. */
class Thread {
  private readonly started: Promise<string | null>;
  private readonly worker: Worker;
  private readonly reportStart: (failure: string | null) => void;
  private startTimer: NodeJS.Timeout | null;
  private pending: { id: number; settle: (outcome: Outcome) => void; timer: NodeJS.Timeout } | null = null;
  /** Why the thread is not used any more. */
  private dead: string | null = null;
  private lastId = 0;
  private talk = '';

  constructor(
    file: URL,
    settings: LintSettings,
    private readonly limits: { readonly start: number; readonly request: number },
  ) {
    let report: (failure: string | null) => void = () => undefined;
    this.started = new Promise((resolve) => (report = resolve));
    this.reportStart = report;
    this.worker = new Worker(file, {
      workerData: settings,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
    });
    this.worker.unref();
    // What the library prints when it panics says more than the exception that follows.
    this.worker.stderr.on('data', (chunk: Buffer) => {
      if (this.talk.length < 2000) this.talk += chunk.toString('utf8');
    });
    this.worker.stdout.resume();
    this.worker.on('message', (message: LintAnswer) => {
      this.receive(message);
    });
    this.worker.on('error', (error: Error) => {
      this.die(`${error.name}: ${error.message}`);
    });
    this.worker.on('exit', (code) => {
      this.die(`its worker thread ended with code ${code}`);
    });
    this.startTimer = setTimeout(() => {
      this.die(`it was not ready after ${limits.start} ms`);
    }, limits.start);
    this.startTimer.unref();
  }

  /** Waits for the library. Null when it is ready, otherwise why it is not. */
  async ready(): Promise<string | null> {
    // Somebody waits, so the process has to live on.
    this.startTimer?.ref();
    return this.started;
  }

  /** Sends a template. Only one is under way at a time. */
  ask({ path, text }: LintedFile): Promise<Outcome> {
    if (this.dead !== null) return Promise.resolve({ kind: 'crash', reason: this.dead });
    this.lastId += 1;
    const request: LintRequest = { id: this.lastId, path, text };
    return new Promise((settle) => {
      const timer = setTimeout(() => {
        this.die(`it took longer than ${this.limits.request} ms`);
      }, this.limits.request);
      this.pending = { id: request.id, settle, timer };
      this.worker.postMessage(request);
    });
  }

  async end(reason: string): Promise<void> {
    this.die(reason);
    await this.worker.terminate();
  }

  private receive(message: LintAnswer): void {
    if (message.kind === 'ready') this.startEnded(null);
    else if (message.kind === 'failed') this.die(message.reason);
    else if (message.id === this.pending?.id) this.settle({ kind: 'report', report: message.report });
  }

  private startEnded(failure: string | null): void {
    if (this.startTimer !== null) clearTimeout(this.startTimer);
    this.startTimer = null;
    this.reportStart(failure);
  }

  private settle(outcome: Outcome): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    clearTimeout(pending.timer);
    pending.settle(outcome);
  }

  private die(reason: string): void {
    if (this.dead !== null) return;
    const panic = /panicked at[^\n]*\n?[^\n]*/.exec(this.talk)?.[0].replaceAll('\n', ' ').trim();
    this.dead = panic === undefined ? reason : `${reason} (${panic})`;
    this.startEnded(this.dead);
    this.settle({ kind: 'crash', reason: this.dead });
    void this.worker.terminate();
  }
}
