/** The files that a guard command works on: which are taken, in what order, under what names. As cfn-guard 3.1.1 does (measured). */
import { existsSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compareText } from '../../guard/index.js';
import { pause } from './pause.js';

/** The command cannot be carried out: its message goes to stderr and the process exits with 255. */
export class GuardCommandError extends Error {}

/** Order of the entries of a folder. */
export type Order = 'alphabetical' | 'lastModified';

const RULE_EXTENSIONS = ['.guard', '.ruleset'];
const DATA_EXTENSIONS = ['.yaml', '.yml', '.json', '.jsn', '.template'];
const TEST_EXTENSIONS = ['.json', '.yaml', '.JSON', '.YAML', '.yml', '.jsn'];

const hasExtension = (path: string, extensions: readonly string[]): boolean =>
  extensions.some((extension) => path.endsWith(extension));

/** @throws GuardCommandError when there is nothing at the path. */
export function requirePath(path: string): void {
  if (!existsSync(path)) throw new GuardCommandError(`The path \`${path}\` does not exist`);
}

/** Runs a step on the file system. @throws GuardCommandError instead of the system's error. */
function reading<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new GuardCommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The files below a path, depth first; links to folders are followed only at the top. */
function walk(path: string, order: Order | 'found', followLinks = false): string[] {
  if (!reading(path, () => statSync(path)).isDirectory()) return [path];
  const entries = reading(path, () => readdirSync(path, { withFileTypes: true }));
  const times = new Map<string, number>();
  if (order === 'lastModified') {
    for (const { name } of entries) {
      times.set(name, statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    }
  }
  entries.sort((a, b) => (times.get(a.name) ?? 0) - (times.get(b.name) ?? 0) || compareText(a.name, b.name));
  return entries.flatMap((entry) => {
    // Joined as text: `path.join` would turn `./a` into `a`, and reports show paths as they were given.
    const full = path.endsWith('/') ? path + entry.name : `${path}/${entry.name}`;
    const kind = entry.isSymbolicLink() ? statSync(full, { throwIfNoEntry: false }) : entry;
    if (kind?.isFile() === true) return [full];
    if (kind?.isDirectory() !== true || (entry.isSymbolicLink() && !followLinks)) return [];
    return walk(full, order, followLinks);
  });
}

/** Rule files: those named directly whatever their extension, in folders `.guard` and `.ruleset`. */
export function ruleFiles(paths: readonly string[], order: Order): string[] {
  return paths.flatMap((path) => {
    requirePath(path);
    if (statSync(path).isFile()) return [path];
    return walk(path, order).filter((file) => hasExtension(file, RULE_EXTENSIONS));
  });
}

/** Data and parameter files: only those with a known extension, even when they are named directly. */
export function dataFiles(paths: readonly string[], order: Order): string[] {
  return paths.flatMap((path) => {
    requirePath(path);
    return walk(path, order).filter((file) => hasExtension(file, DATA_EXTENSIONS));
  });
}

/** Files of tests. */
export function testFiles(path: string, order: Order): string[] {
  if (statSync(path).isFile()) return [path];
  return walk(path, order, true).filter((file) => hasExtension(file, TEST_EXTENSIONS));
}

/** A rule file with the files of tests that belong to it. */
export interface TestedRuleFile {
  readonly path: string;
  /** Name without the extension: the name of its loose rule begins with it. */
  readonly stem: string;
  readonly tests: readonly string[];
}

/**
 * Pairs rule files of a folder with files in the folder `tests` beside them. A file of tests belongs to the first rule
 * file whose stem its name begins with.
 */
export function pairTests(folder: string): TestedRuleFile[] {
  const byFolder = new Map<string, { path: string; stem: string; tests: string[] }[]>();
  const others: string[] = [];
  for (const path of walk(folder, 'alphabetical', true)) {
    const match = /^(.*)\.(?:guard|ruleset)$/s.exec(basename(path));
    if (match === null) {
      others.push(path);
      continue;
    }
    const parent = parentOf(path);
    byFolder.set(parent, [...(byFolder.get(parent) ?? []), { path, stem: match[1]!, tests: [] }]);
  }
  for (const path of others) {
    const parent = parentOf(path);
    if (basename(parent) !== 'tests' || !hasExtension(path, ['.yaml', '.yml', '.json', '.jsn'])) continue;
    const name = basename(path);
    byFolder
      .get(parentOf(parent))
      ?.find(({ stem }) => name.startsWith(stem))
      ?.tests.push(path);
  }
  return [...byFolder].sort(([a], [b]) => compareText(a, b)).flatMap(([, files]) => files);
}

/** The path up to its last slash; Node's `dirname` would drop a leading `./`. */
function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, slash + 1) : path.slice(0, slash);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws GuardCommandError when the bytes are not UTF-8. */
function decode(name: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new GuardCommandError(`${name} is not UTF-8 text, or too large`);
  }
}

/** The text of a file. @throws GuardCommandError when it cannot be read or is not UTF-8. */
export function readText(path: string): string {
  const bytes = reading(path, () => readFileSync(path));
  return decode(path, bytes);
}

/** Everything on standard input, whatever it is: a file, a pipe, a socket or a terminal. */
export function readStandardInput(): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(1 << 16);
  for (;;) {
    const length = readChunk(chunk);
    if (length === 0) return decode('standard input', Buffer.concat(chunks));
    chunks.push(Buffer.from(chunk.subarray(0, length)));
  }
}

/** How many bytes were read; 0 at the end. */
function readChunk(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw new GuardCommandError(`standard input cannot be read: ${String(code)}`);
      pause();
    }
  }
}

/** The name under which reports show a data file. */
export function dataName(path: string): string {
  return reading(path, () => realpathSync(path));
}
