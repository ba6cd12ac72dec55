import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { scanAsSarif } from '../../../analyzers/report/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { sampleScan } from '../../support/scan.js';

interface Place {
  readonly name: string;
  readonly kind: string;
  readonly index: number;
  readonly parentIndex?: number;
}

interface Log {
  readonly runs: readonly [
    {
      readonly invocations: readonly {
        readonly executionSuccessful: boolean;
        readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
      }[];
      readonly logicalLocations: readonly Place[];
      readonly results: readonly {
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly suppressions?: readonly unknown[];
        readonly baselineState?: string;
        readonly locations: readonly { readonly logicalLocations: readonly Place[] }[];
      }[];
    },
  ];
}

const path = join(repositoryRoot(), 'test/findings/fixtures/sarif-schema-2.1.0.json');
// The schema is of draft 4; apart from the names of these two members it uses nothing that later drafts changed.
const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
delete schema['$schema'];
delete schema['id'];
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajv.addFormat('uri', /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i);
ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/i);
ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const validate = ajv.compile(schema);

const scan = sampleScan({ accounts: 40, findings: 60 });
const log = JSON.parse(scanAsSarif(scan)) as Log;
const [run] = log.runs;

it('is valid against the schema, with and without findings and an earlier scan', () => {
  const empty = { ...scan, findings: [], units: [], controls: [], changes: null };
  for (const each of [scan, { ...scan, changes: null }, empty]) {
    expect(validate(JSON.parse(scanAsSarif(each))) ? [] : validate.errors).toStrictEqual([]);
  }
  expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
});

it('places a finding in its resource, Region and account', () => {
  for (const [index, { locations }] of run.results.entries()) {
    const { account, region, resource } = scan.findings[index]!;
    const chain: string[] = [];
    let place: Place | undefined = locations[0]!.logicalLocations[0];
    while (place !== undefined) {
      chain.push(`${place.kind} ${place.name}`);
      place = place.parentIndex === undefined ? undefined : run.logicalLocations[place.parentIndex];
    }
    const regions = region === 'global' ? [] : [`region ${region}`];
    expect(chain).toStrictEqual([`resource ${resource.arn}`, ...regions, `account ${account.id}`]);
  }
});

it('carries fingerprints, suppresses what is archived, and tells new results', () => {
  const appeared = new Set(scan.changes!.appeared);
  for (const [index, result] of run.results.entries()) {
    const { fingerprint, archived } = scan.findings[index]!;
    expect(result.partialFingerprints['stackade/scan/v1']).toBe(fingerprint);
    expect(result.suppressions).toHaveLength(archived === null ? 0 : 1);
    expect(result.baselineState).toBe(appeared.has(fingerprint) ? 'new' : 'unchanged');
  }
  expect(run.results.some(({ suppressions }) => suppressions!.length === 1)).toBe(true);
  expect(run.results.some(({ baselineState }) => baselineState === 'new')).toBe(true);
});

it('tells what is not evaluated, and that a scan without an account did not succeed', () => {
  const told = run.invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text);
  expect(told[0]).toBe(
    'NOT EVALUATED: IAM-MFA-01 (Root users have hardware MFA): GetAccountSummary was denied in 2 accounts',
  );
  expect(told).toHaveLength(1 + scan.units.reduce((sum, { failures }) => sum + failures.length, 0));
  expect(run.invocations[0]!.executionSuccessful).toBe(true);
  const failed = { ...scan, units: scan.units.filter(({ status }) => status === 'failed' || status === 'skipped') };
  const [other] = (JSON.parse(scanAsSarif(failed)) as Log).runs;
  expect(other.invocations[0]!.executionSuccessful).toBe(false);
});
