/** Whole scans over an organization in memory: interrupted at every line of the checkpoint, they end as one that was not. */
import {
  Archive,
  FIRST_DIGEST,
  journalLine,
  OrganizationScan,
  readJournal,
  runTasks,
  scanUnit,
  taskKey,
} from '../../../analyzers/scan/index.js';
import type {
  AnalyzerFinding,
  Check,
  JournalHeader,
  JournalRecord,
  OrganizationRecord,
  Scan,
  ScanPlan,
  ScanReader,
  UnitResult,
} from '../../../analyzers/scan/index.js';
import {
  failure,
  memoryAccount,
  memoryOrganization,
  memoryReader,
  type MemoryOptions,
} from '../../support/scan-reader.js';

const REGIONS = ['eu-central-1', 'eu-west-1'];
const analyzer = {
  arn: 'arn:analyzer',
  name: 'organization',
  type: 'ORGANIZATION',
  status: 'ACTIVE',
  statusReason: '',
} as const;
const ANALYZERS = Object.fromEntries(REGIONS.map((region) => [region, { items: [analyzer], failures: [] }]));

const HEADER: JournalHeader = {
  kind: 'scan',
  version: 1,
  tool: { name: 'stackade', version: '1' },
  started: '2026-11-21T08:00:00.000Z',
  configuration: '',
};

const CHECKS: readonly Check[] = [
  {
    id: 'role-bounded',
    controls: ['BND-ROLE-01'],
    severity: 'error',
    source: 'iam',
    title: 'Roles have a boundary',
    help: 'add it',
    scope: 'account',
    reads: { iam: true },
    check: (facts) => ({
      concerned: facts.iam().roles.length > 0,
      findings: facts
        .iam()
        .roles.filter(({ boundary }) => boundary === null)
        .map(({ arn }) => ({ resource: { arn, type: 'AWS::IAM::Role' }, message: 'there is none' })),
    }),
  },
  {
    id: 'queue-counted',
    controls: ['ENC-SQS-01'],
    severity: 'warning',
    source: 'resources',
    title: 'Queues are few',
    help: 'delete some',
    scope: 'across',
    at: 'region',
    reads: { resources: ['AWS::SQS::Queue'] },
    extract: (facts) => facts.resources('AWS::SQS::Queue').length,
    conclude: (extracts, complete) => ({
      findings: extracts
        .filter(({ value }) => Number(value) > 1)
        .map(({ account, region, value }) => ({
          resource: { arn: account.id, type: 'AWS::SQS::Queue' },
          message: `${Number(value)} queues, ${complete ? 'all' : 'not all'} places read`,
          account: account.id,
          region,
        })),
    }),
  },
];

const role = (account: string, boundary: string | null): object => ({
  arn: `arn:aws:iam::${account}:role/one`,
  name: 'one',
  path: '/',
  created: '2026-01-01T00:00:00Z',
  boundary,
  policies: [],
  tags: {},
  trust: '{}',
  maxSessionDuration: 3600,
  lastUsed: null,
});

const queue = (name: string): never =>
  ({ type: 'AWS::SQS::Queue', identifier: name, arn: `arn:aws:sqs:::${name}`, properties: {} }) as never;

function bucket(owner: string, number: number, more: Partial<AnalyzerFinding> = {}): AnalyzerFinding {
  return {
    id: `f-${number}`,
    type: 'ExternalAccess',
    resource: `arn:aws:s3:::data-${owner}-${number}`,
    resourceType: 'AWS::S3::Bucket',
    owner,
    status: 'ACTIVE',
    created: '2026-02-01T00:00:00.000Z',
    updated: null,
    error: '',
    access: [
      {
        principal: { AWS: '999999999999' },
        actions: ['s3:GetObject'],
        condition: {},
        isPublic: false,
        rcp: null,
        scp: null,
      },
    ],
    unused: [],
    detailsFailure: null,
    ...more,
  };
}

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
const DATA: MemoryOptions = {
  accounts: {
    '111111111111': {},
    '222222222222': {
      iam: { roles: [role('222222222222', null) as never] },
      findings: { 'eu-central-1': [bucket('222222222222', 2), bucket('222222222222', 1)] },
      resources: { 'eu-west-1': [queue('a'), queue('b')] },
    },
    '333333333333': {
      iam: { roles: [role('333333333333', 'arn:boundary') as never] },
      findings: { 'eu-west-1': [bucket('333333333333', 3)] },
    },
  },
};

