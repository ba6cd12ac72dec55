export * from './model.js';
export * from './arn.js';
export * from './parse/index.js';
export { printPolicy } from './print.js';
export { requestsOfRecord } from './cloudtrail/index.js';
export type { TrailOutcome, TrailReading, TrailRequest } from './cloudtrail/index.js';
