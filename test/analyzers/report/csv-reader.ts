/** Reads comma-separated values as RFC 4180 describes them; strict, and apart from the writer. */

/** @throws Error at the first thing that the grammar does not allow. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = /"((?:[^"]|"")*)"/y;
    const plain = /[^",\r\n]*/y;
    quoted.lastIndex = plain.lastIndex = at;
    const match = quoted.exec(text);
    const cell = match === null ? plain.exec(text)![0] : match[1]!.replaceAll('""', '"');
    at = match === null ? plain.lastIndex : quoted.lastIndex;
    cells.push(cell);
    if (text.startsWith('\r\n', at)) {
      rows.push(cells);
      cells = [];
      at += 2;
    } else if (text[at] === ',') at += 1;
    else throw new Error(`no end of a cell at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
  if (cells.length > 0) throw new Error('the last row has no end');
  return rows;
}
