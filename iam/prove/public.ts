/**
 * Public access, as CheckNoPublicAccess of IAM Access Analyzer and S3 Block Public Access call it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status):
 * a grant to everybody that is not held to fixed values.
 *
 * That is decided as a question about an outsider: an anonymous caller, or one of an account that the policy does not name,
 * for whom none of the fixed values of the policy is true. If the policy lets an outsider in, it is public. Service
 * principals and identity providers are no outsiders: to name one is not a grant to everybody.
 */
import { and, not } from './formula.js';
import type { Formula } from './formula.js';
import type { Condition, Policy, Principal } from '../model.js';
import { documentsAllow } from './access.js';
import { choice } from './automata/language.js';
import { decide } from './decide.js';
import type { Encoder } from './encode.js';
import { callersOfKinds, namedCallers } from './principal.js';
import type { Proof, ProveOptions } from './proof.js';
import { referenceAllows } from './queries.js';
import { EVERY_VALUE } from './sets/spec.js';

/** The resource types that CheckNoPublicAccess takes. */
export const PUBLIC_RESOURCE_TYPES: readonly string[] = [
  ...['AWS::ApiGateway::RestApi', 'AWS::Backup::BackupVault', 'AWS::CloudTrail::Dashboard'],
  ...['AWS::CloudTrail::EventDataStore', 'AWS::CodeArtifact::Domain', 'AWS::DynamoDB::Stream', 'AWS::DynamoDB::Table'],
  ...['AWS::EFS::FileSystem', 'AWS::IAM::AssumeRolePolicyDocument', 'AWS::KMS::Key', 'AWS::Kinesis::Stream'],
  ...['AWS::Kinesis::StreamConsumer', 'AWS::Lambda::Function', 'AWS::OpenSearchService::Domain'],
  ...['AWS::S3::AccessPoint', 'AWS::S3::Bucket', 'AWS::S3::Glacier', 'AWS::S3Express::AccessPoint'],
  ...['AWS::S3Express::DirectoryBucket', 'AWS::S3Outposts::AccessPoint', 'AWS::S3Outposts::Bucket'],
  ...['AWS::S3Tables::Table', 'AWS::S3Tables::TableBucket', 'AWS::SNS::Topic', 'AWS::SQS::Queue'],
  'AWS::SecretsManager::Secret',
];

const OUTSIDERS = callersOfKinds(['anonymous', 'role', 'user', 'session', 'root', 'federatedUser']);

