/** From the text of a file to the model of a policy, with places. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { readJsonSource } from '../../template/index.js';
import type { TemplateSource, Path } from '../../template/index.js';
import type { Policy, PolicyKind } from '../model.js';
import { parsePolicy } from './parse-policy.js';
import type { PolicyProblem } from './problems.js';

/** A policy document as it was read from a file. */
export interface PolicySource {
  /** Left out when a problem is fatal. */
  readonly policy?: Policy;
  /** The document with its places; left out when the text is not JSON. */
  readonly source?: TemplateSource;
  /** Everything wrong with it; a text that is not JSON has one problem, `JSON_SYNTAX_ERROR`. */
  readonly problems: readonly PolicyProblem[];
  /** The same problems with their places; fatal ones at level error, the others as warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a policy document.
 *
 * @param text - JSON; a byte order mark may come first. Keys that stand twice in a map are refused.
 * @param file - Its name, for places and messages.
 * @returns Never throws.
 */
export function readPolicy(text: string, kind: PolicyKind, file: string): PolicySource {
  const { source, diagnostics } = readJsonSource(text, file);
  if (source === null) {
    return {
      problems: diagnostics.map(({ message, help }) => ({
        code: 'JSON_SYNTAX_ERROR',
        message,
        help: help ?? '',
        path: [],
        fatal: true,
      })),
      diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, code: 'JSON_SYNTAX_ERROR' })),
    };
  }
  const parsed = parsePolicy(source.value, kind);
  return { ...parsed, source, diagnostics: parsed.problems.map((problem) => diagnosticOf(problem, source)) };
}

/** A problem as a diagnostic, at the value at fault or, for an element that should not be there, at its key. */
export function diagnosticOf({ code, message, help, path, fatal }: PolicyProblem, source: TemplateSource): Diagnostic {
  return { code, severity: fatal ? 'error' : 'warning', message, help, location: placeOf(path, source) };
}

function placeOf(path: Path, source: TemplateSource): SourceRange {
  return source.rangeOf(path) ?? source.rangeOf([]) ?? { file: source.file, start: 0, end: 0 };
}
