/** The worker thread of the schema lint: keeps the library, its memory and its faults away from everything else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DetailedReport, Engine, ValidateConfig } from '@aws/cloudformation-validate';
import { createEngine } from './library.js';
import type { LintAnswer, LintReport, LintRequest, LintSettings } from './protocol.js';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
const settings = workerData as LintSettings;

function answer(message: LintAnswer): void {
  port?.postMessage(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const config: ValidateConfig = {
  exclude: { ids: [...settings.excluded] },
  parameterOverrides: { ...settings.parameters },
  pseudoParameterOverrides: {
    ...(settings.region === null ? {} : { region: settings.region }),
    ...(settings.account === null ? {} : { accountId: settings.account }),
  },
};

function start(): Engine | null {
  try {
    return createEngine();
  } catch (error) {
    answer({ kind: 'failed', id: null, reason: reasonOf(error) });
    return null;
  }
}

function validate(engine: Engine, { path, text }: LintRequest): LintReport {
  // The library takes a byte order mark for a part of the first key.
  const bytes = Buffer.from(text.startsWith('\ufeff') ? text.slice(1) : text, 'utf8');
  const report: DetailedReport = engine.validateDetailed({ path, readBytes: () => bytes }, config);
  const exhausted = (report.metadata.budgetExhaustions ?? []).filter((record) => record.analysisIncomplete);
  return {
    status: report.status,
    diagnostics: report.diagnostics,
    incomplete: exhausted.map(({ kind, limit, description }) => description ?? `${kind}: limit of ${limit}`),
  };
}

const engine = start();
if (engine !== null) {
  port.on('message', (request: LintRequest) => {
    try {
      answer({ kind: 'report', id: request.id, report: validate(engine, request) });
    } catch (error) {
      answer({ kind: 'failed', id: request.id, reason: reasonOf(error) });
    }
  });
  answer({ kind: 'ready' });
}
