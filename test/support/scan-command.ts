/** `stackade scan org` in this process, against a sandbox. */
import type { ScanOrgFlags } from '../../cli/scan/org-flags.js';
import { runScanOrg } from '../../cli/scan/org-run.js';
import type { Terminal } from '../../cli/terminal.js';
import type { Scan } from '../../analyzers/scan/index.js';

export interface RanScan {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

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

/**
 * Runs a command in this process. The variables of the process are those given while it runs, since the SDK reads them there,
 * and so is its folder, which the reader of descriptions goes by.
 */
export async function runInProcess(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  command: (terminal: Terminal) => Promise<number>,
): Promise<RanScan> {
  const before = { env: process.env, cwd: process.cwd() };
  let [stdout, stderr] = ['', ''];
  const terminal: Terminal = {
    cwd,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => (stdout += text),
    tell: (text) => (stderr += text),
  };
  process.env = { PATH: before.env['PATH'], ...environment };
  process.chdir(cwd);
  try {
    const exitCode = await command(terminal);
    return { exitCode, stdout, stderr };
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
  }
}

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
