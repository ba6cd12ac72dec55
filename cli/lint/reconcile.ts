/**
 * One fault, told once: where the schema lint and Stackade say the same of a template, Stackade's words stay. The finding
 * that stays has the stronger of the two severities.
 */
import { createFinding } from '../../findings/index.js';
import type { Finding, Severity } from '../../findings/index.js';
import { LINT_CODE } from './advice.js';

/** Codes of the lint that tell what a diagnostic of the template reader or a rule tells, by the id of the latter. */
const TWINS: Readonly<Record<string, readonly string[]>> = {
  TPL3001: ['F1010', 'F1018', 'F1020', 'F6101'],
  TPL3002: ['F1010', 'F1018', 'F1020', 'F6101'],
  TPL3003: ['E9004', 'F6101'],
  TPL3004: ['E1017', 'E1018', 'E1019', 'E1021', 'E1022', 'E1024', 'E1030', 'E1031', 'E1033', 'F0010', 'F0013', 'F0014'],
  TPL3005: ['E1029', 'F3012', 'W1103'],
  TPL3006: ['E1028', 'E6005', 'E8002', 'E8007'],
  TPL3007: ['E9106'],
  TPL3008: ['F3004'],
  TPL3009: ['F1012'],
  TPL3010: ['E1017', 'F1050'],
  TPL3011: ['F0015', 'F2012', 'F2015'],
  TPL3012: ['E2001'],
  TPL3013: ['F0006', 'F1030', 'F1031', 'F1032'],
  TPL3014: ['E0001'],
  TPL3023: ['E6002', 'F0040'],
  TPL3022: ['E1005', 'E2001', 'E6003', 'E7001', 'E8001', 'E8003', 'F0002', 'F0040', 'F1004'],
  'rds-instance-storage-encrypted': ['W9008'],
  // Of two codes of the lint, the one that says more.
  E3005: ['W2502'],
};

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Findings of one file without those of the lint that repeat another one. The order stays. */
export function reconcile(findings: readonly Finding[]): readonly Finding[] {
  const keepers = findings.filter(({ ruleId }) => Object.hasOwn(TWINS, ruleId));
  const dropped = new Set<Finding>();
  const raised = new Map<Finding, Severity>();
  for (const finding of findings) {
    if (!LINT_CODE.test(finding.ruleId)) continue;
    const keeper = keepers.find((one) => TWINS[one.ruleId]!.includes(finding.ruleId) && isSamePlace(one, finding));
    if (keeper === undefined) continue;
    dropped.add(finding);
    const severity = raised.get(keeper) ?? keeper.severity;
    raised.set(keeper, RANK[finding.severity] > RANK[severity] ? finding.severity : severity);
  }
  const kept = findings.filter((finding) => !dropped.has(finding));
  return mergePolicies(
    kept.map((finding) => {
      const severity = raised.get(finding) ?? finding.severity;
      return severity === finding.severity ? finding : { ...finding, severity };
    }),
  );
}

/** Whether one place is the other or lies in it; of circles, whether the one names the resource of the other. */
function isSamePlace(ours: Finding, theirs: Finding): boolean {
  if (ours.ruleId === 'TPL3008') return ours.message.includes(`\`${theirs.resource?.logicalId ?? ''}\``);
  // An output whose value is null has none in the eyes of the lint.
  if (ours.ruleId === 'TPL3022' && theirs.ruleId !== 'F0040' && !/\bnull\b/.test(theirs.message)) return false;
  if (!ours.ruleId.startsWith('TPL') && ours.resource?.logicalId !== theirs.resource?.logicalId) return false;
  const [left, right] = [`${ours.location.pointer}/`, `${theirs.location.pointer}/`];
  return left.startsWith(right) || right.startsWith(left);
}

/** A resource that has neither of the two policies is told once. */
function mergePolicies(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  const merged = new Map<Finding, Finding | null>();
  for (const finding of findings) {
    if (finding.ruleId !== 'I3011') continue;
    const { pointer } = finding.location;
    const before = first.get(pointer);
    if (before === undefined) {
      first.set(pointer, finding);
      continue;
    }
    const { ruleId, severity, title, help, docs, location, resource, labels } = before;
    const message =
      '`DeletionPolicy` and `UpdateReplacePolicy` are missing: the data goes with the stack, or when the resource is replaced';
    merged.set(before, createFinding({ ruleId, severity, title, message, help, docs, location, resource, labels }));
    merged.set(finding, null);
  }
  return findings.flatMap((finding) => {
    const shown = merged.get(finding);
    return shown === null ? [] : [shown ?? finding];
  });
}
