/** `stackade guard validate`: rules on data, with the answers and exit codes of `cfn-guard validate` 3.1.1. */
import { basename } from 'node:path';
import {
  combinedStatus,
  failureDetails,
  fileReport,
  hasResources,
  junitFailure,
  outcomeTree,
  printJson,
  printJunit,
  printYaml,
  reportElementJson,
  reportValue,
  resultSentences,
  SarifLog,
  summaryTable,
  UnprintableError,
  type FileReport,
  type JunitCase,
  type JunitSuite,
  type Program,
  type RuleFileOutcome,
  type Status,
} from '../../guard/index.js';
import {
  Checker,
  compileRuleFile,
  guarded,
  parseRuleFile,
  readData,
  ruleFileProblems,
  withParameters,
} from './engine.js';
import type { Data, NamedText } from './engine.js';
import { dataFiles, dataName, GuardCommandError, readStandardInput, readText, ruleFiles, type Order } from './files.js';
import { tell, withOutput, type Output } from './output.js';
import { toolName, toolVersion } from '../version.js';

export type ValidateFormat = 'single-line-summary' | 'json' | 'yaml' | 'junit' | 'sarif';

export interface ValidateOptions {
  readonly rules: readonly string[];
  /** `@default` one document from standard input. */
  readonly data?: readonly string[];
  readonly inputParams: readonly string[];
  readonly outputFormat: ValidateFormat;
  readonly showSummary: ReadonlySet<Status>;
  readonly order: Order;
  readonly verbose: boolean;
  readonly printJson: boolean;
  readonly payload: boolean;
  readonly structured: boolean;
  /** `@default` standard output. */
  readonly outputFile?: string;
}

const FAILED = 19;
const UNPARSABLE = 5;
const ERROR = 255;

interface RuleSet {
  readonly name: string;
  /** Null when the file holds no rules. */
  readonly program: Program | null;
}

/**
 * Runs the command. Unlike the reference, an error on one document does not end the run: it goes to standard error, the
 * others are still checked, and the exit code is 255.
 *
 * @returns The exit code: 0 nothing failed, 19 a rule failed, 5 a rule file does not parse, 255 another error.
 * @throws GuardCommandError when nothing can be checked at all.
 */
export function validate(options: ValidateOptions): number {
  checkOptions(options);
  const inputs = new Inputs(options);
  return withOutput(options.outputFile, (output) => {
    const run = new ValidateRun(options, inputs, output);
    return options.structured ? run.structured() : run.unstructured();
  });
}

function checkOptions({ structured, showSummary, outputFormat }: ValidateOptions): void {
  if (structured && showSummary.size > 0) {
    throw new GuardCommandError(
      'Cannot provide a summary-type other than `none` when the `structured` flag is present',
    );
  }
  if (structured && outputFormat === 'single-line-summary') {
    throw new GuardCommandError('single-line-summary is not able to be used when the `structured` flag is present');
  }
  if (!structured && (outputFormat === 'junit' || outputFormat === 'sarif')) {
    throw new GuardCommandError(`the structured flag must be set when output is set to ${outputFormat}`);
  }
}

/** What there is to check; rule and data files are read when it is their turn. */
class Inputs {
  readonly rules: readonly (() => NamedText)[];
  readonly data: readonly (() => NamedText)[];
  readonly parameters: readonly Data[];

  constructor({ data, rules, inputParams, order, payload, structured }: ValidateOptions) {
    const given = payload ? readPayload(readStandardInput()) : null;
    this.data =
      given?.data.map((text, index) => () => ({ name: `DATA_STDIN[${index + 1}]`, text })) ??
      (data === undefined
        ? [() => ({ name: 'STDIN', text: readStandardInput() })]
        : dataFiles(data, order).map((path) => () => ({ name: dataName(path), text: readText(path) })));
    const parameters = dataFiles(inputParams, order);
    // A payload reported pair by pair is checked without parameters, whose files are not even read.
    this.parameters = (payload && !structured ? [] : parameters).map((path) =>
      readData({ name: path, text: readText(path) }),
    );
    this.rules =
      given?.rules.map((text, index) => () => ({ name: `RULES_STDIN[${index + 1}]`, text })) ??
      ruleFiles(rules, order).map((path) => () => ({ name: basename(path), text: readText(path) }));
  }
}

