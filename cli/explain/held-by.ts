/** What holds a control, as the page of the posture says it: that page is made from the data of all layers. */

/** The columns that `stackade explain` shows, in the order of the page. */
const COLUMNS = {
  policies: 'Policies of the organization, boundaries and roles',
  'gate and hooks': 'Feature gate and hooks',
  rollout: 'Rollout over accounts',
  scan: 'Scan of the organization',
  'what a template does not show': 'What a template does not show',
} as const;

/** Nothing stands in the column. */
const NOTHING = '–';

/**
 * What layers other than rules say of a control.
 *
 * @param page - The text of `docs/posture.md`.
 * @returns Lines of Markdown, one for each column that says something; none when the page has no such control.
 */
export function heldBy(page: string, id: string): readonly string[] {
  let headings: readonly string[] = [];
  for (const line of page.split('\n')) {
    if (line.startsWith('| control ')) headings = cellsOf(line);
    if (!line.startsWith(`| \`${id}\` `)) continue;
    const cells = cellsOf(line);
    return Object.entries(COLUMNS).flatMap(([column, title]) => {
      const cell = cells[headings.indexOf(column)] ?? '';
      return cell === '' || cell === NOTHING ? [] : [`- ${title}: ${plain(cell)}`];
    });
  }
  return [];
}

/** A `|` within a cell is escaped. */
function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Links are relative to the page: their names are what `stackade explain` takes. */
function plain(cell: string): string {
  return cell
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_link, text: string, target: string) =>
      target.endsWith(`${text}.md`) ? `\`${text}\`` : text,
    )
    .replaceAll('<br>', ', ');
}
