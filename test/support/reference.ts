/**
 * The reference implementation of the Guard language: the `cfn-guard` 3.1.1 executable and the Control Tower rule files
 * that the npm package `@cdklabs/cdk-validator-cfnguard` carries.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { runProgram } from './programs.js';
import { repositoryRoot } from './repository.js';

export type Status = 'PASS' | 'FAIL' | 'SKIP';

/** What one data file looks like in a structured report; a name may stand in several lists when a rule name is repeated. */
export interface DataReport {
  readonly name: string;
  readonly status: Status;
  /** Names of failed rules, in the order of rule files and rules, repeated names included. */
  readonly failed: readonly string[];
  /** Names of skipped rules, sorted, each once. */
  readonly skipped: readonly string[];
  /** Names of passed rules, sorted, each once. */
  readonly passed: readonly string[];
  /** The whole report as printed. */
  readonly printed: unknown;
}

/** How one process ended. `crash` covers panics (exit code 101) and death by a signal. */
export interface ReferenceRun {
  readonly outcome: 'ran' | 'parse-error' | 'error' | 'crash';
  readonly exitCode: number | null;
  readonly reports: readonly DataReport[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface RuleFileText {
  /** Base name, as reports show it. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const referencePackage = join(repositoryRoot(), 'node_modules', '@cdklabs', 'cdk-validator-cfnguard');

/** The folder with the Control Tower rule files. */
export const controlTowerFolder = join(referencePackage, 'rules', 'control-tower', 'cfn-guard');

/** The executable for this machine, or `undefined` when the package is not installed or has none for it. */
export function referenceBinary(): string | undefined {
  const system = { linux: 'ubuntu', darwin: 'macos' }[process.platform as string];
  const processor = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  if (system === undefined || processor === undefined) return undefined;
  const path = join(referencePackage, 'bin', system, processor, 'cfn-guard');
  return existsSync(path) ? path : undefined;
}

/** All Control Tower rule files in the order in which `cfn-guard` reads the folder. */
export function controlTowerRules(): RuleFileText[] {
  return readdirSync(controlTowerFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.guard'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => {
      const full = join(controlTowerFolder, path);
      return { name: basename(path), path: relative(controlTowerFolder, full), text: readFileSync(full, 'utf8') };
    });
}

interface PrintedReport {
  readonly name: string;
  readonly status: Status;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
  readonly not_applicable: readonly string[];
  readonly compliant: readonly string[];
}

/** Runs the executable with arguments; `input` goes to its standard input. */
export function runReference(args: readonly string[], input?: string): ReferenceRun {
  const binary = referenceBinary();
  if (binary === undefined) throw new Error('The cfn-guard reference executable is not installed for this machine.');
  const { status, signal, stdout, stderr } = runProgram(binary, args, input ?? '');
  return { outcome: outcomeOf(status, signal), exitCode: status, reports: [], stdout, stderr };
}

const structured = ['-z', '-o', 'json', '-S', 'none'] as const;

function outcomeOf(status: number | null, signal: string | null): ReferenceRun['outcome'] {
  if (signal !== null || status === 101) return 'crash';
  return status === 5 ? 'parse-error' : status === 255 ? 'error' : 'ran';
}

function withReports(run: ReferenceRun): ReferenceRun {
  const { outcome, exitCode, stdout, stderr } = run;
  // The run is aborted before anything is printed, or, when a value cannot be printed, in the middle of the JSON text.
  const printed = outcome === 'ran' || outcome === 'parse-error' ? (JSON.parse(stdout) as PrintedReport[]) : [];
  const reports = printed.map((report) => ({
    name: report.name,
    status: report.status,
    failed: report.not_compliant.map((entry) => entry.Rule.name),
    skipped: report.not_applicable,
    passed: report.compliant,
    printed: report,
  }));
  return { outcome, exitCode, reports, stdout, stderr };
}

/**
 * Validates documents given as text. One error aborts everything, so give one document where errors are expected.
 * A lone surrogate cannot be sent: the executable refuses the payload.
 */
export function validateTexts(rules: readonly string[], data: readonly string[]): ReferenceRun {
  return withReports(runReference(['validate', '-P', ...structured], JSON.stringify({ rules, data })));
}

/**
 * Validates files or folders in one process without waiting for it; the way to check many documents against many rule
 * files.
 */
export async function validateFiles(rules: readonly string[], data: readonly string[]): Promise<ReferenceRun> {
  const binary = referenceBinary();
  if (binary === undefined) throw new Error('The cfn-guard reference executable is not installed for this machine.');
  const child = spawn(binary, ['validate', ...structured, '-r', ...rules, '-d', ...data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  };
  const ended = new Promise<readonly [number | null, string | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve([status, signal]);
    });
  });
  const [stdout, stderr, [status, signal]] = await Promise.all([read(child.stdout), read(child.stderr), ended]);
  return withReports({ outcome: outcomeOf(status, signal), exitCode: status, reports: [], stdout, stderr });
}

