/** `stackade scan org`: its options. What it does is loaded when it runs. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { SCAN_FORMATS, type ScanOrgFlags } from './org-flags.js';

function parseConcurrency(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new InvalidArgumentError('It is no number from 1 to 256.');
  }
  return count;
}

function parseTime(value: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/.test(value);
  if (!isTime || Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError('It is no time in UTC, such as 2027-01-31T08:00:00Z.');
  }
  return new Date(value).toISOString();
}

/** Adds `org` to `stackade scan`. The exit code is set on the process; wrong usage is commander's to report. */
export function registerScanOrg(parent: Command): void {
  parent
    .command('org')
    .description(
      'scans the accounts of an organization: findings of IAM Access Analyzer, IAM, resources, own controls (AWS)',
    )
    .requiredOption('--config <file>', 'the description of the organization')
    .option('--role <name>', 'role that is assumed in the accounts', 'stackade-scanner')
    .option('--regions <regions...>', 'Regions to scan (default: those that the description governs)')
    .option('--accounts <accounts...>', 'only these accounts, by id or name')
    .option('--ou <units...>', 'only accounts of these units, by id or way such as /Workloads')
    .option('--controls <ids...>', 'only checks of these controls')
    .option('--state <folder>', 'where the checkpoint is kept', '.stackade/scan')
    .option('--resume', 'go on with the scan that was interrupted')
    .option('--restart', 'begin anew where a scan was interrupted')
    .option('--archive <file>', 'archive rules: findings that are set aside')
    .option('--previous <file>', 'earlier scan (JSON) to tell changes since, or latest')
    .option('--attestations <file>', 'dated statements on controls that nobody can look at')
    .option('--rollouts <file>', 'the declaration of rollouts (default: rollouts.yaml beside the description)')
    .option('--concurrency <n>', 'parts that are scanned at one time', parseConcurrency, 16)
    .option('--details', 'ask for the details of unused access too, one call for each finding')
    .option('--create-analyzers', 'create analyzers of external access where there are none; tells them without --yes')
    .option('--yes', 'create what --create-analyzers tells')
    .option('--at <time>', 'time up to which ages and expiries are counted (default: now)', parseTime)
    .addOption(
      new Option('--fail-on <severity>', 'from which severity on findings fail the scan')
        .choices(['error', 'warning', 'info', 'never'])
        .default('error'),
    )
    .option('--allow-incomplete', 'do not fail when something could not be evaluated')
    .addOption(new Option('--format <format>', 'form of the report').choices([...SCAN_FORMATS]).default('pretty'))
    .option('--output-file <file>', 'write the report to a file')
    .action(async (flags: ScanOrgFlags) => {
      const { runScanOrg } = await import('./org-run.js');
      const { processTerminal } = await import('../terminal.js');
      process.exitCode = await runScanOrg(flags, processTerminal());
    });
}
