/**
 * Files of a commit, read by `git` (https://git-scm.com/docs). The program is started without a shell; names of commits are
 * resolved to object ids first, so that none of them is ever taken for an option or a range.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { posix, resolve, sep } from 'node:path';
import { decodeUtf8 } from '../../template/index.js';
import { badOption, tooLarge } from '../check/diagnostics.js';
import { hasExtension, TEMPLATE_EXTENSIONS } from '../check/discover.js';
import { MAX_BYTES } from '../check/read-file.js';
import { InputError } from '../input-error.js';
import type { Tree } from './trees.js';

/** What a name of a commit may look like; stricter than git, which allows nearly everything. */
const REF = /^[A-Za-z0-9_@][\w./@{}^~+-]*$/;

/** Most that git is let to answer at once. */
const MOST_OUTPUT = 512 * 1024 * 1024;

function refuse(ref: string, message: string, help?: string): InputError {
  return new InputError([badOption('git', `${message}: \`${ref}\``, help)]);
}

function git(args: readonly string[], cwd: string, input?: string): Buffer {
  return execFileSync('git', ['--no-pager', '--literal-pathspecs', ...args], {
    cwd,
    input: input ?? '',
    maxBuffer: MOST_OUTPUT,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Nothing is fetched and nothing is asked for.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
  });
}

function commitOf(ref: string, cwd: string): string {
  if (!REF.test(ref) || ref.includes('..')) {
    throw refuse(ref, 'no name of a commit', 'write the name of a branch or tag, or the id of a commit');
  }
  try {
    return git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], cwd)
      .toString('utf8')
      .trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw refuse(ref, 'git is not installed, to read');
    throw refuse(ref, 'there is no such commit here', 'fetch it, or check the name and the working directory');
  }
}

/** The two commits of `OLD..NEW`. @throws InputError */
export function commitsOf(refs: string, cwd: string): readonly [string, string] {
  const [from, to, ...more] = refs.split('..');
  if (from === undefined || from === '' || to === undefined || to === '' || to.startsWith('.') || more.length > 0) {
    throw refuse(refs, 'not of the form OLD..NEW', 'write two names of commits with two dots between them');
  }
  // Both are looked up before anything is read.
  for (const ref of [from, to]) commitOf(ref, cwd);
  return [from, to];
}

/** `REF:PATH` taken apart; `null` for what is there as a file, or has no colon. */
export function splitRef(argument: string, cwd: string): { readonly ref: string; readonly path: string } | null {
  const colon = argument.indexOf(':');
  // A single letter before a colon is a drive.
  if (colon < 2 || existsSync(resolve(cwd, argument))) return null;
  return { ref: argument.slice(0, colon), path: argument.slice(colon + 1) };
}

interface Entry {
  readonly id: string;
  readonly size: number;
}

/** The files of what `git ls-tree` lists, by path. */
function entriesOf(listed: Buffer): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const line of listed.toString('utf8').split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line);
    if (match !== null) entries.set(match[3]!, { id: match[1]!, size: Number(match[2]) });
  }
  return entries;
}

/** A file or folder of a commit. @throws InputError when there is no such commit. */
export function gitTree(ref: string, path: string, cwd: string): Tree {
  const commit = commitOf(ref, cwd);
  const prefix = git(['rev-parse', '--show-prefix'], cwd).toString('utf8').trim();
  const wanted = posix.normalize(posix.join(prefix, path.split(sep).join('/'))).replace(/\/$/, '');
  if (wanted.startsWith('..')) throw refuse(path, 'a path outside of the repository');
  const root = wanted === '.' ? '' : wanted;
  const listed = git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, ...(root === '' ? [] : ['--', root])], cwd);
  const entries = entriesOf(listed);
  const name = `${ref}:${path}`;
  const isFile = entries.size === 1 && entries.has(root);
  const below = (full: string): string => (root === '' ? full : full.slice(root.length + 1));
  const paths = isFile
    ? [path]
    : [...entries.keys()].map(below).filter((each) => hasExtension(each, TEMPLATE_EXTENSIONS));
  const shown = (of: string): string => (isFile ? name : `${name}/${of}`);
  const blob = (id: string, size: number, called: string): string => {
    if (size > MAX_BYTES) throw new InputError([tooLarge(called, MAX_BYTES, size)]);
    return textOf(git(['cat-file', 'blob', id], cwd), called);
  };
  return {
    name,
    kind: isFile ? 'file' : entries.size === 0 ? 'missing' : 'folder',
    paths: paths.sort(),
    shown,
    read: (of) => {
      const { id, size } = entries.get(isFile ? root : root === '' ? of : `${root}/${of}`)!;
      return blob(id, size, shown(of));
    },
    beside: (of) => {
      const full = posix.normalize(posix.join(isFile ? posix.dirname(root) : root, of));
      if (full.startsWith('..') || posix.isAbsolute(full)) return null;
      const found = entriesOf(git(['ls-tree', '-z', '-l', '--full-tree', commit, '--', full], cwd)).get(full);
      const called = `${ref}:${full}`;
      return found === undefined || found.size > MAX_BYTES ? null : { name: called, text: blob(found.id, 0, called) };
    },
  };
}

function textOf(bytes: Buffer, name: string): string {
  const { text, diagnostic } = decodeUtf8(bytes, name);
  if (text === null) throw new InputError([diagnostic]);
  return text;
}
