/** `stackade scan template`: its options. What it does is loaded when it runs. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CheckFormat } from '../check/settings.js';
import { collect } from '../subcommands.js';
import type { ScanTemplateFlags } from './template-flags.js';

const FORMATS: readonly CheckFormat[] = ['pretty', 'json', 'sarif', 'junit', 'github', 'markdown', 'html'];

function parseFormat(value: string): CheckFormat {
  const format = FORMATS.find((each) => each === value);
  if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${FORMATS.join(', ')}.`);
  return format;
}

/** Adds `template` to `stackade scan`. The exit code is set on the process; wrong usage is commander's to report. */
export function registerScanTemplate(parent: Command): void {
  parent
    .command('template')
    .description('finds every policy in CloudFormation templates, and what is wrong with each')
    .argument('[paths...]', 'templates, folders, or - for standard input (default: the working directory)')
    .option('--parameters <assignments...>', 'values of template parameters: Name=value')
    .option(
      '--parameter-file <file>',
      'file with values of template parameters, JSON or YAML; may be given several times',
      collect,
    )
    .option('--region <region>', 'Region of the deployment')
    .option('--account <id>', 'account of the deployment')
    .option('--config <file>', 'description of the organization (org.yaml): access from outside of it is a finding')
    .option('--trusted-account <ids...>', 'accounts of others that may be given access')
    .option('--access-not-granted <actions...>', 'actions, or patterns of them, that no policy may grant')
    .option(
      '--reference <file>',
      'policy that says how far others may go, as FILE or KIND=FILE (identity, resource, trust); may be given several times',
      collect,
    )
    .option('--online', 'ask IAM Access Analyzer too; its custom policy checks are charged for each call')
    .addOption(
      new Option('--fail-on <severity>', 'from which severity on findings fail the scan')
        .choices(['error', 'warning', 'info', 'never'])
        .default('warning'),
    )
    .option('--allow-incomplete', 'do not fail when something is NOT EVALUATED')
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
    .action(async (paths: readonly string[], flags: ScanTemplateFlags) => {
      const { scanTemplates } = await import('./template-run.js');
      process.exitCode = await scanTemplates(paths, flags);
    });
}
