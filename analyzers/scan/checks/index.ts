/** The checks of a scan. */
import type { Check } from '../check.js';
import { IDENTITY_CHECKS } from './accounts/identities.js';
import { PRESENT_CHECKS } from './accounts/presence.js';
import { STORE_CHECKS } from './accounts/stores.js';
import { GUARDRAIL_CHECKS } from './organization/guardrails.js';
import { ROLLOUT_CHECKS } from './organization/rollout.js';
import { STRUCTURE_CHECKS } from './organization/structure.js';

export { attestationChecks } from './attestations/checks.js';
export { readAttestations } from './attestations/read.js';
export type { Attestation, Attestations } from './attestations/read.js';
export { liveRuleChecks } from './live/rules.js';
export type { LiveRule, LiveRuleFinding, LiveVerdict } from './live/rules.js';
export { UNCHECKED_CONTROLS } from './unchecked.js';

/** The scan's own checks; ids are unique. Rules on live resources and attestations come besides. */
export const CHECKS: readonly Check[] = [
  ...GUARDRAIL_CHECKS,
  ...STRUCTURE_CHECKS,
  ...ROLLOUT_CHECKS,
  ...IDENTITY_CHECKS,
  ...PRESENT_CHECKS,
  ...STORE_CHECKS,
];
