/** The file of attestations of `stackade scan org`. */
import { attestationChecks, readAttestations } from '../../analyzers/scan/index.js';
import type { OrganizationCheck } from '../../analyzers/scan/index.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import type { Library } from '../library.js';

/** Attestations as checks, with the text that they were read from. */
export interface AttestationFile {
  readonly checks: readonly OrganizationCheck[];
  readonly text: string;
}

/**
 * @param path - Left out: nothing is attested, and nothing wanted.
 * @throws InputError for a file that cannot be read, or has a fault.
 */
export function readAttestationFile(path: string | undefined, { controls }: Library): AttestationFile {
  if (path === undefined) return { checks: [], text: '' };
  const { name, text } = readText(path);
  const attestable = controls.filter(({ layers }) => layers.includes('attest')).map(({ id }) => id);
  const { attestations, diagnostics } = readAttestations(text, name, attestable);
  if (attestations === null) throw new InputError(diagnostics, new Map([[name, text]]));
  return { checks: attestationChecks(attestations), text };
}
