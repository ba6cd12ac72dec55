/** Diagnostics for stderr, in the form compilers use: code, place, excerpt, help. */
import pc from 'picocolors';
import { diagnosticPage, locator } from './create.js';
import { logLines, visible, visibleLines } from './escape.js';
import { excerptsOf } from './excerpt.js';
import type { Diagnostic, Severity, SourceRange } from './finding.js';

/** How to print diagnostics. */
export interface DiagnosticOptions {
  readonly color: boolean;
  /** Columns. `@default` 100 */
  readonly width?: number;
  /** Texts by path; a file that is not among them gets no line and no excerpt. */
  readonly sources?: ReadonlyMap<string, string>;
}

/**
 * Prints diagnostics in the order given, each with its place, the lines it speaks of, and the next step.
 *
 * @returns Text safe for a terminal, ending with a line break; `''` for no diagnostics.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticOptions): string {
  const colors = pc.createColors(options.color);
  const paint: Readonly<Record<Severity, (text: string) => string>> = {
    error: colors.red,
    warning: colors.yellow,
    info: colors.cyan,
  };
  const sources = options.sources ?? new Map<string, string>();
  const locate = locator(sources);
  const excerpts = excerptsOf(sources);
  const width = (options.width ?? 100) - 10;

  const placeLines = (range: SourceRange, note: string): string[] => {
    if (!sources.has(range.file)) return [`  ${colors.cyan('-->')} ${visible(range.file)}${note && `: ${note}`}`];
    const location = locate(range);
    const rows = excerpts(range.file, location, { width, context: 0 });
    const gutter = String(location.line).length;
    return [
      `  ${colors.cyan('-->')} ${visible(range.file)}:${location.line}:${location.column}`,
      ...rows.map(({ line, text }) => {
        const number = colors.cyan(`  ${String(line ?? '').padStart(gutter)} |`);
        return line === null ? `${number} ${text}${note && ` ${note}`}` : `${number} ${text}`;
      }),
    ];
  };

  return logLines(
    diagnostics.flatMap(({ code, severity, message, location, labels = [], help }) => [
      `${colors.bold(paint[severity](`${severity}[${visible(code)}]`))}: ${visibleLines(message).join('\n  ')}`,
      ...(location ? placeLines(location, '') : []),
      ...labels.flatMap(({ range, text }) => placeLines(range, visible(text))),
      ...(help === undefined ? [] : visibleLines(`help: ${help}`).map((line) => `  ${line}`)),
      `  docs: ${diagnosticPage(visible(code))}`,
    ]),
  );
}
