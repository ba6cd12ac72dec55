/** `stackade guard lint`: what in rules and their tests proves nothing. Exit codes are those of `check`. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nearestName, nearestTypeName, propertyAt, resourceType, resourceTypeNames } from '../../catalogue/index.js';
import { createReport, fromDiagnostic, locator, renderDiagnostics, reporters } from '../../findings/index.js';
import type { Diagnostic, ReportFormat } from '../../findings/index.js';
import { lintRules, lintTests } from '../../guard/index.js';
import type { LintedCase, LintedRules, TypeKnowledge } from '../../guard/index.js';
import { openOutputFile } from '../check/output-file.js';
import { readFileText } from '../check/read-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { noRules, unreadable } from '../check/diagnostics.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { wantsColor, type Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { parseRuleFile } from './engine.js';
import { readTestFile, TestFileError } from './test-file.js';

export interface LintOptions {
  /** Rule files, test files and folders of both. */
  readonly paths: readonly string[];
  readonly format: ReportFormat;
  readonly outputFile?: string;
}

const RULES = /\.(?:guard|ruleset)$/;
const TESTS = /\.(?:ya?ml|jsn|json)$/i;

/** Types and properties as the catalogue has them. */
const KNOWLEDGE: TypeKnowledge = {
  typeNames: resourceTypeNames,
  isType: (name) => resourceType(name) !== undefined,
  nearestType: nearestTypeName,
  hasProperty: (type, path) => propertyAt(type, path) !== undefined,
  nearest: nearestName,
};

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export function lintGuard(options: LintOptions, terminal: Terminal): number {
  try {
    return run(options, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function run({ paths, format, outputFile }: LintOptions, terminal: Terminal): number {
  const output = outputFile === undefined ? null : openOutputFile(outputFile, terminal.cwd);
  const found = findFiles(paths, terminal.cwd);
  const sources = new Map<string, string>();
  const rules = readRules(found.rules, terminal.cwd, sources);
  const cases = found.tests.flatMap((path) => readCases(path, terminal.cwd, sources));
  const diagnostics = [
    ...rules.flatMap((file) => lintRules(file, KNOWLEDGE)),
    ...lintTests(rules, cases, nearestName),
  ].sort((a, b) => compare(a.location!.file, b.location!.file) || a.location!.start - b.location!.start);
  const text = printed(diagnostics, [...found.rules, ...found.tests], sources, format, terminal, output !== null);
  if (output === null) terminal.print(text);
  else output.write(text);
  return diagnostics.length === 0 ? CLEAN : FINDINGS;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function printed(
  diagnostics: readonly Diagnostic[],
  paths: readonly string[],
  sources: ReadonlyMap<string, string>,
  format: ReportFormat,
  terminal: Terminal,
  toFile: boolean,
): string {
  const color = !toFile && wantsColor(terminal.stdout, terminal.env);
  if (format === 'pretty') {
    const count = diagnostics.length === 1 ? '1 finding' : `${diagnostics.length} findings`;
    const scope = `${count} in ${paths.length === 1 ? '1 file' : `${paths.length} files`}\n`;
    const told = renderDiagnostics(diagnostics, { color, sources });
    return told === ''
      ? `No findings in ${paths.length === 1 ? '1 file' : `${paths.length} files`}.\n`
      : `${told}${scope}`;
  }
  const locate = locator(sources);
  const findings = diagnostics.map((diagnostic) =>
    fromDiagnostic(diagnostic, locate, { title: 'Rules and tests prove something' }),
  );
  const failing = new Set(findings.map(({ location }) => location.file));
  const files = paths.map((path) => ({
    path,
    status: failing.has(path) ? ('FAIL' as const) : ('PASS' as const),
    rules: {},
  }));
  const report = createReport({ tool: { name: toolName, version: toolVersion() }, files, findings, notEvaluated: [] });
  return reporters[format](report, { color, sources, failOn: 'info' });
}

/** Rule files and test files of the paths. In a folder tests are the files below a folder `tests`, as cfn-guard has it. */
function findFiles(
  paths: readonly string[],
  cwd: string,
): { readonly rules: readonly string[]; readonly tests: readonly string[] } {
  const rules = new Set<string>();
  const tests = new Set<string>();
  const problems: Diagnostic[] = [];
  for (const path of paths) {
    try {
      if (!statSync(resolve(cwd, path)).isDirectory()) (TESTS.test(path) ? tests : rules).add(path);
      else {
        for (const entry of readdirSync(resolve(cwd, path), { recursive: true, encoding: 'utf8' }).sort()) {
          const name = join(path, entry);
          if (RULES.test(entry)) rules.add(name);
          else if (TESTS.test(entry) && basename(dirname(name)) === 'tests') tests.add(name);
        }
      }
    } catch (error) {
      problems.push(unreadable(path, error));
    }
  }
  if (problems.length === 0 && rules.size === 0) {
    problems.push(noRules(`no Guard file in ${paths.map((path) => `\`${path}\``).join(', ')}`));
  }
  if (problems.length > 0) throw new InputError(problems);
  return { rules: [...rules], tests: [...tests] };
}

function readRules(paths: readonly string[], cwd: string, sources: Map<string, string>): readonly LintedRules[] {
  const problems: Diagnostic[] = [];
  const rules = paths.flatMap((path): LintedRules[] => {
    const read = readFileText(resolve(cwd, path), path);
    if (read.text === null) {
      problems.push(read.diagnostic);
      return [];
    }
    const { text } = read;
    sources.set(path, text);
    const { tree, diagnostics } = parseRuleFile({ name: path, text });
    problems.push(...diagnostics.filter(({ severity }) => severity === 'error'));
    return tree === null ? [] : [{ file: path, text, tree }];
  });
  if (problems.length > 0) throw new InputError(problems, sources);
  return rules;
}

function readCases(path: string, cwd: string, sources: Map<string, string>): readonly LintedCase[] {
  const read = readFileText(resolve(cwd, path), path);
  if (read.text === null) throw new InputError([read.diagnostic]);
  const { text } = read;
  sources.set(path, text);
  try {
    let from = 0;
    return readTestFile(resolve(cwd, path)).map(({ name, expectations }, index) => {
      // The reader of test files keeps no places; names stand in the order of the cases.
      const at = name === null ? -1 : text.indexOf(name, from);
      if (at >= 0) from = at + name!.length;
      const { end } = lineOf(text, Math.max(at, 0));
      const range = at < 0 ? { file: path, start: 0, end: 0 } : { file: path, start: at, end: Math.min(end, from) };
      return { name: name ?? `number ${index + 1}`, expectations, range };
    });
  } catch (error) {
    if (error instanceof TestFileError) throw new InputError([noTestFile(path, error.message)]);
    throw error;
  }
}

function lineOf(text: string, offset: number): { readonly end: number } {
  const end = text.indexOf('\n', offset);
  return { end: end < 0 ? text.length : end };
}

function noTestFile(path: string, why: string): Diagnostic {
  return {
    code: 'GRD5013',
    severity: 'error',
    message: `\`${path}\` is no file of tests: ${why}`,
    help: 'a test file is a list of `{name, input, expectations: {rules}}`',
    location: { file: path, start: 0, end: 0 },
  };
}
