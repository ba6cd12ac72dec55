/**
 * Who works in a folder of state. Each scan puts a file there that names its process, and then looks for those of others: of
 * two that begin together at least one sees the other. A file is only taken away by its own process or after that is dead, so
 * that nobody can take away the lock of a scan that runs, whatever happens in between.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** A process as the name of its file tells it. */
export interface Holder {
  readonly pid: number;
  /** When it began, in ticks of the system; `0` where the system does not tell. */
  readonly began: string;
  readonly host: string;
}

/** A folder in which another scan works. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  /** @param isHere - Whether the other process is one of this machine. */
  constructor(
    readonly holder: Holder,
    readonly file: string,
    readonly isHere: boolean,
  ) {
    super(`process ${holder.pid} on ${holder.host} works there`);
  }
}

const NAME = /^scan\.(\d+)\.(\d+)\.([\w-]+)\.lock$/;

/** Names of machines may hold anything. */
const here = (): string => hostname().replace(/[^\w-]/g, '-') || 'unnamed';

/** When a process began, so that a number that was given anew is not taken for the old process; `null`: there is none. */
function beginningOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // What belongs to somebody else is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold spaces; the 22nd field is the time at which it began.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

/** Whether the process of a lock may still be at work. What cannot be told counts as being at work. */
function isAtWork({ pid, began, host }: Holder): boolean {
  if (host !== here()) return true;
  const is = beginningOf(pid);
  return is !== null && (is === '0' || began === '0' || is === began);
}

/**
 * Takes a folder for this process, which is made where it is not there.
 *
 * @returns Gives it back; a folder that was made and is empty then is taken away.
 * @throws FolderInUse when another scan works there, and the errors of the system.
 */
export function lockFolder(folder: string): () => void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = `scan.${process.pid}.${beginningOf(process.pid) ?? '0'}.${here()}.lock`;
  const file = join(folder, own);
  const clear = (): void => {
    for (let at = folder; made !== undefined && at.length >= made.length; at = dirname(at)) {
      try {
        rmdirSync(at);
      } catch {
        // Something is in it.
        return;
      }
    }
  };
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FolderInUse(holderOf(own)!, file, true);
    clear();
    throw error;
  }
  for (const name of readdirSync(folder)) {
    const holder = holderOf(name);
    if (holder === null || name === own) continue;
    if (isAtWork(holder)) {
      rmSync(file, { force: true });
      throw new FolderInUse(holder, join(folder, name), holder.host === here());
    }
    rmSync(join(folder, name), { force: true });
  }
  return () => {
    rmSync(file, { force: true });
    clear();
  };
}

function holderOf(name: string): Holder | null {
  const [, pid, began = '0', host = ''] = NAME.exec(name) ?? [];
  return pid === undefined ? null : { pid: Number(pid), began, host };
}
