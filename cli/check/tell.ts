/** Diagnostics as talk. */
import { renderDiagnostics } from '../../findings/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { wantsColor, type Terminal } from '../terminal.js';

/** Prints diagnostics on standard error. @param sources - Texts by path, for excerpts. */
export function tellDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  terminal: Terminal,
): void {
  if (diagnostics.length === 0) return;
  terminal.tell(renderDiagnostics(diagnostics, { color: wantsColor(terminal.stderr, terminal.env), sources }));
}