class ValidateRun {
  private exitCode = 0;
  private erred = false;

  constructor(
    private readonly options: ValidateOptions,
    private readonly inputs: Inputs,
    private readonly output: Output,
  ) {}

  /** One report for each data file, all rule files in it. */
  structured(): number {
    const ruleSets = this.inputs.rules.flatMap((source) => this.attempt(() => this.parse(source())) ?? []);
    const unparsable = this.exitCode === UNPARSABLE;
    const reporter = reporterOf(this.options.outputFormat, this.output);
    const statuses = this.inputs.data.map((source) =>
      this.attempt(() => {
        const data = this.load(source);
        const outcomes = this.checkAll(data, ruleSets);
        reporter.add(data, outcomes);
        return combinedStatus(outcomes.map(({ status }) => status));
      }),
    );
    reporter.end();
    if (this.erred) return ERROR;
    const failed = statuses.includes('FAIL');
    if (unparsable && (this.options.outputFormat === 'junit' || !failed)) return UNPARSABLE;
    return failed ? FAILED : 0;
  }

  /** Each rule file on each data file, reported pair by pair; the last rule file that is not clean decides. */
  unstructured(): number {
    const data = this.inputs.data.flatMap((source) => this.attempt(() => this.load(source)) ?? []);
    for (const source of this.inputs.rules) {
      const ruleSet = this.attempt(() => this.parse(source()));
      if (!ruleSet?.program) continue;
      const statuses = data.map((each) => this.attempt(() => this.checkPair(each, ruleSet)));
      if (statuses.includes('FAIL')) this.exitCode = FAILED;
    }
    return this.erred ? ERROR : this.exitCode;
  }

  private load(source: () => NamedText): Data {
    const data = readData(source());
    return guarded(() => withParameters(this.inputs.parameters, data));
  }

  private parse(source: NamedText): RuleSet | null {
    const parsed = parseRuleFile(source);
    if (parsed.tree !== null) return { name: source.name, program: guarded(() => compileRuleFile(source, parsed)) };
    tell(`${ruleFileProblems(source, parsed)}---`);
    this.exitCode = UNPARSABLE;
    return null;
  }

  /** The rule files on one document; one that ends with an error is reported, and the others go on. */
  private checkAll(data: Data, ruleSets: readonly RuleSet[]): Outcome[] {
    const checker = new Checker(data);
    const outcomes: Outcome[] = [];
    for (const { name, program } of ruleSets) {
      if (program === null) continue;
      const start = performance.now();
      const timeMs = (): number => Math.round(performance.now() - start);
      try {
        const { status, rules, failures } = checker.check(program);
        outcomes.push({ ruleFile: name, status, rules, failures, error: null, timeMs: timeMs() });
      } catch (error) {
        if (!(error instanceof GuardCommandError)) throw error;
        const { message } = error;
        this.complain(`${data.name}: rule file ${name}: ${message}`);
        outcomes.push({ ruleFile: name, status: 'FAIL', rules: [], failures: [], error: message, timeMs: timeMs() });
      }
    }
    return outcomes;
  }

  /** Undefined when there is no verdict. */
  private checkPair(data: Data, ruleSet: RuleSet): Status | undefined {
    const [outcome] = this.checkAll(data, [ruleSet]);
    if (outcome?.error !== null) return undefined;
    this.printPair(data, outcome);
    return outcome.status;
  }

