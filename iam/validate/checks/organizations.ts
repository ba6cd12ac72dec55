/**
 * Service control policies and resource control policies
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html, and the checks "RCP missing
 * related principal condition key" and its neighbours of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html).
 */
import { iamCatalogueInfo, iamService, supportsRcp } from '../../../catalogue/iam/index.js';
import type { Report } from '../finding.js';
import { demandsKey, isNegated, type ConditionView, type PolicyView, type StatementView } from '../view.js';
import { conditionsOn, type Check } from './input.js';

export const checkOrganizations: Check = ({ kind, view }, report) => {
  if (kind === 'scp') checkServiceControl(view, report);
  if (kind !== 'rcp') return;
  for (const statement of view.statements) {
    if (statement.effect !== 'Deny') continue;
    checkPrefixes(statement, report);
    checkServicePrincipals(statement, report);
  }
};

const isEverything = (text: string): boolean => /^\*+(?::\*+)?$/.test(text);

function everythingIn(element: StatementView['action']): boolean {
  return element !== undefined && !element.negated && element.items.some(({ text }) => isEverything(text));
}

function checkServiceControl({ statements }: PolicyView, report: Report): void {
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  if (
    allows.length > 0 &&
    !allows.some((each) => everythingIn(each.action) && everythingIn(each.resource) && each.conditions.length === 0)
  ) {
    const [first] = allows as [StatementView];
    report(
      'IAM4008',
      first.path,
      'the service control policy allows a list only, which has an effect only where `FullAWSAccess` is detached, and then every level above must allow the list as well',
      'check every level from the root to the account, or deny what is unwanted instead',
    );
  }
  for (const statement of statements) {
    const { effect, action, resource, conditions, path } = statement;
    if (effect !== 'Deny') continue;
    if (everythingIn(action) && everythingIn(resource) && conditions.length === 0) {
      report(
        'IAM4009',
        path,
        'the statement denies everything to everybody in the accounts, and nobody there can mend them',
        'add a condition that leaves a rescue role out, such as `ArnNotLike` on `aws:PrincipalArn`',
      );
    }
    checkRegions(statement, report);
  }
}

/** Services that answer in one Region only, so that a statement about Regions must leave them out. */
const GLOBAL = ['iam', 'organizations', 'route53', 'cloudfront', 'support', 'sts'];

function checkRegions(statement: StatementView, report: Report): void {
  const { action } = statement;
  const [region] = conditionsOn(statement, 'aws:requestedregion').filter(isNegated);
  if (region === undefined || action === undefined || region.values.some(({ text }) => text === 'us-east-1')) return;
  // What comes from one VPC comes to its own Region; global services have their endpoints in others.
  if (conditionsOn(statement, 'aws:sourcevpc').some((each) => each.operator !== 'Null' && demandsKey(each))) return;
  const spoken = action.negated ? action.items.map(({ text }) => text.toLowerCase().split(':')[0]!) : [];
  if (!action.negated && !everythingIn(action)) return;
  const missing = GLOBAL.filter((prefix) => !spoken.includes(prefix));
  if (missing.length === 0) return;
  report(
    'IAM4010',
    region.path,
    `calls of ${missing.map((prefix) => `\`${prefix}\``).join(', ')} count as calls in \`us-east-1\`, which the statement denies`,
    'leave these services out with `NotAction`',
  );
}

/** A service beyond the list is told as a warning: the list grows, and ours has a date. */
function checkPrefixes({ action }: StatementView, report: Report): void {
  if (action === undefined || action.negated) return;
  const told = new Set<string>();
  for (const { text, path } of action.items) {
    const prefix = text.includes(':') ? text.slice(0, text.indexOf(':')).toLowerCase() : '';
    if (
      prefix === '' ||
      /[*?]/.test(prefix) ||
      iamService(prefix) === undefined ||
      supportsRcp(prefix) ||
      told.has(prefix)
    ) {
      continue;
    }
    told.add(prefix);
    report(
      'IAM4011',
      path,
      `resource control policies did not apply to \`${prefix}\` when the list of services was read (${iamCatalogueInfo.date}); Access Analyzer reports that as RCP_SYNTAX_ERROR_ACTION`,
      'use a service control policy for this service, or check the list of AWS',
    );
  }
}

const PRINCIPAL_KEYS = /^aws:principal(?:orgid|orgpaths|account|arn|tag\/.+)$/;
const SOURCE_KEYS = /^aws:source(?:orgid|orgpaths|account|arn)$/;

/** A Deny by the caller's organization hits AWS services that call in their own name, and the other way round. */
function checkServicePrincipals(statement: StatementView, report: Report): void {
  const { conditions } = statement;
  const applies = (pattern: RegExp): ConditionView | undefined =>
    conditions.find(
      ({ lower, operator, ...rest }) => pattern.test(lower) && operator !== 'Null' && isNegated({ operator, ...rest }),
    );
  const told = conditionsOn(statement, 'aws:principalisawsservice').length > 0;
  const principal = applies(PRINCIPAL_KEYS);
  if (principal !== undefined && !told) {
    report(
      'RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
      principal.path,
      `services of AWS that call in their own name have no \`${principal.key}\` of yours, and the statement denies them too`,
      'add `"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`',
    );
  }
  const source = applies(SOURCE_KEYS);
  if (source !== undefined && !told) {
    report(
      'RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
      source.path,
      `only services of AWS that act for somebody send \`${source.key}\`, and the statement denies your own principals too`,
      'add `"BoolIfExists": {"aws:PrincipalIsAWSService": "true"}`',
    );
  }
  const organization = applies(/^aws:source(?:orgid|orgpaths)$/);
  const checked = conditions.some(
    ({ operator, lower, values }) =>
      operator === 'Null' && SOURCE_KEYS.test(lower) && values.some(({ text }) => text.toLowerCase() === 'false'),
  );
  if (organization !== undefined && !checked) {
    report(
      'RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
      organization.path,
      `some integrations of services send no \`${organization.key}\`, and the statement denies them`,
      'add `"Null": {"aws:SourceAccount": "false"}`',
    );
  }
}
