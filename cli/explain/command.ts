/** The `explain` command. */
import type { Command } from 'commander';

/** Adds `explain` to a program. The exit code is set on the process. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('prints the page of a diagnostic code, a rule, a control or a policy template')
    .argument('<name>', 'such as TPL3001, s3-bucket-default-encryption, ENC-S3-01 or approved-regions')
    .action(async (name: string) => {
      const { explain } = await import('./explain.js');
      process.exitCode = explain(name);
    });
}
