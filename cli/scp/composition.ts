/** From the file of a description to the composition of its policies: what `scp build` writes and `scp plan` compares. */
import type { Organization } from '../../organization/index.js';
import { compose } from '../../scp/compose/index.js';
import type { Composed, ComposeOptions } from '../../scp/compose/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { readChosenPolicies } from './organization-policies.js';

/** A description and what the composer made of it. */
export interface ComposedDescription {
  readonly organization: Organization;
  readonly composed: Composed;
}

/**
 * Reads a description and composes the policies that it chooses. Whether they fit, and what was proven, is in the result.
 *
 * @throws InputError when the description, a document or a parameter is not right, or AWS would refuse a document.
 */
export function composeDescription(
  path: string,
  terminal: Terminal,
  options: ComposeOptions = {},
): ComposedDescription {
  const { organization, ...source } = readChosenPolicies(path, terminal, true);
  try {
    return { organization, composed: compose(organization, source, options) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([badOption('--config', error.message, 'write `"Version": "2012-10-17"` into the document')]);
  }
}
