/**
 * Principals of resource policies and of the trust policies of roles
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Invalid role
 * reference", "Federated principal not supported", "Restrict access to service principal", "Allow with NotPrincipal" and
 * their neighbours).
 */
import type { Report } from '../finding.js';
import { demandsKey, type PrincipalView, type StatementView } from '../view.js';
import { eachStatement } from './input.js';
import { checkPublic } from './public.js';
import { isServicePrincipal, SERVICE_PRINCIPAL_FORM } from './service-names.js';

export const checkPrincipals = eachStatement((statement: StatementView, input, report) => {
  const { principal } = statement;
  if (principal === undefined || !['resource', 'trust', 'vpce'].includes(input.kind)) return;
  for (const { kind, text, path } of principal.items) {
    if (kind === 'AWS') checkReference(text, path, report);
    if (kind === 'Service' && !/[*?]|\$\{/.test(text) && text !== '' && !isServicePrincipal(text)) {
      report('INVALID_SERVICE_PRINCIPAL_FORMAT', path, `\`${text}\` is no service principal`, SERVICE_PRINCIPAL_FORM);
    }
    if (kind === 'Federated' && input.kind !== 'trust') {
      report(
        'FEDERATED_PRINCIPAL_NOT_SUPPORTED',
        path,
        `the identity provider \`${text}\` can be a principal in the trust policy of a role only`,
        'name the role that its users assume',
      );
    }
  }
  checkNegation(statement, principal, report);
  if (input.kind !== 'trust') checkServices(statement, principal, report);
  checkPublic(statement, principal, input, report);
});

/** AWS puts the unique id of an identity in the place of its ARN; once the identity is gone, nobody can tell who it was. */
function checkReference(text: string, path: PrincipalView['path'], report: Report): void {
  const what = text.startsWith('AROA') ? 'role' : text.startsWith('AIDA') ? 'user' : undefined;
  if (what === undefined) return;
  report(
    what === 'role' ? 'INVALID_ROLE_REFERENCE' : 'INVALID_USER_REFERENCE',
    path,
    `\`${text}\` is the id of a ${what}, which AWS leaves behind when the ${what} is deleted`,
    `write the ARN of the ${what}, or remove the entry`,
  );
}

function checkNegation({ effect }: StatementView, { negated, path }: PrincipalView, report: Report): void {
  if (!negated || effect === undefined) return;
  if (effect === 'Allow') {
    report(
      'ALLOW_WITH_NOT_PRINCIPAL',
      path,
      '`Allow` with `NotPrincipal` allows everybody else, also those without an AWS identity',
      'name in `Principal` those who need access',
    );
  } else {
    report(
      'IAM4016',
      path,
      '`Deny` with `NotPrincipal` denies every principal that has a permissions boundary, even those it lists',
      'deny `"Principal": "*"` with `ArnNotEquals` on `aws:PrincipalArn`',
    );
  }
}

const SOURCE_KEYS = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];
/** Keys that requests of service principals do not carry. */
const CALLER_KEYS = /^aws:principal(?:orgid|orgpaths|arn|account|tag\/.*)$/;

function checkServices(
  { effect, conditions, action }: StatementView,
  { negated, items }: PrincipalView,
  report: Report,
): void {
  const services = items.filter(({ kind }) => kind === 'Service');
  const [service] = services;
  if (effect !== 'Allow' || negated || service === undefined) return;
  const wrong = conditions.find((each) => CALLER_KEYS.test(each.lower) && demandsKey(each));
  if (wrong !== undefined && services.length === items.length) {
    report(
      'UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
      wrong.path,
      `requests of \`${service.text}\` never carry \`${wrong.key}\`, so that the statement never applies`,
      'use `aws:SourceAccount`, `aws:SourceArn` or `aws:SourceOrgID`',
    );
    return;
  }
  // Keys of the request itself, such as an encryption context, name the source as well.
  if (
    conditions.some(
      ({ lower }) => SOURCE_KEYS.includes(lower) || /^kms:(?:encryptioncontext|viaservice|calleraccount)/.test(lower),
    )
  ) {
    return;
  }
  const other = conditions.find(({ lower }) => lower === 'aws:referer' || lower === 'aws:sourceip');
  if (other !== undefined) {
    report(
      'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
      other.path,
      `\`${other.key}\` does not say for whose resource \`${service.text}\` acts`,
      'use `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`',
    );
    return;
  }
  if (action === undefined) return;
  report(
    'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
    service.path,
    `\`${service.text}\` is let in for whomever it acts: another account can make the service use this resource`,
    'add a condition on `aws:SourceArn` or `aws:SourceAccount`',
  );
}