const FACTS = memoryOrganization({
  regions: REGIONS,
  accounts: [...ACCOUNTS.map((id) => memoryAccount(id)), memoryAccount('444444444444', { state: 'SUSPENDED' })],
});
const RECORD: OrganizationRecord = { kind: 'organization', facts: FACTS, analyzers: ANALYZERS, via: '222222222222' };
const PLAN: ScanPlan = {
  checks: CHECKS,
  controls: null,
  selection: { accounts: [], units: [] },
  homeRegion: 'eu-central-1',
  watched: [{ id: 'LOG-SECRET-01', title: 'Logs hold no tokens', reason: 'nobody can look at them' }],
};

/** A checkpoint in memory that dies behind some bytes. */
class Disk {
  bytes = new Uint8Array();
  private digest = FIRST_DIGEST;

  constructor(private readonly room = Infinity) {}

  write(record: JournalRecord): void {
    const { line, digest } = journalLine(record, this.digest);
    const added = new TextEncoder().encode(line);
    const whole = new Uint8Array([...this.bytes, ...added]);
    this.bytes = whole.slice(0, this.room);
    if (whole.length > this.room) throw new Error('killed');
    this.digest = digest;
  }

  /** What the next process finds. */
  static after(dead: Disk): { readonly disk: Disk; readonly journal: ReturnType<typeof readJournal> } {
    const journal = readJournal(dead.bytes);
    const disk = new Disk();
    disk.bytes = dead.bytes.slice(0, journal?.length ?? 0);
    disk.digest = journal?.digest ?? FIRST_DIGEST;
    return { disk, journal };
  }
}

async function scanOn(
  disk: Disk,
  reader: ScanReader,
  journal: ReturnType<typeof readJournal> = null,
  options: { readonly plan?: ScanPlan; readonly record?: OrganizationRecord; readonly archive?: Archive } = {},
): Promise<Scan> {
  const { plan = PLAN, archive = null } = options;
  if (journal === null) disk.write(HEADER);
  const record = journal?.organization ?? options.record ?? RECORD;
  if ((journal?.organization ?? null) === null) disk.write(record);
  const scan = new OrganizationScan(plan, journal?.header ?? HEADER, record);
  const results = new Map<string, UnitResult>(journal?.results);
  const unit = scan.unitScan(reader);
  await runTasks({
    tasks: scan.tasks,
    isDone: (key) => results.has(key),
    concurrency: 3,
    scan: (task) => scanUnit(task, unit),
    keep: (result) => {
      disk.write({ kind: 'unit', result });
      results.set(taskKey(result), result);
    },
  });
  if (journal?.isFinished !== true) disk.write({ kind: 'end', units: results.size });
  return scan.assemble(results, archive, null);
}

it('tells findings of all sources, each once, in the order of a scan', async () => {
  const scan = await scanOn(new Disk(), memoryReader(DATA));
  expect(
    scan.findings.map(({ checkId, account, region, resource, message }) => [
      checkId,
      account.id,
      region,
      resource.arn,
      message,
    ]),
  ).toStrictEqual([
    [
      'external-access-bucket',
      '222222222222',
      'eu-central-1',
      'arn:aws:s3:::data-222222222222-1',
      '999999999999 may s3:GetObject',
    ],
    [
      'external-access-bucket',
      '222222222222',
      'eu-central-1',
      'arn:aws:s3:::data-222222222222-2',
      '999999999999 may s3:GetObject',
    ],
    [
      'external-access-bucket',
      '333333333333',
      'eu-west-1',
      'arn:aws:s3:::data-333333333333-3',
      '999999999999 may s3:GetObject',
    ],
    ['role-bounded', '222222222222', 'global', 'arn:aws:iam::222222222222:role/one', 'there is none'],
    ['queue-counted', '222222222222', 'eu-west-1', '222222222222', '2 queues, all places read'],
  ]);
  expect(new Set(scan.findings.map(({ fingerprint }) => fingerprint)).size).toBe(5);
  const verdicts = new Map(scan.controls.map(({ control, verdict }) => [control, verdict]));
  expect(verdicts.get('BND-ROLE-01')).toBe('FAIL');
  expect(verdicts.get('IAM-EXT-01')).toBe('FAIL');
  expect(verdicts.get('KEY-KMS-03')).toBe('PASS');
  // Nobody has an analyzer of unused access.
  expect(verdicts.get('IAM-POL-05')).toBe('NOT_EVALUATED');
  expect(verdicts.get('LOG-SECRET-01')).toBe('SKIP');
});

