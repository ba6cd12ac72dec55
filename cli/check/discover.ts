/**
 * Which files are looked at. In folders: `.yaml`, `.yml`, `.json` and `.template` files at any depth, hidden ones too.
 * Two folders are not searched unless they are named: `.git` holds no sources, and `node_modules` those of others.
 */
import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { isAbsolute, normalize, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../../findings/index.js';
import { notRegular, unreadable } from './diagnostics.js';
import { STDIN } from './read-file.js';

/** A file to look at. */
export interface InputFile {
  /** What to open. */
  readonly source: string;
  /** Its name in reports. */
  readonly path: string;
  /** Named by the user, so never skipped. */
  readonly named: boolean;
}

/** Something in a folder that is not checked, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** A path that cannot be looked at, and why. */
export interface Problem {
  readonly path: string;
  readonly diagnostic: Diagnostic;
}

export interface Discovery {
  /** In order of their paths, each file once. */
  readonly files: readonly InputFile[];
  readonly skipped: readonly Skipped[];
  readonly problems: readonly Problem[];
}

export interface DiscoverOptions {
  readonly cwd: string;
  /** Whether a file or folder, by its absolute path, is left out. Does not ask about what is named. `@default` nothing is */
  readonly isExcluded?: (path: string) => boolean;
  /** `@default` those of templates */
  readonly extensions?: readonly string[];
}

export const TEMPLATE_EXTENSIONS: readonly string[] = ['.yaml', '.yml', '.json', '.template'];

const NOT_SEARCHED = new Set(['.git', 'node_modules']);

/** Whether the name ends as one of the extensions, in any case. */
export function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(extension));
}

/** The name of standard input in reports. */
export const STDIN_NAME = '<stdin>';

/** How a path is shown: below the working directory relative to it, elsewhere as given; always with `/`. */
export function shownPath(path: string, cwd: string): string {
  const normal = normalize(path);
  const inside = isAbsolute(normal) ? relative(cwd, normal) : normal;
  const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  const shown = outside ? normal : inside;
  const trimmed = shown.length > 1 && shown.endsWith(sep) ? shown.slice(0, -1) : shown;
  return (trimmed === '' ? '.' : trimmed).replaceAll(sep, '/');
}

/** Finds the files below paths. What cannot be looked into is told as a problem; the rest is found all the same. */
export function discover(paths: readonly string[], options: DiscoverOptions): Discovery {
  const search = new Search(options);
  for (const path of paths) search.name(path);
  return search.result();
}

/** Texts in the order of their UTF-16 code units, which does not depend on the user's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Search {
  /** By real path, so that a file that two paths lead to is checked once. */
  private readonly files = new Map<string, InputFile & { readonly linked: boolean }>();
  private readonly folders = new Set<string>();
  private readonly skipped: Skipped[] = [];
  private readonly problems: Problem[] = [];
  /** Links to folders are followed after everything else, so that a file is reported under its own name. */
  private readonly links: (readonly [path: string, shown: string])[] = [];
  private readonly extensions: readonly string[];
  private followingLinks = false;

  constructor(private readonly options: DiscoverOptions) {
    this.extensions = options.extensions ?? TEMPLATE_EXTENSIONS;
  }

  name(given: string): void {
    if (given === STDIN) {
      this.files.set(STDIN, { source: STDIN, path: STDIN_NAME, named: true, linked: false });
      return;
    }
    const path = resolve(this.options.cwd, given);
    const shown = shownPath(given, this.options.cwd);
    const stats = this.stat(path, shown);
    if (stats === null) return;
    if (stats.isDirectory()) this.folder(path, shown);
    else this.add(path, shown, true);
  }

  result(): Discovery {
    this.followingLinks = true;
    for (let next = this.links.shift(); next !== undefined; next = this.links.shift()) this.folder(...next);
    return {
      files: [...this.files.values()]
        .map(({ source, path, named }) => ({ source, path, named }))
        .sort((a, b) => compareText(a.path, b.path)),
      skipped: this.skipped,
      problems: this.problems,
    };
  }

  private stat(path: string, shown: string): Stats | null {
    try {
      return statSync(path);
    } catch (error) {
      this.problems.push({ path: shown, diagnostic: unreadable(shown, error) });
      return null;
    }
  }

  private folder(path: string, shown: string): void {
    let entries: Dirent[];
    try {
      const real = realpathSync(path);
      if (this.folders.has(real)) return;
      this.folders.add(real);
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.problems.push({ path: shown, diagnostic: unreadable(shown, error) });
      return;
    }
    entries.sort((a, b) => compareText(a.name, b.name));
    for (const entry of entries) {
      this.entry(
        entry,
        resolve(path, entry.name),
        shown === '.' ? entry.name : `${shown.replace(/\/$/, '')}/${entry.name}`,
      );
    }
  }

  private entry(entry: Dirent, path: string, shown: string): void {
    const wanted = hasExtension(entry.name, this.extensions);
    const linked = entry.isSymbolicLink();
    // A link that leads nowhere is a file that cannot be read if its name is that of a template.
    const kind = linked && !wanted ? statOrNull(path) : linked ? this.stat(path, shown) : entry;
    if (kind === null) return;
    if (kind.isDirectory()) {
      if (NOT_SEARCHED.has(entry.name)) this.skipped.push({ path: shown, reason: 'not searched unless named' });
      else if (this.options.isExcluded?.(path) === true) this.skipped.push({ path: shown, reason: 'excluded' });
      else if (linked) this.links.push([path, shown]);
      else this.folder(path, shown);
      return;
    }
    if (!wanted) return;
    if (this.options.isExcluded?.(path) === true) this.skipped.push({ path: shown, reason: 'excluded' });
    else if (kind.isFile()) this.add(path, shown, false, linked || this.followingLinks);
    else this.problems.push({ path: shown, diagnostic: notRegular(shown) });
  }

  private add(path: string, shown: string, named: boolean, linked = false): void {
    const real = realPathOf(path);
    const known = this.files.get(real);
    const better = known === undefined || (!known.named && (named || (known.linked && !linked)));
    if (better) this.files.set(real, { source: path, path: shown, named, linked });
  }
}

/** A pipe such as that of `<(command)` has a path to open and no real path. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
