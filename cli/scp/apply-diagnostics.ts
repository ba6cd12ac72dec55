/** What `scp plan` and `scp apply` say of plans and journals. */
import type { Diagnostic } from '../../findings/index.js';
import type { ApplyProblem, MisplacedAccount } from '../../scp/apply/index.js';

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

/** An account that is not where the description puts it: what is chosen there does not reach it. */
export function misplaced({ id, name, described, is }: MisplacedAccount): Diagnostic {
  const account = `the account ${id} (${name})`;
  return {
    code: 'SCP5004',
    severity: 'warning',
    message:
      is === null
        ? `the organization has no account ${id} (${name}), which the description has in \`${described}\``
        : `${account} is in \`${is}\`, not in \`${described}\` as described: what is chosen for \`${described}\` may not reach it`,
    help:
      is === null
        ? 'take it out of the description, or invite it; `stackade org compare` tells all differences'
        : `move it back, or describe it in \`${is}\` with the policies that it needs there`,
  };
}