it('killed behind any byte of the checkpoint, it ends as one that was not', async () => {
  const whole = new Disk();
  const expected = JSON.stringify(await scanOn(whole, memoryReader(DATA)));
  const ends = [...whole.bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? at + 1 : []));
  const rooms = ends.flatMap((end) => [end - 1, end, end + 7]);
  for (const room of [0, 5, ...rooms].filter((each) => each < whole.bytes.length)) {
    const dying = new Disk(room);
    await expect(scanOn(dying, memoryReader(DATA))).rejects.toThrow('killed');
    const { disk, journal } = Disk.after(dying);
    const reader = memoryReader(DATA);
    expect(JSON.stringify(await scanOn(disk, reader, journal))).toBe(expected);
    // What was finished is not read again.
    const read = new Set(reader.calls.filter((call) => call.startsWith('findings')));
    expect(read.size).toBeLessThanOrEqual(
      6 - [...(journal?.results.keys() ?? [])].filter((key) => !key.endsWith('global') && !key.startsWith('4')).length,
    );
  }
});

it('goes on where something cannot be read, and says what it could not evaluate', async () => {
  const denied = failure('AssumeRole', 'AccessDenied');
  const accounts = {
    ...DATA.accounts,
    '222222222222': { ...DATA.accounts['222222222222'], failures: { access: denied } },
    '333333333333': {
      ...DATA.accounts['333333333333'],
      failures: {
        iam: failure('ListRoles', 'ThrottlingException'),
        'findings eu-central-1': failure('ListFindings', 'ANALYZER_DELETED'),
        'access eu-west-1': failure('Region', 'REGION_DISABLED'),
      },
    },
  };
  const scan = await scanOn(new Disk(), memoryReader({ ...DATA, accounts }));
  const units = new Map(scan.units.map((unit) => [`${unit.account.id} ${unit.region}`, unit]));
  // Findings of the organization's analyzer need no entry to the account.
  expect(units.get('222222222222 eu-central-1')!.status).toBe('partial');
  expect(
    scan.findings.filter(({ account }) => account.id === '222222222222').map(({ checkId }) => checkId),
  ).toStrictEqual(['external-access-bucket', 'external-access-bucket']);
  expect(units.get('222222222222 global')!.failures).toContainEqual({
    ...denied,
    controls: ['BND-ROLE-01', 'IAM-POL-05'],
  });
  expect(units.get('333333333333 eu-central-1')!.failures.map(({ code }) => code)).toStrictEqual(['ANALYZER_DELETED']);
  expect(units.get('333333333333 eu-west-1')).toMatchObject({ status: 'skipped' });
  expect(units.get('444444444444 global')).toMatchObject({ status: 'skipped', failures: [{ code: 'SUSPENDED' }] });
  const verdicts = new Map(scan.controls.map((control) => [control.control, control]));
  expect(verdicts.get('BND-ROLE-01')).toMatchObject({ verdict: 'NOT_EVALUATED', findings: 0 });
  expect(verdicts.get('BND-ROLE-01')!.reason).toContain('AssumeRole: AccessDenied');
  expect(verdicts.get('IAM-EXT-01')!.verdict).toBe('FAIL');
  expect(verdicts.get('KEY-KMS-03')!.verdict).toBe('NOT_EVALUATED');
});

it('what one place could not tell is not all, for checks across places', async () => {
  const closed = { failures: { 'AWS::SQS::Queue': failure('ListResources', 'AccessDenied') } };
  const accounts = { ...DATA.accounts, '333333333333': closed };
  const scan = await scanOn(new Disk(), memoryReader({ ...DATA, accounts }));
  const told = scan.findings.filter(({ checkId }) => checkId === 'queue-counted').map(({ message }) => message);
  expect(told).toStrictEqual(['2 queues, not all places read']);
});

