/** The options of `stackade scp`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  list: {
    summary: 'lists the policy templates',
    load: async () => (await import('./show.js')).registerList,
  },
  show: {
    summary: 'shows a template, or the policy that comes out of it with parameters',
    load: async () => (await import('./show.js')).registerShow,
  },
  build: {
    summary: 'makes documents and attachments of the policies that a description chooses',
    load: async () => (await import('./build.js')).registerBuild,
  },
  plan: {
    summary: 'shows what would bring the policies of a description to the organization (AWS)',
    load: async () => (await import('./plan.js')).registerPlan,
  },
  apply: {
    summary: 'brings the policies of a description to the organization, in waves (AWS)',
    load: async () => (await import('./apply.js')).registerApply,
  },
  verify: {
    summary: 'runs cases and claims of templates, and requests of your own',
    load: async () => (await import('./verify.js')).registerVerify,
  },
  pack: {
    summary: 'packs policies into as few documents as quotas allow, with proofs',
    load: async () => (await import('./pack.js')).registerPack,
  },
};

/** Makes ready to add `stackade scp`. @param args - The words of the command line. */
export function scpCommand(args: readonly string[]): Promise<Register> {
  return commandOf('scp', 'lists, shows and verifies policies of the organization', SUBCOMMANDS, args);
}
