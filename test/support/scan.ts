/** Scans made up for tests, benches and the picture of the report: the same seed gives the same scan. */
import { createHash } from 'node:crypto';
import type { AccountRef, ControlResult, Scan, ScanFinding, ScanUnit } from '../../analyzers/index.js';
import { Random } from './random.js';

export interface SampleSize {
  readonly accounts: number;
  readonly findings: number;
  readonly seed?: number;
  /** @default `2026-11-21T06:00:00Z` */
  readonly started?: string;
}

const REGIONS = ['eu-central-1', 'eu-west-1'];
const UNITS: readonly (readonly string[])[] = [
  ['Workloads', 'Production', 'Payments'],
  ['Workloads', 'Production', 'Cards'],
  ['Workloads', 'Production', 'Lending'],
  ['Workloads', 'Staging'],
  ['Workloads', 'Development'],
  ['Infrastructure', 'Network'],
  ['Infrastructure', 'Shared Services'],
  ['Security'],
  ['Sandbox'],
];
const TEAMS = [
  'ledger',
  'settlement',
  'onboarding',
  'pricing',
  'fraud',
  'statements',
  'treasury',
  'archive',
  'gateway',
];

interface Kind extends Pick<ScanFinding, 'checkId' | 'controls' | 'severity' | 'source' | 'title' | 'help'> {
  readonly type: string;
  readonly arn: (account: string, region: string, name: string) => string;
  readonly message: (name: string, other: string) => string;
  readonly subject: (other: string) => string;
  readonly global: boolean;
  readonly reaches: boolean;
}

const none = (): string => '';
const KINDS: readonly Kind[] = [
  {
    checkId: 'external-access-bucket',
    controls: ['DET-AA-01', 'NET-S3-02'],
    severity: 'error',
    source: 'access-analyzer',
    type: 'AWS::S3::Bucket',
    title: 'Buckets are shared with accounts of the organization only',
    arn: (_account, _region, name) => `arn:aws:s3:::${name}-exports`,
    message: (name, other) => `the policy of bucket ${name}-exports lets arn:aws:iam::${other}:root call s3:GetObject`,
    subject: (other) => `arn:aws:iam::${other}:root`,
    help: 'Add a condition on aws:PrincipalOrgID to the statement, or archive the finding with a rule:\n  Condition:\n    StringEquals:\n      aws:PrincipalOrgID: o-example123',
    global: false,
    reaches: true,
  },
  {
    checkId: 'external-access-role',
    controls: ['DET-AA-01', 'IAM-TRUST-01'],
    severity: 'error',
    source: 'access-analyzer',
    type: 'AWS::IAM::Role',
    title: 'Roles are assumed from accounts of the organization only',
    arn: (account, _region, name) => `arn:aws:iam::${account}:role/${name}-partner`,
    message: (name, other) =>
      `the trust policy of ${name}-partner lets account ${other} assume the role without sts:ExternalId`,
    subject: (other) => `arn:aws:iam::${other}:root`,
    help: 'Name the role of the partner and ask for sts:ExternalId in the trust policy.',
    global: true,
    reaches: true,
  },
  {
    checkId: 'iam-role-without-boundary',
    controls: ['IAM-PB-01'],
    severity: 'warning',
    source: 'iam',
    type: 'AWS::IAM::Role',
    title: 'Roles of tenants carry the permission boundary',
    arn: (account, _region, name) => `arn:aws:iam::${account}:role/app/${name}`,
    message: (name) => `role app/${name} has no permission boundary; expected boundary/tenant`,
    subject: none,
    help: 'Attach the policy boundary/tenant as permission boundary of the role.',
    global: true,
    reaches: false,
  },
  {
    checkId: 'iam-session-too-long',
    controls: ['IAM-SES-01'],
    severity: 'warning',
    source: 'iam',
    type: 'AWS::IAM::Role',
    title: 'Sessions end within four hours',
    arn: (account, _region, name) => `arn:aws:iam::${account}:role/batch/${name}`,
    message: () => 'MaxSessionDuration is 43200 seconds; allowed are 14400',
    subject: none,
    help: 'Set MaxSessionDuration to 14400 or less.',
    global: true,
    reaches: false,
  },
  {
    checkId: 'unused-access-key',
    controls: ['IAM-KEY-01'],
    severity: 'warning',
    source: 'access-analyzer',
    type: 'AWS::IAM::User',
    title: 'Access keys are used or removed within 90 days',
    arn: (account, _region, name) => `arn:aws:iam::${account}:user/svc-${name}`,
    message: (name) => `an access key of svc-${name} was last used 214 days ago`,
    subject: none,
    help: 'Deactivate the key, then delete it; let workloads assume a role instead.',
    global: true,
    reaches: false,
  },
  {
    checkId: 'unused-permission',
    controls: ['DET-AA-02'],
    severity: 'info',
    source: 'access-analyzer',
    type: 'AWS::IAM::Role',
    title: 'Permissions are in use',
    arn: (account, _region, name) => `arn:aws:iam::${account}:role/deploy/${name}`,
    message: (name) => `deploy/${name} has not used dynamodb:DeleteTable and 11 other actions for 180 days`,
    subject: (other) => `dynamodb:DeleteTable ${other.slice(0, 2)}`,
    help: 'Take the unused actions out of the policy; Access Analyzer proposes one.',
    global: true,
    reaches: false,
  },
  {
    checkId: 'external-access-key',
    controls: ['DET-AA-01', 'ENC-KMS-03'],
    severity: 'error',
    source: 'access-analyzer',
    type: 'AWS::KMS::Key',
    title: 'Keys are shared with accounts of the organization only',
    arn: (account, region, name) =>
      `arn:aws:kms:${region}:${account}:key/${digest(name).slice(0, 8)}-0000-4000-8000-000000000000`,
    message: (_name, other) => `the key policy lets arn:aws:iam::${other}:role/reader call kms:Decrypt`,
    subject: (other) => `arn:aws:iam::${other}:role/reader`,
    help: 'Remove the statement, or limit it with kms:ViaService and aws:PrincipalOrgID.',
    global: false,
    reaches: true,
  },
];

