/**
 * Condition keys that belong to no single service, as of 2026-11-21.
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import type { ConditionKeyType, IamConditionKey } from './types.js';

const SINGLE: Readonly<Partial<Record<ConditionKeyType, readonly string[]>>> = {
  ARN: ['PrincipalArn', 'SourceArn', 'SourceVpcArn', 'SignInSessionArn', 'ChatbotSourceArn'],
  String: [
    ...['PrincipalAccount', 'PrincipalOrgID', 'PrincipalTag/${TagKey}', 'PrincipalType', 'userid', 'username'],
    ...['PrincipalServiceName', 'SourceIdentity', 'FederatedProvider', 'ViaCustomerDomain', 'Ec2InstanceSourceVpc'],
    ...['SourceVpc', 'SourceVpce', 'VpceAccount', 'VpceOrgID', 'ResourceAccount', 'ResourceOrgID'],
    ...['ResourceTag/${TagKey}', 'RequestTag/${TagKey}', 'CalledViaFirst', 'CalledViaLast', 'CalledViaAWSMCP'],
    ...['RequestedRegion', 'SourceAccount', 'SourceOrgID', 'UserAgent', 'referer'],
  ],
  Bool: [
    ...['PrincipalIsAWSService', 'MultiFactorAuthPresent', 'AssumedRoot', 'ViaAWSService', 'ViaAWSMCPService'],
    ...['IsMcpServiceAction', 'SecureTransport'],
  ],
  Numeric: ['MultiFactorAuthAge'],
  Date: ['TokenIssueTime', 'CurrentTime', 'EpochTime'],
  IPAddress: ['SourceIp', 'VpcSourceIp', 'Ec2InstanceSourcePrivateIPv4'],
};

/** All of them strings. */
const MULTI = [
  ...['PrincipalOrgPaths', 'PrincipalServiceNamesList', 'VpceOrgPaths', 'ResourceOrgPaths', 'CalledVia', 'TagKeys'],
  'SourceOrgPaths',
];

/** The keys that begin with `aws:`. */
export const GLOBAL_CONDITION_KEYS: readonly IamConditionKey[] = [
  ...Object.entries(SINGLE).flatMap(([type, names]) =>
    names.map((name) => ({ key: `aws:${name}`, type: type as ConditionKeyType, multiValued: false })),
  ),
  ...MULTI.map((name) => ({ key: `aws:${name}`, type: 'String' as const, multiValued: true })),
];

/**
 * Keys that name accounts, organizations, VPCs or endpoints, whose values Access Analyzer wants without wildcards and
 * variables.
 */
export const SENSITIVE_KEYS: readonly string[] = [
  ...['aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:ResourceAccount', 'aws:ResourceOrgID', 'aws:SourceAccount'],
  ...['aws:SourceOrgID', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:VpceAccount', 'aws:VpceOrgID'],
];

const BY_NAME = new Map(GLOBAL_CONDITION_KEYS.map((each) => [each.key.toLowerCase(), each]));
const TAG_KEY = /^(aws:(?:principaltag|resourcetag|requesttag)\/)./;

/** @param key - Such as `aws:SourceIp` or `aws:PrincipalTag/Team`; case does not count. */
export function globalConditionKey(key: string): IamConditionKey | undefined {
  const lower = key.toLowerCase();
  const tag = TAG_KEY.exec(lower)?.[1];
  return BY_NAME.get(tag === undefined ? lower : `${tag}\${tagkey}`);
}
