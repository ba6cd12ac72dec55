/** Patterns of paths: `*` and `?` within a name, `**` for any number of folders. Matching takes no more than quadratic time. */

/**
 * Makes a matcher of a pattern.
 *
 * @param pattern - Relative, with `/` between names. A pattern that matches a folder matches everything in it.
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
  return (path) => matchSequence(names, path.split('/'));
}

function matchSequence(pattern: readonly string[], path: readonly string[]): boolean {
  // reachable[i]: the first i names of the pattern match the names of the path that were looked at.
  let reachable = closure(pattern, new Set([0]));
  for (const name of path) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (at === pattern.length) continue;
      if (pattern[at] === '**') {
        next.add(at);
        if (at === pattern.length - 1) next.add(at + 1);
      } else if (matchName(pattern[at]!, name)) next.add(at + 1);
    }
    reachable = closure(pattern, next);
    if (reachable.has(pattern.length)) return true;
  }
  return false;
}

/** `**` may stand for no folder at all; at the end it stands for what is in a folder, so for one name at least. */
function closure(pattern: readonly string[], positions: Set<number>): Set<number> {
  for (const at of positions) if (pattern[at] === '**' && at < pattern.length - 1) positions.add(at + 1);
  return positions;
}

/** Whether a name matches a pattern of `*` and `?`; the last `*` alone is ever tried again. */
function matchName(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let index = 0; index < name.length;) {
    if (pattern[at] === '*') {
      star = at++;
      retry = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++retry;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
