/** The checks whose findings are those of IAM Access Analyzer, and how an access is told. */
import type { Severity } from '../../findings/index.js';
import type { CheckInfo } from './result.js';
import type { AccessDetail, FindingType } from './source.js';

/** A check of external access to resources of some types. */
export interface ExternalCheck extends CheckInfo {
  /** `null`: all types that no other check has. */
  readonly resourceTypes: readonly string[] | null;
}

const EXTERNAL_HELP =
  'take the principal out of the policy, or narrow the statement by aws:PrincipalOrgID; where the access is meant, add the account to `trustedAccounts` or the finding to the archive rules';

function external(
  id: string,
  what: string,
  controls: readonly string[],
  types: readonly string[] | null,
): ExternalCheck {
  return {
    id,
    controls: ['IAM-EXT-01', ...controls].sort(),
    severity: 'error',
    source: 'access-analyzer',
    title: `No principal outside of the organization reaches ${what}`,
    help: EXTERNAL_HELP,
    resourceTypes: types,
  };
}

/** The first whose types fit has the finding. */
export const EXTERNAL_CHECKS: readonly ExternalCheck[] = [
  external(
    'external-access-bucket',
    'a bucket',
    ['IAM-RES-03'],
    ['AWS::S3::Bucket', 'AWS::S3Express::DirectoryBucket'],
  ),
  external('external-access-key', 'a key', ['KEY-KMS-03', 'KEY-KMS-10'], ['AWS::KMS::Key']),
  external('external-access-role', 'a role', [], ['AWS::IAM::Role']),
  external(
    'external-access-data',
    'a data store or snapshot',
    ['DATA-SHARE-01'],
    [
      'AWS::DynamoDB::Stream',
      'AWS::DynamoDB::Table',
      'AWS::EC2::Snapshot',
      'AWS::EFS::FileSystem',
      'AWS::RDS::DBClusterSnapshot',
      'AWS::RDS::DBSnapshot',
    ],
  ),
  external('external-access', 'a resource', [], null),
];

/** Access from inside the organization to resources that were chosen as critical. */
export const INTERNAL_CHECK: CheckInfo = {
  id: 'internal-access',
  controls: ['IAM-GRANT-02'],
  severity: 'warning',
  source: 'access-analyzer',
  title: 'Only those who are meant to reach critical resources from inside the organization',
  help: 'take the access away, or add the finding to the archive rules where it is meant',
};

function unused(id: string, title: string, help: string, severity: Severity = 'warning'): CheckInfo {
  return { id, controls: ['IAM-POL-05'], severity, source: 'access-analyzer', title, help };
}

const BY_UNUSED_TYPE = {
  UnusedIAMRole: unused('unused-role', 'Roles are in use', 'delete the role, in the template that made it'),
  UnusedIAMUserAccessKey: unused(
    'unused-access-key',
    'Access keys are in use',
    'deactivate the key and delete it a week later',
  ),
  UnusedIAMUserPassword: unused('unused-password', 'Passwords are in use', 'delete the login profile of the user'),
  UnusedPermission: unused(
    'unused-permission',
    'Permissions are in use',
    'narrow the policies to what is used; `aws accessanalyzer generate-finding-recommendation` proposes them',
    'info',
  ),
} as const;

export const CHECK_OF_UNUSED: Readonly<Record<Exclude<FindingType, 'ExternalAccess' | 'InternalAccess'>, string>> = {
  UnusedIAMRole: BY_UNUSED_TYPE.UnusedIAMRole.id,
  UnusedIAMUserAccessKey: BY_UNUSED_TYPE.UnusedIAMUserAccessKey.id,
  UnusedIAMUserPassword: BY_UNUSED_TYPE.UnusedIAMUserPassword.id,
  UnusedPermission: BY_UNUSED_TYPE.UnusedPermission.id,
};

export const UNUSED_CHECKS: readonly CheckInfo[] = Object.values(BY_UNUSED_TYPE);

/** All checks whose findings come from Access Analyzer. */
export const ACCESS_CHECKS: readonly CheckInfo[] = [...EXTERNAL_CHECKS, INTERNAL_CHECK, ...UNUSED_CHECKS];

/** Actions that are named one by one; the others are counted. */
const MOST_ACTIONS = 3;

/** Who may do what, for a reader, and what tells the access from others of the resource. */
export function accessText(access: AccessDetail): { readonly subject: string; readonly message: string } {
  const { principal, condition, actions, isPublic } = access;
  const names = Object.entries(principal).map(([kind, value]) => (kind === 'AWS' ? value : `${kind} ${value}`));
  const who = names.sort().join(', ');
  const conditions = Object.entries(condition)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const sorted = [...actions].sort();
  const rest = sorted.length - MOST_ACTIONS;
  const what = sorted.slice(0, MOST_ACTIONS).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const when = conditions.length === 0 ? '' : ` under the condition ${conditions.join(', ')}`;
  const caller = isPublic || who === '' || who === '*' ? 'anybody' : who;
  return {
    subject: [caller, ...conditions].join(' '),
    message: `${caller} may ${what === '' ? 'use it' : what}${when}`,
  };
}
