/** The `check` command: its options. What it does is loaded when it runs. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CheckFlags, CheckFormat } from './settings.js';

const FORMATS: readonly CheckFormat[] = ['pretty', 'json', 'sarif', 'junit', 'github', 'markdown', 'html'];

function parseFormat(value: string): CheckFormat {
  const format = FORMATS.find((each) => each === value);
  if (format !== undefined) return format;
  throw new InvalidArgumentError(`Allowed choices are ${FORMATS.join(', ')}.`);
}

/** Adds `check` to a program. The exit code is set on the process; wrong usage is commander's to report. */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('checks CloudFormation templates')
    .argument('[paths...]', 'templates, folders, or - for standard input (default: the working directory)')
    .option('--pack <names...>', 'rule packs (default: foundation; none: only your own rules)')
    .option('--rules <paths...>', 'your own Guard files, or folders with .guard and .ruleset files')
    .option('--parameters <assignments...>', 'values of template parameters: Name=value')
    .option(
      '--parameter-file <file>',
      'file with values of template parameters, JSON or YAML; may be given several times',
      (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
    )
    .option('--region <region>', 'Region of the deployment')
    .option('--account <id>', 'account of the deployment')
    .option('--ou <id>', 'organizational unit of the account, or the path from the root to it')
    .option('--config <file>', 'configuration (default: stackade.yaml in the working directory, if there is one)')
    .option('--environment <name>', 'environment of the configuration whose parameters count, such as production')
    .addOption(
      new Option('--fail-on <severity>', 'from which severity on findings fail the check (default: error)').choices([
        'error',
        'warning',
        'info',
        'never',
      ]),
    )
    .option('--allow-incomplete', 'do not fail when something is NOT EVALUATED')
    .option('--no-lint', 'do not check templates against the resource schemas')
    .option('--list-rules', 'list rules instead of checking; with --format json as data')
    .option('--list-skipped', 'name the files of folders that are no templates')
    .addOption(
      new Option('--format <format>', `form of the report: ${FORMATS.join(', ')}`)
        .argParser(parseFormat)
        .default('pretty'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .option('--waivers <file>', 'which findings are accepted, where, by whom and until when; YAML or JSON')
    .option('--baseline <file>', 'findings that are known: only new ones count')
    .option('--create-baseline <file>', 'write the findings of this run as known')
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      const { main } = await import('./main.js');
      process.exitCode = await main(paths, flags);
    });
}
