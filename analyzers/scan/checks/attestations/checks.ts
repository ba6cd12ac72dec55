/** Attestations as checks of the scan: a statement holds from its date to its last day, and a wanted one must be there. */
import type { CheckContext, CheckOutcome, OrganizationCheck } from '../../check.js';
import type { Attestation, Attestations } from './read.js';

/**
 * One check for each control that the organization wants attested; its id is `attestation-` and the control's.
 *
 * @param attestations - `null` where there is no file: nothing is attested, and nothing wanted.
 */
export function attestationChecks(attestations: Attestations | null): readonly OrganizationCheck[] {
  if (attestations === null) return [];
  const { controls, statements } = attestations;
  return controls.map((control) => ({
    id: `attestation-${control.toLowerCase()}`,
    controls: [control],
    severity: 'error',
    title: 'Somebody answers for the control',
    help: 'let the owner look again and renew the statement: control, statement, owner, date, expires',
    source: 'attestation',
    scope: 'organization',
    check: (context) =>
      judge(
        control,
        statements.find((one) => one.control === control),
        context,
      ),
  }));
}

function judge(control: string, statement: Attestation | undefined, { started }: CheckContext): CheckOutcome {
  const today = started.slice(0, 10);
  const fault = faultOf(statement, today);
  if (fault === null) return { findings: [] };
  return { findings: [{ resource: { arn: control, type: 'Stackade::Attestation' }, message: fault }] };
}

function faultOf(statement: Attestation | undefined, today: string): string | null {
  if (statement === undefined) return 'the organization wants the control attested, and nobody did';
  const { owner, date, expires } = statement;
  if (date > today) return `the attestation of ${owner} is dated ${date}, a day to come`;
  if (expires < today) return `the attestation of ${owner} of ${date} expired on ${expires}`;
  return null;
}
