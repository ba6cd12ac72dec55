/** Regular expressions that every text or no text matches. */
import { compileRegex } from '../regex/index.js';

/** What is no plain character, group or repetition: such a pattern is not judged. */
const BEYOND = /\\[bBAzZG]|\(\?(?!:|[a-zA-Z]*:|[a-zA-Z]+\))/;

/**
 * Judges a pattern, which is looked for anywhere in a text.
 *
 * @returns `null` when it separates texts, or nothing is known of it.
 */
export function judgePattern(pattern: string): 'everything' | 'nothing' | null {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return null;
  const plain = withoutClasses(pattern);
  if (BEYOND.test(plain)) return null;
  const starts = plain.includes('^');
  const ends = plain.includes('$');
  try {
    // Without an anchor, or with one only, what matches the empty text matches at one end of every text.
    if (compiled.regex.test('')) {
      return !(starts && ends) || /^\^?\(?\.\*\??\)?\$?$/.test(plain) ? 'everything' : null;
    }
  } catch {
    return null;
  }
  // A text cannot begin after its first character, nor go on behind its end.
  if (/\(\?[a-zA-Z]*m/.test(plain) || plain.includes('|')) return null;
  return /[\w.]\^/.test(plain) || /\$[\w.](?![*?{])/.test(plain) ? 'nothing' : null;
}

/** The pattern with each class and each escaped character as one letter. */
function withoutClasses(pattern: string): string {
  return pattern.replaceAll(/\\([^bBAzZG])/g, 'a').replaceAll(/\[\^?\]?[^\]]*\]/g, 'a');
}
