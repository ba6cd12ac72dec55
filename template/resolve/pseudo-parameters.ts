/**
 * Pseudo parameters.
 *
 * Follows "Get AWS values using pseudo parameters" of the AWS CloudFormation User Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html). The account, Region
 * and stack come as arguments; the partition and its URL suffix follow from the Region.
 */
import type { Choice } from '../unknown.js';
import type { Value } from '../values.js';

/** What the caller knows of the place that the template is deployed to. */
export interface Environment {
  /** `@default` unknown. */
  readonly region?: string | undefined;
  /** `@default` unknown. */
  readonly accountId?: string | undefined;
  /** `@default` the Region's partition; without a Region each partition is possible. */
  readonly partition?: string | undefined;
  /** `@default` unknown. */
  readonly stackName?: string | undefined;
  /** `@default` unknown. */
  readonly stackId?: string | undefined;
  /** `@default` unknown. */
  readonly notificationArns?: readonly string[] | undefined;
}

export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/** Pseudo parameters that a caller can decide, by what decides them: the partition and its suffix follow from the Region. */
export const DECIDED_BY: ReadonlyMap<string, string> = new Map([
  ['AWS::AccountId', 'AWS::AccountId'],
  ['AWS::Partition', 'AWS::Region'],
  ['AWS::Region', 'AWS::Region'],
  ['AWS::URLSuffix', 'AWS::Region'],
]);

/** Partition, the start of its Regions' names, and its URL suffix (botocore's partition data, July 2025). */
const PARTITIONS: readonly (readonly [partition: string, regionPrefix: string, urlSuffix: string])[] = [
  ['aws', '', 'amazonaws.com'],
  ['aws-cn', 'cn-', 'amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-', 'amazonaws.com'],
  ['aws-iso', 'us-iso-', 'c2s.ic.gov'],
  ['aws-iso-b', 'us-isob-', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'eu-isoe-', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'us-isof-', 'csp.hci.ic.gov'],
  ['aws-eusc', 'eusc-', 'amazonaws.eu'],
];

/** The question in which partition the stack lives. */
export const PARTITION_CHOICE: Choice = {
  id: 'parameter:AWS::Partition',
  kind: 'parameter',
  name: 'AWS::Partition',
  values: PARTITIONS.map(([partition]) => partition),
};

/** The partition of a Region, by its name: also of a Region that is newer than the table. */
export function partitionOf(region: string): string {
  return PARTITIONS.findLast(([, prefix]) => region.startsWith(prefix))![0];
}

/**
 * The value of a pseudo parameter; `undefined` when it is not known.
 *
 * @param assumed - Values assumed for pseudo parameters that the environment leaves open.
 */
export function pseudoParameter(
  name: string,
  environment: Environment,
  assumed: (name: string) => Value | undefined,
): Value | undefined {
  switch (name) {
    case 'AWS::Region':
      return environment.region ?? assumed(name);
    case 'AWS::AccountId':
      return environment.accountId ?? assumed(name);
    case 'AWS::StackName':
      return environment.stackName ?? assumed(name);
    case 'AWS::StackId':
      return environment.stackId ?? assumed(name);
    case 'AWS::NotificationARNs':
      return environment.notificationArns;
    case 'AWS::Partition': {
      if (environment.partition !== undefined) return environment.partition;
      const region = pseudoParameter('AWS::Region', environment, assumed);
      return typeof region === 'string' ? partitionOf(region) : assumed(name);
    }
    case 'AWS::URLSuffix': {
      const partition = pseudoParameter('AWS::Partition', environment, assumed);
      return PARTITIONS.find(([known]) => known === partition)?.[2];
    }
    default:
      return undefined;
  }
}
