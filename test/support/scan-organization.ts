/** An organization in the sandbox that can be scanned: the scanner's role in each account, analyzers, findings. */
import { readOrganization, type Organization } from '../../organization/index.js';
import { seedAnalyzer, seedFindings, seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox, SandboxOptions, SeededFinding } from '../../sandbox/index.js';

export const GOVERNANCE = '222222222222';
export const MANAGEMENT = '111111111111';
export const PARTNER = '999999999999';
export const HOME = 'eu-central-1';
export const REGIONS = ['eu-central-1', 'eu-west-1'];

/** @param members - Ids of the accounts of the unit `/Workloads`. */
export function scanOrganizationText(members: readonly string[]): string {
  return `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '${MANAGEMENT}'
  homeRegion: ${HOME}
  governedRegions: [${REGIONS.join(', ')}]
  delegatedAdministrators:
    access-analyzer.amazonaws.com: governance
    member.org.stacksets.cloudformation.amazonaws.com: governance
root:
  id: r-ab12
  units:
    Governance:
      id: ou-ab12-00000000
      accounts: { governance: '${GOVERNANCE}' }
    Workloads:
      id: ou-ab12-11111111
      accounts:
${members.map((id, index) => `        shop-${index + 1}: '${id}'`).join('\n')}
`;
}

export function scanOrganization(members: readonly string[]): Organization {
  const { organization, diagnostics } = readOrganization(scanOrganizationText(members), 'org.yaml');
  if (organization === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return organization;
}

export const ROLE = 'stackade-scanner';
/** What the scanner may do, as `stackade boundary show scanner-role` tells; here it may read everything. */
const READ_ALL = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iam:Get*', 'iam:List*', 'cloudformation:*', 'access-analyzer:*', 'sts:GetCallerIdentity'],
      Resource: '*',
    },
  ],
};

export interface ScanSandbox {
  readonly sandbox: Sandbox;
  /** ARN of the analyzer of external access by Region. */
  readonly analyzers: Readonly<Record<string, string>>;
}

/** Starts it with an analyzer of external access in each Region, the role in all accounts, and trusted access. */
export async function startScanSandbox(
  members: readonly string[],
  options: Partial<SandboxOptions> = {},
  without: readonly string[] = [],
): Promise<ScanSandbox> {
  const types = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'];
  const organization = seedOrganization(scanOrganization(members), Date.UTC(2026, 0, 1), types);
  const sandbox = await startSandbox({ organization, ...options });
  const { CreateRoleCommand, IAMClient, PutRolePolicyCommand } = await import('@aws-sdk/client-iam');
  const trust = { Version: '2012-10-17', Statement: [allow(`arn:aws:iam::${GOVERNANCE}:root`)] };
  for (const account of [MANAGEMENT, ...members]) {
    if (without.includes(account)) continue;
    const credentials = sandbox.credentials(account);
    const iam = new IAMClient({ region: HOME, endpoint: sandbox.url, credentials });
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument }));
    const policy = { RoleName: ROLE, PolicyName: 'read', PolicyDocument: JSON.stringify(READ_ALL) };
    await iam.send(new PutRolePolicyCommand(policy));
    iam.destroy();
  }
  const analyzers = Object.fromEntries(
    REGIONS.map((region) => {
      const named = { account: GOVERNANCE, region, name: 'organization', type: 'ORGANIZATION' } as const;
      return [region, seedAnalyzer(sandbox.state, named)];
    }),
  );
  return { sandbox, analyzers };
}

function allow(principal: string): object {
  return { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' };
}

/** A bucket of an account that a partner may read. */
export function bucketFinding(account: string, number: number, details: object = {}): SeededFinding {
  return {
    id: `f-${account}-${number}`,
    findingType: 'ExternalAccess',
    resource: `arn:aws:s3:::data-${account}-${number}`,
    resourceType: 'AWS::S3::Bucket',
    resourceOwnerAccount: account,
    createdAt: Date.UTC(2026, 1, 1 + (number % 20)),
    findingDetails: [
      {
        externalAccessDetails: {
          action: ['s3:GetObject', 's3:ListBucket'],
          condition: {},
          isPublic: false,
          principal: { AWS: PARTNER },
          ...details,
        },
      },
    ],
  };
}

/** Gives each account so many findings in each Region. */
export function seedBuckets({ sandbox, analyzers }: ScanSandbox, members: readonly string[], count: number): void {
  for (const [at, region] of REGIONS.entries()) {
    const findings = members.flatMap((account) =>
      Array.from({ length: count }, (_, index) => bucketFinding(account, at * count + index)),
    );
    seedFindings(sandbox.state, analyzers[region]!, findings);
  }
}

/** The environment of a command that calls the sandbox. */
export function scanEnvironment({ sandbox }: ScanSandbox, home: string, account = GOVERNANCE): Record<string, string> {
  const { accessKeyId, secretAccessKey } = sandbox.credentials(account);
  return {
    HOME: home,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
