/** The options of `stackade scan`: each subcommand's module is loaded when it is asked for. */
import { commandOf, type Register, type Subcommand } from '../subcommands.js';

/** Subcommands by name; each module adds its own options. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  attestations: {
    summary: 'prints a file of attestations to begin with',
    load: async () => (await import('./attestations-skeleton.js')).registerScanAttestations,
  },
  org: {
    summary: 'scans the accounts of an organization: access, IAM, resources, own controls (AWS)',
    load: async () => (await import('./org.js')).registerScanOrg,
  },
  package: {
    summary: 'writes what scans an organization by AWS Step Functions, and what that costs',
    load: async () => (await import('./package.js')).registerScanPackage,
  },
  rights: {
    summary: 'prints the policies that a scan of an organization takes',
    load: async () => (await import('./rights.js')).registerScanRights,
  },
  template: {
    summary: 'finds every policy in CloudFormation templates, and what is wrong with each',
    load: async () => (await import('./template.js')).registerScanTemplate,
  },
};

/** Makes ready to add `stackade scan`. @param args - The words of the command line. */
export function scanCommand(args: readonly string[]): Promise<Register> {
  return commandOf(
    'scan',
    'looks for access that goes too far: in templates, and in an organization',
    SUBCOMMANDS,
    args,
  );
}
