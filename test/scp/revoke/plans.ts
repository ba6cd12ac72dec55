/** Plans for tests. */
import { planRevocations, requestRevocations } from '../../../scp/revoke/index.js';
import type { PlanOptions, RevocationPlan, RevocationRequest } from '../../../scp/revoke/index.js';

export const NOW = Date.parse('2026-11-21T10:00:00Z');
export const DEPLOY = 'arn:aws:iam::444455556666:role/deploy';
export const MANAGEMENT = '999999999999';

/** The plan of a request that has no fault. */
export function planOf(request: Partial<RevocationRequest>, options: Partial<PlanOptions> = {}): RevocationPlan {
  const { revocations, breakGlass, diagnostics } = requestRevocations({ now: NOW, ...request });
  expect(diagnostics).toStrictEqual([]);
  return planRevocations({
    now: NOW,
    inForce: [],
    added: revocations,
    breakGlass,
    slots: 1,
    managementAccount: MANAGEMENT,
    ...options,
  });
}
