/** The lock of a set of policies as the command takes it: who it is, what it tells, and giving it back. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, userInfo } from 'node:os';
import type { Command } from 'commander';
import { visible } from '../../findings/index.js';
import { ForeignLockError, LOCK_LEASE, LockedError, lockName, SetLock } from '../../scp/apply/index.js';
import type { LockHolder, LockOptions, SeenLock } from '../../scp/apply/index.js';
import { calling, type AwsConnection } from '../aws/connect.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { setLocked } from './apply-diagnostics.js';
import type { Interruption } from './run-control.js';

/** Options of commands that take the lock. */
export interface LockFlags {
  readonly lockWait?: string;
  readonly takeLock?: boolean;
}

/** Adds the options. @param prefix - Such as `of --apply: `. */
export function lockOptions(command: Command, prefix = ''): Command {
  return command
    .option('--lock-wait <seconds>', `${prefix}how long to wait while another run changes the same policies`)
    .option('--take-lock', `${prefix}take the lock of another run, of which you know that it has ended`);
}

/** How long to wait. @throws InputError when the option is no number of seconds. */
export function lockWait({ lockWait: given = '0' }: LockFlags): number {
  const seconds = Number(given);
  if (given.trim() !== '' && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new InputError([badOption('--lock-wait', `\`${given}\` is no number of seconds`, 'such as 600')]);
}

/** This run. */
function holder(): LockHolder {
  return { run: randomBytes(8).toString('hex'), who: who(), machine: machine(), pid: process.pid };
}

function who(): string {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in some containers.
  }
  return `${user}@${hostname()}`.replaceAll(/[^\w.@-]/g, '-').slice(0, 100);
}

/**
 * Where numbers of processes mean the same: the name, and on Linux the start of the system and the space of processes
 * (containers have their own); elsewhere the addresses of the network. Where nothing tells it, no run counts as known.
 */
function machine(): string {
  const digest = (...parts: readonly string[]): string =>
    createHash('sha256')
      .update([hostname(), ...parts].join(' '))
      .digest('hex')
      .slice(0, 16);
  try {
    if (process.platform === 'linux') {
      return digest(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readlinkSync('/proc/self/ns/pid'));
    }
    const addresses = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ mac }) => mac));
    const own = [...new Set(addresses)].filter((mac) => mac !== '00:00:00:00:00:00').sort();
    if (own.length > 0) return digest(...own);
  } catch {
    // Told apart below.
  }
  return `unknown-${randomBytes(8).toString('hex')}`;
}

/** Whether a holder was a process of this machine that has ended. */
function isDead({ machine: where, pid }: LockHolder): boolean {
  if (where !== machine()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * Takes the lock of a set.
 *
 * @throws InputError when somebody else holds it, and when AWS refuses; StoppedError when it is interrupted.
 */
export async function takeLock(
  set: string,
  flags: LockFlags,
  { organizations }: AwsConnection,
  interrupted: Interruption,
  terminal: Terminal,
): Promise<SetLock> {
  const options: LockOptions = {
    now: () => Date.now(),
    wait: async (seconds, signal) => {
      await interrupted.wait(seconds, signal);
      interrupted.check();
    },
    isDead,
    patience: lockWait(flags),
    takeOver: flags.takeLock === true,
    tell: (what, lock) => {
      terminal.tell(visible(told(what, set, lock)) + '\n');
    },
  };
  try {
    return await calling(`the lock of the set \`${set}\` cannot be taken`, () =>
      SetLock.take(organizations, set, holder(), options),
    );
  } catch (error) {
    if (error instanceof LockedError) throw new InputError([setLocked(lockedText(error), HELP)]);
    if (error instanceof ForeignLockError) {
      throw new InputError([
        setLocked(`${error.message}, but has the name of one`, 'rename that policy: Stackade does not touch it'),
      ]);
    }
    throw error;
  }
}

const HELP =
  'wait until it is done (--lock-wait 600 waits up to ten minutes); when you know that it has ended, --take-lock goes on';

function lockedText({ set, lock }: LockedError): string {
  if (lock === null) return `the set \`${set}\` is locked, and AWS Organizations does not show by whom`;
  const { policyId, held } = lock;
  if (held === null) {
    return `the set \`${set}\` is locked by the policy \`${lockName(set)}\` (${policyId}), whose description somebody has changed`;
  }
  return `the set \`${set}\` is being changed by another run: ${runText(held)} (lock: the policy \`${lockName(set)}\`, ${policyId})`;
}

function runText({ by, since, alive }: NonNullable<SeenLock['held']>): string {
  return `of ${by.who}, process ${by.pid}, since ${time(since)}, last sign of life ${time(alive)}`;
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

function told(what: Parameters<LockOptions['tell']>[0], set: string, { policyId, held }: SeenLock): string {
  const run = held === null ? `the policy ${policyId}` : `a run ${runText(held)}`;
  const words = {
    waits: `waiting: the set \`${set}\` is being changed by ${run}`,
    dead: `the lock of ${run} is taken over: the process has ended`,
    silent: `the lock of ${run} is taken over: no sign of life for more than ${LOCK_LEASE / 60} minutes`,
    told: `the lock of ${run} is taken over, as --take-lock says`,
  };
  return words[what];
}

/** Gives the lock back; when that fails it is told, and no more: what the run did is done. */
export async function giveBack(lock: SetLock, set: string, terminal: Terminal): Promise<void> {
  try {
    await lock.release();
  } catch (error) {
    terminal.tell(
      visible(
        `warning: the lock of the set \`${set}\` could not be given back (${String(error)}): the policy \`${lockName(set)}\` stays; the next run on this machine takes it over at once, others ${LOCK_LEASE / 60} minutes from now or with --take-lock`,
      ) + '\n',
    );
  }
}
