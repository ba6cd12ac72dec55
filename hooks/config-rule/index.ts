/** The rule of AWS Config that reports a hook changed, disabled or removed. Its function is bundled from the client. */
export { judgeHook } from './judge.js';
export type { Expectation, ExpectedHook, HookState } from './judge.js';
export { evaluateHooks } from './rule.js';
export type { Evaluation, RuleCalls } from './rule.js';
