/** The options of `stackade iam`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
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

/** Makes ready to add `stackade iam`. @param args - The words of the command line. */
export function iamCommand(args: readonly string[]): Promise<Register> {
  return commandOf('iam', 'reads, validates, decides and proves IAM policies', SUBCOMMANDS, args);
}