const CONTROLS: readonly (readonly [id: string, title: string])[] = [
  ['DET-AA-01', 'External access is found in every Region'],
  ['DET-AA-02', 'Unused access is found and removed'],
  ['ENC-KMS-03', 'Keys are not shared outside of the organization'],
  ['IAM-KEY-01', 'Long-lived keys are rare and in use'],
  ['IAM-MFA-01', 'Root users have hardware MFA'],
  ['IAM-PB-01', 'Tenant roles stay inside the permission boundary'],
  ['IAM-SES-01', 'Sessions are short'],
  ['IAM-TRUST-01', 'Trust policies name who may assume a role'],
  ['NET-S3-02', 'Buckets are reached from the organization only'],
  ['ORG-SCP-01', 'Guardrails are attached and unchanged'],
  ['ORG-TAG-02', 'Tag policies are enforced'],
  ['OPS-ATT-01', 'Break-glass access is rehearsed every quarter'],
];

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const SEVERITY_ORDER = ['error', 'warning', 'info'];

/** Makes a scan of an organization with so many accounts, two Regions and so many findings. */
export function sampleScan({
  accounts: count,
  findings: wanted,
  seed = 1,
  started = '2026-11-21T06:00:00Z',
}: SampleSize): Scan {
  const random = new Random(seed);
  const accounts = Array.from({ length: count }, (_, index): AccountRef => {
    const path = UNITS[index % UNITS.length]!;
    const stage = path[1]?.slice(0, 4).toLowerCase() ?? path[0]!.slice(0, 4).toLowerCase();
    return {
      id: String(100_000_000_000 + index * 7_919 + 11),
      name: `${TEAMS[index % TEAMS.length]!}-${stage}-${String(index + 1).padStart(2, '0')}`,
      path,
    };
  });
  const findings = Array.from({ length: wanted }, (_, index) => finding(index, random, accounts));
  findings.sort(
    (a, b) =>
      SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
      compare(a.checkId, b.checkId) ||
      compare(a.account.id, b.account.id) ||
      compare(a.region, b.region) ||
      compare(a.resource.arn, b.resource.arn),
  );
  const recent = findings.filter((_, index) => index % 23 === 5).map(({ fingerprint }) => fingerprint);
  return {
    version: 1,
    tool: { name: 'stackade', version: '0.1.0' },
    organization: { id: 'o-example123', managementAccount: '100000000011' },
    started,
    units: accounts.flatMap((account, index) => units(account, index)),
    findings,
    controls: CONTROLS.map(([control, title]): ControlResult => controlResult(control, title, findings)),
    changes: {
      since: '2026-11-14T06:00:00Z',
      appeared: recent.sort(),
      gone: Array.from({ length: Math.ceil(wanted / 31) }, (_, index) => digest(`gone ${seed} ${index}`)).sort(),
    },
  };
}

