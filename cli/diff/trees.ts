/** Files of one side, wherever they are kept: on disk or in a commit. */
import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { unreadable } from '../check/diagnostics.js';
import { discover, shownPath, STDIN_NAME } from '../check/discover.js';
import { readFileText, STDIN } from '../check/read-file.js';
import { InputError } from '../input-error.js';

/** Some files, or one. */
export interface Tree {
  /** As messages and reports name it. */
  readonly name: string;
  /** Whether it is one file that was named, and no folder; `missing` when the commit has neither. */
  readonly kind: 'file' | 'folder' | 'missing';
  /** Paths from the folder on, with `/`; of one file its name. */
  readonly paths: readonly string[];
  /** How a file is called in messages. */
  readonly shown: (path: string) => string;
  /** The text of a file. @throws InputError when it cannot be read. */
  readonly read: (path: string) => string;
  /** A file that a template names, from the folder on, or from the folder of the file; `null` when it cannot be read. */
  readonly beside: (path: string) => { readonly name: string; readonly text: string } | null;
}

/** A file or folder on disk; `-` is standard input. */
export function fileTree(argument: string, cwd: string): Tree {
  if (argument === STDIN) return oneFile(STDIN, STDIN_NAME, cwd);
  const root = resolve(cwd, argument);
  const name = shownPath(argument, cwd);
  if (!existsSync(root)) throw new InputError([unreadable(name, Object.assign(new Error(name), { code: 'ENOENT' }))]);
  if (!statSync(root).isDirectory()) return oneFile(root, name, cwd);
  const found = discover([argument], { cwd });
  if (found.problems.length > 0) throw new InputError(found.problems.map(({ diagnostic }) => diagnostic));
  const below = (source: string): string => relative(root, source).split(sep).join('/');
  return {
    name,
    kind: 'folder',
    paths: found.files.map(({ source }) => below(source)),
    shown: (path) => (name === '.' ? path : `${name}/${path}`),
    read: (path) => textOf(resolve(root, path), `${name}/${path}`),
    beside: (path) => besideOn(root, path, cwd),
  };
}

function oneFile(path: string, name: string, cwd: string): Tree {
  return {
    ...{ name, kind: 'file', paths: [name], shown: () => name, read: () => textOf(path, name) },
    // Standard input has no files beside it.
    beside: (file) => (path === STDIN ? null : besideOn(dirname(path), file, cwd)),
  };
}

function besideOn(folder: string, path: string, cwd: string): { readonly name: string; readonly text: string } | null {
  const full = resolve(folder, path);
  if (!existsSync(full) || !statSync(full).isFile()) return null;
  const name = shownPath(full, cwd);
  const { text } = readFileText(full, name);
  return text === null ? null : { name, text };
}

function textOf(path: string, name: string): string {
  const { text, diagnostic } = readFileText(path, name);
  if (text === null) throw new InputError([diagnostic]);
  return text;
}
