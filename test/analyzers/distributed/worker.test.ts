/** A distributed scan says what one machine says, byte for byte, whoever scanned which part and how often. */
import {
  ACCESS_CHECKS,
  OrganizationScan,
  planTasks,
  runTasks,
  scanUnit,
  taskKey,
} from '../../../analyzers/scan/index.js';
import type { Check, Scan, Task, UnitResult } from '../../../analyzers/scan/index.js';
import {
  beginRun,
  mergeRun,
  NOT_SCANNED,
  planBatches,
  RunError,
  RunKeys,
  scanBatch,
  UnfinishedBatch,
} from '../../../analyzers/distributed/index.js';
import type { Batch, Begun, RunStore, ScanParts } from '../../../analyzers/distributed/index.js';
import { scanAsJson } from '../../../analyzers/report/index.js';
import { failure, memoryAccount, memoryOrganization, memoryReader } from '../../support/scan-reader.js';
import { Random } from '../../support/random.js';

const REGIONS = ['eu-central-1', 'eu-west-1'];
const ids = Array.from({ length: 12 }, (_, index) => String(111_111_111_111 + index * 7));
const roles = ids.map((id, index) => ({
  arn: `arn:aws:iam::${id}:role/r${index}`,
  name: `r${index}`,
  path: '/',
  created: '2026-01-01T00:00:00Z',
  boundary: index % 3 === 0 ? null : 'arn:aws:iam::aws:policy/X',
  policies: [],
  tags: {},
  trust: '{}',
  maxSessionDuration: 3600,
  lastUsed: null,
}));
const organization = memoryOrganization({
  regions: REGIONS,
  managementAccount: ids[0]!,
  accounts: ids.map((id, index) => memoryAccount(id, { state: index === 4 ? 'SUSPENDED' : 'ACTIVE' })),
});

const check = (id: string, scope: 'account' | 'region'): Check => ({
  id,
  controls: ['IAM-ROLE-01'],
  severity: 'warning',
  source: 'iam',
  title: id,
  help: 'mend it',
  scope,
  reads: scope === 'account' ? { iam: true } : { resources: ['AWS::SQS::Queue'] },
  check: (facts) => ({
    findings:
      scope === 'account'
        ? facts
            .iam()
            .roles.flatMap(({ arn, boundary }) =>
              boundary === null ? [{ resource: { arn, type: 'AWS::IAM::Role' }, message: 'no boundary' }] : [],
            )
        : facts.resources('AWS::SQS::Queue').map(({ arn, type }) => ({ resource: { arn, type }, message: 'a queue' })),
  }),
});
const across: Check = {
  id: 'across',
  controls: ['IAM-EXT-01'],
  severity: 'warning',
  source: 'iam',
  title: 'across',
  help: 'mend it',
  scope: 'across',
  at: 'account',
  reads: { iam: true },
  extract: (facts) => facts.iam().roles.length,
  conclude: (extracts, complete) => ({
    findings: complete
      ? []
      : [{ resource: { arn: 'organization', type: 'x' }, message: `${extracts.length} accounts` }],
  }),
};
const accessIds = ACCESS_CHECKS.map(({ id }) => id);
const checks: readonly Check[] = [check('roles', 'account'), check('queues', 'region'), across];

/** What both ways share; each makes its own reader, so that neither sees what the other has read. */
function parts(): ScanParts & { readonly begun: Begun } {
  const begun: Begun = {
    header: {
      kind: 'scan',
      version: 1,
      tool: { name: 'stackade', version: '0' },
      started: '2026-11-21T10:00:00Z',
      configuration: 'x',
    },
    organization: { kind: 'organization', facts: organization, analyzers: {}, via: ids[0]! },
  };
  const plan = {
    checks,
    controls: null,
    selection: { accounts: [], units: [] },
    homeRegion: REGIONS[0]!,
    watched: [],
  };
  const scan = new OrganizationScan(plan, begun.header, begun.organization);
  return {
    begun,
    begin: () => Promise.resolve(begun),
    tasks: () => scan.tasks,
    scanner: () => {
      const reader = memoryReader({
        accounts: Object.fromEntries(
          ids.map((id, index) => [
            id,
            {
              iam: { roles: [roles[index]!] },
              resources: {
                [REGIONS[index % 2]!]: [
                  { type: 'AWS::SQS::Queue', identifier: 'q', arn: `arn:aws:sqs:x:${id}:q`, properties: {} },
                ],
              },
              failures: index === 7 ? { access: failure('AssumeRole', 'AccessDenied') } : {},
            },
          ]),
        ),
      });
      const unit = scan.unitScan(reader);
      return Promise.resolve((task: Task) => scanUnit(task, unit));
    },
    checksOf: (_, { region }) => (region === 'global' ? ['across', 'roles', ...accessIds] : ['queues', ...accessIds]),
    assemble: (_begun, _tasks, results) => scan.assemble(results, null, null),
    print: scanAsJson,
  };
}

