/** Texts with `*` (any run of characters, also an empty one) and `?` (one character). */

/**
 * Whether a text matches a pattern; case counts. The search steps back to the last `*` only, so that its time is at
 * most the product of both lengths, whatever the pattern.
 */
export function wildcardMatch(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < text.length) {
    const sign = pattern[at];
    if (sign === '*') {
      star = at;
      at += 1;
      resume = position;
    } else if (sign !== undefined && (sign === '?' || sign === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
