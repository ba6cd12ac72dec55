/** Folders made for a test, and runs of the command in this process. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../../cli/check/main.js';
import type { CheckFlags } from '../../../cli/check/settings.js';
import { InputError } from '../../../cli/input-error.js';
import type { Terminal } from '../../../cli/terminal.js';
import type { Diagnostic, Report } from '../../../findings/index.js';

/** What a folder holds, by path: text, bytes, a link, or an empty folder. */
export type Contents = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

const made: string[] = [];

/** Makes a folder with these contents. `removeFolders` takes it away. */
export function folderOf(contents: Contents): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-check-')));
  made.push(folder);
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content === null) continue;
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, path);
    else writeFileSync(path, content);
  }
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a folder, the schema lint off. */
export async function check(
  folder: string,
  paths: readonly string[],
  flags: Partial<CheckFlags> = {},
  env: Terminal['env'] = {},
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const terminal: Terminal = {
    cwd: folder,
    env,
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      stdout += text;
    },
    tell: (text) => {
      stderr += text;
    },
  };
  const exitCode = await main(paths, { lint: false, format: 'json', ...flags }, terminal);
  return { exitCode, stdout, stderr };
}

/** The report of a run with format json. */
export function reportOf({ stdout }: Ran): Report {
  return JSON.parse(stdout) as Report;
}

/** The diagnostics with which a step refuses its input, as `line:column CODE message`. */
export function refusals(step: () => unknown): readonly string[] {
  try {
    step();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map((each) => shown(each, error.sources));
    throw error;
  }
  return [];
}

function shown({ code, message, location, help }: Diagnostic, sources: ReadonlyMap<string, string>): string {
  const words = `${code} ${message}${help === undefined ? '' : ` | ${help}`}`;
  const text = location === undefined ? undefined : sources.get(location.file);
  if (text === undefined || location === undefined) return words;
  const lines = text.slice(0, location.start).split('\n');
  return `${lines.length}:${lines.at(-1)!.length + 1} ${words}`;
}

/** A template without a finding. */
export const GOOD =
  'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: alias/topics\n';
/** A template with one finding of severity error. */
export const BAD = 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n';
