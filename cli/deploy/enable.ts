/** `stackade deploy enable`: lets StackSets into the organization, once, from the management account. */
import type { Command } from 'commander';
import { isDelegate, stackSetsClient, STACK_SETS_SERVICE } from '../../stacksets/index.js';
import { calling, connect } from '../aws/connect.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile } from '../org/command.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { notAdministrator } from './diagnostics.js';
import { refusal } from './plan.js';
import { identity } from './session.js';
import { text } from './words.js';

export interface EnableFlags {
  readonly config: string;
}

/** Adds `enable` to `deploy`. Exit code: 0 all is ready, 1 a delegated administrator is still to be made, 2 refused. */
export function registerEnable(parent: Command): void {
  parent
    .command('enable')
    .description('lets StackSets into the organization; from the management account, once (AWS)')
    .requiredOption('--config <file>', 'the description of the organization')
    .action(async (flags: EnableFlags) => {
      process.exitCode = await runEnable(flags, processTerminal());
    });
}

/** @returns The exit code. */
export async function runEnable({ config }: EnableFlags, terminal: Terminal): Promise<number> {
  try {
    const { homeRegion, managementAccount, delegatedAdministrators } = readOrganizationFile(config, terminal);
    const connection = await connect();
    const client = await stackSetsClient({ region: homeRegion, callAs: 'SELF' });
    try {
      const { account } = await calling('it cannot be told who calls', () => identity(homeRegion));
      if (account !== managementAccount) {
        throw new InputError([
          notAdministrator(
            `only the management account (${managementAccount}) lets StackSets into the organization; these credentials are of ${account}`,
            'call with credentials of the management account; everything else can be done by a delegated administrator',
          ),
        ]);
      }
      const lines: string[] = [];
      const before = await calling('the access of StackSets cannot be read', () => client.organizationsAccess());
      if (before === 'ENABLED') lines.push('StackSets has trusted access to the organization.');
      else {
        await calling('StackSets cannot be let in', () => client.activateOrganizationsAccess());
        lines.push('StackSets has trusted access to the organization now.');
      }
      let missing = 0;
      for (const delegate of delegatedAdministrators[STACK_SETS_SERVICE] ?? []) {
        if (
          await calling('delegated administrators cannot be read', () => isDelegate(connection.organizations, delegate))
        ) {
          lines.push(`${delegate} administers stack sets.`);
          continue;
        }
        missing += 1;
        lines.push(
          `${delegate} does not administer stack sets yet: aws organizations register-delegated-administrator --account-id ${delegate} --service-principal ${STACK_SETS_SERVICE}`,
        );
      }
      terminal.print(text(lines));
      return missing === 0 ? CLEAN : FINDINGS;
    } finally {
      client.close();
      connection.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}