function finding(index: number, random: Random, accounts: readonly AccountRef[]): ScanFinding {
  const kind = KINDS[Math.min(random.below(KINDS.length), random.below(KINDS.length + 3))]!;
  const account = random.pick(accounts);
  const region = kind.global ? 'global' : random.pick(REGIONS);
  const name = `${random.pick(TEAMS)}-${String(index).padStart(5, '0')}`;
  const other = String(900_000_000_000 + random.below(40));
  const archived = random.chance(0.08);
  return {
    fingerprint: digest(`${kind.checkId} ${account.id} ${region} ${name} ${other}`),
    checkId: kind.checkId,
    controls: kind.controls,
    severity: kind.severity,
    source: kind.source,
    account,
    region,
    resource: { arn: kind.arn(account.id, region, name), type: kind.type },
    subject: kind.subject(other),
    title: kind.title,
    message: kind.message(name, other),
    help: kind.help,
    reach: kind.reaches ? reach(random, account) : null,
    since:
      kind.source === 'access-analyzer'
        ? `2026-${String(1 + random.below(11)).padStart(2, '0')}-1${random.below(10)}T09:00:00Z`
        : null,
    archived: archived
      ? {
          rule: 'partner-exchange',
          reason: 'contract with the clearing house',
          owner: 'payments-platform',
          expires: '2027-03-31',
        }
      : null,
  };
}

function reach(random: Random, account: AccountRef): ScanFinding['reach'] {
  const roll = random.next();
  if (roll < 0.3) return { verdict: 'reachable', reason: '' };
  if (roll < 0.85) {
    const unit = account.path[0] ?? 'Root';
    return { verdict: 'blocked', reason: `RCP data-perimeter at ${unit}, statement DenyOutsideOrganization` };
  }
  return { verdict: 'cannot-tell', reason: 'the policy asks for aws:SourceVpce, and nobody knows the endpoint' };
}

function units(account: AccountRef, index: number): ScanUnit[] {
  return ['global', ...REGIONS].map((region): ScanUnit => {
    if (index % 37 === 29) {
      const failure = { step: 'DescribeAccount', code: 'SUSPENDED', message: 'the account is suspended', controls: [] };
      return { account, region, status: 'skipped', failures: [failure] };
    }
    if (index % 19 === 7 && region === 'eu-west-1') {
      const failure = {
        step: 'ListFindingsV2',
        code: 'AccessDeniedException',
        message: 'the role stackade-scanner may not call access-analyzer:ListFindingsV2',
        controls: ['DET-AA-01', 'ENC-KMS-03'],
      };
      return { account, region, status: index % 2 === 0 ? 'failed' : 'partial', failures: [failure] };
    }
    return { account, region, status: 'complete', failures: [] };
  });
}

function controlResult(control: string, title: string, findings: readonly ScanFinding[]): ControlResult {
  const own = findings.filter(({ controls, archived }) => archived === null && controls.includes(control)).length;
  if (own > 0) return { control, title, verdict: 'FAIL', findings: own, reason: '' };
  if (control === 'ORG-TAG-02') {
    return { control, title, verdict: 'SKIP', findings: 0, reason: 'no tag policy is declared' };
  }
  if (control === 'IAM-MFA-01') {
    return {
      control,
      title,
      verdict: 'NOT_EVALUATED',
      findings: 0,
      reason: 'GetAccountSummary was denied in 2 accounts',
    };
  }
  return { control, title, verdict: 'PASS', findings: 0, reason: '' };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
