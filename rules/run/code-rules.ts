/** The rules in TypeScript of a bundle, as part of a run: verdicts, findings, and what could not be evaluated. */
import { createFinding } from '../../findings/index.js';
import type { Finding, NotEvaluated, Verdict } from '../../findings/index.js';
import { madeUpName } from '../../template/index.js';
import type { Assignment, Path, Supposed, Value } from '../../template/index.js';
import { runCodeRule } from '../code/run.js';
import type { CodeFailure, CodeRule } from '../code/run.js';
import { PARAMETER_ROOT } from '../metadata/parameter-document.js';
import type { ParameterValue } from '../metadata/parameters.js';
import type { CheckTarget } from './target.js';

/** Tells reporters not to show the line. */
export const HIDES = 'hides-value';

/** What one rule adds to the result of a run. */
export interface CodeOutcome {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly notEvaluated: NotEvaluated | null;
}

/**
 * Checks one template with one rule in TypeScript.
 *
 * @param inputs - Of the run; rule parameters stand below their root key.
 */
export function checkCodeRule(
  rule: CodeRule,
  target: CheckTarget,
  supposed: Supposed,
  inputs: Readonly<Record<string, Value>>,
): CodeOutcome {
  const parameters = (inputs[PARAMETER_ROOT] ?? {}) as Readonly<Record<string, ParameterValue>>;
  const { status, failures, open, reason } = runCodeRule(rule, supposed, parameters);
  const findings = failures.map((failure) => findingOf(rule, target, supposed, failure));
  if (status !== 'NOT_EVALUATED') return { verdict: status, findings, notEvaluated: null };
  const reasons = [...new Set(open.map(({ unknown }) => unknown.reason))];
  const [first] = open;
  return {
    verdict: status,
    findings,
    notEvaluated: {
      path: target.path,
      ruleId: rule.info.id,
      controls: rule.info.controls,
      reason: reason ?? (reasons.length === 0 ? 'the policy document cannot be read' : reasons.join('; ')),
      parameters: [...new Set(open.flatMap(({ unknown }) => unknown.parameters))].sort(),
      location: first === undefined ? null : locate(target, supposed, first.path, first.assignment, false),
    },
  };
}

function findingOf(rule: CodeRule, target: CheckTarget, supposed: Supposed, failure: CodeFailure): Finding {
  const { info } = rule;
  const { document } = supposed.resolution;
  const { path, missing, subject, logicalId, type, anyAssignment } = failure;
  const message = withoutMadeUpNames(failure.message, supposed);
  const when = [...failure.assignment].map(([id, value]) => `${id.slice(id.indexOf(':') + 1)} is ${textOf(value)}`);
  return createFinding({
    ruleId: info.id,
    controls: info.controls,
    severity: info.severity,
    title: info.title,
    message: when.length === 0 ? message : `${message} (when ${when.join(' and ')})`,
    help: info.help,
    docs: info.docs,
    location: locate(target, supposed, path, anyAssignment, missing === true),
    resource: { logicalId, type },
    labels: [
      ...document.defaultsAt(path, anyAssignment).map((name) => `assumes-default:${name}`),
      ...(info.secret === true ? [HIDES] : []),
    ],
    subject,
  });
}

/** A name that nobody will see is told as the reference that it stands for. */
function withoutMadeUpNames(message: string, { resolution, place }: Supposed): string {
  if (!/[\da-f]{4}/.test(message)) return message;
  let text = message;
  for (const { key, type } of resolution.model.resources.values()) {
    const name = madeUpName(key, type, place);
    if (text.includes(name)) {
      text = text.replaceAll(`\`${name}\``, () => `\`${key}\``).replaceAll(name, () => `\${${key}}`);
    }
  }
  return text;
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function locate(
  { source, path: file }: CheckTarget,
  { resolution }: Supposed,
  path: Path,
  assignment: Assignment,
  missing: boolean,
): Finding['location'] {
  const written = resolution.document.sourcePath(path, assignment);
  return { ...source.locationOf(written, missing || written.length === 2 ? 'key' : 'value'), file };
}
