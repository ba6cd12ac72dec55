/**
 * Whether an analyzer works: organization analyzers end with trusted access, and with the delegation of their account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html).
 */
import { RequestError, ServiceError } from '../errors.js';
import { trustedServicesOf } from '../organizations/changes.js';
import type { SandboxState } from '../state.js';
import { isOrganizational, type AnalyzerData } from './data.js';

export const PRINCIPAL = 'access-analyzer.amazonaws.com';

export interface AnalyzerStatus {
  readonly status: 'ACTIVE' | 'DISABLED';
  readonly reason?: 'AWS_SERVICE_ACCESS_DISABLED' | 'DELEGATED_ADMINISTRATOR_DEREGISTERED';
}

export function statusOf(state: SandboxState, { type, account }: AnalyzerData): AnalyzerStatus {
  if (!isOrganizational(type)) return { status: 'ACTIVE' };
  if (!trustedServicesOf(state).has(PRINCIPAL)) return { status: 'DISABLED', reason: 'AWS_SERVICE_ACCESS_DISABLED' };
  if (isAdministrator(state, account)) return { status: 'ACTIVE' };
  return { status: 'DISABLED', reason: 'DELEGATED_ADMINISTRATOR_DEREGISTERED' };
}

function isAdministrator({ organization }: SandboxState, account: string): boolean {
  return account === organization.managementAccountId || organization.delegations.get(account)?.has(PRINCIPAL) === true;
}

/** @throws when an account may not have organization analyzers. */
export function refuseUnlessAdministrator(state: SandboxState, account: string): void {
  if (!trustedServicesOf(state).has(PRINCIPAL)) {
    throw new ServiceError('ValidationException', 'Service not enabled for AWS Organizations', 400, {
      reason: 'fieldValidationFailed',
    });
  }
  if (!isAdministrator(state, account)) {
    throw new RequestError('accessDenied', `Account ${account} is not a delegated administrator`);
  }
}
