/** Baselines: what a check knew when it was introduced. */
export { applyBaseline, printBaseline, readBaseline } from './baseline.js';
export type { Baseline, BaselineContext, BaselineEntry } from './baseline.js';
