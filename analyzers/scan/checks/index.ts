/** The checks of a scan. */
import type { Check } from '../check.js';

export { liveRuleChecks } from './live/rules.js';
export type { LiveRule, LiveRuleFinding, LiveVerdict } from './live/rules.js';

/** The scan's own checks; ids are unique. Rules on live resources and attestations come besides. */
export const CHECKS: readonly Check[] = [];
