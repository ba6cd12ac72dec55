/**
 * The anatomy of a policy template: statements with parameters, cases (requests with their decisions) and claims (sentences
 * about all requests). Each library of templates adds what its policies are.
 */
import type { ValueMap } from '../../template/index.js';
import type { CallerKind, ClaimedDecision } from '../prove/index.js';

/** What a parameter may hold; see `parameters/types.ts` for what each accepts. */
export type ParameterType =
  | 'accountId'
  | 'actionPattern'
  | 'arnPattern'
  | 'boundaryName'
  | 'bucketName'
  | 'cidr'
  | 'databaseResourceId'
  | 'functionName'
  | 'identityCenterUserId'
  | 'logGroupPrefix'
  | 'namePrefix'
  | 'organizationId'
  | 'partition'
  | 'principalPattern'
  | 'region'
  | 'resourceType'
  | 'roleName'
  | 'samlProviderName'
  | 'servicePrincipal'
  | 'sqlName'
  | 'tagKey'
  | 'time'
  | 'userName'
  | 'vpcEndpointId'
  | 'vpcId';

/** A value of a parameter. */
export type ParameterValue = string | readonly string[];

export interface ParameterDefinition {
  readonly type: ParameterType;
  /** Whether the parameter holds a list. */
  readonly list?: boolean;
  /** Of a list: the least number of entries. `@default` 1; 0 for a list that may be empty. */
  readonly least?: number;
  /** Left out for a parameter that each organization has to give. */
  readonly default?: ParameterValue;
  /** What cases and claims use when there is no default; never used for a policy that somebody builds. */
  readonly example?: ParameterValue;
  readonly description: string;
}

export interface SourceReference {
  readonly title: string;
  readonly url: string;
  /** `YYYY-MM-DD`. */
  readonly read: string;
}

/** A condition key that an action of a statement does not carry according to the catalogue, and why that is meant. */
export interface AbsentKey {
  readonly key: string;
  /** Patterns of the actions. */
  readonly actions: readonly string[];
  readonly why: string;
}

/** A small change of the policy that no case and no claim notices, and why that is no fault of theirs. */
export interface ExplainedSurvivor {
  /** Sid, or `statement 1`. */
  readonly statement: string;
  /** As a verification says it. */
  readonly change: string;
  readonly why: string;
}

/** What every template says of itself. `Kind`: what kinds of policies the library has. */
export interface Described<Kind extends string> {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** Ids of the controls that the template puts into practice. */
  readonly controls: readonly string[];
  readonly description: string;
  readonly risk: string;
  /** What has to be there before it is deployed or attached. */
  readonly needs: readonly string[];
  /** Who and what it does not limit. */
  readonly doesNotReach: readonly string[];
  /** How to roll it out, step by step. */
  readonly rollout: readonly string[];
  readonly sources: readonly SourceReference[];
}

/** What a template of policies that decide requests says of itself (`template.json`). */
export interface PolicyMetadata<Kind extends string> extends Described<Kind> {
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly absentKeys?: readonly AbsentKey[];
  readonly survivors?: readonly ExplainedSurvivor[];
}

/** Whatever has parameters: a name for messages, and what they may hold. */
export interface Parametrised {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
}

/**
 * A statement as a template writes it: an IAM statement with `{{parameter}}` in texts, and
 * - `$each`: `{"key": "requiredTagKeys"}` makes one statement for each value; `{{key}}` is the value, `{{key.n}}` its
 *   number from 1;
 * - `$if`: the name of a list parameter; there is no such statement when the list is empty;
 * - `$why`: a sentence for readers.
 */
export type WrittenStatement = ValueMap;

/** A request and what is decided about it while everything else allows it. */
export interface PolicyCase {
  readonly name: string;
  /** ARN, `anonymous`, `{ service }`, or `{ federated }` with the ARN of an identity provider. */
  readonly principal: string | { readonly service: string } | { readonly federated: string };
  /** ARN of the role of a session, when it has a path. */
  readonly sessionIssuer?: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly decision: 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY';
  /** Sid of a statement that has to be among those that decide. */
  readonly by?: string;
}

/** `cases.yml`. */
export interface CaseFile {
  /** Instead of defaults and examples. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Condition keys of every case that does not say otherwise. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly cases: readonly PolicyCase[];
}

/** A change to a template under which a claim must fail. */
export interface Twin {
  /** What the change takes away. */
  readonly because: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Sid of a written statement to leave out. */
  readonly without?: string;
  /** Elements to put in place of those of a written statement, by its Sid; `null` takes an element away. */
  readonly change?: Readonly<Record<string, ValueMap>>;
}

/** A sentence about all requests that a policy reaches. Texts may hold `{{parameter}}`. */
export interface WrittenClaim {
  readonly claim: string;
  /** `@default` those whom the policy reaches. */
  readonly callers?: readonly CallerKind[];
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly accounts?: 'same' | 'different';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** A condition block that holds. */
  readonly when?: ValueMap;
  readonly decision: ClaimedDecision;
  /** Parameters of which the claim assumes the values of the cases: with others it says nothing. */
  readonly valuesOf?: readonly string[];
  /** Regular expressions of the values of condition keys. */
  readonly assume?: Readonly<Record<string, string>>;
  readonly twin: Twin;
}

/** `claims.yml`. */
export interface ClaimFile {
  readonly claims: readonly WrittenClaim[];
}
