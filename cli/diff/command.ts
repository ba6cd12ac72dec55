/** The `diff` command: its options. What it does is loaded when it runs. */
import { Option, type Command } from 'commander';
import type { DiffFlags } from './main.js';

/** Adds `diff` to a program. The exit code is set on the process; wrong usage is commander's to report. */
export function registerDiff(program: Command): void {
  program
    .command('diff')
    .description('shows what a change of templates broadens: rights, trust, traffic, safeguards')
    .argument('<old>', 'template, folder, cdk.out, or REF:PATH of git; the path alone with --git')
    .argument('[new]', 'the same, of what is to be deployed')
    .option('--git <refs>', 'compare two commits, OLD..NEW; the argument is then the path')
    .option('--parameters <assignments...>', 'values of template parameters: Name=value')
    .option(
      '--parameter-file <file>',
      'file with values of template parameters, JSON or YAML; may be given several times',
      (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
    )
    .option('--region <region>', 'Region of the deployment')
    .option('--account <id>', 'account of the deployment')
    .option('--config <file>', 'configuration (default: stackade.yaml in the working directory, if there is one)')
    .option('--environment <name>', 'environment of the configuration whose parameters count, such as production')
    .addOption(
      new Option('--fail-on <what>', 'what fails the command').choices(['broadened', 'never']).default('broadened'),
    )
    .option('--allow-incomplete', 'do not fail when something is NOT EVALUATED')
    .addOption(
      new Option('--format <format>', 'form of the report').choices(['pretty', 'json', 'markdown']).default('pretty'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .option('--requests <file>', 'write the requests that are decided differently, for `iam evaluate --batch`')
    .action(async (older: string, newer: string | undefined, flags: DiffFlags) => {
      const { main } = await import('./main.js');
      process.exitCode = await main(older, newer, flags);
    });
}
