/**
 * Management policies of AWS Organizations: settings that services follow, outside of the evaluation of requests. A library
 * of them has documents with parameters and cases, and no claims: there are no requests to speak of.
 */
import type { Described } from '../../iam/templates/index.js';
import type { Value } from '../../template/index.js';

/** What a policy sets: tags, attributes of Amazon EC2, or the use of data by AI services. */
export type ManagementPolicyKind = 'tag' | 'ec2' | 'ai-opt-out';

/** What AWS Organizations calls the type of a policy of each kind. */
export const MANAGEMENT_POLICY_TYPES: Readonly<Record<ManagementPolicyKind, string>> = {
  tag: 'TAG_POLICY',
  ec2: 'DECLARATIVE_POLICY_EC2',
  'ai-opt-out': 'AISERVICES_OPT_OUT_POLICY',
};

/** A parameter: a JSON schema (draft-07) of its values. */
export interface SettingParameter {
  readonly schema: object;
  readonly default: Value;
  readonly description: string;
}

/** What a policy sets for an account. */
export interface SettingCase {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, Value>>;
  /** A policy that is attached below: it is merged, as far as the template lets it. */
  readonly below?: Value;
  /** The path of a setting, without operators. */
  readonly at?: readonly string[];
  /** Its value; left out where the policy sets nothing. */
  readonly is?: Value;
  /** Instead of a setting: the parameter that is refused. */
  readonly refused?: string;
}

/** `template.json` and `cases.yml`. */
export interface ManagementTemplate extends Described<ManagementPolicyKind> {
  readonly parameters: Readonly<Record<string, SettingParameter>>;
  readonly cases: readonly SettingCase[];
}
