/** The checks of a scan. */
import type { Check } from '../check.js';

/** All checks; ids are unique. */
export const CHECKS: readonly Check[] = [];
