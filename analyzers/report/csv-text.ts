/** Rows of comma-separated values (RFC 4180) that no spreadsheet program takes for formulas. */

/**
 * What makes a spreadsheet program read a cell as a formula ("CSV Injection", OWASP): `=`, `+`, `-` and `@`, also in
 * their full-width forms and behind blanks.
 */
const FORMULA = /^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** One row with its line break, CR LF as RFC 4180 asks. A cell that reads as a formula gets an apostrophe before it. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
