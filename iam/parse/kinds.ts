/** What the kinds of policy refuse although its meaning is clear. */
import { get, isMap } from '../../template/index.js';
import type { Path, ValueMap } from '../../template/index.js';
import type { Policy, PolicyKind, Statement } from '../model.js';
import { shown } from './problems.js';
import type { Problems } from './problems.js';

/** Kinds that IAM itself stores, whose Sids hold only letters and digits and differ from each other. */
const STORED_BY_IAM: ReadonlySet<PolicyKind> = new Set(['identity', 'boundary', 'session', 'trust']);

/** Adds the problems of a document that could be read. */
export function checkForKind(policy: Policy, value: ValueMap, kind: PolicyKind, problems: Problems): void {
  const single = isMap(get(value, 'Statement'));
  const sids = new Set<string>();
  for (const [index, statement] of policy.statements.entries()) {
    const path = single ? ['Statement'] : ['Statement', index];
    if (STORED_BY_IAM.has(kind)) checkSid(statement, sids, path, problems);
    if (kind === 'trust') checkTrust(statement, path, problems);
    if (kind === 'rcp') checkResourceControl(statement, path, problems);
  }
}

function checkSid({ sid }: Statement, sids: Set<string>, path: Path, problems: Problems): void {
  if (sid === undefined || sid === '') return;
  const at = [...path, 'Sid'];
  if (!/^[0-9A-Za-z]+$/.test(sid)) {
    problems.refused(
      'UNSUPPORTED_SID',
      at,
      `the Sid ${shown(sid)} holds more than letters and digits`,
      'take them out',
    );
  }
  if (sids.has(sid)) {
    problems.refused(
      'UNIQUE_SIDS_REQUIRED',
      at,
      `two statements have the Sid ${shown(sid)}`,
      'give every statement a Sid of its own, or none',
    );
  }
  sids.add(sid);
}

function checkTrust({ principal, resource }: Statement, path: Path, problems: Problems): void {
  if (resource !== undefined) {
    const element = resource.negated ? 'NotResource' : 'Resource';
    problems.fatal(
      'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
      [...path, element],
      `a role trust policy has no \`${element}\`: it speaks of its role`,
      'remove it',
    );
  }
  if (principal?.negated === true) {
    problems.refused(
      'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
      [...path, 'NotPrincipal'],
      'a role trust policy has no `NotPrincipal`',
      'name those who may assume the role in `Principal`',
    );
  }
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function checkResourceControl(statement: Statement, path: Path, problems: Problems): void {
  if (isManagedAllow(statement)) return;
  const { effect, principal, action } = statement;
  if (effect === 'Allow') {
    problems.refused(
      'RCP_SYNTAX_ERROR_ALLOW',
      [...path, 'Effect'],
      'a resource control policy can only deny',
      'write `Deny`; the attached `RCPFullAWSAccess` allows the rest',
    );
  }
  if (principal?.negated === true || principal?.principals.some(({ value }) => value !== '*') === true) {
    problems.refused(
      'RCP_SYNTAX_ERROR_PRINCIPAL',
      [...path, principal.negated ? 'NotPrincipal' : 'Principal'],
      'the principal of a resource control policy is `*`',
      'write `"Principal": "*"`, and narrow it with a condition such as `aws:PrincipalOrgID`',
    );
  }
  if (action.negated) {
    problems.refused(
      'RCP_SYNTAX_ERROR_NOTACTION',
      [...path, 'NotAction'],
      'a resource control policy has no `NotAction`',
      'name the actions in `Action`',
    );
  } else if (action.patterns.some((pattern) => /^\*+$/.test(pattern))) {
    problems.refused(
      'RCP_SYNTAX_ERROR_ACTION',
      [...path, 'Action'],
      'an action of a resource control policy names its service',
      'write `s3:*` and the like, one for each service',
    );
  }
}

/** The statement of `RCPFullAWSAccess`, which AWS attaches itself. */
function isManagedAllow({ effect, principal, action, resource, conditions }: Statement): boolean {
  return (
    effect === 'Allow' &&
    conditions.length === 0 &&
    principal?.negated === false &&
    !action.negated &&
    action.patterns.includes('*') &&
    resource?.negated === false &&
    resource.patterns.includes('*')
  );
}
