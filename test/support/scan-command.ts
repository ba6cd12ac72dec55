/** `stackade scan org` in this process, against a sandbox. */
import type { ScanOrgFlags } from '../../cli/scan/org-flags.js';
import { runScanOrg } from '../../cli/scan/org-run.js';
import type { Scan } from '../../analyzers/scan/index.js';
import { runInProcess, type Ran as RanScan } from './in-process.js';

export { runInProcess, type RanScan };

/** When ages are counted up to, so that two scans of the same answers are equal. */
export const AT = '2026-11-21T08:00:00.000Z';

const DEFAULTS: ScanOrgFlags = {
  config: 'org.yaml',
  role: 'stackade-scanner',
  state: 'state',
  restart: true,
  concurrency: 16,
  at: AT,
  failOn: 'error',
  format: 'json',
};

/** Options; one that is undefined is left out. */
export type RanFlags = { readonly [Key in keyof ScanOrgFlags]?: ScanOrgFlags[Key] | undefined };

/** Runs a scan. @param cwd - Holds the description of the organization. */
export function runScan(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  flags: RanFlags = {},
): Promise<RanScan> {
  return runInProcess(cwd, environment, (terminal) => runScanOrg({ ...DEFAULTS, ...flags } as ScanOrgFlags, terminal));
}

/** The scan that a run printed as JSON. */
export function scanOf({ stdout, stderr }: RanScan): Scan {
  if (stdout === '') throw new Error(`nothing was printed: ${stderr}`);
  return JSON.parse(stdout) as Scan;
}
