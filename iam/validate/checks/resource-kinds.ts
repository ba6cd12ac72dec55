/** What policies of single kinds of resources can speak of. */
import type { CheckInput } from './input.js';

interface Supported {
  readonly prefixes: readonly string[];
  /** For messages. */
  readonly what: string;
}

/**
 * The types that ValidatePolicy knows
 * (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html), by what their policies
 * speak of.
 */
const BY_TYPE: Readonly<Record<string, Supported>> = {
  'AWS::S3::Bucket': { prefixes: ['s3'], what: 'a bucket' },
  'AWS::S3::AccessPoint': { prefixes: ['s3'], what: 'an access point' },
  'AWS::S3::MultiRegionAccessPoint': { prefixes: ['s3'], what: 'a multi-Region access point' },
  'AWS::S3ObjectLambda::AccessPoint': { prefixes: ['s3-object-lambda'], what: 'an Object Lambda access point' },
  'AWS::DynamoDB::Table': { prefixes: ['dynamodb'], what: 'a table' },
  'AWS::IAM::AssumeRolePolicyDocument': { prefixes: ['sts'], what: 'a role that is assumed' },
};

/** Names that `--resource-type` takes. */
export const RESOURCE_TYPES: readonly string[] = Object.keys(BY_TYPE);

/** @returns `undefined` when it is not known what the policy is attached to. */
export function supportedServices({
  kind,
  resourceType,
}: Pick<CheckInput, 'kind' | 'resourceType'>): Supported | undefined {
  if (kind === 'trust') return BY_TYPE['AWS::IAM::AssumeRolePolicyDocument'];
  if (kind !== 'resource' || resourceType === undefined) return undefined;
  return Object.hasOwn(BY_TYPE, resourceType) ? BY_TYPE[resourceType] : undefined;
}
