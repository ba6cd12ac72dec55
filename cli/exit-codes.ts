/** Exit codes of all commands but `guard`, which has those of cfn-guard. */

/** Nothing to mend. */
export const CLEAN = 0;
/** Findings, or a check that failed. */
export const FINDINGS = 1;
/** Bad usage, input that cannot be read or is invalid, bad configuration. */
export const BAD_INPUT = 2;
/** Something was not evaluated. */
export const INCOMPLETE = 3;
/** A fault of ours. */
export const FAULT = 70;

const PRECEDENCE = [FAULT, BAD_INPUT, FINDINGS, INCOMPLETE, CLEAN];

/** Of several codes that apply, the one to exit with. */
export function strongest(codes: Iterable<number>): number {
  const given = new Set(codes);
  return PRECEDENCE.find((code) => given.has(code)) ?? CLEAN;
}
