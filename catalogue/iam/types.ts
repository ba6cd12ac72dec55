/** What the catalogue knows of IAM: services, actions, resource types and condition keys. Plain, read-only data. */

/** What an action does, in the words of the AWS Service Authorization Reference. */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Permissions management' | 'Tagging';

/** The type of a condition key, which decides the operators that suit it. */
export type ConditionKeyType = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IPAddress' | 'ARN';

/** A condition key. */
export interface IamConditionKey {
  /** As the reference spells it; a part that the policy chooses is a placeholder: `aws:RequestTag/${TagKey}`. */
  readonly key: string;
  readonly type: ConditionKeyType;
  /** Whether a request can carry several values, which asks for `ForAllValues` or `ForAnyValue`. */
  readonly multiValued: boolean;
}

/** A type of resource, which a policy names by an ARN. */
export interface IamResourceType {
  readonly name: string;
  /** With placeholders: `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
  readonly arn: string;
  /** Names of the condition keys that a request for such a resource carries. */
  readonly conditionKeys: readonly string[];
}

/** A resource type as an action takes it. */
export interface IamActionResource {
  readonly name: string;
  readonly required: boolean;
  /** Names of the condition keys that the action carries with this type only. */
  readonly conditionKeys: readonly string[];
}

/** An action. */
export interface IamAction {
  /** Prefix and name, as the reference spells them: `s3:GetObject`. */
  readonly name: string;
  readonly accessLevel: AccessLevel;
  /** Empty for an action that knows no resources and matches `"Resource": "*"` only. */
  readonly resourceTypes: readonly IamActionResource[];
  /** Names of the condition keys that the action carries itself, without those of its resource types. */
  readonly conditionKeys: readonly string[];
}

/** A service. Lists are decoded when they are first read. */
export interface IamService {
  /** Such as `s3`. */
  readonly prefix: string;
  /** Such as `Amazon S3`. */
  readonly name: string;
  /** Names without prefix, sorted. */
  readonly actionNames: readonly string[];
  readonly resourceTypes: readonly IamResourceType[];
  readonly conditionKeys: readonly IamConditionKey[];
  /** @param name - Without prefix; case does not count. */
  action(name: string): IamAction | undefined;
  /** @param name - Of a resource type of this service. */
  resourceType(name: string): IamResourceType | undefined;
}
