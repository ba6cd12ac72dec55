/** What a scan says of each control of its layers: the checks, or why there is none. */
import {
  ACCESS_CHECKS,
  CHECKS,
  OWN_CONTROL_CHECKS,
  OWN_STACK_CHECKS,
  UNCHECKED_CONTROLS,
} from '../../../analyzers/scan/index.js';
import { liveTypes } from '../../../analyzers/scan/checks/live/types.js';
import { codeLibrary, controls, library } from '../../rules/library.js';

/** A check as pages show it. */
export interface ShownCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly controls: readonly string[];
  /** What it reads, for a reader. */
  readonly reads: string;
  /** Page of the rule that it is, from `docs/`; `null` for a check of the scan alone. */
  readonly page: string | null;
}

const MOST_TYPES = 3;

function readsText({ iam, types }: { readonly iam: boolean; readonly types: readonly string[] }): string {
  const more = types.length > MOST_TYPES ? [`${types.length - MOST_TYPES} more types`] : [];
  return [...(iam ? ['IAM'] : []), ...types.slice(0, MOST_TYPES).map((type) => `\`${type}\``), ...more].join(', ');
}

const scanned = new Set(controls.filter(({ layers }) => layers.includes('scan')).map(({ id }) => id));

const ruleChecks = [...library, ...codeLibrary]
  .map(({ metadata, service }) => ({ metadata, service }))
  .filter(({ metadata }) => metadata.controls.some((id) => scanned.has(id)))
  .map(({ metadata, service }): ShownCheck => {
    const { listed, iam } = liveTypes(metadata.resourceTypes);
    return {
      id: metadata.id,
      title: metadata.title,
      severity: metadata.severity,
      controls: metadata.controls.filter((id) => scanned.has(id)),
      reads: readsText({ iam, types: listed }),
      page: `../rules/${service}/${metadata.id}.md`,
    };
  });

const ownChecks = CHECKS.map((check): ShownCheck => {
  const reads =
    check.scope === 'organization'
      ? 'AWS Organizations, stack sets'
      : readsText({ iam: check.reads.iam === true, types: check.reads.resources ?? [] });
  return { ...check, reads, page: null };
});

const otherChecks = [
  ...ACCESS_CHECKS.map((check): ShownCheck => ({ ...check, reads: 'IAM Access Analyzer', page: null })),
  ...OWN_STACK_CHECKS.map((check): ShownCheck => ({
    ...check,
    reads: 'stack sets of rollouts, and what they have made',
    page: null,
  })),
  ...OWN_CONTROL_CHECKS.map((check): ShownCheck => ({ ...check, reads: 'what the organization declares', page: null })),
];

/** All checks of a scan but attestations, in order of their ids. */
export const shownChecks: readonly ShownCheck[] = [...ruleChecks, ...ownChecks, ...otherChecks].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

/** One row for each control of the layers `scan` and `attest`. */
export const controlRows = controls
  .filter(({ layers }) => layers.includes('scan') || layers.includes('attest'))
  .map(({ id, title, layers }) => ({
    id,
    title,
    checks: shownChecks.filter((check) => check.controls.includes(id)),
    reason: UNCHECKED_CONTROLS[id] ?? '',
    isAttestable: layers.includes('attest'),
  }));

/** What stands of a control in the page of the posture. */
export const scanCells: ReadonlyMap<string, string> = new Map(
  controlRows.map(({ id, checks, reason, isAttestable }) => {
    const told = checks.map((check) => (check.page === null ? check.id : `[${check.id}](${check.page})`));
    const attested = isAttestable ? ['attestation'] : [];
    return [id, [...(told.length > 0 ? told : reason === '' ? [] : [reason]), ...attested].join('<br>')];
  }),
);
