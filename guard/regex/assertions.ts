/** Zero-width assertions about the characters on both sides of a place. */
import { codePointBefore, isWord } from './chars.js';
import type { AssertionKind } from './syntax.js';

const LINE_FEED = 0x0a;

/** Whether an assertion holds at a place of a text. `$` outside `(?m)` means the very end, as in the reference. */
export function holds(assertion: AssertionKind, text: string, at: number): boolean {
  switch (assertion) {
    case 'startText':
      return at === 0;
    case 'endText':
      return at === text.length;
    case 'startLine':
      return at === 0 || text.charCodeAt(at - 1) === LINE_FEED;
    case 'endLine':
      return at === text.length || text.charCodeAt(at) === LINE_FEED;
    default: {
      const before = at > 0 && isWord(codePointBefore(text, at));
      const after = at < text.length && isWord(text.codePointAt(at) ?? 0);
      if (assertion === 'wordBoundary') return before !== after;
      if (assertion === 'notWordBoundary') return before === after;
      return assertion === 'wordStart' ? !before && after : before && !after;
    }
  }
}
