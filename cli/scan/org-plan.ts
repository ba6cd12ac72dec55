/** What a scan asks: the checks, and the controls that a scan or an attestation watches. The same on one machine and on many. */
import { CHECKS, UNCHECKED_CONTROLS } from '../../analyzers/scan/index.js';
import type { ScanPlan } from '../../analyzers/scan/index.js';
import { loadLibrary, type Library } from '../library.js';
import { readAttestationFile } from './attestations.js';
import { loadLiveRuleChecks } from './live-rules.js';

export interface PlanOptions {
  readonly homeRegion: string;
  /** Only checks of these controls; `null`: all. */
  readonly controls: readonly string[] | null;
  /** The file of attestations. */
  readonly attestations?: string | undefined;
}

/** A plan of all accounts, with the text of the attestations. @throws InputError for a file that cannot be read. */
export async function scanPlan(
  { homeRegion, controls, attestations }: PlanOptions,
  library: Library = loadLibrary(),
): Promise<{ readonly plan: ScanPlan; readonly attestations: string }> {
  const attested = readAttestationFile(attestations, library);
  const watched = library.controls
    .filter(({ layers }) => layers.includes('scan') || layers.includes('attest'))
    .map(({ id, title }) => ({ id, title, reason: UNCHECKED_CONTROLS[id] ?? '' }));
  const checks = [...CHECKS, ...(await loadLiveRuleChecks(library)), ...attested.checks];
  const selection = { accounts: [], units: [] };
  return { plan: { checks, controls, selection, homeRegion, watched }, attestations: attested.text };
}
