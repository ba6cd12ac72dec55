/** The `guard` commands: options and exit codes. What they do is loaded when one of them runs. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ReportFormat } from '../../findings/index.js';
import type { Order } from './files.js';
import type { ValidateFormat } from './validate.js';

const FORMATS = ['single-line-summary', 'json', 'yaml', 'junit', 'sarif'];
const STATUSES = ['PASS', 'FAIL', 'SKIP'] as const;

type Shown = ReadonlySet<(typeof STATUSES)[number]>;

/** Adds up the values of `--show-summary`; `none` takes back what was said before it. */
function parseSummary(value: string, previous: Shown | undefined): Shown {
  const shown = new Set(previous);
  for (const word of value.split(',')) {
    const status = STATUSES.find((each) => each.toLowerCase() === word);
    if (word === 'none') shown.clear();
    else if (word === 'all') for (const each of STATUSES) shown.add(each);
    else if (status !== undefined) shown.add(status);
    else throw new InvalidArgumentError('Allowed are all, pass, fail, skip and none.');
  }
  return shown;
}

/** Paths of one option; an option without a value counts as not given. */
const paths = (value: true | readonly string[] | undefined): readonly string[] | undefined =>
  value === true ? undefined : value;

interface ValidateFlags {
  readonly rules?: true | readonly string[];
  readonly data?: true | readonly string[];
  readonly inputParams?: true | readonly string[];
  readonly outputFormat: ValidateFormat;
  readonly showSummary?: Shown;
  readonly lastModified?: true;
  readonly verbose?: true;
  readonly printJson?: true;
  readonly payload?: true;
  readonly structured?: true;
  readonly outputFile?: string;
}

interface TestFlags {
  readonly rulesFile?: string;
  readonly testData?: string;
  readonly dir?: string;
  readonly outputFormat: ValidateFormat;
  readonly lastModified?: true;
  readonly verbose?: true;
  readonly outputFile?: string;
}

interface LintFlags {
  readonly format: ReportFormat;
  readonly outputFile?: string;
}

interface ParseTreeFlags {
  readonly rules?: string;
  readonly output?: string;
  readonly printJson?: true;
}

const order = (lastModified: true | undefined): Order => (lastModified === true ? 'lastModified' : 'alphabetical');

const orderOptions = (): readonly Option[] => [
  new Option('-a, --alphabetical', 'take the files of a folder in alphabetical order (the default)'),
  new Option('-m, --last-modified', 'take the files of a folder by the time of their last change').conflicts(
    'alphabetical',
  ),
];

const formatOption = (): Option =>
  new Option('-o, --output-format <format>', 'form of the results').choices(FORMATS).default('single-line-summary');

/**
 * Adds `guard` with its subcommands to a program.
 *
 * Exit codes are set on the process, as those of cfn-guard: `validate` 0, 19, 5, 255; `test` 0, 7, 1, 255; `parse-tree`
 * 0, 255. `lint` has those of `check`. Wrong usage is commander's to report.
 */
