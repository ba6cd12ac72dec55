/** What a change of templates does to rights, traffic and safeguards, as every output shows it. Plain data. */
import type { Severity } from '../../findings/index.js';
import type { ApplicablePolicies, Request } from '../../iam/index.js';
import type { GivenParameters, Path, ValueMap } from '../../template/index.js';

/** A template of one side. Stacks of the two sides belong together by their names. */
export interface StackInput {
  readonly name: string;
  /** The document as read. */
  readonly template: ValueMap;
  /** Values that this stack alone is given, such as a nested one by its parent. `@default` none. */
  readonly parameters?: GivenParameters;
  /** The resource of another stack of the side that this one is nested in. `@default` it stands by itself. */
  readonly nestedIn?: { readonly stack: string; readonly logicalId: string };
  /** Nested stacks, by logical id, whose templates are files that could not be read. `@default` none. */
  readonly missing?: readonly string[];
  /** The templates that its stack sets hold; a set that is not here has one that cannot be read. `@default` none. */
  readonly held?: readonly HeldTemplate[];
}

/** A template that a stack set holds as text. */
export interface HeldTemplate {
  readonly logicalId: string;
  /** Without the Defaults of parameters that get a value which nobody knows. Its places have its name. */
  readonly stack: StackInput;
}

/** What is known of the deployment on both sides. */
export interface DiffOptions {
  /** Values of template parameters; they win over Defaults. `@default` none. */
  readonly parameters?: GivenParameters | undefined;
  /** `@default` unknown, the same on both sides. */
  readonly region?: string | undefined;
  /** `@default` unknown, the same on both sides. */
  readonly accountId?: string | undefined;
  /** Steps of each proof; see `ProveOptions`. `@default` that of the prover. */
  readonly budget?: number | undefined;
}

/**
 * `BROADENED`: shown, with an example. `NOT_EVALUATED`: it cannot be told that it is no broader; to be treated as if it were.
 * `NARROWED`: it gives something up and adds nothing.
 */
export type ChangeVerdict = 'BROADENED' | 'NOT_EVALUATED' | 'NARROWED';

/** What a change is about. */
export type ChangeKind =
  | 'permissions'
  | 'boundary'
  | 'attachment'
  | 'trust'
  | 'session'
  | 'resource-policy'
  | 'organization-policy'
  | 'endpoint-policy'
  | 'ingress'
  | 'egress'
  | 'route'
  | 'network-acl'
  | 'public'
  | 'encryption'
  | 'logging'
  | 'guard'
  | 'template';

/** Whose rights, traffic or safeguard it is. */
export interface Subject {
  readonly stack: string;
  /** The logical id; a name or ARN for what no template of the side declares. */
  readonly name: string;
  /** The resource type; `''` when only a name is known. */
  readonly type: string;
}

/** A place in a template of one side. */
export interface Place {
  readonly side: 'old' | 'new';
  readonly stack: string;
  /** In the written document. */
  readonly path: Path;
}

/** A request that is allowed on one side only, with the policies that decide it on both. */
export interface DecidedRequest {
  readonly request: Request;
  readonly old: ApplicablePolicies;
  readonly new: ApplicablePolicies;
}

/** One thing that changed. */
export interface Change {
  readonly verdict: ChangeVerdict;
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** Ids of controls that it touches; sorted. */
  readonly controls: readonly string[];
  readonly subject: Subject;
  /** What changed, with the values seen: one sentence, no full stop. */
  readonly message: string;
  /** A request or packet as words; `''` where there is none. */
  readonly example: string;
  /** What the evaluator decides differently; `null` for what is no request, and where nothing could be shown. */
  readonly decided: DecidedRequest | null;
  /** What stands for values that nobody knows in message, example and request; sorted. */
  readonly unknowns: readonly UnknownText[];
  readonly place: Place;
}

/** A text that stands for a value that nobody knows. */
export interface UnknownText {
  readonly text: string;
  readonly reason: string;
}

/** Everything that a comparison has to say. */
export interface Diff {
  /** Broadened first, then not evaluated, then narrowed; in each by severity, stack, subject and kind. */
  readonly changes: readonly Change[];
  /** Logical ids that were found again under another name. */
  readonly renamed: readonly { readonly stack: string; readonly from: string; readonly to: string }[];
  /** Names, accounts and Regions in the changes that stand for what only the deployment gives; sorted. */
  readonly examples: readonly string[];
}
