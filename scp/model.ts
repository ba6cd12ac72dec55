/**
 * What the library of organization policies consists of: templates of service and resource control policies, each with
 * parameters, cases (requests with their decisions) and claims (sentences about all requests).
 */
import type { CaseFile, ClaimFile, ParameterValue, PolicyMetadata, WrittenStatement } from '../iam/templates/index.js';

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
export type TemplateMetadata = PolicyMetadata<ControlPolicyKind>;

/** A template with everything that belongs to it. */
export interface PolicyTemplate extends TemplateMetadata {
  /** With parameters filled in by {@link buildPolicy}; a function where the statements come from the catalogue. */
  readonly statements: readonly WrittenStatement[] | StatementGenerator;
  readonly cases: CaseFile;
  readonly claims: ClaimFile;
}

/** Makes the statements of a template from its parameters. */
export type StatementGenerator = (parameters: Readonly<Record<string, ParameterValue>>) => readonly WrittenStatement[];
