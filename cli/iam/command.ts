/** The options of `stackade iam`: each subcommand's module is loaded when it is asked for. */
import type { Command } from 'commander';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Register> }>> = {
  evaluate: {
    summary: 'decides requests against all policies that apply to them',
    load: async () => (await import('./evaluate.js')).registerEvaluate,
  },
  prove: {
    summary: 'answers questions about all requests: new access, public access, equivalence, isolation',
    load: async () => (await import('./prove.js')).registerProve,
  },
  replay: {
    summary: 'tells which recorded calls SCPs, RCPs and boundaries would deny',
    load: async () => (await import('./replay.js')).registerReplay,
  },
  validate: {
    summary: 'checks policies: grammar, actions, ARNs, conditions, dangerous grants',
    load: async () => (await import('./validate.js')).registerValidate,
  },
};

type Register = (parent: Command) => void;

/**
 * Makes ready to add `stackade iam`.
 *
 * @param args - The words of the command line, to load the one subcommand that they name.
 */
export async function iamCommand(args: readonly string[]): Promise<Register> {
  const asked = args.filter((arg) => !arg.startsWith('-'))[1];
  const chosen = asked !== undefined && Object.hasOwn(SUBCOMMANDS, asked) ? SUBCOMMANDS[asked] : undefined;
  const register = await chosen?.load();
  return (program) => {
    const iam = program.command('iam').description('reads, validates, decides and proves IAM policies');
    if (register !== undefined) register(iam);
    else for (const [name, { summary }] of Object.entries(SUBCOMMANDS)) iam.command(name).description(summary);
  };
}
