/** Checks that one line of Markdown is plain text and code spans: what is left after escapes must not be syntax. */

/** @throws Error that shows what a Markdown reader would take as markup. */
export function assertPlainMarkdown(markdown: string): void {
  if (markdown.includes('\n')) throw new Error('a line break');
  // Left to right, as a Markdown reader goes: escapes, entities, and the comments and tags that escaping adds.
  const rest = withoutCode(markdown).replace(
    /\\?[@#]<!-- -->|\\[!-/:-@[-`{-~]|&(?:amp|lt|gt|quot|apos|vert);|<\/?code>/g,
    'x',
  );
  const active = /[*_[\]<>|~$\\`&@]|#\d|:\/\/|www\./i.exec(rest) ?? /^\s*(?:[#+=-]|\d+[.)])/.exec(rest);
  if (active) throw new Error(`${JSON.stringify(active[0])} is active in ${JSON.stringify(markdown)}`);
}

/** Code spans as CommonMark finds them: a run of backticks up to the next run of the same length. */
function withoutCode(markdown: string): string {
  let rest = '';
  let at = 0;
  while (at < markdown.length) {
    if (markdown[at] === '\\' && at + 1 < markdown.length) {
      rest += markdown.slice(at, at + 2);
      at += 2;
      continue;
    }
    const run = /^`+/.exec(markdown.slice(at))?.[0];
    if (run === undefined) {
      rest += markdown[at]!;
      at += 1;
      continue;
    }
    const after = markdown.slice(at + run.length);
    const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(after);
    if (!close) throw new Error(`a code span is left open in ${JSON.stringify(markdown)}`);
    if (after.slice(0, close.index).includes('|')) throw new Error('a pipe in a code span');
    rest += 'x';
    at += run.length + close.index + run.length;
  }
  return rest;
}
