/** What `stackade scan org` says of its options, files and of AWS. Each code has one function that builds it. */
import type { Diagnostic } from '../../findings/index.js';

/** The checkpoint cannot be used. */
export function badCheckpoint(message: string, help: string): Diagnostic {
  return { code: 'SCN1002', severity: 'error', message, help };
}

/** Another scan works in the folder of state. */
export function folderInUse(message: string, help: string): Diagnostic {
  return { code: 'SCN1004', severity: 'error', message, help };
}

/** The caller cannot scan the organization. */
export function cannotScan(message: string, help: string): Diagnostic {
  return { code: 'SCN1003', severity: 'error', message, help };
}

/**
 * The credentials of the caller have ended in the middle of a scan.
 *
 * @param state - The folder that holds the finished parts; `null` when nothing was begun.
 */
export function callerLost(why: string, state: string | null, parts: number): Diagnostic {
  const kept = state === null ? 'nothing was begun' : `\`${state}\` holds ${parts} finished parts`;
  const again = state === null ? 'call again' : 'add --resume to go on';
  return cannotScan(
    `the credentials of who scans are no good any more (${why}); ${kept}`,
    `sign in anew, and ${again}; credentials that renew themselves, such as those of a profile with SSO or of a role of the machine, last for scans of any length`,
  );
}

/** Parts of the organization itself could not be read. */
export function organizationIncomplete(message: string, help: string): Diagnostic {
  return { code: 'SCN2004', severity: 'warning', message, help };
}

/** Access Analyzer does not look at the organization. */
export function analyzersIncomplete(message: string, help: string): Diagnostic {
  return { code: 'SCN2003', severity: 'warning', message, help };
}
