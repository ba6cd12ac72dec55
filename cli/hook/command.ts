/** The options of `stackade hook`: each subcommand's module is loaded when it is asked for. */
import type { Command } from 'commander';

type Register = (parent: Command) => void;

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Register> }>> = {
  invoke: {
    summary: 'decides on an event, or on the events of a template, as the hook would',
    load: async () => (await import('./invoke.js')).registerInvoke,
  },
  package: {
    summary: 'writes packages, CloudFormation templates and the protecting policy of the hooks into a folder',
    load: async () => (await import('./package.js')).registerPackage,
  },
};

/**
 * Makes ready to add `stackade hook`.
 *
 * @param args - The words of the command line, to load the one subcommand that they name.
 */
export async function hookCommand(args: readonly string[]): Promise<Register> {
  const asked = args.filter((arg) => !arg.startsWith('-'))[1];
  const chosen = asked !== undefined && Object.hasOwn(SUBCOMMANDS, asked) ? SUBCOMMANDS[asked] : undefined;
  const register = await chosen?.load();
  return (program) => {
    const hook = program.command('hook').description('CloudFormation hooks: runs them here, and packs them for AWS');
    if (register !== undefined) register(hook);
    else for (const [name, { summary }] of Object.entries(SUBCOMMANDS)) hook.command(name).description(summary);
  };
}
