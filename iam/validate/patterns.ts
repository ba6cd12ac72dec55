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
  const signs = codesOf(right);
  const { length } = right;
  // reachable[j]: the part of `left` read so far and the first j signs of `right` can stand for the same text.
  let reachable = new Uint8Array(length + 1);
  let next = new Uint8Array(length + 1);
  reachable[0] = 1;
  for (let j = 1; j <= length && signs[j - 1] === STAR; j += 1) reachable[j] = 1;
  for (const sign of codesOf(left)) {
    next[0] = sign === STAR ? reachable[0]! : 0;
    let any = next[0];
    let before = any;
    for (let j = 1; j <= length; j += 1) {
      const other = signs[j - 1]!;
      if (sign === STAR || other === STAR) before |= reachable[j]!;
      else before = sign === other || sign === ONE || other === ONE ? reachable[j - 1]! : 0;
      next[j] = before;
      any |= before;
    }
    if (any === 0) return false;
    [reachable, next] = [next, reachable];
  }
  return reachable[length] === 1;
}

const STAR = 42;
const ONE = 63;

function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) codes[at] = text.charCodeAt(at);
  return codes;
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
