/** Where the elements of a policy stand in the template. */
import { statementPath } from '../../iam/index.js';
import type { Path } from '../../template/index.js';
import type { PolicyUnder } from './view.js';

/** The path of a statement, or of one of its elements. */
export function pathIn({ path, value }: PolicyUnder, index: number, ...element: Path): Path {
  // A document that is JSON text has one place.
  return typeof value === 'string' ? path : [...path, ...statementPath(value, index), ...element];
}
