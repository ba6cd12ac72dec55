/** Relations between texts with `*` and `?`, in time that grows with the product of their lengths at most. */

/**
 * Whether every text that `narrow` stands for is one that `wide` stands for. Sound: `true` is never wrong. Some true
 * cases with several wildcards are not seen, which only leaves a finding out.
 */
export function covers(wide: string, narrow: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < narrow.length) {
    const sign = wide[at];
    const other = narrow[position];
    if (sign === '*') {
      star = at;
      at += 1;
      resume = position;
    } else if (sign !== undefined && other !== '*' && (sign === '?' || sign === other)) {
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
  while (wide[at] === '*') at += 1;
  return at === wide.length;
}

/** Whether some text is one that both patterns stand for. */
export function intersects(a: string, b: string): boolean {
  // Without wildcards on one side the question is a plain match; a shared beginning is the usual case and is skipped.
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start] && a[start] !== '*' && a[start] !== '?') {
    start += 1;
  }
  const left = a.slice(start);
  const right = b.slice(start);
  if (left !== '' && right !== '' && !isWild(left[0]!) && !isWild(right[0]!)) return false;
  // reachable[j]: the part of `left` read so far and the first j signs of `right` can stand for the same text.
  let reachable = new Uint8Array(right.length + 1);
  reachable[0] = 1;
  for (let j = 1; j <= right.length && right[j - 1] === '*'; j += 1) reachable[j] = 1;
  for (const sign of left) {
    const next = new Uint8Array(right.length + 1);
    let any = 0;
    if (sign === '*') next[0] = reachable[0]!;
    for (let j = 1; j <= right.length; j += 1) {
      const other = right[j - 1]!;
      let value = 0;
      if (sign === '*' || other === '*') value = reachable[j]! | next[j - 1]!;
      if (sign !== '*' && other !== '*' && (sign === '?' || other === '?' || sign === other)) {
        value |= reachable[j - 1]!;
      }
      next[j] = value;
      any |= value;
    }
    if (any === 0 && next[0] === 0) return false;
    reachable = next;
  }
  return reachable[right.length] === 1;
}

function isWild(sign: string): boolean {
  return sign === '*' || sign === '?';
}

/** Whether a text has wildcards; `${*}` and `${?}` are literal. */
export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text.replace(/\$\{[*?$]\}/g, ''));
}

/** A text with its policy variables as wildcards: what it can stand for. */
export function variablesAsWildcards(text: string): string {
  return text.replace(/\$\{[^}]*\}/g, (variable) => (/^\$\{[*?$]\}$/.test(variable) ? '?' : '*'));
}
