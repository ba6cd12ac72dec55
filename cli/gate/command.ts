/** The options of `stackade gate`: each subcommand's module is loaded when it is asked for. */
import type { Command } from 'commander';

type Register = (parent: Command) => void;

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Register> }>> = {
  build: {
    summary: 'takes a snapshot of resource types: what AWS has today is approved, what comes later is not',
    load: async () => (await import('./build.js')).registerBuild,
  },
  check: {
    summary: 'checks templates: types, properties and values that nobody has approved are findings',
    load: async () => (await import('./check.js')).registerGateCheck,
  },
  diff: {
    summary: 'shows what AWS has added since a snapshot, and what a newer one would approve',
    load: async () => (await import('./diff.js')).registerDiff,
  },
};

/**
 * Makes ready to add `stackade gate`.
 *
 * @param args - The words of the command line, to load the one subcommand that they name.
 */
export async function gateCommand(args: readonly string[]): Promise<Register> {
  const asked = args.filter((arg) => !arg.startsWith('-'))[1];
  const chosen = asked !== undefined && Object.hasOwn(SUBCOMMANDS, asked) ? SUBCOMMANDS[asked] : undefined;
  const register = await chosen?.load();
  return (program) => {
    const gate = program
      .command('gate')
      .description('approves resource types, properties and values, and checks templates against that');
    if (register !== undefined) register(gate);
    else for (const [name, { summary }] of Object.entries(SUBCOMMANDS)) gate.command(name).description(summary);
  };
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
