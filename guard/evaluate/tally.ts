/** What is counted of the comparisons of one left value. */
import type { GuardValue } from '../operators/index.js';

/** Some comparison passed. */
export const PASSED = 1;
/** Some comparison failed. */
export const FAILED = 2;

/** What the comparisons of one left value gave: 0 (there were none), {@link PASSED}, {@link FAILED}, or both. */
export type Tally = number;
export type LeftCheck = (value: GuardValue) => Tally;
