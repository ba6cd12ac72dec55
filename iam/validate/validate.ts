/**
 * Validation of policy documents: the checks of Access Analyzer's ValidatePolicy that need no AWS
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html), and checks of ours.
 */
import type { SourceRange } from '../../findings/index.js';
import { readJsonSource } from '../../template/index.js';
import type { Path, TemplateSource, Value } from '../../template/index.js';
import type { PolicyKind } from '../model.js';
import { parsePolicy } from '../parse/index.js';
import { Budget } from './budget.js';
import { checkActions } from './checks/actions.js';
import { checkConditionKeys } from './checks/condition-keys.js';
import { checkConditionValues } from './checks/condition-values.js';
import { checkDocument } from './checks/document.js';
import { checkEscalation } from './checks/escalation.js';
import type { Check } from './checks/input.js';
import { checkMfa } from './checks/mfa.js';
import { checkOrganizations } from './checks/organizations.js';
import { checkPermissive } from './checks/permissive.js';
import { checkPrincipals } from './checks/principals.js';
import { checkReach } from './checks/reach.js';
import { checkResources } from './checks/resources.js';
import { checkRoles } from './checks/roles.js';
import { checkTags } from './checks/tags.js';
import { checkTrustPolicy } from './checks/trust.js';
import { checkVariables } from './checks/variables.js';
import { POLICY_CHECKS } from './codes.js';
import type { PolicyFinding, Report } from './finding.js';
import { isDeeperThan } from './size.js';
import { viewOf } from './view.js';

/** What is known besides the document. */
export interface ValidateOptions {
  /** The document as it is written, for quotas that count white space. `@default` its shortest form */
  readonly text?: string;
  /** For resource policies: the CloudFormation type of the resource, such as `AWS::S3::Bucket`. */
  readonly resourceType?: string;
}

const CHECKS: readonly Check[] = [
  checkDocument,
  checkActions,
  checkResources,
  checkPrincipals,
  checkTrustPolicy,
  checkConditionKeys,
  checkConditionValues,
  checkVariables,
  checkPermissive,
  checkMfa,
  checkTags,
  checkRoles,
  checkOrganizations,
  checkEscalation,
  checkReach,
];

/** Comparisons for one document; policies within their quotas need a small part of them. */
const COMPARISONS = 1_000_000;

/** Levels beyond which nothing is a policy, and nothing is looked at. */
const DEEPEST = 200;

/**
 * Validates a policy document.
 *
 * @param value - The document as data.
 * @param kind - Decides which checks apply.
 * @returns Findings in the order of the document; empty for a policy without fault. Never throws on any JSON.
 */
export function validatePolicy(
  value: Value,
  kind: PolicyKind,
  options: ValidateOptions = {},
): readonly PolicyFinding[] {
  const found = new Map<string, PolicyFinding>();
  const add = (code: string, path: Path, message: string, help: string): void => {
    const check = POLICY_CHECKS.get(code);
    if (check === undefined) throw new Error(`there is no finding ${code}`);
    const key = JSON.stringify([code, path, message]);
    if (!found.has(key)) found.set(key, { code, type: check.type, message, help, path });
  };
  if (isDeeperThan(value, DEEPEST)) {
    add(
      'DATA_TYPE_MISMATCH',
      [],
      `the document is nested more than ${DEEPEST} levels deep`,
      'write a policy, which has no more than six',
    );
    return [...found.values()];
  }
  for (const { code, path, message, help } of parsePolicy(value, kind).problems) add(code, path, message, help);
  const budget = new Budget(COMPARISONS);
  const report: Report = add;
  const input = { ...options, view: viewOf(value), value, kind, budget };
  for (const check of CHECKS) check(input, report);
  if (budget.exceeded) {
    add(
      'IAM4090',
      [],
      'the policy is so long that the search for what is said twice was cut off',
      'split the policy; it is beyond every quota of AWS',
    );
  }
  return sorted([...found.values()]);
}

/** A finding with its place in the text. */
export interface PlacedPolicyFinding extends PolicyFinding {
  readonly location: SourceRange;
}

/** What came of validating a text. */
export interface PolicyValidation {
  /** The document with its places; left out when the text is not JSON. */
  readonly source?: TemplateSource;
  readonly findings: readonly PlacedPolicyFinding[];
}

/**
 * Validates a policy document from its text.
 *
 * @param text - A text that is not JSON gives one finding or more with the code `JSON_SYNTAX_ERROR`.
 * @param file - Its name, for places.
 */
export function validatePolicyText(
  text: string,
  kind: PolicyKind,
  file: string,
  options: Omit<ValidateOptions, 'text'> = {},
): PolicyValidation {
  const { source, diagnostics } = readJsonSource(text, file);
  if (source === null) {
    return {
      findings: diagnostics.map(({ message, help, location }) => ({
        code: 'JSON_SYNTAX_ERROR',
        type: 'ERROR',
        message,
        help: help ?? 'correct the JSON',
        path: [],
        location: location ?? { file, start: 0, end: 0 },
      })),
    };
  }
  return {
    source,
    findings: validatePolicy(source.value, kind, { ...options, text }).map((finding) => ({
      ...finding,
      location: source.rangeOf(finding.path) ?? source.rangeOf([]) ?? { file, start: 0, end: 0 },
    })),
  };
}

/** In the order of the document: a statement before what is in it, entries of lists by their number. */
function sorted(findings: PolicyFinding[]): readonly PolicyFinding[] {
  const compare = (a: string | number, b: string | number): number => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
  };
  return findings.sort((a, b) => {
    for (let index = 0; index < Math.min(a.path.length, b.path.length); index += 1) {
      const order = compare(a.path[index]!, b.path[index]!);
      if (order !== 0) return order;
    }
    return a.path.length - b.path.length || compare(a.code, b.code);
  });
}
