/** `stackade guard test`: rule files on the inputs of test files, with the answers and exit codes of `cfn-guard test` 3.1.1. */
import { statSync } from 'node:fs';
import {
  compareExpectations,
  openDocument,
  outcomeTree,
  printJson,
  printJunit,
  printYaml,
  testCaseText,
  testResultSuite,
  testResultValue,
  type Program,
  type Status,
  type TestCaseResult,
  type TestFileResult,
} from '../../guard/index.js';
import { compileRuleFile, guarded, parseRuleFile, ruleFileProblems, type NamedText } from './engine.js';
import { GuardCommandError, pairTests, readText, requirePath, testFiles, type Order } from './files.js';
import { tell, withOutput, type Output } from './output.js';
import { readTestFile, TestFileError, type TestSpec } from './test-file.js';
import type { ValidateFormat } from './validate.js';
import { toolName } from '../version.js';

export interface TestOptions {
  readonly rulesFile?: string;
  readonly testData?: string;
  /** Wins over the other two. */
  readonly directory?: string;
  readonly outputFormat: ValidateFormat;
  readonly order: Order;
  readonly verbose: boolean;
  /** `@default` standard output. */
  readonly outputFile?: string;
}

const FAILED = 7;
const UNREADABLE = 1;
const ERROR = 255;

/** A rule file with its tests. */
interface TestedFile {
  readonly path: string;
  /** What the name of the loose rule begins with, and the name of the file in diagnostics. */
  readonly ruleName: string;
  readonly tests: readonly string[];
}

/**
 * Runs the command.
 *
 * Two answers differ from the reference on purpose. An evaluation error on one input does not end the run: it goes to
 * standard error, the others are still tested, and the exit code is 255. And a single rule file that does not parse
 * gives exit code 1 in the structured formats too, where the reference gives 0.
 *
 * @returns The exit code: 0 all as expected, 7 not, 1 a file could not be read, 255 another error.
 * @throws GuardCommandError when nothing can be tested at all.
 */
export function test(options: TestOptions): number {
  const { outputFormat, verbose } = options;
  if (outputFormat === 'sarif') {
    throw new GuardCommandError('Cannot provide an output_type of SARIF, SARIF reporter is unsupported.');
  }
  if (outputFormat !== 'single-line-summary' && verbose) {
    throw new GuardCommandError('Cannot provide an output_type of JSON, YAML, or JUnit while the verbose flag is set');
  }
  const files = filesOf(options);
  return withOutput(options.outputFile, (output) => {
    const isConsole = outputFormat === 'single-line-summary';
    const run = new TestRun(output, options.directory !== undefined, verbose, isConsole);
    return isConsole ? run.console(files) : run.structured(files, outputFormat);
  });
}

function filesOf({ rulesFile, testData, directory, order }: TestOptions): readonly TestedFile[] {
  if (directory !== undefined) {
    requirePath(directory);
    return pairTests(directory).map(({ path, stem, tests }) => ({ path, ruleName: stem, tests }));
  }
  if (rulesFile === undefined || testData === undefined) {
    throw new GuardCommandError('--rules-file and --test-data must be given together, or --dir alone');
  }
  requirePath(rulesFile);
  requirePath(testData);
  if (!statSync(rulesFile).isFile()) throw new GuardCommandError('I/O error when reading invalid input parameter');
  return [{ path: rulesFile, ruleName: rulesFile, tests: testFiles(testData, order) }];
}

class TestRun {
  private erred = false;

  constructor(
    private readonly output: Output,
    private readonly isFolder: boolean,
    private readonly verbose: boolean,
    private readonly isConsole: boolean,
  ) {}

  /** Prints test case by test case. The first rule file that is not clean decides, and one that does not parse. */
  console(files: readonly TestedFile[]): number {
    let exitCode = 0;
    for (const file of files) {
      if (this.isFolder && file.tests.length === 0) {
        this.line(`Guard File ${file.path} did not have any tests associated, skipping.`);
        this.line('---');
        continue;
      }
      if (this.isFolder) this.line(`Testing Guard File ${file.path}`);
      const source = this.ruleText(file);
      const parsed = source && parseRuleFile(source);
      if (source === null || parsed?.tree === null) {
        if (source !== null && parsed) this.line(`Parse Error on ruleset file\n${ruleFileProblems(source, parsed)}`);
        exitCode = this.isFolder ? FAILED : UNREADABLE;
      } else if (parsed !== null) {
        const code = this.consoleCases(compileRuleFile(source, parsed), file.tests);
        if (exitCode === 0) exitCode = code;
      }
      if (this.isFolder) this.line('---');
    }
    return this.erred ? ERROR : exitCode;
  }

