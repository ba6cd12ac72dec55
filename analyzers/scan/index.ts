/** The scan of an organization: what it reads, what it checks, how it goes on after an interruption. */
export type * from './model.js';
