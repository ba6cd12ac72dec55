/**
 * What the IAM engine reads: policy documents, requests, and the set of policies that applies to a request.
 *
 * The model is the meaning of a document and not its spelling: a single string and a list of one string are the same,
 * elements have their canonical names, `"*"` and `{"AWS": "*"}` are the same principal. Patterns and values keep their
 * written case, because some elements compare with case and others without. Everything is plain frozen-by-type data, so
 * that two models can be compared with deep equality.
 *
 * Names follow the "IAM JSON policy elements reference" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).
 */

/**
 * Where a policy stands, which decides what it may say and what it does: attached to an identity (managed or inline),
 * to a resource, to a role as its trust policy, to an organization's root, OU or account (SCP, RCP), to an identity as
 * its permissions boundary, to one session, or to a VPC endpoint.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'scp' | 'rcp' | 'boundary' | 'session' | 'vpce';

/** One policy document. */
export interface Policy {
  /** Left out when the document has no `Version`, which means `2008-10-17`: there `${…}` is plain text. */
  readonly version?: '2012-10-17' | '2008-10-17';
  readonly id?: string;
  readonly statements: readonly Statement[];
}

/** One statement. Applies to a request when principal, action, resource and all conditions match. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Only in policies that have one: resource, trust, RCP and VPC endpoint policies. */
  readonly principal?: PrincipalElement;
  /** `Action` or `NotAction`: patterns with `*` and `?`, compared without case. */
  readonly action: PatternElement;
  /** `Resource` or `NotResource`: patterns with `*`, `?` and variables, compared with case. Absent in trust policies. */
  readonly resource?: PatternElement;
  /** All must hold. */
  readonly conditions: readonly Condition[];
}

/** `Action`/`Resource` (`negated` false) or `NotAction`/`NotResource` (`negated` true). */
export interface PatternElement {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `Principal` or `NotPrincipal` (`negated` true). */
export interface PrincipalElement {
  readonly negated: boolean;
  readonly principals: readonly Principal[];
}

/**
 * One entry of a principal element. `"*"` and `{"AWS": "*"}` are both `{ kind: 'AWS', value: '*' }`; an AWS value is
 * otherwise an ARN, an account id, or the unique id (`AIDA…`, `AROA…`) that AWS leaves behind for a deleted identity.
 */
export interface Principal {
  readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  readonly value: string;
}

/** The base operators of conditions; `ArnEquals` and `ArnLike` behave alike and stay apart only for printing. */
export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Null',
] as const;

export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

/** One operator on one key; the values are alternatives (for a negated operator none may match). */
export interface Condition {
  readonly operator: ConditionOperator;
  /** Set operator in front of the operator, for keys with several values. */
  readonly qualifier?: 'ForAllValues' | 'ForAnyValue';
  /** `…IfExists`: a key that is missing makes the condition true, but for `ForAnyValue`. Never with `Null`. */
  readonly ifExists: boolean;
  /** As written, such as `aws:PrincipalTag/Team`; compared without case. */
  readonly key: string;
  /** JSON booleans and numbers as their text. */
  readonly values: readonly string[];
}

/**
 * Who asks: an ARN (user, role, role session, root user, federated user), the text `anonymous`, a service principal such
 * as `lambda.amazonaws.com`, or an identity provider (in `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity`, where the
 * caller has no AWS identity yet).
 */
export type RequestPrincipal = string | { readonly service: string } | { readonly federated: string };

/** One call as IAM sees it: one action on one resource. */
export interface Request {
  readonly principal: RequestPrincipal;
  /**
   * ARN of the identity that a session was made from: the role of an `assumed-role` session, whose own ARN leaves the
   * role's path out, or the IAM user of a `federated-user` session.
   */
  readonly sessionIssuer?: string;
  /** Such as `s3:GetObject`; compared without case. */
  readonly action: string;
  /** ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** Owner of the resource, when its ARN does not say (as with S3 buckets). */
  readonly resourceAccount?: string;
  /** Condition keys; a list is a key with several values, an empty list a key without a value. Keys compare without case. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Keys known to be absent; matters only when keys that are not given count as unknown. An entry that ends with `*`
   * stands for all keys that begin so and are neither given nor follow from the rest of the request.
   */
  readonly absent?: readonly string[];
}

/**
 * The policies that apply to a request. `null`: the kind does not apply. An empty list: it applies and grants nothing.
 * The lists of SCPs and RCPs have one entry for each level, from the root to the account.
 */
export interface ApplicablePolicies {
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[] | null;
  readonly session: readonly Policy[] | null;
  readonly scps: readonly (readonly Policy[])[] | null;
  readonly rcps: readonly (readonly Policy[])[] | null;
  /** Also the trust policy of a role (for `sts:AssumeRole…`) and the key policy of a KMS key. */
  readonly resource: Policy | null;
  readonly vpcEndpoint: Policy | null;
}

/** What comes out. `UNDETERMINED` only where keys that are not given count as unknown. */
export type Decision = 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' | 'UNDETERMINED';

/** The layers of the evaluation, as answers name them. */
export const POLICY_LAYERS = ['scp', 'rcp', 'resource', 'identity', 'boundary', 'session', 'vpcEndpoint'] as const;

export type PolicyLayer = (typeof POLICY_LAYERS)[number];

/**
 * What the policies of one layer say of a request. `IMPLICIT_DENY`: nothing in them allows it; `NOT_APPLICABLE`: there is
 * no such policy, or the caller is not subject to it; `UNDETERMINED` only where keys that are not given count as unknown.
 */
export type LayerOutcome = 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' | 'NOT_APPLICABLE' | 'UNDETERMINED';
