/**
 * Escaping of foreign text, for every place that a reporter writes to.
 *
 * Names, values and messages come from templates and rule files, so an attacker may have chosen them. Nothing of
 * theirs may move a cursor, hide or reorder what is printed, start a command of the CI system that reads the log, or
 * become markup. Two layers: `visible` removes what no output may carry; one function per format removes what
 * that format would read as its own syntax.
 */

/**
 * Code points that print as nothing or change how their neighbours print: controls (C0, DEL, C1), format characters
 * (bidirectional overrides and isolates, zero-width characters, tags), line and paragraph separators, variation
 * selectors, lone surrogates and noncharacters. Classes are those of the Unicode Character Database.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Nothing but printable ASCII: the usual case, and much faster to find out than the classes above. */
const PRINTABLE = /^[ -~]*$/;

/**
 * `##[…]`, `##vso[…]` and `##teamcity[…]`: GitHub's runner, Azure Pipelines and TeamCity take them as commands wherever
 * they stand in a line of the log.
 */
const LOG_COMMAND = /##(?=\w*\[)/g;

// eslint-disable-next-line no-control-regex -- colour codes of our own may stand before the text
const LEADING_COLONS = /^((?:\s|\x1b\[\d+m)*)::/;

const SHORT_FORMS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeSequence(character: string): string {
  const short = SHORT_FORMS[character];
  if (short !== undefined) return short;
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** One line of text with everything unsafe spelled out, such as `\u202e` or `\n`. The base of all other functions. */
export function visible(text: string): string {
  const safe = PRINTABLE.test(text) ? text : text.replace(UNSAFE, escapeSequence);
  return safe.includes('##') ? safe.replace(LOG_COMMAND, '#\\#') : safe;
}

/**
 * The lines of a text, each made {@link visible}; a tab becomes two spaces. GitHub's runner takes a line whose first
 * characters are `::` as a command, so a backslash is set before them.
 */
export function visibleLines(text: string): string[] {
  return text
    .split(/\r\n|[\r\n]/)
    .map((line) => visible(line.replaceAll('\t', '  ')).replace(LEADING_COLONS, '$1\\::'));
}

/** Output that consists of whole log lines, none of which is a command after its parts were put together. */
export function logLines(lines: readonly string[]): string {
  return lines
    .map((line) => `${line.replace(LOG_COMMAND, '#\\#').replace(LEADING_COLONS, '$1\\::').trimEnd()}\n`)
    .join('');
}

/**
 * What would move a cursor, start a command of the terminal or reorder a line: controls but for line breaks, tabs and the
 * colours that we print ourselves (ECMA-48, 8.3.117), and direction changes.
 */
const STEERING =
  // eslint-disable-next-line no-control-regex -- these are the characters looked for
  /\x1b(?!\[(?:(?:[0-7]|2[2-7]|[349]\d)m|K))|\r(?!\n|\x1b\[K)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * The last guard of a stream that a person may look at, behind the escaping of every format. It spells out in the way of
 * JSON, so that a JSON text keeps its meaning.
 */
export function withoutSteering(text: string): string {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * JSON whose text holds no unsafe character: they stand as `\uXXXX`, which every JSON parser reads back.
 *
 * @param value - Plain data.
 * @returns Indented JSON with a final newline.
 */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.split('\n').map(safeJson).join('\n')}\n`;
}

/** The same on one line and without a line break, for output that is put together piece by piece. */
export function jsonLine(value: unknown): string {
  return safeJson(JSON.stringify(value));
}

function safeJson(line: string): string {
  const safe = PRINTABLE.test(line) ? line : line.replace(UNSAFE, jsonEscape);
  return safe.includes('##') ? safe.replace(LOG_COMMAND, '#\\u0023') : safe;
}

function jsonEscape(character: string): string {
  let escaped = '';
  for (let unit = 0; unit < character.length; unit += 1) {
    escaped += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function markupEntities(text: string): string {
  return text.replace(/[&<>"']/g, (character) => XML_ENTITIES[character]!);
}

/** Text for an XML 1.0 attribute. Characters that XML forbids have become visible escapes. */
export function xmlAttribute(text: string): string {
  return markupEntities(visible(text));
}

/** Text for XML 1.0 character data; line breaks stay. */
export function xmlText(text: string): string {
  return markupEntities(visibleLines(text).join('\n'));
}

/** Text for HTML inside Markdown. An empty comment after `@` keeps it from calling a person. */
export function htmlText(text: string): string {
  return markupEntities(visible(text)).replaceAll('@', '@<!-- -->');
}

/**
 * Text for Markdown (GitHub Flavored Markdown, also inside a table cell) that stays plain text: no emphasis, link,
 * automatic link, image, HTML, mention or reference.
 */
export function markdownText(text: string): string {
  return (
    visible(text)
      .replace(/[\\`*_[\]~$]/g, '\\$&')
      // What starts a heading, list, rule or workflow command at the beginning of a paragraph.
      .replace(/^(\s*)([#+=:-])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])/, '$1\\$2')
      // What makes an automatic link.
      .replace(/:(?=\/\/)/g, '\\:')
      .replace(/(www)\./gi, '$1\\.')
      .replace(/[&<>"'|]/g, (character) => (character === '|' ? '&vert;' : XML_ENTITIES[character]!))
      // Mentions and issue references are found in the finished text, where escapes are gone; a comment parts it.
      .replace(/@|#(?=\d)/g, '$&<!-- -->')
  );
}

/** Text as a Markdown code span, also inside a table cell; `''` gives `''`. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  if (shown.trim() === '') return '';
  // A pipe ends a table cell even inside a code span, and how a backslash before it is read differs.
  if (shown.includes('|')) return `<code>${markdownText(text)}</code>`;
  const fence = '`'.repeat(longestRun(shown, '`') + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * A sentence in which names stand between backticks: they become code spans, the rest becomes plain text. A backtick
 * without a partner is text.
 */
export function markdownSentence(text: string): string {
  const parts = text.trim().split('`');
  const paired = parts.length % 2 === 1 ? parts.length : parts.length - 1;
  let result = '';
  for (const [index, part] of parts.entries()) {
    if (index === paired) result += markdownText(`\`${part}`);
    else result += index % 2 === 1 ? markdownCode(part) : markdownText(part);
  }
  return result;
}

/** A fenced Markdown code block that its content cannot end. */
export function markdownBlock(text: string, language: string): string {
  const lines = visibleLines(text);
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n'), '`') + 1));
  return `${fence}${language}\n${lines.join('\n')}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** The message of a GitHub workflow command; line breaks stay, encoded. */
export function commandMessage(text: string): string {
  return visibleLines(text).join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of a GitHub workflow command, such as `title`. */
export function commandProperty(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A SARIF plain text message. `{0}` would be a placeholder (SARIF 2.1.0, 3.11.5) and `[text](address)` a link (3.11.6),
 * so the first is doubled, as the standard says, and the second parted by a space, which also stops readers that know
 * no escapes. Other braces cannot be mistaken and stay readable.
 */
export function sarifText(text: string): string {
  return visibleLines(text)
    .join('\n')
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replace(/\](?=\()/g, '] ');
}

/**
 * A file path as the URI reference that SARIF asks for (RFC 3986): each segment percent-encoded.
 *
 * @returns `relative` says whether the reference is relative to the folder that the paths start from.
 */
export function pathUri(path: string): { readonly uri: string; readonly relative: boolean } {
  const drive = /^([A-Za-z]):[\\/]/.exec(path);
  const slashed = drive ? `/${path.replaceAll('\\', '/')}` : path;
  const uri = slashed
    .split('/')
    .filter((segment, index) => segment !== '.' && (segment !== '' || index === 0))
    .map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(/[!'()*]/g, percentEncode))
    .join('/');
  return slashed.startsWith('/') ? { uri: `file://${uri}`, relative: false } : { uri, relative: true };
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
