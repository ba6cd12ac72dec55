/** The `iam validate` command: policies in, findings out. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createFinding, createReport } from '../../findings/index.js';
import type { Diagnostic, FileResult, Finding, NotEvaluated, ReportFormat, Severity } from '../../findings/index.js';
import type { PolicyKind } from '../../iam/index.js';
import { POLICY_CHECKS, RESOURCE_TYPES, validatePolicyText } from '../../iam/validate/index.js';
import type { PolicyFindingType } from '../../iam/validate/index.js';
import { get, isList, isMap, readJsonSource } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { badOption } from '../check/diagnostics.js';
import { discover } from '../check/discover.js';
import { openOutputFile } from '../check/output-file.js';
import { printReport } from '../check/print.js';
import { readFileText } from '../check/read-file.js';
import type { FailOn } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'scp', 'rcp', 'boundary', 'session', 'vpce'];
const FORMATS: readonly ReportFormat[] = ['pretty', 'json', 'sarif', 'junit', 'github', 'markdown'];

/** How much a finding of each type matters in reports. */
const SEVERITIES: Readonly<Record<PolicyFindingType, Severity>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'info',
};

const RANK: Readonly<Record<FailOn, number>> = { info: 0, warning: 1, error: 2, never: 3 };

/** Options as the command line gives them. */
export interface ValidateFlags {
  readonly type: PolicyKind;
  readonly resourceType?: string;
  readonly format: ReportFormat;
  readonly failOn: FailOn;
  readonly outputFile?: string;
}

