/** The `new` command: what it makes is loaded when it runs. */
import type { Command } from 'commander';
import type { NewRuleOptions } from './rule.js';

/** Adds `new` to a program. The exit code is set on the process. */
export function registerNew(program: Command): void {
  program
    .command('new')
    .description('makes the files of a rule')
    .command('rule')
    .description('makes a rule with metadata, cases and page')
    .argument('<id>', '<service>-<resource>-<good state>, such as sqs-queue-encrypted')
    .option('--type <type>', 'resource type (default: the one that the id names)')
    .option('--property <name>', 'property that the first clause asks for (default: one that the id names)')
    .option('--control <id>', 'control that the rule serves (default: one of the service)')
    .option('--dir <folder>', 'folder of rules (default: rules)')
    .action(async (id: string, options: NewRuleOptions) => {
      const [{ newRule }, { processTerminal }] = await Promise.all([import('./rule.js'), import('../terminal.js')]);
      process.exitCode = newRule(id, options, processTerminal());
    });
}
