/** The options of `stackade hook`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  invoke: {
    summary: 'decides on an event, or on the events of a template, as the hook would',
    load: async () => (await import('./invoke.js')).registerInvoke,
  },
  package: {
    summary: 'writes packages, CloudFormation templates and the protecting policy of the hooks into a folder',
    load: async () => (await import('./package.js')).registerPackage,
  },
  upload: {
    summary: 'brings a package to the buckets of packages, by the release role (AWS)',
    load: async () => (await import('./upload.js')).registerUpload,
  },
  publish: {
    summary: 'makes the policies of a package the ones that hooks decide by (AWS)',
    load: async () => (await import('./publish.js')).registerPublish,
  },
};

/** Makes ready to add `stackade hook`. @param args - The words of the command line. */
export function hookCommand(args: readonly string[]): Promise<Register> {
  return commandOf('hook', 'CloudFormation hooks: runs them here, and packs them for AWS', SUBCOMMANDS, args);
}
