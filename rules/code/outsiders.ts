/**
 * Whether a policy lets in somebody of whom nothing is known: a role of an account that nobody trusts, outside of every
 * organization, from an address, VPC and endpoint that no policy names. Decided by the evaluator, so that conditions,
 * denies and spellings count as AWS counts them.
 */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from './may.js';

/** An account that AWS has given to nobody; it stands for all that are not named. */
export const OUTSIDE_ACCOUNT = '999999999999';

/** Keys that fix who may come from where, with values that nobody names. Other keys the caller can choose. */
export const OUTSIDE_CONTEXT: Request['context'] = {
  'aws:PrincipalOrgID': 'o-outsider00',
  'aws:PrincipalOrgPaths': ['o-outsider00/r-0000/'],
  'aws:SourceIp': '198.51.100.250',
  'aws:SourceVpc': 'vpc-00000000000000000',
  'aws:SourceVpce': 'vpce-00000000000000000',
  'aws:SourceVpcArn': `arn:aws:ec2:us-east-1:${OUTSIDE_ACCOUNT}:vpc/vpc-00000000000000000`,
  'aws:VpceAccount': OUTSIDE_ACCOUNT,
  'aws:VpceOrgID': 'o-outsider00',
  'aws:VpceOrgPaths': ['o-outsider00/r-0000/'],
  'aws:userid': 'AROAOUTSIDEOUTSIDE000:outsider',
  'aws:SourceOwner': OUTSIDE_ACCOUNT,
  'kms:CallerAccount': OUTSIDE_ACCOUNT,
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
};

/** Keys that only calls of services, or through what the owner made, carry. */
export const OUTSIDE_ABSENT: readonly string[] = [
  'aws:SourceArn',
  'aws:SourceAccount',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
  'aws:PrincipalServiceName',
  'aws:PrincipalServiceNamesList',
  's3:DataAccessPointAccount',
  's3:DataAccessPointArn',
  's3:AccessPointNetworkOrigin',
  'aws:username',
  'aws:FederatedProvider',
];

/** Most actions of one pattern that are asked about. */
const SAMPLES = 5;

/**
 * Whether a statement lets an outsider in.
 *
 * @param policy - The whole document: its denies count.
 * @param sample - An action and an ARN to ask about where the statement names none.
 * @param accountId - The owner.
 * @returns True also where it hangs on keys that the caller chooses, such as tags or a prefix.
 */
export function letsOutsidersIn(
  policy: Policy,
  statement: Statement,
  sample: { readonly action: string; readonly resource: string },
  accountId: string,
): boolean {
  if (statement.effect !== 'Allow') return false;
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const resource: Policy = { ...policy, statements: [...denies, statement] };
  const mayBeAllowed = mayAllow({ identity: [ALLOW_ALL], resource });
  return actionsOf(statement, sample.action).some((action) => {
    const request: Request = {
      principal: `arn:aws:iam::${OUTSIDE_ACCOUNT}:role/outsider`,
      action,
      resource: resourceOf(statement, sample.resource),
      resourceAccount: accountId,
      context: OUTSIDE_CONTEXT,
      absent: OUTSIDE_ABSENT,
    };
    return mayBeAllowed(request);
  });
}

function actionsOf({ action: { negated, patterns } }: Statement, sample: string): readonly string[] {
  if (negated) return [sample];
  return patterns.flatMap((pattern) => {
    const known = pattern === '*' ? [sample] : expandActionPattern(pattern).slice(0, SAMPLES);
    return known.length > 0 ? known : [pattern.replace(/[*?]/g, 'x')];
  });
}

function resourceOf({ resource }: Statement, sample: string): string {
  const pattern = resource === undefined || resource.negated ? '*' : resource.patterns[0];
  return pattern === undefined || pattern === '*' ? sample : pattern.replace(/\$\{[^}]*\}|[*?]/g, 'x');
}