async function onOneMachine(): Promise<string> {
  const own = parts();
  const results = new Map<string, UnitResult>();
  await runTasks({
    tasks: own.tasks(own.begun),
    isDone: () => false,
    concurrency: 3,
    scan: await own.scanner(own.begun),
    keep: (result) => results.set(taskKey(result), result),
  });
  return textOf(own.print(own.assemble(own.begun, own.tasks(own.begun), results)));
}

function textOf(text: string | Iterable<string>): string {
  return typeof text === 'string' ? text : Array.from(text).join('');
}

class MemoryStore implements RunStore {
  readonly objects = new Map<string, string>();

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.objects.get(key) ?? null);
  }

  put(key: string, text: string | Iterable<string>): Promise<void> {
    this.objects.set(key, textOf(text));
    return Promise.resolve();
  }

  list(prefix: string): Promise<readonly string[]> {
    return Promise.resolve([...this.objects.keys()].filter((key) => key.startsWith(prefix)).reverse());
  }
}

const calm = { concurrency: 2, isLate: (): boolean => false };
const batchesIn = (store: MemoryStore, run: string): readonly Batch[] =>
  JSON.parse(store.objects.get(new RunKeys(run).batches)!) as Batch[];

it.each([1, 2, 7])('batches of %i parts, in any order, some twice: the same bytes', async (perBatch) => {
  const store = new MemoryStore();
  const answer = await beginRun('run-1', perBatch, store, parts());
  expect(answer).toStrictEqual({
    run: 'run-1',
    batches: 'batches/run-1.json',
    count: batchesIn(store, 'run-1').length,
  });
  const random = new Random(perBatch);
  const batches = [...batchesIn(store, 'run-1'), ...batchesIn(store, 'run-1').slice(0, 3)]
    .map((batch) => [random.next(), batch] as const)
    .sort(([a], [b]) => a - b);
  for (const [, batch] of batches) await scanBatch('run-1', batch, calm, store, parts());
  const merged = await mergeRun('run-1', store, parts());
  expect(merged).toMatchObject({ run: 'run-1', scan: 'scans/run-1.json', lost: 0 });
  expect(store.objects.get('scans/run-1.json')).toBe(await onOneMachine());
  expect(merged.findings).toBeGreaterThan(10);
});

it('a batch whose time ends keeps what it has, and goes on there', async () => {
  const store = new MemoryStore();
  await beginRun('r', 100, store, parts());
  const [batch] = batchesIn(store, 'r');
  let calls = 0;
  const late = { concurrency: 1, isLate: () => calls++ > 0 };
  const first = scanBatch('r', batch!, late, store, parts());
  await expect(first).rejects.toThrow(UnfinishedBatch);
  await expect(first).rejects.toMatchObject({ name: 'UnfinishedBatch' });
  const kept = JSON.parse(store.objects.get(new RunKeys('r').result(batch!.id))!) as UnitResult[];
  expect(kept.map(taskKey)).toStrictEqual(batch!.parts.slice(0, 1));
  // The parts that are there are not scanned anew.
  const seen: string[] = [];
  const own = parts();
  const counted: ScanParts = {
    ...own,
    scanner: async (begun) => {
      const scan = await own.scanner(begun);
      return (task) => {
        seen.push(task.region);
        return scan(task);
      };
    },
  };
  await scanBatch('r', batch!, calm, store, counted);
  expect(seen).toStrictEqual(REGIONS);
});

