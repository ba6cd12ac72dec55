/** The schema lint's part of a run. */
import type { Finding, NotEvaluated } from '../../findings/index.js';
import type { CheckSettings } from './settings.js';

/** What the lint says of one file. */
export interface LintAnswer {
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/** Asks the lint about files. */
export interface Linter {
  ask(path: string, text: string): Promise<LintAnswer>;
  close(): Promise<void>;
}

/** Starts the lint: its worker loads while templates are read. @returns `null` when it is off. */
export async function startLinter(settings: CheckSettings): Promise<Linter | null> {
  const { lint, region, account, parameters } = settings;
  if (!lint.enabled) return null;
  const { startLint } = await import('../lint/service.js');
  const codes = (on: boolean): string[] => Object.keys(lint.codes).filter((code) => lint.codes[code] === on);
  const service = startLint({
    enable: codes(true),
    disable: codes(false),
    region,
    account,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, typeof value === 'string' ? value : value.join(',')]),
    ),
  });
  return {
    ask: async (path, text) => {
      const [result] = await service.lint([{ path, text }]);
      return result!;
    },
    close: () => service.close(),
  };
}
