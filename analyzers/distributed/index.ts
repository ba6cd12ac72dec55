/**
 * Where one machine ends: the scan as an AWS Step Functions Distributed Map, one call of a function for each batch of
 * accounts and Regions, with results in Amazon S3.
 */
export { MOST_BATCHES, planBatches, RunKeys } from './batches.js';
export type { Batch } from './batches.js';
export { beginRun, mergeRun, NOT_SCANNED, RunError, scanBatch, UnfinishedBatch } from './worker.js';
export type { BatchOptions, BeginAnswer, Begun, MergeAnswer, RunStore, ScanParts } from './worker.js';
export { bucketStore } from './store-client.js';
export { stateMachine } from './state-machine.js';
export type { MachineOptions } from './state-machine.js';
export { SCAN_ROLE, scanTemplate } from './template.js';
export type { ScanDeployment } from './template.js';
export { ASSUMED, estimateScan, priceList } from './estimate.js';
export type { Assumptions, Estimate, EstimateInput } from './estimate.js';
export { printTemplate } from '../../template/building/index.js';
