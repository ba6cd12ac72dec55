/**
 * Trust policies of roles
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Role trust policy …",
 * "Mismatched action for principal", "Missing condition key for OIDC principal", "Missing GitHub repo condition key" and
 * their neighbours).
 */
import { parseArn } from '../../arn.js';
import type { Report } from '../finding.js';
import { demandsKey, takesWildcards } from '../view.js';
import type { ConditionView, PolicyView, PrincipalView, StatementView } from '../view.js';
import { mentionOf, type Check } from './input.js';

export const checkTrustPolicy: Check = ({ kind, view }, report) => {
  if (kind !== 'trust') return;
  for (const statement of view.statements) {
    const { principal } = statement;
    if (principal === undefined || principal.negated) continue;
    checkStar(principal, report);
    checkProviders(principal, report);
    checkMismatch(statement, principal, report);
    checkSessions(principal, report);
    checkMissingAction(statement, report);
    if (statement.effect === 'Allow') checkOidc(statement, principal, report);
  }
  checkRolesAnywhere(view, report);
};

function checkStar({ star, path }: PrincipalView, report: Report): void {
  if (!star) return;
  report(
    'ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    path,
    'a role trust policy takes no `"Principal": "*"`',
    'name the accounts, roles, services or providers that may assume the role',
  );
}

type Provider = 'oidc' | 'saml';

function providerOf(text: string): Provider | undefined {
  const arn = parseArn(text);
  if (arn !== undefined) {
    if (arn.service !== 'iam' || arn.region !== '' || !/^\d{12}$/.test(arn.account)) return undefined;
    if (/^oidc-provider\/.+/.test(arn.resource)) return 'oidc';
    return /^saml-provider\/.+/.test(arn.resource) ? 'saml' : undefined;
  }
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text) ? 'oidc' : undefined;
}

function checkProviders({ items }: PrincipalView, report: Report): void {
  for (const { kind, text, path } of items) {
    if (kind !== 'Federated' || /[*?]/.test(text) || text === '' || providerOf(text) !== undefined) continue;
    report(
      'INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
      path,
      `\`${text}\` is no identity provider`,
      'write a domain such as `cognito-identity.amazonaws.com`, or the ARN of an OIDC or SAML provider',
    );
  }
}

/** Which principals can make a call. */
const CALLERS: ReadonlyMap<string, (kind: string, text: string) => boolean> = new Map([
  ['sts:assumerole', (kind: string) => kind !== 'Federated'],
  ['sts:assumerolewithsaml', (kind: string, text: string) => kind === 'Federated' && providerOf(text) !== 'oidc'],
  [
    'sts:assumerolewithwebidentity',
    (kind: string, text: string) => kind === 'Federated' && providerOf(text) !== 'saml',
  ],
]);

function checkMismatch({ action, effect }: StatementView, { items }: PrincipalView, report: Report): void {
  if (action === undefined || action.negated || items.length === 0) return;
  // A denial for `*` reaches those who come from a provider too.
  if (effect === 'Deny' && items.some(({ kind, text }) => kind === 'AWS' && text === '*')) return;
  for (const { text, path } of action.items) {
    const suits = CALLERS.get(text.toLowerCase());
    if (suits === undefined || items.some((each) => suits(each.kind, each.text))) continue;
    report(
      'MISMATCHED_ACTION_FOR_PRINCIPAL',
      path,
      `no principal of the statement can call \`${text}\``,
      'use `sts:AssumeRoleWithSAML` with a SAML provider, `sts:AssumeRoleWithWebIdentity` with an OIDC provider, and `sts:AssumeRole` with others',
    );
  }
}

/** A session of a role that is a principal itself. */
function checkSessions({ items }: PrincipalView, report: Report): void {
  const roles = new Set(
    items.flatMap(({ kind, text }) => {
      const arn = kind === 'AWS' ? parseArn(text) : undefined;
      return arn?.service === 'iam' && arn.resource.startsWith('role/')
        ? [`${arn.account}/${arn.resource.split('/').at(-1)!}`]
        : [];
    }),
  );
  for (const { kind, text, path } of items) {
    const arn = kind === 'AWS' ? parseArn(text) : undefined;
    const [what, role = ''] = arn?.resource.split('/') ?? [];
    if (what !== 'assumed-role' || !roles.has(`${arn!.account}/${role}`)) continue;
    report(
      'REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY',
      path,
      `\`${text}\` is a session of the role \`${role}\`, which is a principal itself`,
      'remove the session, or the role if only this session is meant',
    );
  }
}

/** Keys that a caller can set only with another permission. */
const SETTERS: readonly (readonly [key: RegExp, action: string])[] = [
  [/^sts:sourceidentity$/, 'sts:SetSourceIdentity'],
  [/^(?:aws:requesttag\/.+|aws:tagkeys|sts:transitivetagkeys)$/, 'sts:TagSession'],
];