  private printPair(data: Data, outcome: Outcome): void {
    const { showSummary, outputFormat } = this.options;
    const { status } = outcome;
    const input = { dataName: data.name, outcome, status, locate: data.locate, text: data.text, value: data.value };
    this.output.write(summaryTable(input, showSummary));
    if (outputFormat === 'json') this.output.write(printJson(reportValue(fileReport(data.name, [outcome])), 2));
    else if (outputFormat === 'yaml') this.output.write(printYaml(reportValue(fileReport(data.name, [outcome]))));
    else this.output.write(hasResources(data.value) ? failureDetails(input) : resultSentences(input, showSummary));
    if (this.options.verbose) this.output.write(outcomeTree(data.name, outcome, status));
    if (this.options.printJson) this.output.write(`${printJson(reportValue(fileReport(data.name, [outcome])), 2)}\n`);
  }

  /** Runs one step of the work; what goes wrong in it is said, and the rest goes on. */
  private attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof GuardCommandError) && !(error instanceof UnprintableError)) throw error;
      this.complain(error.message);
      return undefined;
    }
  }

  private complain(message: string): void {
    this.erred = true;
    tell(`Error occurred ${message}`);
  }
}

interface Outcome extends RuleFileOutcome {
  readonly status: Status;
  readonly timeMs: number;
  /** Why there is no verdict. */
  readonly error: string | null;
}

/** Takes the outcomes of data files one after the other. */
interface Reporter {
  add(data: Data, outcomes: readonly Outcome[]): void;
  end(): void;
}

/** A document on which some rule file gave no verdict is never shown as compliant. */
function reportOf(data: Data, outcomes: readonly Outcome[]): FileReport {
  const report = fileReport(data.name, outcomes);
  return outcomes.some(({ error }) => error !== null) ? { ...report, status: 'FAIL' } : report;
}

function reporterOf(format: ValidateFormat, output: Output): Reporter {
  switch (format) {
    case 'single-line-summary':
    case 'json': {
      let first = true;
      return {
        add: (data, outcomes) => {
          const text = reportElementJson(reportOf(data, outcomes));
          output.write(`${first ? '[' : ','}\n${text}`);
          first = false;
        },
        end: () => {
          output.write(first ? '[]' : '\n]');
        },
      };
    }
    case 'yaml': {
      let empty = true;
      return {
        add: (data, outcomes) => {
          output.write(printYaml([reportValue(reportOf(data, outcomes))]));
          empty = false;
        },
        end: () => {
          if (empty) output.write('[]\n');
        },
      };
    }
    case 'sarif': {
      const log = new SarifLog({ name: toolName, version: toolVersion() });
      return {
        add: (data, outcomes) => {
          log.add(reportOf(data, outcomes), data.locate);
        },
        end: () => {
          output.write(log.print());
        },
      };
    }
    case 'junit': {
      const suites: JunitSuite[] = [];
      return {
        add: (data, outcomes) => {
          const timeMs = outcomes.reduce((sum, each) => sum + each.timeMs, 0);
          suites.push({ name: data.name, timeMs, cases: outcomes.map(junitCase) });
        },
        end: () => {
          output.write(`${printJunit(`${toolName} guard validate report`, suites)}\n`);
        },
      };
    }
  }
}

function junitCase({ ruleFile: name, status, failures, error, timeMs }: Outcome): JunitCase {
  if (error !== null) return { name, timeMs, result: { kind: 'error', text: error } };
  if (status === 'FAIL') return { name, timeMs, result: junitFailure(failures) };
  return { name, timeMs, result: { kind: status === 'PASS' ? 'pass' : 'skip' } };
}

/** @throws GuardCommandError when the text is no payload. */
function readPayload(text: string): { readonly rules: readonly string[]; readonly data: readonly string[] } {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new GuardCommandError(`Parser Error when parsing \`${(error as Error).message}\``);
  }
  const { rules, data } = (payload ?? {}) as { readonly rules?: unknown; readonly data?: unknown };
  const isTexts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (isTexts(rules) && isTexts(data)) return { rules, data };
  throw new GuardCommandError(
    'Parser Error when parsing `the payload is not of the form {"rules": ["..."], "data": ["..."]}`',
  );
}
