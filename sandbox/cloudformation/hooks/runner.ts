/**
 * Runs functions in processes of their own, which are kept for the next call as AWS Lambda does. A function sees its
 * environment variables, the credentials of its role, and the sandbox as its AWS endpoint; nothing of this process.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import type { Credentials } from '../../state.js';
import type { FunctionData } from './functions.js';

/** What a function could not be made to answer. */
export class FunctionFailure extends Error {}

/** What a process needs besides the code. */
export interface FunctionSurroundings {
  readonly region: string;
  readonly url: string;
  readonly credentials: Credentials;
}

/** Processes that are kept; the one that was used longest ago goes first. */
const MAX_PROCESSES = 4;
/** Milliseconds for a process to load the code of a function. */
const START_LIMIT = 20_000;
const HOOK_LIMIT = 30_000;

/** Loads the handler, says so, and answers what it is asked. Files of a zip may be modules of either kind. */
const PROGRAM = `
import { pathToFileURL } from 'node:url';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
const [folder, handler] = process.argv.slice(2);
const dot = handler.lastIndexOf('.');
const tell = (message) => new Promise((resolve) => process.send(message, undefined, undefined, resolve));
const failed = (error) => ({ error: error instanceof Error ? error.name + ': ' + error.message : String(error) });
process.on('disconnect', () => process.exit());
let run;
try {
  const file = ['.mjs', '.js', '.cjs'].map((end) => join(folder, handler.slice(0, dot) + end)).find(existsSync);
  if (file === undefined) throw new Error("Cannot find module '" + handler.slice(0, dot) + "'");
  const module = await import(pathToFileURL(file).href);
  run = module[handler.slice(dot + 1)] ?? module.default?.[handler.slice(dot + 1)];
  if (typeof run !== 'function') throw new Error(handler + ' is undefined or not exported');
  process.on('message', async ({ id, event, context, until }) => {
    try {
      const answer = await run(event, { ...context, getRemainingTimeInMillis: () => Math.max(0, until - Date.now()) });
      await tell({ id, answer: answer === undefined ? null : answer });
    } catch (error) {
      await tell({ id, ...failed(error) });
    }
  });
  await tell({ ready: true });
} catch (error) {
  await tell({ ready: false, ...failed(error) });
  process.exit(1);
}
`;

interface Reply {
  readonly id?: number;
  readonly ready?: boolean;
  readonly answer?: unknown;
  readonly error?: string;
}

/** One process of one function. */
class Kept {
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private readonly waiting = new Map<number, { good: (answer: unknown) => void; bad: (error: Error) => void }>();
  private next = 0;
  /** Calls that have no answer yet. */
  private open = 0;
  isOver = false;

  constructor(program: string, folder: string, of: FunctionData, environment: NodeJS.ProcessEnv) {
    this.child = fork(program, [folder, of.handler], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    this.child.unref();
    this.child.channel?.unref();
    this.ready = new Promise((good, bad) => {
      const timer = setTimeout(() => {
        this.end();
        bad(new FunctionFailure('Runtime.InitTimeout: the code was not loaded in time'));
      }, START_LIMIT);
      this.child.once('message', (reply: Reply) => {
        clearTimeout(timer);
        if (reply.ready === true) good();
        else bad(new FunctionFailure(`Runtime.ImportModuleError: ${reply.error ?? ''}`));
      });
      this.child.once('exit', () => {
        clearTimeout(timer);
        bad(new FunctionFailure('Runtime.ExitError: the process of the function has ended'));
      });
    });
    // Whoever calls hears of it; nobody may be there yet.
    this.ready.catch(() => undefined);
    this.child.on('message', (reply: Reply) => {
      const call = reply.id === undefined ? undefined : this.waiting.get(reply.id);
      if (call === undefined) return;
      this.waiting.delete(reply.id!);
      if (reply.error === undefined) call.good(reply.answer);
      else call.bad(new FunctionFailure(reply.error));
    });
    this.child.once('exit', () => {
      this.isOver = true;
      for (const { bad } of this.waiting.values()) {
        bad(new FunctionFailure('Runtime.ExitError: the process of the function has ended'));
      }
      this.waiting.clear();
    });
  }

  get isBusy(): boolean {
    return this.open > 0;
  }

  async call(event: object, context: object, limit: number): Promise<unknown> {
    this.open += 1;
    try {
      return await this.called(event, context, limit);
    } finally {
      this.open -= 1;
    }
  }

  private async called(event: object, context: object, limit: number): Promise<unknown> {
    await this.ready;
    const id = (this.next += 1);
    return await new Promise((good, bad) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        this.end();
        bad(new FunctionFailure(`Task timed out after ${(limit / 1000).toFixed(2)} seconds`));
      }, limit);
      const done =
        <T>(tell: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          tell(value);
        };
      this.waiting.set(id, { good: done(good), bad: done(bad) });
      this.child.send({ id, event, context, until: Date.now() + limit });
    });
  }

  end(): void {
    this.isOver = true;
    this.child.kill('SIGKILL');
  }
}