it('what was scanned before a failure is kept', async () => {
  const store = new MemoryStore();
  await beginRun('r', 100, store, parts());
  const [batch] = batchesIn(store, 'r');
  const own = parts();
  const broken: ScanParts = {
    ...own,
    scanner: async (begun) => {
      const scan = await own.scanner(begun);
      return (task) => (task.region === REGIONS[1] ? Promise.reject(new Error('no memory')) : scan(task));
    },
  };
  await expect(scanBatch('r', batch!, { ...calm, concurrency: 1 }, store, broken)).rejects.toThrow('no memory');
  const kept = JSON.parse(store.objects.get(new RunKeys('r').result(batch!.id))!) as UnitResult[];
  expect(kept.map(taskKey)).toStrictEqual(batch!.parts.slice(0, 2));
});

it('a batch that no attempt could scan is NOT EVALUATED, and never passed', async () => {
  const store = new MemoryStore();
  await beginRun('r', 1, store, parts());
  const [, second, ...others] = batchesIn(store, 'r');
  for (const batch of others) await scanBatch('r', batch, calm, store, parts());
  const { lost } = await mergeRun('r', store, parts());
  expect(lost).toBe(2);
  const scan = JSON.parse(store.objects.get('scans/r.json')!) as Scan;
  const [account, region] = second!.parts[0]!.split(' ');
  const unit = scan.units.find((each) => each.account.id === account && each.region === region)!;
  expect([unit.status, unit.failures.map(({ code }) => code)]).toStrictEqual(['failed', [NOT_SCANNED]]);
  expect(unit.failures[0]!.controls).toContain('IAM-ROLE-01');
  // What compares places knows that one is missing.
  expect(scan.findings.filter(({ checkId }) => checkId === 'across')).toHaveLength(1);
});

it('a run is begun once: its parts belong to the organization as it was then', async () => {
  const store = new MemoryStore();
  await beginRun('r', 5, store, parts());
  const before = store.objects.get('begun/r.json');
  const own = parts();
  const later = { ...own.begun, header: { ...own.begun.header, started: '2027-01-01T00:00:00Z' } };
  await beginRun('r', 5, store, { ...own, begin: () => Promise.resolve(later) });
  expect(store.objects.get('begun/r.json')).toBe(before);
});

it.each<readonly [string, (store: MemoryStore) => Promise<unknown>]>([
  [
    'a run that was not begun',
    (store) => scanBatch('x', { id: '000000-111111111111', parts: [] }, calm, store, parts()),
  ],
  ['a scan of a run that was not begun', (store) => mergeRun('x', store, parts())],
  [
    'a part of another run',
    (store) => scanBatch('r', { id: '000000-111111111111', parts: ['999999999999 global'] }, calm, store, parts()),
  ],
])('%s: refused', async (_, step) => {
  const store = new MemoryStore();
  await beginRun('r', 5, store, parts());
  await expect(step(store)).rejects.toThrow(RunError);
});

it.each(['../x', 'a/b', '', 'x'.repeat(81)])('`%s` is no name of a run', (run) => {
  expect(() => new RunKeys(run)).toThrow(RangeError);
});

it.each(['../../scans/x', '000000-1', 'x'])('`%s` is no id of a batch', (batch) => {
  expect(() => new RunKeys('r').result(batch)).toThrow(RangeError);
});

it('batches hold each part once, in order, none of two accounts, and none larger than asked for', () => {
  const tasks = planTasks(organization, { accounts: [], units: [] });
  for (const most of [1, 2, 3, 100]) {
    const batches = planBatches(tasks, most);
    const wanted = tasks.filter(({ skip }) => skip === null).map(({ account, region }) => `${account.id} ${region}`);
    expect(batches.flatMap(({ parts: all }) => all)).toStrictEqual(wanted);
    for (const { parts: all } of batches) {
      expect(all.length).toBeLessThanOrEqual(most);
      expect(new Set(all.map((part) => part.split(' ')[0])).size).toBe(1);
    }
    expect(new Set(batches.map(({ id }) => id)).size).toBe(batches.length);
  }
  expect(() => planBatches(tasks, 0)).toThrow(RangeError);
});