/** Adds `validate` to `stackade iam`. The exit code is set on the process. */
export function registerValidate(parent: Command): void {
  parent
    .command('validate')
    .description('checks policies: grammar, actions, ARNs, conditions, dangerous grants')
    .argument('<policies...>', 'policies, folders with .json files, or - for standard input')
    .addOption(new Option('--type <type>', 'where the policies stand').choices(KINDS).makeOptionMandatory())
    .addOption(
      new Option('--resource-type <type>', 'with --type resource: what the policies are attached to').choices(
        RESOURCE_TYPES,
      ),
    )
    .addOption(
      new Option('--fail-on <severity>', 'from which severity on findings fail the check')
        .choices(['error', 'warning', 'info', 'never'])
        .default('warning'),
    )
    .addOption(
      new Option('--format <format>', `form of the report: ${FORMATS.join(', ')}`)
        .argParser(parseFormat)
        .default('pretty'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .action((policies: readonly string[], flags: ValidateFlags) => {
      process.exitCode = validate(policies, flags);
    });
}

function parseFormat(value: string): ReportFormat {
  const format = FORMATS.find((each) => each === value);
  if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${FORMATS.join(', ')}.`);
  return format;
}

/** Validates policies and prints the report. @returns The exit code; what the user can mend has been told then. */
export function validate(
  paths: readonly string[],
  flags: ValidateFlags,
  terminal: Terminal = processTerminal(),
): number {
  try {
    return run(paths, flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function run(paths: readonly string[], flags: ValidateFlags, terminal: Terminal): number {
  if (flags.resourceType !== undefined && flags.type !== 'resource') {
    throw new InputError([badOption('--resource-type', `it has no meaning with --type ${flags.type}`, 'leave it out')]);
  }
  const file = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, terminal.cwd);
  const files = new PolicyFiles(flags, terminal);
  const found = discover(paths, { cwd: terminal.cwd, extensions: ['.json'] });
  for (const { path, diagnostic } of found.problems) files.refuse(path, [diagnostic], null);
  for (const { source, path, named } of found.files) files.validate(source, path, named);
  if (files.results.length === 0 && found.problems.length === 0) {
    throw new InputError([noPolicy(paths)]);
  }
  const report = createReport({
    tool: { name: toolName, version: toolVersion() },
    files: files.results,
    findings: files.findings,
    notEvaluated: files.notEvaluated,
  });
  printReport({ report, sources: files.texts, rules: [], settings: flags, file, terminal });
  const fails = files.findings.some(({ severity }) => RANK[severity] >= RANK[flags.failOn]);
  return strongest([files.refused ? BAD_INPUT : CLEAN, fails ? FINDINGS : CLEAN]);
}

function noPolicy(paths: readonly string[]): Diagnostic {
  return {
    ...badOption('iam validate', `there is no policy in ${paths.map((path) => `\`${path}\``).join(', ')}`),
    help: 'name a policy, or a folder with .json files that have a `Statement`',
  };
}

/** The files of one run, and what is said of them. */
class PolicyFiles {
  readonly results: FileResult[] = [];
  readonly findings: Finding[] = [];
  readonly notEvaluated: NotEvaluated[] = [];
  readonly texts = new Map<string, string>();
  /** Whether a file could not be read as a policy. */
  refused = false;

  constructor(
    private readonly flags: ValidateFlags,
    private readonly terminal: Terminal,
  ) {}

  validate(source: string, path: string, named: boolean): void {
    const { text, diagnostic } = readFileText(source, path);
    if (text === null) {
      this.refuse(path, [diagnostic], null);
      return;
    }
    const read = readJsonSource(text, path);
    if (read.source === null) {
      this.refuse(path, read.diagnostics, text);
      return;
    }
    const { value } = read.source;
    // A folder may hold other JSON; a file that is named is meant.
    if (!named && !(isMap(value) && get(value, 'Statement') !== undefined)) return;
    if (!isMap(value)) {
      this.refuse(path, [notPolicy(path)], text);
      return;
    }
    this.add(path, text);
  }

  private add(path: string, text: string): void {
    const { type, resourceType } = this.flags;
    const { findings, source } = validatePolicyText(
      text,
      type,
      path,
      resourceType === undefined ? {} : { resourceType },
    );
    for (const { code, type: findingType, message, help, path: place } of findings) {
      this.findings.push(
        createFinding({
          ruleId: code,
          severity: SEVERITIES[findingType],
          title: POLICY_CHECKS.get(code)!.title,
          message,
          help,
          docs: `docs/iam/codes/${code}.md`,
          location: source!.locationOf(place),
          labels: [findingType],
          resource: statementAt(place, source!.value),
          subject: message,
        }),
      );
    }
    if (findings.length > 0) this.texts.set(path, text);
    const fails = findings.some(({ type: each }) => SEVERITIES[each] === 'error' || SEVERITIES[each] === 'warning');
    const found = new Set(findings.map(({ code }) => code));
    this.results.push({
      path,
      status: fails ? 'FAIL' : 'PASS',
      rules: Object.fromEntries([...POLICY_CHECKS.keys()].map((code) => [code, found.has(code) ? 'FAIL' : 'PASS'])),
    });
  }

  /** A file that should have been validated and cannot be: said on standard error and counted in the report. */
  refuse(path: string, diagnostics: readonly Diagnostic[], text: string | null): void {
    this.refused = true;
    tellDiagnostics(diagnostics, text === null ? new Map() : new Map([[path, text]]), this.terminal);
    const [first] = diagnostics;
    const reason = diagnostics.map(({ message }) => message).join('; ');
    this.results.push({ path, status: 'NOT_EVALUATED', rules: {} });
    this.notEvaluated.push({ path, ruleId: first!.code, controls: [], reason, parameters: [], location: null });
  }
}

/** The statement that a finding is in, by its Sid or its number; reports group by it. */
function statementAt(path: Path, value: Value): Finding['resource'] {
  const [element, index] = path;
  if (element !== 'Statement' || !isMap(value)) return { logicalId: 'document', type: 'policy' };
  const statements = get(value, 'Statement');
  const statement = isList(statements) && typeof index === 'number' ? statements[index] : statements;
  const sid = isMap(statement) ? get(statement, 'Sid') : undefined;
  const name = typeof sid === 'string' && sid !== '' ? sid : `statement ${typeof index === 'number' ? index + 1 : 1}`;
  return { logicalId: name, type: 'policy' };
}

function notPolicy(path: string): Diagnostic {
  return {
    ...badOption(path, 'it is JSON, but no policy: a policy is a map with `Version` and `Statement`'),
    help: 'name only policy documents',
    location: { file: path, start: 0, end: 0 },
  };
}
