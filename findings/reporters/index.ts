/** The reporters by the names that `--format` takes. */
import { github } from './github.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import type { Reporter } from './options.js';
import { pretty } from './pretty.js';
import { sarif } from './sarif.js';

/** Every reporter. */
export const reporters = { pretty, json, sarif, junit, github, markdown } as const satisfies Readonly<
  Record<string, Reporter>
>;

/** The name of a reporter. */
export type ReportFormat = keyof typeof reporters;

export { githubSummary } from './github.js';
export type { Reporter, ReportOptions, RuleInfo } from './options.js';
export { SARIF_MAX_RESULTS } from './sarif.js';
