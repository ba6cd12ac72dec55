/**
 * Changes of the policies of an organization, as operations of AWS Organizations
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html), and the tags by which one's own
 * policies are known. What AWS refuses is thrown; throttling and retries are the business of who implements this.
 */

/** A policy to be made. */
export interface NewPolicy {
  readonly name: string;
  /** Name of the API, such as `SERVICE_CONTROL_POLICY`. */
  readonly type: string;
  readonly description: string;
  readonly content: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What of a policy changes. */
export interface PolicyChange {
  readonly description: string;
  readonly content: string;
}

export interface OrganizationsWriter {
  /** Tags of a policy, root, unit or account. */
  listTagsForResource(id: string): Promise<Readonly<Record<string, string>>>;
  enablePolicyType(rootId: string, type: string): Promise<void>;
  /** @returns The id of the new policy. */
  createPolicy(policy: NewPolicy): Promise<string>;
  /** In force at once wherever the policy is attached. */
  updatePolicy(policyId: string, change: PolicyChange): Promise<void>;
  deletePolicy(policyId: string): Promise<void>;
  attachPolicy(policyId: string, targetId: string): Promise<void>;
  detachPolicy(policyId: string, targetId: string): Promise<void>;
}