export class FunctionRunner {
  private readonly kept = new Map<string, Kept>();
  /** Folders with the code of functions, by what is in them: a rollout brings one code to many places. */
  private readonly codes = new Map<string, string>();
  private folder: string | undefined;
  private count = 0;

  /**
   * Calls a function.
   *
   * @throws FunctionFailure with what Lambda would say.
   */
  async call(of: FunctionData, event: object, surroundings: () => FunctionSurroundings): Promise<unknown> {
    if (!of.runtime.startsWith('nodejs')) {
      throw new FunctionFailure(`the sandbox runs functions of Node.js only, and not of ${of.runtime}`);
    }
    const key = `${of.arn} ${of.revision}`;
    let process = this.kept.get(key);
    this.kept.delete(key);
    if (process === undefined || process.isOver) process = this.start(of, surroundings());
    this.kept.set(key, process);
    for (const [name, oldest] of this.kept) {
      if (this.kept.size <= MAX_PROCESSES) break;
      if (oldest.isBusy) continue;
      oldest.end();
      this.kept.delete(name);
    }
    const context = {
      functionName: of.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: of.arn,
      awsRequestId: `${of.name}-${(this.count += 1)}`,
    };
    return await process.call(event, context, Math.min(of.timeout * 1000, HOOK_LIMIT));
  }

  /** Ends all processes and takes their files away. */
  close(): void {
    for (const process of this.kept.values()) process.end();
    this.kept.clear();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
    this.codes.clear();
  }

  private start(of: FunctionData, { region, url, credentials }: FunctionSurroundings): Kept {
    if (this.folder === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), 'stackade-functions-'));
      writeFileSync(join(this.folder, 'program.mjs'), PROGRAM);
    }
    return new Kept(join(this.folder, 'program.mjs'), this.codeOf(of, this.folder), of, {
      PATH: process.env['PATH'],
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: of.name,
      AWS_EXECUTION_ENV: `AWS_Lambda_${of.runtime}`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL: url,
      // Payloads of events lie in the sandbox, too.
      STACKADE_PAYLOAD_LOOPBACK: '1',
      ...of.environment,
    });
  }

  /** The folder with the code of a function, as read-only as that of AWS Lambda: it is shared. */
  private codeOf(of: FunctionData, below: string): string {
    const key = createHash('sha256')
      .update(`${fileOf(of)}\n`)
      .update(of.code)
      .digest('hex');
    let folder = this.codes.get(key);
    if (folder === undefined) {
      folder = join(below, key);
      writeCode(folder, of);
      this.codes.set(key, folder);
    }
    return folder;
  }
}

/** Where code goes that is a text. */
const fileOf = ({ handler }: FunctionData): string => `${handler.slice(0, handler.lastIndexOf('.'))}.js`;

function writeCode(folder: string, of: FunctionData): void {
  const { code } = of;
  mkdirSync(folder, { recursive: true });
  if (typeof code === 'string') {
    writeFileSync(join(folder, fileOf(of)), code);
    return;
  }
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(code);
  } catch (error) {
    throw new FunctionFailure(`the code is no zip archive: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const [name, bytes] of Object.entries(files)) {
    const file = resolve(folder, name);
    if (!file.startsWith(folder + sep)) throw new FunctionFailure(`the code has a file outside of its folder: ${name}`);
    if (name.endsWith('/')) mkdirSync(file, { recursive: true });
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}
