/** `stackade revoke`: cuts people off whose sessions are still open. */
import type { Command } from 'commander';
import { BAD_INPUT } from '../exit-codes.js';
import { lockOptions } from '../scp/lock.js';
import { processTerminal } from '../terminal.js';
import { revoke } from './run.js';
import type { RevokeFlags } from './flags.js';

export const REVOKE_FORMATS = ['pretty', 'json'] as const;

/**
 * Adds `stackade revoke`. Sets the exit code: 0 planned or done, 1 when it cannot be done as asked (no room, or somebody
 * would be locked out) or stopped half-way, 2 for bad input or when AWS refuses before anything is changed.
 */
export function registerRevoke(program: Command): void {
  const command = program
    .command('revoke')
    .description('ends sessions: denies people, or older sessions of roles, everywhere in the organization')
    .option('--user <names...>', 'people, by name of their sessions and by source identity')
    .option('--identity-center-user <ids...>', 'users of IAM Identity Center, by id')
    .option('--iam-user-id <ids...>', 'IAM users and sessions taken with their keys, by unique id (AIDA…)')
    .option('--role <arns...>', 'roles whose older sessions end')
    .option('--before <time>', 'of --role: end sessions from before this time (default: half a minute from now)')
    .option('--schedule', 'of --before: a time that is still to come; nothing is denied until then')
    .option('--expires <duration>', 'how long it is kept, such as 13h (default: the longest session and an hour)')
    .option('--break-glass <arns...>', 'roles that are never denied (default: arn:aws:iam::*:role/break-glass)')
    .option('--clean-up', 'take out revocations that have expired')
    .option('--plan', 'show what would be done')
    .option('--aws', 'of --plan: ask AWS Organizations what is in force')
    .option('--apply', 'do it (AWS): SCPs of the organization, and policies of IAM in the management account')
    .option('--organization-only', 'of --apply: leave IAM of the management account alone')
    .option('--caller-context <pairs...>', 'of --apply: KEY=VALUE, condition keys that your own calls have')
    .option('--config <file>', 'description of the organization (org.yaml): names the management account')
    .option('--management-account <id>', 'the account that SCPs do not reach, in place of --config')
    .option('--exports <folder>', 'outputs of `aws organizations` commands: revocations in force, free slots')
    .option('--current <files...>', 'policies of revocations in force, in place of --exports')
    .option('--slots <number>', 'policies of revocations that the root has room for')
    .option('--iam <files...>', 'outputs of `aws iam list-roles`: trust policies and lengths of sessions')
    .option('--trail <paths...>', 'CloudTrail files: whom it hits')
    .option('--operator <arn>', 'your own role or session, which must not be denied')
    .option('--at <time>', 'plan as if it were this time')
    .option('--out <folder>', 'write the documents there')
    .option('--format <format>', REVOKE_FORMATS.join(', '), 'pretty')
    .option('--output-file <file>', 'write the plan to a file');
  lockOptions(command, 'of --apply: ');
  command.action(async (flags: RevokeFlags) => {
    const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: BAD_INPUT });
    const fault = faultOf(flags);
    if (fault !== undefined) refuse(fault);
    process.exitCode = await revoke(flags, processTerminal());
  });
}

/** What is wrong with the combination of options. */
function faultOf(flags: RevokeFlags): string | undefined {
  const {
    user,
    identityCenterUser,
    iamUserId,
    role,
    cleanUp,
    plan,
    apply,
    aws,
    exports,
    current,
    slots,
    managementAccount,
  } = flags;
  const isAsked = [user, identityCenterUser, iamUserId, role].some((each) => each !== undefined);
  if (!(REVOKE_FORMATS as readonly string[]).includes(flags.format)) {
    return `--format is one of ${REVOKE_FORMATS.join(', ')}`;
  }
  if (cleanUp === true && isAsked) return '--clean-up takes revocations out; leave --user and --role out';
  if (cleanUp !== true && !isAsked) return 'name people with --user, or roles with --role; or give --clean-up';
  if ((plan === true) === (apply === true)) return 'give --plan or --apply';
  const isAws = apply === true || aws === true;
  if (isAws && (exports !== undefined || current !== undefined)) {
    return 'AWS Organizations tells what is in force; leave --exports and --current out';
  }
  if (flags.organizationOnly === true && apply !== true) return '--organization-only is for --apply';
  if ((flags.lockWait !== undefined || flags.takeLock === true) && apply !== true) {
    return '--lock-wait and --take-lock are for --apply';
  }
  if (apply === true && flags.at !== undefined) return '--at is for --plan: what is done is done now';
  if (exports !== undefined && current !== undefined) return 'give --exports or --current, not both';
  if (cleanUp === true && !isAws && exports === undefined && current === undefined) {
    return '--clean-up needs what is in force: give --aws, --exports or --current';
  }
  if (flags.config !== undefined && managementAccount !== undefined) {
    return 'give --config or --management-account, not both';
  }
  if (managementAccount !== undefined && !/^\d{12}$/.test(managementAccount)) {
    return '--management-account is an account id of 12 digits';
  }
  if (slots !== undefined && !/^[1-9]$/.test(slots)) return '--slots is a number from 1 to 9';
  return undefined;
}