/** Keys whose value, written in full, holds a grant to given accounts, organizations, networks or endpoints. */
const FIXING_KEYS: ReadonlySet<string> = new Set(
  [
    ...['aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:userid', 'aws:username', 'aws:SourceAccount'],
    ...['aws:SourceOwner', 'aws:SourceOrgID', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:VpceAccount', 'aws:VpceOrgID'],
    ...['aws:Ec2InstanceSourceVpc', 's3:DataAccessPointAccount', 'kms:CallerAccount'],
    ...['s3:x-amz-server-side-encryption-aws-kms-key-id', 'sns:Endpoint'],
  ].map((key) => key.toLowerCase()),
);
/** Keys that hold ARNs; the account in them is enough, or the whole ARN. */
const FIXING_ARNS: ReadonlySet<string> = new Set(
  ['aws:PrincipalArn', 'aws:SourceArn', 'aws:SourceVpcArn', 's3:DataAccessPointArn', 'lambda:SourceFunctionArn'].map(
    (key) => key.toLowerCase(),
  ),
);
/** Keys that hold paths of an organization; the id of the organization is enough. */
const FIXING_PATHS: ReadonlySet<string> = new Set(
  ['aws:PrincipalOrgPaths', 'aws:SourceOrgPaths', 'aws:VpceOrgPaths'].map((key) => key.toLowerCase()),
);
/**
 * Keys that are as good as a fixed value when they are true: a mount target is reached from its VPC
 * (https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html).
 */
const FIXING_FLAGS: ReadonlySet<string> = new Set(['elasticfilesystem:accessedviamounttarget']);
/** Keys that only requests of services have, beside those that follow from the caller. */
const SERVICE_KEYS: ReadonlySet<string> = new Set(['aws:principalservicenameslist']);
const FIXING_ADDRESSES: ReadonlySet<string> = new Set(['aws:sourceip', 'aws:vpcsourceip']);

/** S3 takes broader ranges for public. */
const BROADEST = { ipv4: 8, ipv6: 32 };

/** Whether a value of a condition fixes the key. */
function isFixed({ operator, key }: Condition, value: string): boolean {
  const lower = key.toLowerCase();
  const isPattern = /Like$|^Arn/.test(operator);
  if (value.includes('${')) return false;
  if (FIXING_FLAGS.has(lower)) return operator === 'Bool' && value.toLowerCase() === 'true';
  if (FIXING_ADDRESSES.has(lower)) {
    if (!operator.endsWith('IpAddress')) return !isPattern;
    const length = value.split('/')[1];
    return length === undefined || Number(length) >= (value.includes(':') ? BROADEST.ipv6 : BROADEST.ipv4);
  }
  if (!/^(?:String|Arn)/.test(operator)) return false;
  const hasWildcard = isPattern && /[*?]/.test(value);
  if (FIXING_KEYS.has(lower)) return !hasWildcard;
  if (FIXING_ARNS.has(lower)) return !hasWildcard || /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(value);
  return FIXING_PATHS.has(lower) && (!hasWildcard || /^o-[a-z0-9]+\//.test(value));
}

/** The positive form of an operator: what a negated one rules out. */
function positive(condition: Condition, values: readonly string[]): Condition {
  const operator = condition.operator.replace('Not', '');
  return { operator: operator as Condition['operator'], ifExists: false, key: condition.key, values };
}

/** The caller and all keys have none of the fixed values that the policies name. */
function outsider(policies: readonly Policy[], encoder: Encoder): Formula {
  const parts: Formula[] = [];
  const named: Principal[] = [];
  for (const { statements, version } of policies) {
    for (const { principal, conditions } of statements) {
      named.push(...(principal?.principals ?? []));
      for (const condition of conditions) {
        if (SERVICE_KEYS.has(condition.key.toLowerCase())) {
          parts.push(not(encoder.some(condition.key.toLowerCase(), EVERY_VALUE)));
        }
        const fixed = condition.values.filter((value) => isFixed(condition, value));
        if (fixed.length === 0) continue;
        const plain = positive(condition, fixed);
        const isList = FIXING_PATHS.has(condition.key.toLowerCase());
        const some: Condition = isList ? { ...plain, qualifier: 'ForAnyValue' } : plain;
        parts.push(not(encoder.condition(some, version === '2012-10-17')));
      }
    }
  }
  const callers = named.flatMap((each) => [...namedCallers(each).values()]);
  if (callers.length > 0) parts.push(not(encoder.caller(choice(callers))));
  return and(parts);
}

/**
 * Does a resource policy give no public access?
 *
 * @param resourceType - One of {@link PUBLIC_RESOURCE_TYPES}.
 * @returns A counterexample is a request of an outsider that the policy allows.
 * @throws RangeError for another resource type; RegexError for an assumption that is not understood.
 */
export function noPublicAccess(policies: readonly Policy[], resourceType: string, options: ProveOptions = {}): Proof {
  if (!PUBLIC_RESOURCE_TYPES.includes(resourceType)) throw new RangeError(`no resource type: ${resourceType}`);
  const proof = decide(
    {
      sides: [''],
      policies,
      callers: OUTSIDERS,
      formula: ([encoder]) => and([documentsAllow(policies, encoder!), outsider(policies, encoder!)]),
      replay: ([request]) => referenceAllows(policies, 'resource', request!),
    },
    options,
  );
  return proof.kind === 'FAILS' ? { ...proof, counterexample: proof.counterexample[0]! } : proof;
}
