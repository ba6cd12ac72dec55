/** Whether two patterns have a text in common, so that a question about one needs to be asked of the other at all. */

/**
 * @param a - Text with `*` and `?`; case does not count.
 * @param b - The same.
 * @returns Whether some text matches both.
 */
export function overlap(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  // Of each beginning of `left`, in turn: with which beginnings of `right` it has a text in common.
  let row = [true];
  for (const char of right) row.push(row.at(-1)! && char === '*');
  for (const one of left) {
    const next = [row[0]! && one === '*'];
    for (let at = 1; at <= right.length; at++) {
      const other = right[at - 1]!;
      const isWild = one === '*' || other === '*';
      const isSame = one === other || one === '?' || other === '?';
      next.push(isWild ? row[at]! || next[at - 1]! : row[at - 1]! && isSame);
    }
    row = next;
  }
  return row.at(-1)!;
}
