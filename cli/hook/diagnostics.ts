/** What the commands say of packages that are published. Each code has one function that builds it. */
import type { Diagnostic } from '../../findings/index.js';

function error(code: string, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}

/** The caller, or the bucket, is not the one that the package is for. */
export function wrongPlace(message: string, help: string): Diagnostic {
  return error('HOK1001', message, help);
}

/** What lies in a bucket is not what the package holds, or somebody else publishes at the same time. */
export function notAsPackaged(message: string, help: string): Diagnostic {
  return error('HOK1002', message, help);
}
