/**
 * Access inside of the zone of trust to chosen resources ("Internal access findings" of the IAM User Guide,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html). Simplified: buckets and tables, and of
 * their actions those that read, write and delete data or change the policy.
 */
import { mayBeAllowed } from '../../iam/index.js';
import type { Request } from '../../iam/index.js';
import { applicable, documentsOf } from '../authorize/applicable.js';
import { compiledSet } from '../authorize/documents.js';
import type { Caller } from '../callers.js';
import { uuidOf } from '../cloudformation/data.js';
import { IAM, type Role, type User } from '../iam/data.js';
import { pathTo } from '../organizations/data.js';
import type { SandboxState } from '../state.js';
import { isUnderRcp, type Seen } from './seen.js';
import { isOrganizational, type AnalyzerData } from './data.js';
import type { Zone } from './external.js';
import { policedResources, type PolicedResource } from './resources.js';

interface Inclusion {
  readonly accountIds?: readonly string[];
  readonly resourceTypes?: readonly string[];
  readonly resourceArns?: readonly string[];
}

/** Actions that are asked for, and what they act on. */
const ACTIONS: Readonly<Record<string, readonly (readonly [action: string, on: string])[]>> = {
  'AWS::S3::Bucket': [
    ['s3:DeleteObject', '/*'],
    ['s3:GetBucketPolicy', ''],
    ['s3:GetObject', '/*'],
    ['s3:ListBucket', ''],
    ['s3:PutBucketPolicy', ''],
    ['s3:PutObject', '/*'],
  ],
  'AWS::DynamoDB::Table': [
    ['dynamodb:DeleteItem', ''],
    ['dynamodb:GetItem', ''],
    ['dynamodb:PutItem', ''],
    ['dynamodb:Query', ''],
    ['dynamodb:Scan', ''],
    ['dynamodb:UpdateItem', ''],
  ],
};

export function internalFindings(state: SandboxState, analyzer: AnalyzerData, zone: Zone): readonly Seen[] {
  const { analysisRule } = (analyzer.configuration?.['internalAccess'] ?? {}) as {
    readonly analysisRule?: { readonly inclusions?: readonly Inclusion[] };
  };
  const resources = [...zone.accounts].flatMap((account) =>
    policedResources(state, account, analyzer.region).filter((resource) =>
      (analysisRule?.inclusions ?? []).some((inclusion) => isIncluded(resource, inclusion)),
    ),
  );
  const principals = [...zone.accounts].flatMap((account) => {
    const { users, roles } = IAM.of(state, account);
    return [...users.values(), ...roles.values()].map((entity) => ({ account, entity }));
  });
  return resources.flatMap((resource) =>
    principals.flatMap(({ account, entity }) => finding(state, analyzer, resource, account, entity)),
  );
}

function isIncluded({ arn, type, owner }: PolicedResource, of: Inclusion): boolean {
  const { accountIds, resourceTypes, resourceArns } = of;
  return (
    ACTIONS[type] !== undefined &&
    (accountIds?.includes(owner) ?? true) &&
    (resourceTypes?.includes(type) ?? true) &&
    (resourceArns?.includes(arn) ?? true)
  );
}

function finding(
  state: SandboxState,
  analyzer: AnalyzerData,
  { arn, type, owner, policy }: PolicedResource,
  account: string,
  entity: User | Role,
): readonly Seen[] {
  const isRole = 'trust' in entity;
  const caller: Caller = {
    kind: isRole ? 'session' : 'user',
    account,
    arn: entity.arn,
    userId: entity.id,
    issuer: entity.arn,
    session: null,
  };
  const isWhole = isOrganizational(analyzer.type);
  const all = applicable(state, caller, owner, policy === null ? null : { text: policy, kind: 'resource' });
  // Inside of an account the organization's policies are told of, and not counted.
  const set = compiledSet(documentsOf(isWhole ? all : { ...all, scp: null, rcp: null }));
  const action = (ACTIONS[type] ?? []).flatMap(([name, on]) => {
    const request: Request = {
      principal: entity.arn,
      action: name,
      resource: `${arn}${on}`,
      resourceAccount: owner,
      context: {},
    };
    return mayBeAllowed(set, request) ? [name] : [];
  });
  if (action.length === 0) return [];
  const restriction = (isThere: boolean): string => (!isThere ? 'NOT_APPLICABLE' : isWhole ? 'APPLIED' : 'APPLICABLE');
  const detail = {
    action,
    condition: {},
    principal: { AWS: entity.arn },
    principalOwnerAccount: account,
    accessType: account === owner ? 'INTRA_ACCOUNT' : 'INTRA_ORG',
    principalType: isRole ? 'IAM_ROLE' : 'IAM_USER',
    ...(type === 'AWS::S3::Bucket' && { sources: [{ type: 'POLICY' }] }),
    resourceControlPolicyRestriction: restriction(isUnderRcp(state, owner, type)),
    serviceControlPolicyRestriction: restriction(isUnderScp(state, account)),
  };
  return [
    {
      id: uuidOf(JSON.stringify([analyzer.arn, arn, entity.arn, 'internal'])),
      findingType: 'InternalAccess',
      resource: arn,
      resourceType: type,
      resourceOwnerAccount: owner,
      findingDetails: [{ internalAccessDetails: detail }],
    },
  ];
}

/** Whether a service control policy besides the one of AWS is above an account. */
function isUnderScp({ organization }: SandboxState, account: string): boolean {
  const { enabledPolicyTypes, managementAccountId, attachments, policies } = organization;
  if (!enabledPolicyTypes.has('SERVICE_CONTROL_POLICY') || account === managementAccountId) return false;
  return pathTo(organization, account).some((target) =>
    (attachments.get(target) ?? []).some((id) => {
      const policy = policies.get(id);
      return policy?.type === 'SERVICE_CONTROL_POLICY' && !policy.awsManaged;
    }),
  );
}