export function registerGuard(program: Command): void {
  const guard = program.command('guard').description('checks data with Guard rules; takes the place of cfn-guard');

  const validate = guard
    .command('validate')
    .description('evaluates rules on data files')
    .addOption(
      new Option('-r, --rules [paths...]', 'rule files, or folders with .guard and .ruleset files').conflicts(
        'payload',
      ),
    )
    .addOption(
      new Option(
        '-d, --data [paths...]',
        'data files or folders with .yaml, .yml, .json, .jsn and .template files; standard input when left out',
      ).conflicts('payload'),
    )
    .option('-i, --input-params [paths...]', 'files with parameters, merged into each data file')
    .addOption(new Option('-t, --type <type>', 'accepted, without effect').choices(['CFNTemplate']))
    .addOption(formatOption())
    .addOption(
      new Option(
        '-S, --show-summary <statuses>',
        'statuses in the summary: all, pass, fail, skip, none (default: fail)',
      ).argParser(parseSummary),
    );
  for (const option of orderOptions()) validate.addOption(option);
  validate
    .addOption(
      new Option('-v, --verbose', 'print the rules and the clauses that failed as a tree').conflicts('structured'),
    )
    .addOption(
      new Option(
        '-p, --print-json',
        'print the explanations of failures as JSON, one object for each pair of files',
      ).conflicts('structured'),
    )
    .option('-P, --payload', 'read {"rules": [text, ...], "data": [text, ...]} from standard input')
    .option('-z, --structured', 'print one valid JSON, YAML, SARIF or JUnit document')
    .option('--output-file <file>', 'write the results to a file')
    .action(async (flags: ValidateFlags) => {
      const rules = paths(flags.rules);
      if (rules === undefined && flags.payload !== true) {
        validate.error('error: --rules with at least one path, or --payload, is required');
      }
      const run = await import('./validate.js');
      const data = paths(flags.data);
      await finish(() =>
        run.validate({
          rules: rules ?? [],
          ...(data && { data }),
          inputParams: paths(flags.inputParams) ?? [],
          outputFormat: flags.outputFormat,
          showSummary: flags.showSummary ?? new Set(['FAIL'] as const),
          order: order(flags.lastModified),
          verbose: flags.verbose ?? false,
          printJson: flags.printJson ?? false,
          payload: flags.payload ?? false,
          structured: flags.structured ?? false,
          ...(flags.outputFile !== undefined && { outputFile: flags.outputFile }),
        }),
      );
    });

  const test = guard
    .command('test')
    .description('compares rules with the statuses that test files expect of them')
    .option('-r, --rules-file <file>', 'rule file')
    .option('-t, --test-data <path>', 'file of tests, or a folder of them')
    .option('-d, --dir <folder>', 'folder of rule files, each with its tests in a folder `tests` beside it')
    .addOption(formatOption());
  for (const option of orderOptions()) test.addOption(option);
  test
    .option('-v, --verbose', 'print the status of every rule under each test case')
    .option('--output-file <file>', 'write the results to a file')
    .action(async (flags: TestFlags) => {
      const { rulesFile, testData, dir, outputFile } = flags;
      if (rulesFile === undefined && testData === undefined && dir === undefined) {
        test.error('error: --rules-file and --test-data, or --dir, are required');
      }
      const run = await import('./test.js');
      await finish(() =>
        run.test({
          ...(rulesFile !== undefined && { rulesFile }),
          ...(testData !== undefined && { testData }),
          ...(dir !== undefined && { directory: dir }),
          outputFormat: flags.outputFormat,
          order: order(flags.lastModified),
          verbose: flags.verbose ?? false,
          ...(outputFile !== undefined && { outputFile }),
        }),
      );
    });

  guard
    .command('parse-tree')
    .description('prints the syntax tree of a rule file')
    .option('-r, --rules <file>', 'rule file; standard input when left out')
    .option('-o, --output <file>', 'write the tree to a file')
    .addOption(new Option('-p, --print-json', 'print JSON').conflicts('printYaml'))
    .option('-y, --print-yaml', 'print YAML (the default)')
    .action(async (flags: ParseTreeFlags) => {
      const run = await import('./parse-tree.js');
      await finish(() =>
        run.printParseTree({
          ...(flags.rules !== undefined && { rules: flags.rules }),
          ...(flags.output !== undefined && { output: flags.output }),
          printJson: flags.printJson ?? false,
        }),
      );
    });

  guard
    .command('lint')
    .description('names rules and tests that prove nothing')
    .argument('<paths...>', 'rule files, test files (.yaml, .yml, .json, .jsn) and folders of both')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['pretty', 'json', 'sarif', 'junit', 'github', 'markdown'])
        .default('pretty'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .action(async (paths: readonly string[], flags: LintFlags) => {
      const [{ lintGuard }, { processTerminal }] = await Promise.all([import('./lint.js'), import('../terminal.js')]);
      process.exitCode = lintGuard({ paths, ...flags }, processTerminal());
    });
}

/**
 * Sets the exit code. An error that the user can mend is said in one line and exits with 255; so does a run whose
 * results were not all read, without a word.
 */
async function finish(run: () => number): Promise<void> {
  const [{ GuardCommandError }, { ReaderGoneError, tell }] = await Promise.all([
    import('./files.js'),
    import('./output.js'),
  ]);
  try {
    process.exitCode = run();
  } catch (error) {
    if (!(error instanceof GuardCommandError) && !(error instanceof ReaderGoneError)) throw error;
    process.exitCode = 255;
    if (error instanceof GuardCommandError) tell(`Error occurred ${error.message}`);
  }
}
