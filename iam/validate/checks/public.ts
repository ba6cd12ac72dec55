/**
 * Grants to everybody. A condition keeps a grant from being public when it fixes who calls, from where, or for what, to
 * given accounts, organizations, ARNs, networks or endpoints
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public").
 */
import { parseArn } from '../../arn.js';
import type { Report } from '../finding.js';
import { demandsKey, takesWildcards, type ConditionView, type PrincipalView, type StatementView } from '../view.js';
import type { CheckInput } from './input.js';
import { parseRange } from './ip.js';

/** Keys whose values are whole ids, or paths that begin with one. */
const IDS =
  /^(?:aws:(?:principalorgid|principalorgpaths|principalaccount|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|sourcevpc|sourcevpce|vpceaccount|vpceorgid|vpceorgpaths|userid|principalservicename|principalservicenameslist|ec2instancesourcevpc)|kms:calleraccount|s3:dataaccesspointaccount|lambda:eventsourcetoken|sns:endpoint)$/;
const ARNS = /^(?:aws:(?:principalarn|sourcearn|sourcevpcarn)|s3:dataaccesspointarn|elasticfilesystem:accesspointarn)$/;
const ADDRESSES = /^aws:(?:sourceip|vpcsourceip)$/;
/** Single values that say who calls. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['lambda:functionurlauthtype', 'aws_iam'],
  ['aws:principalisawsservice', 'true'],
]);

/** Reports a statement that lets everybody in. What S3 Block Public Access and the like do besides is not known here. */
export function checkPublic(
  { effect, conditions }: StatementView,
  principal: PrincipalView,
  { kind }: CheckInput,
  report: Report,
): void {
  if (effect !== 'Allow' || principal.negated || kind === 'vpce') return;
  const everyone = principal.items.find((each) => each.kind === 'AWS' && each.text === '*');
  if (everyone === undefined || conditions.some(narrows)) return;
  report(
    'IAM4012',
    everyone.path,
    kind === 'trust'
      ? 'every AWS account can assume the role'
      : 'the statement allows everybody, and no condition says from which account, organization or network',
    'name the principals, or add a condition such as `aws:PrincipalOrgID` or `aws:SourceAccount`',
  );
}

function narrows(condition: ConditionView): boolean {
  const { lower, operator, values } = condition;
  if (operator === 'Null' || values.length === 0 || !demandsKey(condition)) return false;
  const fixed = FIXED.get(lower);
  return values.every(({ text }) => {
    if (fixed !== undefined) return text.toLowerCase() === fixed;
    if (ADDRESSES.test(lower)) return isSmallRange(text);
    // A variable about the caller is the caller's to choose; one about the resource is ours.
    const variables = [...text.matchAll(/\$\{([^},]*)/g)].map(([, name = '']) => name.toLowerCase());
    if (!variables.every((name) => name.startsWith('aws:resource'))) return false;
    if (ARNS.test(lower)) return isFixedArn(text);
    return IDS.test(lower) && !(takesWildcards(condition) && /^.{0,5}[*?]/.test(text));
  });
}

/** An ARN whose account is written, or that has none, as with buckets. */
function isFixedArn(text: string): boolean {
  const arn = parseArn(text);
  if (arn === undefined || /[*?]/.test(arn.service)) return false;
  // Names of buckets are everybody's, whatever stands in the place of the account.
  if (arn.account === '' || arn.service === 's3') return /^[^*?]{3}/.test(arn.resource);
  return !/[*?]/.test(arn.account);
}

function isSmallRange(text: string): boolean {
  const range = parseRange(text);
  return range !== undefined && range.prefix >= (range.width === 32 ? 8 : 32);
}
