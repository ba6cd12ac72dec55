export * from './values.js';
export * from './unknown.js';
