/** What is said of requests for revocation and of the policies that hold them; one function for each code. */
import type { Diagnostic } from '../../findings/index.js';

/** Something that cannot be revoked as it is written. */
export function badRevocation(option: string, fault: string, help: string): Diagnostic {
  return { code: 'SCP4001', severity: 'error', message: `${option}: ${fault}`, help };
}

/** A policy that is called like one of revocations and holds something else. */
export function foreignStatement(policy: string, fault: string): Diagnostic {
  return {
    code: 'SCP4002',
    severity: 'error',
    message: `the policy \`${policy}\` is not one of revocations: ${fault}`,
    help: 'rename it, or move what was written into it by hand to another policy; nothing of it is changed',
  };
}
