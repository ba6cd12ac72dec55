/** Templates whose statements are made from the catalogue, by name. */
import type { StatementGenerator } from './model.js';

export const STATEMENT_GENERATORS: ReadonlyMap<string, StatementGenerator> = new Map();
