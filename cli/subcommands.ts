/** Commands with subcommands, and what the options of several have in common. */
import type { Command } from 'commander';

/** Adds the options of a command. */
export type Register = (parent: Command) => void;

/** A subcommand; its module is imported when it is asked for. */
export interface Subcommand {
  readonly summary: string;
  readonly load: () => Promise<Register>;
}

/**
 * Makes ready to add a command: only the module of the subcommand that is asked for is loaded, so that start-up stays short.
 *
 * @param subcommands - By name.
 * @param args - The words of the command line.
 */
export async function commandOf(
  name: string,
  description: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  args: readonly string[],
): Promise<Register> {
  const asked = args.filter((arg) => !arg.startsWith('-'))[1];
  const chosen = asked !== undefined && Object.hasOwn(subcommands, asked) ? subcommands[asked] : undefined;
  const register = await chosen?.load();
  return (program) => {
    const command = program.command(name).description(description);
    if (register !== undefined) register(command);
    else for (const [each, { summary }] of Object.entries(subcommands)) command.command(each).description(summary);
  };
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
