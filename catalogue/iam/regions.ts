/**
 * Partitions and Regions, as of 2026-11-21.
 * See https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html and, for the form of the names
 * in each partition, the partitions file of the AWS SDKs.
 */

/** One partition: the second part of its ARNs. */
export interface Partition {
  readonly name: string;
  /** Regions known at the date above. */
  readonly regions: readonly string[];
  /** What names of its Regions look like, so that a new one is told from a wrong one. */
  readonly form: RegExp;
}

export const PARTITIONS: readonly Partition[] = [
  {
    name: 'aws',
    regions: [
      ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
      ...['ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
      ...['ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'eu-central-1', 'eu-central-2'],
      ...['eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1'],
      ...['me-central-1', 'me-south-1', 'mx-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1'],
      'us-west-2',
    ],
    form: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]$/,
  },
  { name: 'aws-cn', regions: ['cn-north-1', 'cn-northwest-1'], form: /^cn-[a-z]+-[1-9]$/ },
  { name: 'aws-us-gov', regions: ['us-gov-east-1', 'us-gov-west-1'], form: /^us-gov-[a-z]+-[1-9]$/ },
  { name: 'aws-iso', regions: ['us-iso-east-1', 'us-iso-west-1'], form: /^us-iso-[a-z]+-[1-9]$/ },
  { name: 'aws-iso-b', regions: ['us-isob-east-1', 'us-isob-west-1'], form: /^us-isob-[a-z]+-[1-9]$/ },
  { name: 'aws-iso-e', regions: ['eu-isoe-west-1'], form: /^eu-isoe-[a-z]+-[1-9]$/ },
  { name: 'aws-iso-f', regions: ['us-isof-east-1', 'us-isof-south-1'], form: /^us-isof-[a-z]+-[1-9]$/ },
  { name: 'aws-eusc', regions: ['eusc-de-east-1'], form: /^eusc-[a-z]{2}-[a-z]+-[1-9]$/ },
];

/** Whether a partition of that name exists. */
export function isPartition(name: string): boolean {
  return PARTITIONS.some((each) => each.name === name);
}

/** The name of the partition that a Region belongs to; `undefined` for an unknown Region. */
export function partitionOfRegion(region: string): string | undefined {
  return PARTITIONS.find(({ regions }) => regions.includes(region))?.name;
}

/** Whether a Region of that name was known at the date of the list. */
export function isRegion(name: string): boolean {
  return partitionOfRegion(name) !== undefined;
}