function checkMissingAction(statement: StatementView, report: Report): void {
  if (statement.effect !== 'Allow') return;
  for (const [pattern, action] of SETTERS) {
    const condition = statement.conditions.find(({ lower, operator }) => pattern.test(lower) && operator !== 'Null');
    if (condition === undefined || mentionOf(statement, action.toLowerCase()) !== undefined) continue;
    report(
      'MISSING_ACTION_FOR_CONDITION_KEY',
      condition.path,
      `who assumes the role cannot set \`${condition.key}\` without \`${action}\``,
      `add \`${action}\` to the actions of the statement`,
    );
  }
}

const GITHUB = 'token.actions.githubusercontent.com';

function checkOidc(statement: StatementView, { items }: PrincipalView, report: Report): void {
  const { conditions } = statement;
  for (const { kind, text, path } of items) {
    if (kind !== 'Federated' || providerOf(text) !== 'oidc') continue;
    const host = (parseArn(text)?.resource.replace(/^oidc-provider\//, '') ?? text).toLowerCase();
    const own = conditions.filter(({ lower, operator }) => lower.startsWith(`${host}:`) && operator !== 'Null');
    if (host === GITHUB || host.startsWith(`${GITHUB}/`)) {
      checkGitHub(own, host, path, report);
    } else if (own.length === 0) {
      report(
        'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
        path,
        `everybody to whom \`${host}\` gives a token can assume the role`,
        `add conditions on \`${host}:aud\` and \`${host}:sub\``,
      );
    }
  }
}

/** Claims of GitHub's tokens that say for which repository they are. */
const REPOSITORY_CLAIMS = [
  'sub',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'job_workflow_ref',
  'environment',
];

function checkGitHub(
  own: StatementView['conditions'],
  host: string,
  path: PrincipalView['path'],
  report: Report,
): void {
  const claims = own.map(({ lower }) => lower.slice(host.length + 1));
  if (!claims.some((claim) => REPOSITORY_CLAIMS.includes(claim))) {
    report(
      'MISSING_GITHUB_REPO_CONDITION_KEY',
      path,
      'workflows of every repository on GitHub can assume the role',
      `add a condition on \`${host}:sub\`, such as \`repo:organization/repository:ref:refs/heads/main\``,
    );
    return;
  }
  // Issuers of enterprises have a path behind the host.
  if (host === GITHUB && !own.some((each) => namesOwner(each, each.lower.slice(host.length + 1)))) {
    const open = own.find((each) => REPOSITORY_CLAIMS.includes(each.lower.slice(host.length + 1)))!;
    report(
      'MISSING_GITHUB_REPO_CONDITION_KEY',
      open.path,
      `the condition \`${open.written}\` on \`${open.key}\` lets in workflows of repositories that others own`,
      'write the organization in full, with what ends it, such as `repo:organization/repository:ref:refs/heads/main`',
    );
    return;
  }
  if (claims.some((claim) => claim === 'ref' || claim === 'job_workflow_ref')) return;
  for (const { lower, values } of own) {
    if (lower !== `${host}:sub`) continue;
    for (const value of values) {
      if (!/[*?]/.test(value.text)) continue;
      report(
        'SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
        value.path,
        `\`${value.text}\` lets in more than one branch of one repository`,
        `write the repository and the branch, or add a condition on \`${host}:ref\``,
      );
    }
  }
}

/**
 * Whether a condition holds tokens to repositories of owners that it names: before the first wildcard stands the owner and
 * what ends it, as in `repo:organization/*`. Everybody may begin the name of an organization with the name of another, and
 * call an environment as they like
 * (https://docs.github.com/en/actions/reference/security/oidc).
 */
function namesOwner(condition: ConditionView, claim: string): boolean {
  const { values } = condition;
  if (!REPOSITORY_CLAIMS.includes(claim) || claim === 'environment' || !demandsKey(condition)) return false;
  return values.every(({ text }) => {
    const wildcard = takesWildcards(condition) ? text.search(/[*?]/) : -1;
    if (wildcard < 0) return true;
    const fixed = text.slice(0, wildcard);
    if (claim === 'sub') return /^[^:]*:[^:/]+[:/@]/.test(fixed);
    return (claim === 'repository' || claim === 'job_workflow_ref') && /^[^/]+\//.test(fixed);
  });
}

const ANYWHERE = 'rolesanywhere.amazonaws.com';
const ANYWHERE_ACTIONS = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

function checkRolesAnywhere({ statements }: PolicyView, report: Report): void {
  const own = statements.filter(
    ({ effect, principal }) =>
      effect === 'Allow' &&
      principal?.negated === false &&
      principal.items.some(({ kind, text }) => kind === 'Service' && text === ANYWHERE),
  );
  const [first] = own;
  if (first === undefined) return;
  const missing = ANYWHERE_ACTIONS.filter(
    (action) => !own.some((each) => mentionOf(each, action.toLowerCase()) !== undefined),
  );
  if (missing.length === 0) return;
  report(
    'MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY',
    first.action?.path ?? first.path,
    `IAM Roles Anywhere cannot assume the role without ${missing.map((action) => `\`${action}\``).join(' and ')}`,
    'add them to the actions of the statement',
  );
}
