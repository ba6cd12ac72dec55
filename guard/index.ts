export type * from './ast.js';
export type * from './explanation.js';
