/** `stackade iam evaluate`: decides requests. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Command } from 'commander';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { printAnswer, Questions } from '../../iam/index.js';
import type { Reply } from '../../iam/index.js';
import { decodeUtf8 } from '../../template/index.js';
import { unreadable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { STDIN } from '../check/read-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, INCOMPLETE, strongest } from '../exit-codes.js';
import { pause } from '../guard/pause.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readText } from './input.js';

interface EvaluateFlags {
  readonly batch?: string;
  readonly unknownContext?: true;
  readonly outputFile?: string;
}

/**
 * Adds `evaluate` to `iam`.
 *
 * Sets the exit code: 0 when every request was decided, whatever the decisions; 3 when one is UNDETERMINED; 2 when an
 * input cannot be read, and in a batch when a line cannot.
 */
export function registerEvaluate(parent: Command): void {
  const command = parent
    .command('evaluate')
    .description('decides a request by the policies that apply to it')
    .argument('[request]', 'JSON file with a request and its policies; - reads standard input')
    .option('--batch <file>', 'JSON lines file with many of them, or -; answers come in order, one on each line')
    .option('--unknown-context', 'count condition keys that are not given as unknown instead of absent')
    .option('--output-file <file>', 'write the answers to a file')
    .action(async (request: string | undefined, flags: EvaluateFlags) => {
      if ((request === undefined) === (flags.batch === undefined)) {
        command.error('error: give either a request file or --batch FILE', { exitCode: BAD_INPUT });
      }
      process.exitCode = await runEvaluate(request, flags);
    });
}