/**
 * Validates many pairs of one rule file and one document, each in a process of its own, two at a time. A shell starts
 * them: from a large Node process a start takes ten times longer than the run.
 */
export function validatePairs(pairs: readonly { readonly rules: string; readonly data: string }[]): ReferenceRun[] {
  const binary = referenceBinary();
  if (binary === undefined) throw new Error('The cfn-guard reference executable is not installed for this machine.');
  const folder = mkdtempSync(join(tmpdir(), 'stackade-pairs-'));
  try {
    for (const [index, { rules, data }] of pairs.entries()) {
      writeFileSync(join(folder, `${index}`), JSON.stringify({ rules: [rules], data: [data] }));
    }
    const some = `for i; do "$0" validate -P ${structured.join(' ')} <"$i" >"$i.out" 2>"$i.err"; echo $? >"$i.code"; done`;
    const script = `i=0; while [ $i -lt ${pairs.length} ]; do echo $i; i=$((i+1)); done | xargs -P 2 -n 20 sh -c '${some}' '${binary}'`;
    const shell = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
    if (shell.error !== undefined) throw shell.error;
    const read = (index: number, part: string): string => readFileSync(join(folder, `${index}.${part}`), 'utf8');
    return pairs.map((_, index) => {
      const code = Number(read(index, 'code'));
      // A shell reports death by a signal as 128 and the signal's number; the executable's own codes end at 101 and 255.
      const signal = code > 128 && code < 255 ? `signal ${code - 128}` : null;
      const outcome = outcomeOf(code, signal);
      return withReports({
        outcome,
        exitCode: code,
        reports: [],
        stdout: read(index, 'out'),
        stderr: read(index, 'err'),
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The value that the reference's loader makes of a document, printed as compact JSON with Rust's spelling of floats. */
export function loadedByReference(data: string): string | undefined {
  const run = runReference(
    ['validate', '-P', ...structured],
    JSON.stringify({ rules: ['rule r { this !exists }'], data: [data] }),
  );
  if (run.outcome !== 'ran') return undefined;
  const compact = run.stdout.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
  const start = compact.indexOf('"value":{"path":"","value":') + '"value":{"path":"","value":'.length;
  return compact.slice(start, compact.indexOf('},"comparison":["Exists",true]}', start));
}

/**
 * Declares tests that need the reference executable. Where it is missing they are replaced by one test that says so
 * loudly, and that fails in CI, so that a broken installation cannot pass for agreement.
 */
export function describeWithReference(name: string, body: () => void): void {
  if (referenceBinary() !== undefined) {
    describe(name, body);
    return;
  }
  describe(name, () => {
    it('needs the cfn-guard executable', () => {
      const message = `NOT COMPARED: no cfn-guard executable for ${process.platform}/${process.arch} in ${referencePackage}`;
      if (process.env['CI'] !== undefined) throw new Error(message);
      console.warn(message);
      expect(referenceBinary()).toBeUndefined();
    });
  });
}
