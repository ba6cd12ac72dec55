/** What is known of a rule, a pack and a control beside the text of the rule. Plain data, read from JSON files. */
import type { Severity } from '../../findings/index.js';

/** How a rule is written. */
export type RuleKind = 'guard' | 'policy' | 'graph';

/** `preview` may still change its verdicts in a minor version; `deprecated` names its successor in `aliases` of that one. */
export type RuleStatus = 'preview' | 'stable' | 'deprecated';

/** A page of public documentation that the rule leans on. */
export interface RuleSource {
  readonly title: string;
  /** The day on which it was read, `YYYY-MM-DD`. */
  readonly read: string;
  readonly url: string;
}

/** The JSON file beside a rule; `rules/schema/rule.schema.json` describes it. */
export interface RuleMetadata {
  /** `<service>-<resource>-<good state>`; the Guard name is the same words in upper snake case. */
  readonly id: string;
  readonly kind: RuleKind;
  /** The good condition. */
  readonly title: string;
  readonly severity: Severity;
  readonly status: RuleStatus;
  /** The version of Stackade that had the rule first. */
  readonly since: string;
  /** Earlier ids of the rule. */
  readonly aliases: readonly string[];
  /** Controls that the rule puts into practice, such as `ENC-S3-01`. */
  readonly controls: readonly string[];
  readonly tags: readonly string[];
  readonly resourceTypes: readonly string[];
  /** Names of the parameters that the rule reads; see `PARAMETERS`. */
  readonly parameters: readonly string[];
  /** What is looked at. */
  readonly description: string;
  /** What can happen where the condition does not hold. */
  readonly risk: string;
  readonly remediation: { readonly text: string; readonly cloudformation: string };
  /** What the rule cannot see. */
  readonly limits: readonly string[];
  readonly sources: readonly RuleSource[];
}

/** A file of `rules/packs/`: which rules belong together. It holds no logic; `rules/schema/pack.schema.json` describes it. */
export interface PackDefinition {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Control id → ids of the rules that check it in this pack. */
  readonly controls: Readonly<Record<string, readonly string[]>>;
  /** Rule id → the severity that it has in this pack, where that differs from its own. */
  readonly levels?: Readonly<Record<string, Severity>>;
}

/** An entry of `rules/controls.json`: one requirement of the governance posture. */
export interface Control {
  readonly id: string;
  readonly family: string;
  readonly title: string;
  readonly requirement: string;
  readonly severity: Severity;
  /** Where the control can be enforced, the best place first. */
  readonly layers: readonly ControlLayer[];
}

/** What can enforce a control, or say whether it holds. */
export type ControlLayer =
  | 'rule'
  | 'gate'
  | 'hook'
  | 'scp'
  | 'rcp'
  | 'boundary'
  | 'abac'
  | 'revocation'
  | 'analyzer'
  | 'stackset'
  | 'scan'
  | 'config-rule'
  | 'diff'
  | 'attest';

/** What `rules/coverage.json` says of a control: the rules that check it, and what of it no rule checks, with the reason. */
export interface ControlCoverage {
  readonly rules: readonly string[];
  /**
   * Without a rule: what a rule would have to read, which no property of a single resource shows. `policy` is a policy
   * document, `graph` is more than one resource.
   */
  readonly needs?: 'policy' | 'graph';
  readonly open?: string;
  /** Where a policy of the organization or of a principal could hold the control: why no template does. */
  readonly withoutPolicy?: string;
  /** Where a gate or a hook could hold the control: what decides it there besides rules, and the test that holds that. */
  readonly hook?: { readonly decides: string; readonly test: string };
  /** Where a gate or a hook could hold the control: why nothing decides it there. */
  readonly withoutHook?: string;
  /** Where a rollout over accounts or a rule of AWS Config could hold the control: what brings it there. */
  readonly rollout?: string;
  /** Where a rollout over accounts or a rule of AWS Config could hold the control: why nothing brings it there. */
  readonly withoutRollout?: string;
}

/** The name of the Guard rule of a rule id: `s3-bucket-default-encryption` → `S3_BUCKET_DEFAULT_ENCRYPTION`. */
export function guardName(id: string): string {
  return id.toUpperCase().replaceAll('-', '_');
}

/** The ids of the rules of a pack, each once, in alphabetical order. */
export function rulesOfPack(pack: PackDefinition): readonly string[] {
  return [...new Set(Object.values(pack.controls).flat())].sort();
}

/** The severity that a rule has in a pack. */
export function severityInPack(pack: PackDefinition, metadata: RuleMetadata): Severity {
  const { levels } = pack;
  return (
    (levels !== undefined && Object.hasOwn(levels, metadata.id) ? levels[metadata.id] : undefined) ?? metadata.severity
  );
}
