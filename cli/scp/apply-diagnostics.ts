/** What `scp plan` and `scp apply` say of plans and journals. */
import type { Diagnostic } from '../../findings/index.js';
import type { ApplyProblem } from '../../scp/apply/index.js';

function error(code: string, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}

/** Why nothing is done. */
export function planRefused({ message, help }: ApplyProblem): Diagnostic {
  return error('SCP5001', message, help);
}

/** A journal that is missing, not to be read, of something else, or of a run that has not ended. */
export function badJournal(message: string, help: string): Diagnostic {
  return error('SCP5002', message, help);
}

/** Another run changes the same policies. */
export function setLocked(message: string, help: string): Diagnostic {
  return error('SCP5003', message, help);
}
