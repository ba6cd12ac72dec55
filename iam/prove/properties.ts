/** What a claim says of requests. */
import type { Condition } from '../model.js';
import type { CallerKind } from './principal.js';

/** The requests that a claim speaks of; what is left out may be anything. */
export interface RequestProperties {
  /** `@default` every kind of caller. */
  readonly callers?: readonly CallerKind[];
  /** Patterns of the ARN of the user or role behind the call (`aws:PrincipalArn`), compared like `ArnLike`. */
  readonly principalArns?: readonly string[];
  /** Patterns of ARNs that the caller does not have. */
  readonly notPrincipalArns?: readonly string[];
  /** Account of the caller. */
  readonly principalAccount?: string;
  /** Whether caller and resource belong to the same account. A resource whose owner nothing tells belongs to the caller's. */
  readonly accounts?: 'same' | 'different';
  /** Patterns, like `Action`. */
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  /** Patterns, like `Resource`. */
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** Conditions that hold. */
  readonly conditions?: readonly Condition[];
}
