import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** One measured thing. */
export interface Row {
  readonly what: string;
  /** The input's size in its own units. */
  readonly size: string;
  readonly result: string;
  readonly goal?: string;
}

function commit(root: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page of results. */
export function resultsPage(
  root: string,
  sections: readonly (readonly [title: string, rows: readonly Row[]])[],
): string {
  const [processor] = cpus();
  const head = [
    '# Results of the bench',
    '',
    `Made by \`npm run bench\`; every status is compared with the reference before a row is timed.`,
    '',
    'Times inside one process are the best of eight medians.',
    '',
    `- Machine: ${cpus().length} × ${processor?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform} ${process.arch}`,
    `- Node ${process.version}, commit ${commit(root)}, ${new Date().toISOString().slice(0, 10)}`,
    '',
  ];
  const body = sections.flatMap(([title, rows]) => [
    `## ${title}`,
    '',
    '| what | input | result | goal |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ what, size, result, goal }) => `| ${[what, size, result, goal ?? ''].map(cell).join(' | ')} |`),
    '',
  ]);
  return [...head, ...body].join('\n');
}
