/** Templates whose statements are made from the catalogue, by name. */
import type { StatementGenerator } from './model.js';
import { forbiddenResourceTypes, onlyThroughCloudFormation } from './type-actions.js';

export const STATEMENT_GENERATORS: ReadonlyMap<string, StatementGenerator> = new Map([
  ['forbidden-resource-types', forbiddenResourceTypes],
  ['only-through-cloudformation', onlyThroughCloudFormation],
]);
