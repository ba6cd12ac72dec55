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

/** Parts of the organization itself could not be read. */
export function organizationIncomplete(message: string, help: string): Diagnostic {
  return { code: 'SCN2004', severity: 'warning', message, help };
}

/** Access Analyzer does not look at the organization. */
export function analyzersIncomplete(message: string, help: string): Diagnostic {
  return { code: 'SCN2003', severity: 'warning', message, help };
}
