/** The folder of a build: written whole or not at all, and replaced only when nothing but a build is in it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { badOption, unwritable } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';

/** A file of a build, by its path inside the folder, with `/` between the parts. */
export interface BuildFile {
  readonly path: string;
  readonly text: string | Uint8Array;
}

/** The file that lists all files of a build of organization policies; by it a folder is known to be one. */
export const LIST_FILE = 'attachments.json';

/**
 * Looks whether a build can be written to a folder, before any work is done. Nothing is written yet.
 *
 * @param listFile - The file that lists all files of a build of this kind, under `files`.
 * @returns What writes the files. An older build goes away with all its documents, so that none is left that nobody
 *   chooses any more.
 * @throws InputError when the folder holds something else, or the folder above it does not exist.
 */
export function openBuildFolder(
  name: string,
  cwd: string,
  listFile: string = LIST_FILE,
): (files: readonly BuildFile[]) => void {
  const folder = resolve(cwd, name);
  const parent = dirname(folder);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) throw new InputError([unwritable(name, 'it is no folder')]);
  if (stats === undefined && !existsSync(parent)) {
    throw new InputError([unwritable(name, Object.assign(new Error(parent), { code: 'ENOENT' }))]);
  }
  const others = stats === undefined ? [] : foreignFiles(folder, listFile);
  if (others.length > 0) {
    const shown = others.slice(0, 5).map((each) => `\`${each}\``);
    const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : '';
    const message = `the folder \`${name}\` holds what is of no build: ${shown.join(', ')}${more}`;
    throw new InputError([badOption('--out', message, 'name a new folder; one that holds a build only is replaced')]);
  }
  return (files) => {
    try {
      replace(folder, files);
    } catch (error) {
      throw new InputError([unwritable(name, error)]);
    }
  };
}

/** What lies in a folder and is not of the build that lies there. */
function foreignFiles(folder: string, listFile: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const own = new Set(listedFiles(folder, listFile));
  return found.filter((file) => !own.has(file)).sort();
}

function listedFiles(folder: string, listFile: string): readonly string[] {
  try {
    const list = JSON.parse(readFileSync(join(folder, listFile), 'utf8')) as { readonly files?: unknown };
    return Array.isArray(list.files) ? list.files.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** Writes beside the folder and puts the whole in its place. */
function replace(folder: string, files: readonly BuildFile[]): void {
  const temporary = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  const fresh = join(temporary, 'new');
  const old = join(temporary, 'old');
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(fresh, path)), { recursive: true });
      writeFileSync(join(fresh, path), text);
    }
    const wasThere = existsSync(folder);
    if (wasThere) renameSync(folder, old);
    try {
      renameSync(fresh, folder);
    } catch (error) {
      if (wasThere) renameSync(old, folder);
      throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
