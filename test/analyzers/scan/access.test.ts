/** Findings of Access Analyzer as findings of the scan: which are told, where, and how severe. */
import { AccessJudge, ReachJudge } from '../../../analyzers/scan/index.js';
import type {
  AccessDetail,
  AnalyzerFacts,
  AnalyzerFinding,
  OrganizationFacts,
  UnitResult,
} from '../../../analyzers/scan/index.js';
import { memoryAccount, memoryOrganization, memoryReader } from '../../support/scan-reader.js';

const [OWNER, PARTNER] = ['222222222222', '999999999999'] as const;
const HOME = 'eu-central-1';
const ANALYZER: AnalyzerFacts = {
  ...{ arn: 'arn:analyzer', name: 'organization', type: 'ORGANIZATION', status: 'ACTIVE', statusReason: '' },
};
const ACCESS: AccessDetail = {
  ...{ principal: { AWS: PARTNER }, actions: ['s3:GetObject'], condition: {}, isPublic: false, rcp: null, scp: null },
};

function finding(access: Partial<AccessDetail> = {}, more: Partial<AnalyzerFinding> = {}): AnalyzerFinding {
  return {
    ...{ id: 'f', type: 'ExternalAccess', resource: 'arn:aws:s3:::data', resourceType: 'AWS::S3::Bucket' },
    ...{ owner: OWNER, status: 'ACTIVE', created: null, updated: null, error: '', unused: [], detailsFailure: null },
    access: [{ ...ACCESS, ...access }],
    ...more,
  };
}

interface Asked {
  readonly found: Readonly<Record<string, readonly AnalyzerFinding[]>>;
  readonly regions?: readonly string[];
  readonly trusted?: readonly string[];
  readonly facts?: Partial<OrganizationFacts>;
}

/** What is told of the account in each of the Regions. */
async function told({ found, regions = [HOME], trusted, facts }: Asked): Promise<readonly UnitResult['findings'][]> {
  const organization = memoryOrganization({ regions, ...facts });
  const judge = new AccessJudge({
    analyzers: Object.fromEntries(regions.map((region) => [region, { items: [ANALYZER], failures: [] }])),
    via: '111111111111',
    homeRegion: HOME,
    context: {
      organization,
      started: '2026-11-21T08:00:00.000Z',
      parameters: () => (trusted === undefined ? {} : { trustedAccounts: trusted }),
    },
    reach: new ReachJudge(organization),
    isWanted: () => true,
  });
  const reader = memoryReader({ accounts: { [OWNER]: { findings: found } } });
  const parts = regions.map((region) => judge.unit({ account: memoryAccount(OWNER), region, skip: null }, reader));
  return (await Promise.all(parts)).map(({ findings }) => findings);
}

const isTold = async (access: Partial<AccessDetail>): Promise<boolean> => {
  const [findings] = await told({ found: { [HOME]: [finding(access)] }, trusted: [PARTNER] });
  return findings!.length > 0;
};

it('accounts that the organization trusts are no finding; the public, strangers and providers are', async () => {
  expect(await isTold({})).toBe(false);
  expect(await isTold({ principal: { AWS: `arn:aws:iam::${PARTNER}:role/reader` } })).toBe(false);
  expect(await isTold({ principal: { AWS: '888888888888' } })).toBe(true);
  expect(await isTold({ principal: { AWS: `${PARTNER}0` } })).toBe(true);
  expect(await isTold({ principal: { AWS: '*' } })).toBe(true);
  // Whoever is named, it says that everybody gets in.
  expect(await isTold({ isPublic: true })).toBe(true);
  expect(await isTold({ principal: {} })).toBe(true);
  expect(await isTold({ principal: { Federated: `arn:aws:iam::${PARTNER}:saml-provider/corp` } })).toBe(true);
});

it('roles are told once, in a Region that every account has', async () => {
  const role = finding({}, { resource: `arn:aws:iam::${OWNER}:role/open`, resourceType: 'AWS::IAM::Role' });
  const regions = ['af-south-1', 'eu-west-1'];
  const found = Object.fromEntries(regions.map((region) => [region, [role]]));
  const [closed, open] = await told({ found, regions });
  expect([closed!.length, open!.map(({ region }) => region)]).toStrictEqual([0, ['global']]);
});

it('what an RCP blocks is for information, unless Access Analyzer found none that applies', async () => {
  const Statement = [
    {
      ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' },
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
    },
  ];
  const guard = {
    ...{ id: 'p-1', name: 'guard', type: 'RESOURCE_CONTROL_POLICY', awsManaged: false, targets: ['r-root'] },
    content: JSON.stringify({ Version: '2012-10-17', Statement }),
  };
  const facts = { policies: { items: [guard], failures: [] } };
  const accesses = [null, 'APPLICABLE', 'NOT_APPLICABLE'] as const;
  const findings = accesses.map((rcp, index) => finding({ rcp }, { id: `f-${index}` }));
  const [said] = await told({ found: { [HOME]: findings }, facts });
  expect(said!.map(({ severity, reach }) => [severity, reach!.verdict])).toStrictEqual([
    ['info', 'blocked'],
    ['info', 'blocked'],
    ['error', 'cannot-tell'],
  ]);
});
