/**
 * Patterns of restricted schemas, and the placeholders in them.
 *
 * A pattern is read by two engines: ours, and that of an editor, which has the regular expressions of JavaScript. Only the
 * part that both read alike is accepted, and ours takes time proportional to the text, so that no value of a template can
 * stop a hook. Every pattern is about the whole value: `arn:aws:s3` does not accept `evil-arn:aws:s3-too`.
 */
import { compileRegex } from '../../guard/index.js';

/** What the surroundings of a deployment fill in. Nothing of a template can. */
export const PLACEHOLDERS = ['accountId', 'region', 'partition', 'orgId', 'ouId', 'stackName'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What is known of a deployment. */
export type GateContext = Readonly<Partial<Record<Placeholder, string>>>;

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9]*)>/g;
const KNOWN: ReadonlySet<string> = new Set(PLACEHOLDERS);

/** The words in angle brackets of a text. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Whether a word in angle brackets can be filled in. */
export function isPlaceholder(name: string): name is Placeholder {
  return KNOWN.has(name);
}

/** A text with its placeholders filled in, or the ones that nothing fills. */
export type Filled = { readonly text: string } | { readonly missing: readonly string[] };

/** Fills in placeholders. @param escape - Makes a value safe where it goes. */
export function fill(text: string, context: GateContext, escape: (value: string) => string = (value) => value): Filled {
  const missing = new Set<string>();
  const filled = text.replace(PLACEHOLDER, (_, name: string) => {
    const value = isPlaceholder(name) && Object.hasOwn(context, name) ? context[name] : undefined;
    if (value === undefined || value === '') missing.add(name);
    return escape(value ?? '');
  });
  return missing.size > 0 ? { missing: [...missing] } : { text: filled };
}

/** A text that a pattern matches as it is. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (character) => `\\${character}`);
}

/** A pattern that was read: its form for the engine, or what is wrong with it. */
export type ReadPattern = { readonly engine: string } | { readonly problem: string };

/** Stands for a placeholder while a pattern is looked at; no value of AWS holds it. */
const STAND_IN = '\u{e000}';

const LETTER_CLASS: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_' };

/**
 * Reads a pattern.
 *
 * @param written - Placeholders in it are taken for a text that is not known yet.
 * @returns What {@link compileRegex} takes for the same pattern, bound to the whole text.
 */
export function readPattern(written: string): ReadPattern {
  const pattern = written.replace(PLACEHOLDER, STAND_IN);
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return { problem: `it is no regular expression: ${(error as Error).message.replace(/^.*: /, '')}` };
  }
  let engine = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    const next = pattern[at + 1] ?? '';
    if (character === '\\') {
      at += 1;
      const set = LETTER_CLASS[next];
      if (set !== undefined) engine += inClass ? set : `[${set}]`;
      else if (/[A-Za-z0-9]/.test(next)) return { problem: `\`\\${next}\` is not used here; write the characters out` };
      else engine += `\\${next}`;
    } else if (inClass) {
      // What is filled in could make a range there.
      if (character === STAND_IN) return { problem: 'a placeholder within brackets' };
      if (character === '[') return { problem: 'a `[` within brackets is written `\\[`' };
      if ('&-~'.includes(character) && next === character) {
        return { problem: `\`${character}${character}\` within brackets is not used here` };
      }
      if (character === ']') inClass = false;
      engine += character;
    } else if (character === '[') {
      inClass = true;
      engine += character;
      if (next === '^') {
        engine += next;
        at += 1;
      }
      if (pattern[at + 1] === ']') return { problem: 'brackets without a character in them' };
    } else if (character === '(' && next === '?') {
      if (pattern[at + 2] !== ':') return { problem: '`(?` is used as `(?:` only' };
      engine += '(?:';
      at += 2;
    } else if (character === '.') engine += '[^\\n\\r\\x{2028}\\x{2029}]';
    else engine += character;
  }
  const bound = `^(?:${engine})$`;
  const compiled = compileRegex(bound);
  return compiled.ok ? { engine: bound } : { problem: compiled.message };
}

/** The pattern as a schema holds it: bound to the whole value. */
export function boundPattern(pattern: string): string {
  const body = /^\^(?!.*[^\\]\|)(?!\|).*(?<!\\)\$$/s.test(pattern);
  return body ? pattern : `^(?:${pattern})$`;
}

/** Whether a value fits a pattern whose placeholders are filled in; nothing fits one that cannot be read. */
export function matchesPattern(pattern: string, text: string): boolean {
  const engine = engineOf(pattern);
  return engine?.test(text) === true;
}

interface Engine {
  test(text: string): boolean;
}

const engines = new Map<string, Engine | null>();
const MAX_ENGINES = 5_000;

function engineOf(pattern: string): Engine | null {
  let engine = engines.get(pattern);
  if (engine === undefined) {
    const read = readPattern(pattern);
    const compiled = 'engine' in read ? compileRegex(read.engine) : null;
    engine = compiled?.ok === true ? compiled.regex : null;
    if (engines.size >= MAX_ENGINES) engines.clear();
    engines.set(pattern, engine);
  }
  return engine;
}
