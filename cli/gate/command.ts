/** The options of `stackade gate`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
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

/** Makes ready to add `stackade gate`. @param args - The words of the command line. */
export function gateCommand(args: readonly string[]): Promise<Register> {
  return commandOf(
    'gate',
    'approves resource types, properties and values, and checks templates against that',
    SUBCOMMANDS,
    args,
  );
}