it('a check that throws ends nothing and passes nothing', async () => {
  const broken: Check = {
    ...CHECKS[0]!,
    check: () => {
      throw new TypeError('oops');
    },
  } as Check;
  const scan = await scanOn(new Disk(), memoryReader(DATA), null, { plan: { ...PLAN, checks: [broken] } });
  expect(scan.controls.find(({ control }) => control === 'BND-ROLE-01')!.verdict).toBe('NOT_EVALUATED');
  expect(scan.units[0]!.failures).toContainEqual(
    expect.objectContaining({ code: 'FAULT', message: 'TypeError: oops' }),
  );
});

it('without an analyzer external access is NOT EVALUATED, with one that is off as well', async () => {
  const off = { ...analyzer, status: 'DISABLED', statusReason: 'AWS_SERVICE_ACCESS_DISABLED' };
  for (const items of [[], [off]]) {
    const analyzers = Object.fromEntries(REGIONS.map((region) => [region, { items, failures: [] }]));
    const scan = await scanOn(new Disk(), memoryReader(DATA), null, { record: { ...RECORD, analyzers } });
    expect(scan.controls.find(({ control }) => control === 'IAM-EXT-01')!.verdict).toBe('NOT_EVALUATED');
    const told = scan.units.flatMap(({ failures }) => failures).map(({ message }) => message);
    expect(
      told.some((message) => message.includes(items.length === 0 ? 'there is none' : 'AWS_SERVICE_ACCESS_DISABLED')),
    ).toBe(true);
  }
});

it('an error of the analysis is no pass, and trusted accounts are no finding', async () => {
  const failed = bucket('222222222222', 9, { error: 'ACCESS_DENIED', access: [] });
  const accounts = { ...DATA.accounts, '222222222222': { findings: { 'eu-central-1': [failed] } }, '333333333333': {} };
  const scan = await scanOn(new Disk(), memoryReader({ accounts }));
  expect(scan.findings).toStrictEqual([]);
  expect(scan.controls.find(({ control }) => control === 'IAM-EXT-01')!.verdict).toBe('NOT_EVALUATED');
});

it('asks only for what can be there: children where there is a parent, what is the same everywhere in one Region', async () => {
  const types = ['AWS::EC2::Subnet', 'AWS::EC2::VPC', 'AWS::IAM::InstanceProfile'];
  const check = (only?: 'management'): Check => ({
    id: `reads-${only ?? 'all'}`,
    controls: ['NET-VPC-01'],
    severity: 'error',
    source: 'resources',
    title: 'Nothing is there',
    help: 'delete it',
    scope: 'region',
    reads: only === undefined ? { resources: types } : { resources: ['AWS::SQS::Queue'], only },
    check: () => ({ findings: [] }),
  });
  const vpc = { ...(queue('vpc-1') as object), type: 'AWS::EC2::VPC' } as never;
  const asked = async (account: string, there: MemoryOptions['accounts'][string]): Promise<readonly string[]> => {
    const reader = memoryReader({ accounts: { [account]: there } });
    const scan = {
      reader,
      checks: [check(), check('management')],
      context: { organization: FACTS, started: HEADER.started, parameters: () => ({}) },
      homeRegion: 'eu-central-1',
      access: null,
    };
    await scanUnit({ account: memoryAccount(account), region: 'eu-west-1', skip: null }, scan);
    return reader.calls
      .filter((call) => call.startsWith('resources'))
      .map((call) => call.split(' ').slice(2).join(' '));
  };
  const profile = 'eu-central-1 AWS::IAM::InstanceProfile';
  const [subnet, network] = ['eu-west-1 AWS::EC2::Subnet', 'eu-west-1 AWS::EC2::VPC'];
  expect(await asked('222222222222', {})).toStrictEqual([network, profile]);
  const some = { resources: { 'eu-west-1': [vpc] } };
  expect(await asked('222222222222', some)).toStrictEqual([network, subnet, profile]);
  // What could not be listed may be there.
  const denied = { failures: { 'AWS::EC2::VPC': failure('ListResources', 'AccessDenied') } };
  expect(await asked('222222222222', denied)).toStrictEqual([network, subnet, profile]);
  expect(await asked(FACTS.managementAccount, {})).toContain('eu-west-1 AWS::SQS::Queue');
});
