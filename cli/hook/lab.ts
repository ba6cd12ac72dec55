/**
 * The hook as AWS Lambda would run it: the built function in a fresh process, with a limit on its time and figures of what it
 * took, and payloads behind addresses. What is the same in AWS is the code, the bundle and the events; what is not is the
 * machine, the network and the permissions.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Verdict } from '../../findings/index.js';
import { packBundle } from '../../hooks/bundle/index.js';
import type { HookAnswer, HookBundle } from '../../hooks/lambda/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { packageRoot } from '../version.js';
import type { LocalEvent } from './events.js';

/** What one event came to. */
export interface LabAnswer {
  /** `null`: the function gave none, and CloudFormation would count the hook as failed. */
  readonly answer: HookAnswer | null;
  readonly rules: Readonly<Record<string, Verdict>>;
  /** Of the first event since the process began. */
  readonly figures: {
    readonly milliseconds: number;
    readonly processorMilliseconds: number;
    readonly peakBytes: number;
  } | null;
}

/** CloudFormation waits 30 seconds for a hook (AWS CloudFormation Hooks User Guide, "Hooks concepts"). */
const PATIENCE = 30_000;

/**
 * Runs the built function on events, one after the other in one process, as Lambda does while a function stays warm.
 *
 * @throws InputError when the function was not built.
 */
export async function runInLab(
  events: readonly LocalEvent[],
  bundle: HookBundle,
  region: string | undefined,
): Promise<readonly LabAnswer[]> {
  const runner = join(packageRoot(), 'dist', 'hook', 'run.mjs');
  if (!existsSync(runner)) {
    const help = 'build it with `npm run build`, or decide in this process with --in-process';
    throw new InputError([badOption('hook invoke', 'the function of the hook was not built', help)]);
  }
  const folder = mkdtempSync(join(tmpdir(), 'stackade-hook-'));
  const payloads = await servePayloads(events);
  try {
    const { text, digest } = packBundle(bundle);
    const file = join(folder, 'bundle.jsonl');
    writeFileSync(file, text);
    // The environment is what the function's configuration would be, and nothing else of this process.
    const environment = {
      STACKADE_BUNDLE_FILE: file,
      STACKADE_BUNDLE_DIGEST: digest,
      STACKADE_PAYLOAD_LOOPBACK: '1',
      STACKADE_LOG_VERDICTS: '1',
      ...(region !== undefined && { AWS_REGION: region }),
    };
    return await runAll(runner, environment, events.map(payloads.addressed));
  } finally {
    payloads.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts payloads behind addresses of this machine. */
async function servePayloads(events: readonly LocalEvent[]): Promise<{
  readonly addressed: (event: LocalEvent, index: number) => unknown;
  readonly close: () => void;
}> {
  if (events.every(({ payload }) => payload === null)) {
    return { addressed: ({ event }) => event, close: () => undefined };
  }
  const server = createServer((request, response) => {
    const payload = events[Number(request.url?.slice(1))]?.payload;
    if (typeof payload === 'string') response.end(payload);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    addressed: ({ event, payload }, index) =>
      payload === null ? event : withAddress(event, `http://127.0.0.1:${port}/${index}`),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The event with another address of its payload; keys in any case of letters stay as they are. */
function withAddress(event: unknown, address: string): unknown {
  const put = (value: unknown, name: string, change: (before: unknown) => unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const isIt = (key: string): boolean => key.toLowerCase() === name.toLowerCase();
    if (!entries.some(([key]) => isIt(key))) return value;
    return Object.fromEntries(entries.map(([key, each]): [string, unknown] => [key, isIt(key) ? change(each) : each]));
  };
  return put(event, 'requestData', (data) => put({ payload: null, ...(data as object) }, 'payload', () => address));
}

async function runAll(
  runner: string,
  environment: Readonly<Record<string, string>>,
  events: readonly unknown[],
): Promise<readonly LabAnswer[]> {
  const child = spawn(process.execPath, [runner, '--figures'], { env: environment, stdio: 'pipe' });
  const answers = lines(child.stdout);
  const log = lines(child.stderr);
  const ended = new Promise<void>((done) => void child.on('close', done).on('error', done));
  child.stdin.on('error', () => undefined);
  const results: LabAnswer[] = [];
  for (const event of events) {
    child.stdin.write(`${JSON.stringify(event)}\n`);
    const answer = await within(PATIENCE, answers.next());
    if (answer === null) {
      results.push({ answer: null, rules: {}, figures: null });
      continue;
    }
    results.push({ answer: JSON.parse(answer) as HookAnswer, ...(await toldOf(log)) });
  }
  child.stdin.end();
  if (
    (await within(
      1_000,
      ended.then(() => ''),
    )) === null
  ) {
    child.kill('SIGKILL');
  }
  return results;
}

/** Reads the log up to the figures of one event. */
async function toldOf(log: { next: () => Promise<string | null> }): Promise<Pick<LabAnswer, 'rules' | 'figures'>> {
  let rules: LabAnswer['rules'] = {};
  for (;;) {
    const line = await log.next();
    if (line === null) return { rules, figures: null };
    const entry = parsed(line);
    if (entry?.['event'] === 'decided') rules = (entry['rules'] ?? {}) as LabAnswer['rules'];
    if (entry?.['event'] !== 'figures') continue;
    const of = (name: string): number => Number(entry[name]);
    const [clock, processor] = isFirst(entry)
      ? ['milliseconds', 'processorMilliseconds']
      : ['eventMilliseconds', 'eventProcessorMilliseconds'];
    const figures = { milliseconds: of(clock), processorMilliseconds: of(processor), peakBytes: of('peakBytes') };
    return { rules, figures };
  }
}

/** The first event waits for the start of the process, too. */
function isFirst(entry: Readonly<Record<string, unknown>>): boolean {
  return entry['first'] === true;
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

/** Lines as they come; `null` when there are no more. */
function lines(stream: NodeJS.ReadableStream): { next: () => Promise<string | null> } {
  const iterator = createInterface({ input: stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await iterator.next();
      return result.done === true ? null : result.value;
    },
  };
}

/** What comes within some time; `null` when it does not. */
async function within(milliseconds: number, work: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>(
    (done) =>
      (timer = setTimeout(() => {
        done(null);
      }, milliseconds)),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
