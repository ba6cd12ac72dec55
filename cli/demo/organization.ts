/** The organization of the demo and what is rolled out to it: the files that a team would keep in its repository. */

export const ORGANIZATION = 'o-demo123456';
export const MANAGEMENT = '111111111111';
export const GOVERNANCE = '222222222222';
export const SHOP = '444444444441';
export const REGION = 'eu-central-1';
export const REGIONS: readonly string[] = [REGION, 'eu-west-1'];
/** What the shop keeps its orders in. */
export const BUCKET = 'orders-of-the-shop';
/** The unit of the developers' accounts, and its id. */
export const WORKLOADS = { path: '/Workloads', id: 'ou-ab12-workload1' } as const;
/** The role of scans in the governance account, and the one that it assumes in every account. */
export const SCANNER = { caller: 'stackade-scan', reader: 'stackade-scanner' } as const;
/** Of another company. */
export const PARTNER = '999999999999';
/** An account without guardrails, and a bucket in it. */
export const PLAYGROUND = '333333333331';
export const SHARED = 'experiments-of-the-playground';
/** What the scan of the demo looks at; all controls would take longer than the rest of the story. */
export const WATCHED: readonly string[] = ['IAM-EXT-01', 'IAM-USER-01', 'BND-ROLE-01', 'SES-DUR-01', 'ROLL-SS-04'];
/** Types that are approved: the gate refuses all others. */
export const APPROVED_TYPES: readonly string[] = [
  'AWS::CloudFormation::LambdaHook',
  'AWS::Config::ConfigRule',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
];

const DESCRIPTION = `version: 1
organization:
  id: ${ORGANIZATION}
  managementAccount: '${MANAGEMENT}'
  homeRegion: ${REGION}
  governedRegions: [${REGIONS.join(', ')}]
  delegatedAdministrators:
    access-analyzer.amazonaws.com: governance
    member.org.stacksets.cloudformation.amazonaws.com: governance
root:
  id: r-ab12
  units:
    Platform:
      id: ou-ab12-platform1
      accounts: { governance: '${GOVERNANCE}', security: '222222222223', logs: '222222222224' }
    Sandbox:
      id: ou-ab12-sandbox01
      accounts: { playground: '${PLAYGROUND}', research: '333333333332' }
    Workloads:
      id: ${WORKLOADS.id}
`;
const ACCOUNTS = `      accounts:
        shop: '${SHOP}'
        billing: '444444444442'
        search: '444444444443'
        orders: '444444444444'
        mobile: '444444444445'
        reports: '444444444446'
`;
/** Guardrails that the second description adds. */
const GUARDRAILS = `      policies:
        scp: [approved-regions, only-through-cloudformation, protect-hooks, deny-leaving-organization]
      parameters:
        approvedRegions: [${REGIONS.join(', ')}]
`;

/** What the demo writes into its folder, by name. */
export const FILES: Readonly<Record<string, string>> = {
  'seed.yaml': DESCRIPTION + ACCOUNTS,
  'org.yaml': DESCRIPTION + GUARDRAILS + ACCOUNTS,
  'rollouts.yaml': `version: 1
rollouts:
  watch:
    template: package/templates/watch-general.json
    capabilities: [CAPABILITY_NAMED_IAM]
    rings:
      workloads: { targets: [${WORKLOADS.path}] }
  hooks:
    template: package/templates/member-general.json
    capabilities: [CAPABILITY_NAMED_IAM]
    rings:
      workloads: { targets: [${WORKLOADS.path}] }
`,
  // The hooks decide on their own stacks, too: what is free in these has to be approved.
  'overlay.yaml': `version: 1
types:
  AWS::IAM::Role: { allow: [/AssumeRolePolicyDocument, /Policies/*/PolicyDocument] }
  AWS::KMS::Key: { allow: [/KeyPolicy] }
  AWS::Lambda::Function: { allow: [/Environment/Variables] }
`,
  'tenants.yaml': `account: '${SHOP}'
bucket: ${BUCKET}
`,
  'scanner.yaml': `account: '${SHOP}'
scannerAccount: '${GOVERNANCE}'
scannerRole: ${SCANNER.caller}
organizationId: ${ORGANIZATION}
`,
  'broker.yaml': `account: '${SHOP}'
region: ${REGION}
tenantRoles: [tenant-access]
`,
};

const bucket = (properties: object): string =>
  JSON.stringify({ Resources: { Orders: { Type: 'AWS::S3::Bucket', Properties: properties } } });

const GOOD = {
  BucketName: BUCKET,
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms',
          KMSMasterKeyID: `arn:aws:kms:${REGION}:${SHOP}:key/0f6c3b1e-5a51-4f0e-9c5e-5d3b0f1a2b3c`,
        },
      },
    ],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  VersioningConfiguration: { Status: 'Enabled' },
};

/** Templates of a developer. */
export const TEMPLATES = {
  good: bucket(GOOD),
  unencrypted: bucket({ ...GOOD, BucketName: 'orders-in-the-clear', BucketEncryption: undefined }),
  unapproved: bucket({ ...GOOD, BucketName: 'orders-with-news', AnnouncedYesterday: { Enabled: true } }),
  type: JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } } } }),
} as const;
