/** The options of `stackade deploy`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  enable: {
    summary: 'lets StackSets into the organization; from the management account, once (AWS)',
    load: async () => (await import('./enable.js')).registerEnable,
  },
  template: {
    summary: 'prints a template that comes with Stackade; without a name, which there are',
    load: async () => (await import('./template.js')).registerTemplate,
  },
  validate: {
    summary: 'checks a declaration of rollouts with its templates',
    load: async () => (await import('./plan.js')).registerValidate,
  },
  plan: {
    summary: 'shows what would bring rollouts to the organization (AWS)',
    load: async () => (await import('./plan.js')).registerPlan,
  },
  apply: {
    summary: 'brings rollouts to the organization, wave by wave (AWS)',
    load: async () => (await import('./apply.js')).registerApply,
  },
  status: {
    summary: 'tells what is in force in which account and Region (AWS)',
    load: async () => (await import('./status.js')).registerStatus,
  },
  drift: {
    summary: 'tells what was changed behind the back of rollouts (AWS)',
    load: async () => (await import('./drift.js')).registerDrift,
  },
  destroy: {
    summary: 'takes rollouts away: stacks, then stack sets (AWS)',
    load: async () => (await import('./destroy.js')).registerDestroy,
  },
};

/** Makes ready to add `stackade deploy`. @param args - The words of the command line. */
export function deployCommand(args: readonly string[]): Promise<Register> {
  return commandOf('deploy', 'rolls templates out to units of the organization, in waves', SUBCOMMANDS, args);
}