  /** The test cases of one rule file; the last file of tests that is not clean decides. */
  private consoleCases(program: Program | null, tests: readonly string[]): number {
    let exitCode = 0;
    let number = 0;
    for (const path of program === null ? [] : tests) {
      try {
        for (const spec of readTestFile(path)) {
          number++;
          this.line(`Test Case #${number}`);
          const result = this.runCase(program!, path, spec);
          if (result === null) continue;
          this.output.write(`${testCaseText(result)}\n`);
          if (result.failed.length > 0) exitCode = FAILED;
        }
      } catch (error) {
        if (!(error instanceof TestFileError)) throw error;
        this.line(`Error processing ${error.message}`);
        exitCode = UNREADABLE;
      }
    }
    return exitCode;
  }

  /** Prints one report of all rule files. */
  structured(files: readonly TestedFile[], format: ValidateFormat): number {
    const results = files.flatMap((file) =>
      this.isFolder && file.tests.length === 0 ? [] : (this.testFile(file) ?? []),
    );
    if (format === 'junit') {
      this.line(printJunit(`${toolName} guard test report`, results.map(testResultSuite)));
    } else {
      const values = results.map(testResultValue);
      const value = this.isFolder ? values : values[0];
      // A rule file without rules has no result, and alone it gives no report.
      if (value !== undefined) this.output.write(format === 'json' ? printJson(value, 2) : printYaml(value));
    }
    if (this.erred) return ERROR;
    if (results.some((result) => 'error' in result)) return UNREADABLE;
    return results.some((result) => 'cases' in result && result.cases.some(({ failed }) => failed.length > 0))
      ? FAILED
      : 0;
  }

  /** Null for a rule file without rules. */
  private testFile(file: TestedFile): TestFileResult | null {
    const start = performance.now();
    const broken = (error: string): TestFileResult => {
      return { ruleFile: file.path, error, timeMs: Math.round(performance.now() - start) };
    };
    const source = this.ruleText(file);
    if (source === null) return broken(`${file.path} cannot be read`);
    const parsed = parseRuleFile(source);
    if (parsed.tree === null) return broken(ruleFileProblems(source, parsed));
    const program = compileRuleFile(source, parsed);
    if (program === null) return null;
    try {
      const cases = file.tests.flatMap((path) =>
        readTestFile(path).flatMap((spec) => this.runCase(program, path, spec) ?? []),
      );
      return { ruleFile: file.path, cases };
    } catch (error) {
      if (error instanceof TestFileError || error instanceof StatusWordError) return broken(error.message);
      throw error;
    }
  }

  /** Null when the evaluation ends with an error, which has been said then. */
  private runCase(
    program: Program,
    path: string,
    { name, input, hasOtherKeys, expectations }: TestSpec,
  ): TestCaseResult | null {
    const start = performance.now();
    try {
      if (hasOtherKeys) throw new GuardCommandError('a key of a map of the input is no text; only text can be a key');
      const { rules, status } = guarded(() => program.evaluate(openDocument(input)));
      if (this.verbose) this.output.write(outcomeTree(name ?? '', { ruleFile: '', rules, failures: [] }, status));
      const wanted = expectedStatuses(rules, expectations);
      return { name, timeMs: Math.round(performance.now() - start), ...compareExpectations(rules, wanted) };
    } catch (error) {
      if (!(error instanceof GuardCommandError) || (error instanceof StatusWordError && !this.isConsole)) throw error;
      this.erred = true;
      tell(`Error occurred ${path}: ${name === null ? '' : `${name}: `}${error.message}`);
      return null;
    }
  }

  private ruleText(file: TestedFile): NamedText | null {
    try {
      return { name: file.ruleName, text: readText(file.path) };
    } catch (error) {
      if (!(error instanceof GuardCommandError)) throw error;
      this.erred = true;
      tell(`Error occurred ${error.message}`);
      return null;
    }
  }

  private line(text: string): void {
    this.output.write(`${text}\n`);
  }
}

/** Something else than PASS, FAIL or SKIP is expected. In the structured formats the whole file is then unreadable. */
class StatusWordError extends GuardCommandError {}

/** Status words are looked at only where the rule exists. @throws StatusWordError for a word that is no status. */
function expectedStatuses(
  rules: readonly { readonly name: string }[],
  expectations: ReadonlyMap<string, string>,
): Map<string, Status> {
  const statuses = new Map<string, Status>();
  for (const { name } of rules) {
    const word = expectations.get(name);
    if (word === undefined) continue;
    if (word !== 'PASS' && word !== 'FAIL' && word !== 'SKIP') {
      throw new StatusWordError(`Status code is incorrect ${word}: expected PASS, FAIL or SKIP for rule ${name}`);
    }
    statuses.set(name, word);
  }
  return statuses;
}
