/** What the command says of calls of AWS. Each code has one function that builds it. */
import type { Diagnostic } from '../../findings/index.js';

function error(code: string, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}

/** AWS was not reached, or nobody said who calls. */
export function notReached(doing: string, why: string, help: string): Diagnostic {
  return error('AWS1001', `${doing}: ${why}`, help);
}

/** AWS answered, and refused. */
export function refused(doing: string, why: string, help: string): Diagnostic {
  return error('AWS1002', `${doing}: ${why}`, help);
}
