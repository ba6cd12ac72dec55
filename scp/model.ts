/**
 * What the library of organization policies consists of: templates of service and resource control policies, each with
 * parameters, cases (requests with their decisions) and claims (sentences about all requests).
 */
import type {
  AbsentKey,
  CaseFile,
  ClaimFile,
  ExplainedSurvivor,
  ParameterDefinition,
  ParameterValue,
  SourceReference,
  WrittenStatement,
} from '../iam/templates/index.js';

export type {
  AbsentKey,
  CaseFile,
  ClaimFile,
  ParameterDefinition,
  ParameterType,
  ParameterValue,
  PolicyCase,
  SourceReference,
  Twin,
  WrittenClaim,
  WrittenStatement,
} from '../iam/templates/index.js';

/** A service control policy restrains the principals of accounts, a resource control policy their resources. */
export type ControlPolicyKind = 'scp' | 'rcp';

/** `template.json`. */
export interface TemplateMetadata {
  readonly name: string;
  readonly title: string;
  readonly kind: ControlPolicyKind;
  /** Ids of the controls that the template puts into practice. */
  readonly controls: readonly string[];
  readonly description: string;
  readonly risk: string;
  /** What has to be there before the policy is attached. */
  readonly needs: readonly string[];
  /** Who and what the policy does not bind. */
  readonly doesNotReach: readonly string[];
  /** How to roll it out, step by step. */
  readonly rollout: readonly string[];
  readonly sources: readonly SourceReference[];
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly absentKeys?: readonly AbsentKey[];
  readonly survivors?: readonly ExplainedSurvivor[];
}

/** A template with everything that belongs to it. */
export interface PolicyTemplate extends TemplateMetadata {
  /** With parameters filled in by {@link buildPolicy}; a function where the statements come from the catalogue. */
  readonly statements: readonly WrittenStatement[] | StatementGenerator;
  readonly cases: CaseFile;
  readonly claims: ClaimFile;
}

/** Makes the statements of a template from its parameters. */
export type StatementGenerator = (parameters: Readonly<Record<string, ParameterValue>>) => readonly WrittenStatement[];
