/** The parts of a Markdown page that tests look at: headings, fenced blocks, links. */

/** A fenced block. */
export interface Block {
  /** First word after the fence, such as `yaml`. */
  readonly language: string;
  /** Second word after the fence: the name of the file that the block shows. */
  readonly file: string | null;
  /** What stands between the fences, every line with its end. */
  readonly text: string;
  /** The title of the section (`##`) that it stands in. */
  readonly section: string;
  /** Number of the line of its first fence, from 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Page {
  /** The heading of the first level. */
  readonly title: string;
  /** Headings of the second level, in order. */
  readonly sections: readonly string[];
  /** Names of all headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** The text without fenced blocks. */
  readonly prose: string;
}

const FENCE = /^(`{3,})([^`]*)$/;

/** Reads a page. @throws an Error when a block is not closed. */
export function readPage(markdown: string): Page {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const sections: string[] = [];
  const slugs = new Map<string, number>();
  const anchors = new Set<string>();
  const prose: string[] = [];
  let title = '';
  let section = '';
  let open: { fence: string; info: string; line: number; text: string[] } | null = null;
  markdown.split('\n').forEach((text, index) => {
    const line = index + 1;
    if (open !== null) {
      if (text !== open.fence) {
        open.text.push(`${text}\n`);
        return;
      }
      const [language = '', file = null] = open.info.split(/\s+/);
      blocks.push({ language, file, text: open.text.join(''), section, line: open.line });
      open = null;
      return;
    }
    const fence = FENCE.exec(text);
    if (fence !== null) {
      open = { fence: fence[1]!, info: fence[2]!.trim(), line, text: [] };
      return;
    }
    prose.push(text);
    const heading = /^(#{1,6}) (.*)$/.exec(text);
    if (heading !== null) {
      const [, marks, words] = heading as unknown as readonly [string, string, string];
      if (marks === '#' && title === '') title = words;
      if (marks === '##') sections.push((section = words));
      const slug = slugOf(words);
      const count = slugs.get(slug) ?? 0;
      slugs.set(slug, count + 1);
      anchors.add(count === 0 ? slug : `${slug}-${count}`);
    }
    for (const target of targetsOf(text)) links.push({ target, line });
  });
  const unclosed = open as { line: number } | null;
  if (unclosed !== null) throw new Error(`the block of line ${unclosed.line} is not closed`);
  return { title, sections, anchors, blocks, links, prose: prose.join('\n') };
}

/** The name that GitHub gives to a heading. */
function slugOf(words: string): string {
  return words
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Targets of the links and images of a line; what stands in code is none. */
function targetsOf(line: string): readonly string[] {
  const words = line.replace(/(`+)(?:(?!\1).)*\1/g, '');
  const inline = [...words.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1]!);
  const definition = /^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/.exec(words);
  return definition === null ? inline : [...inline, definition[1]!];
}
