/**
 * The rates at which AWS Organizations takes calls, as buckets of tokens: "Throttling limits" of the User Guide
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html), per account, as of 2026-11-21.
 */

/** Calls a second, and how many at once. */
type Rate = readonly [perSecond: number, burst: number];

const RATES: Readonly<Record<string, Rate>> = {
  AttachPolicy: [2, 3],
  CreatePolicy: [2, 3],
  DeletePolicy: [2, 3],
  DescribePolicy: [2, 2],
  DetachPolicy: [2, 3],
  DisablePolicyType: [1, 1],
  EnablePolicyType: [1, 1],
  ListAccounts: [8, 12],
  ListAccountsForParent: [5, 8],
  ListChildren: [6, 10],
  ListOrganizationalUnitsForParent: [5, 8],
  ListParents: [5, 8],
  ListPolicies: [5, 8],
  ListPoliciesForTarget: [5, 8],
  ListTargetsForPolicy: [5, 8],
  UpdatePolicy: [2, 3],
};

/** Counts calls. Operations without a published rate are not limited. */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Whether a call is within the rate. @param now - In milliseconds. */
  take(account: string, operation: string, now: number): boolean {
    const rate = Object.hasOwn(RATES, operation) ? RATES[operation] : undefined;
    return rate === undefined || this.from(`${account} ${operation}`, rate, now);
  }

  /** Whether a call is within a rate of its account, whatever it is. */
  takeAt(account: string, perSecond: number, now: number): boolean {
    return this.from(`${account} `, [perSecond, perSecond], now);
  }

  private from(key: string, [perSecond, burst]: Rate, now: number): boolean {
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
