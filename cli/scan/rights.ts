/** `stackade scan rights`: the policies that a scan takes, for the controls that it looks at. */
import type { Command } from 'commander';
import { asksAnalyzers, checksOf, scanRights, type RightsOptions, type ScanPlan } from '../../analyzers/scan/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { ANALYZERS_STACK_SET } from './org-analyzers-rollout.js';
import { scanPlan } from './org-plan.js';
import { controlsOf } from './org-selection.js';

export interface ScanRightsFlags {
  readonly role: string;
  readonly partition: string;
  readonly controls?: readonly string[];
  readonly createAnalyzers?: true;
}

/** Adds `rights` to `stackade scan`. */
export function registerScanRights(parent: Command): void {
  parent
    .command('rights')
    .description('prints the policies that `scan org` takes: of who calls it, and of the role in each account')
    .argument('[whose]', 'only one of them: caller or account')
    .option('--role <name>', 'role that is assumed in the accounts', 'stackade-scanner')
    .option('--partition <name>', 'partition of the accounts', 'aws')
    .option('--controls <ids...>', 'for checks of these controls only')
    .option('--create-analyzers', 'with what --create-analyzers of the scan takes')
    .action(async (whose: string | undefined, flags: ScanRightsFlags) => {
      process.exitCode = await runScanRights(whose, flags, processTerminal());
    });
}

/** @returns The exit code. */
export async function runScanRights(
  whose: string | undefined,
  flags: ScanRightsFlags,
  terminal: Terminal,
): Promise<number> {
  try {
    const of = oneOf(whose, '[whose]', ['caller', 'account'] as const);
    const partition = oneOf(flags.partition, '--partition', ['aws', 'aws-cn', 'aws-us-gov'] as const)!;
    const library = loadLibrary();
    const controls = controlsOf(flags.controls, library);
    const { plan } = await scanPlan({ homeRegion: '', controls }, library);
    const createAnalyzers = flags.createAnalyzers === true ? ANALYZERS_STACK_SET : null;
    const rights = scanRights({ ...readOf(plan), partition, role: flags.role, createAnalyzers });
    if (of !== 'caller' && rights.account.Statement.every(({ Action }) => Action.length === 0)) {
      const message = 'no check of these controls reads anything of an account';
      throw new InputError([
        badOption('--controls', message, 'docs/scan-controls.md tells which controls have checks'),
      ]);
    }
    terminal.print(`${JSON.stringify(of === undefined ? rights : rights[of], null, 2)}\n`);
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** What the checks of a plan read of an account. */
export function readOf(plan: ScanPlan): Pick<RightsOptions, 'types' | 'iam' | 'findings'> {
  const reads = checksOf(plan).flatMap((check) => (check.scope === 'organization' ? [] : [check.reads]));
  return {
    types: [...new Set(reads.flatMap(({ resources = [] }) => resources))].sort(),
    iam: reads.some(({ iam }) => iam === true),
    findings: asksAnalyzers(plan),
  };
}

function oneOf<const Word extends string>(
  value: string | undefined,
  option: string,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new InputError([
    badOption(option, `\`${value}\` is none of ${words.join(', ')}`, `write ${words.join(' or ')}`),
  ]);
}
