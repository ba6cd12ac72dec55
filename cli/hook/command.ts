/** The options of `stackade hook`: each subcommand's module is loaded when it is asked for. */
import type { Command } from 'commander';

/** Makes ready to add `stackade hook`. */
export async function hookCommand(): Promise<(program: Command) => void> {
  const { registerInvoke } = await import('./invoke.js');
  return (program) => {
    registerInvoke(program.command('hook').description('runs the CloudFormation hook here, before it runs in AWS'));
  };
}
