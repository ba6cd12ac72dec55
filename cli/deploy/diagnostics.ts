/** What `stackade deploy` says of calls. Each code has one function that builds it. */
import type { Diagnostic } from '../../findings/index.js';
import type { Problem } from '../../stacksets/index.js';

function error(code: string, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}

/** Why nothing is done. */
export function deployRefused({ message, help }: Problem): Diagnostic {
  return error('STK2001', message, help);
}

/** The caller may not administer stack sets of this organization. */
export function notAdministrator(message: string, help: string): Diagnostic {
  return error('STK2002', message, help);
}

/** Another run is at work, or somebody changes what this one has made. */
export function underWay(message: string, help: string): Diagnostic {
  return error('STK2003', message, help);
}
