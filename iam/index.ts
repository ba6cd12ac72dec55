export * from './model.js';
export * from './arn.js';
export * from './parse/index.js';
export { printPolicy } from './print.js';