/** @returns The exit code. */
export async function runEvaluate(
  request: string | undefined,
  { batch, unknownContext, outputFile }: EvaluateFlags,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  const asker = new Asker(unknownContext === true);
  try {
    const file = outputFile === undefined ? undefined : openOutputFile(outputFile, terminal.cwd);
    const kept: string[] = [];
    const print = file === undefined ? terminal.print.bind(terminal) : (text: string) => void kept.push(text);
    const code =
      batch === undefined
        ? await evaluateOne(request ?? STDIN, asker, print)
        : await evaluateBatch(batch, asker, print, terminal);
    file?.write(kept.join(''));
    return code;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** Says that a decision needs to know on which actions RCPs act. */
class ScopeNeeded extends Error {}

/** Asks questions; the catalogue, which takes time to load, is loaded for the first decision with RCPs. */
class Asker {
  private rcpApplies: ((action: string) => boolean) | undefined;
  private readonly questions: Questions;

  constructor(unknownContext: boolean) {
    this.questions = new Questions({
      unknownContext,
      rcpApplies: (action) => {
        if (this.rcpApplies === undefined) throw new ScopeNeeded();
        return this.rcpApplies(action);
      },
    });
  }

  /** @returns `undefined` when {@link loadScope} must come first; the question can be asked again. */
  take(text: string, file: string): Reply | undefined {
    try {
      return this.questions.take(text, file);
    } catch (error) {
      if (error instanceof ScopeNeeded) return undefined;
      throw error;
    }
  }

  /** Loads what is missing, and asks again. */
  async loadScope(text: string, file: string): Promise<Reply> {
    ({ rcpApplies: this.rcpApplies } = await import('./rcp-scope.js'));
    return this.questions.take(text, file);
  }
}

type Print = (text: string) => void;

async function evaluateOne(path: string, asker: Asker, print: Print): Promise<number> {
  const { name, text } = readText(path);
  const reply = asker.take(text, name) ?? (await asker.loadScope(text, name));
  switch (reply.kind) {
    case 'refused':
      throw new InputError(reply.diagnostics, new Map([[name, text]]));
    case 'silent':
      throw new InputError([noRequest(name)]);
    case 'answer':
      print(`${JSON.stringify(JSON.parse(printAnswer(reply.name, reply.evaluation)), null, 2)}\n`);
      return reply.evaluation.decision === 'UNDETERMINED' ? INCOMPLETE : CLEAN;
  }
}

const noRequest = (file: string): Diagnostic => ({
  code: 'IAM1101',
  severity: 'error',
  message: `\`${file}\` holds no request`,
  help: 'write `{"request": {…}, "policies": {…}}`; sets of policies are for --batch',
});

/** Answers are gathered up to this length before they are written. */
const BUFFER_LENGTH = 1 << 16;
/** Of so many refused lines the faults are told; the others are counted. */
const MOST_TOLD = 100;

async function evaluateBatch(path: string, asker: Asker, print: Print, terminal: Terminal): Promise<number> {
  const name = path === STDIN ? '<stdin>' : path;
  const codes = new Set([CLEAN]);
  let pending = '';
  let refused = 0;
  for (const [number, line] of linesOf(path, name)) {
    const reply: Reply =
      typeof line === 'string'
        ? (asker.take(line, name) ?? (await asker.loadScope(line, name)))
        : { kind: 'refused', diagnostics: [line] };
    if (reply.kind === 'answer') {
      if (reply.evaluation.decision === 'UNDETERMINED') codes.add(INCOMPLETE);
      pending += printAnswer(reply.name, reply.evaluation);
      pending += '\n';
      if (pending.length >= BUFFER_LENGTH) {
        print(pending);
        pending = '';
      }
    } else if (reply.kind === 'refused') {
      codes.add(BAD_INPUT);
      refused++;
      if (refused <= MOST_TOLD) {
        tellLine(reply.diagnostics, number, typeof line === 'string' ? line : '', name, terminal);
      }
    }
  }
  if (pending !== '') print(pending);
  if (refused > 0) {
    const lines = refused === 1 ? '1 line was' : `${refused} lines were`;
    terminal.tell(`${lines} not answered${refused > MOST_TOLD ? `; the first ${MOST_TOLD} are told above` : ''}\n`);
  }
  return strongest(codes);
}

/** Tells the faults of a line with its number, although the rest of the file is not kept. */
function tellLine(
  diagnostics: readonly Diagnostic[],
  number: number,
  line: string,
  name: string,
  terminal: Terminal,
): void {
  const before = number - 1;
  const move = ({ start, end }: SourceRange): SourceRange => ({ file: name, start: before + start, end: before + end });
  const placed = diagnostics.map(
    ({ location = { file: name, start: 0, end: 0 }, labels = [], ...rest }): Diagnostic => ({
      ...rest,
      location: move(location),
      labels: labels.map(({ range, text }) => ({ range: move(range), text })),
    }),
  );
  tellDiagnostics(placed, new Map([[name, '\n'.repeat(before) + line]]), terminal);
}

/** A file is read in pieces of this size. */
const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * The lines of a file with their numbers, from 1 on, without their ends; a line that is not UTF-8 comes as a diagnostic.
 *
 * @throws InputError when the file cannot be read.
 */
function* linesOf(path: string, name: string): Generator<readonly [number: number, line: string | Diagnostic]> {
  const descriptor = path === STDIN ? 0 : attempt(name, () => openSync(path, 'r'));
  try {
    let number = 0;
    let rest: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const count = attempt(name, () => readChunk(descriptor, chunk));
      const bytes = chunk.subarray(0, count);
      const last = bytes.lastIndexOf(NEWLINE);
      if (count > 0 && last < 0) {
        rest.push(bytes);
        continue;
      }
      const whole = Buffer.concat([...rest, count === 0 ? bytes : bytes.subarray(0, last)]);
      rest = count === 0 ? [] : [bytes.subarray(last + 1)];
      for (const line of splitLines(whole, name)) yield [++number, line];
      if (count === 0) return;
    }
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function* splitLines(bytes: Buffer, name: string): Generator<string | Diagnostic> {
  const { text } = decodeUtf8(bytes, name);
  if (text !== null) {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      yield trimmed(text.slice(start, end));
      start = end + 1;
    }
    yield trimmed(text.slice(start));
    return;
  }
  // Only the lines at fault are refused.
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); ; at = bytes.indexOf(NEWLINE, start)) {
    const line = decodeUtf8(bytes.subarray(start, at < 0 ? bytes.length : at), name);
    yield line.text === null ? line.diagnostic : trimmed(line.text);
    if (at < 0) return;
    start = at + 1;
  }
}

const CARRIAGE_RETURN = 13;

const trimmed = (line: string): string =>
  line.charCodeAt(line.length - 1) === CARRIAGE_RETURN ? line.slice(0, -1) : line;

function attempt<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new InputError([unreadable(name, error)]);
  }
}

/** @returns The number of bytes read; 0 at the end. */
function readChunk(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      // Standard input may be set not to block: then there is nothing to read just now.
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}
