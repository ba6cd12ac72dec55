/** `stackade iam replay` against decompressing and parsing alone: rate, memory, one large file, threads. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastest, run, type Measured } from './processes.mjs';
import type { Row } from './report.mjs';
import { writeTrail } from './trail.mjs';

const SCP = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TrailsStay',
      Effect: 'Deny',
      Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'iam:CreateUser'],
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin' } },
    },
    {
      Sid: 'Regions',
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 's3:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'us-east-1'] } },
    },
    { Sid: 'Stacks', Effect: 'Deny', Action: 'cloudformation:*', Resource: 'arn:aws:cloudformation:*:*:stack/own-*/*' },
  ],
};

/** What is compared with: each file whole. */
const PARSE_ALONE = `
const { readFileSync } = require('node:fs');
const { gunzipSync } = require('node:zlib');
let records = 0;
for (const file of process.argv.slice(1)) records += JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')).Records.length;
process.stdout.write(String(records));`;

const RECORDS = 160_000;
const FILES = 40;
/** Of about 1,300 bytes each. */
const SMALL = 16_000;
const LARGE = 1_600_000;

const told = ({ seconds, processorSeconds, peakMegabytes }: Measured): string =>
  `${seconds.toFixed(1)} s (processor ${processorSeconds?.toFixed(1) ?? '?'} s), ${peakMegabytes?.toFixed(0) ?? '?'} MB`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Rows about replays; each is made after its counts were looked at. */
export async function iamReplay(work: string, command: string): Promise<Row[]> {
  const scp = join(work, 'scp.json');
  const output = join(work, 'replay.json');
  writeFileSync(scp, JSON.stringify(SCP));
  const replay = async (trail: string, count: number, ...more: readonly string[]): Promise<Measured> => {
    const args = [command, 'iam', 'replay', '--trail', trail, '--scps', scp, '--format', 'json', ...more];
    const measured = await run(process.execPath, args, output);
    const { records, summary } = JSON.parse(readFileSync(output, 'utf8')) as {
      readonly records: number;
      readonly summary: Readonly<Record<string, number>>;
    };
    if (records !== count || summary['newlyDenied'] !== 0) {
      throw new Error(`${trail}: ${JSON.stringify({ records, summary })}`);
    }
    return measured;
  };
  return [...(await rates(work, output, replay)), ...(await memory(work, replay))];
}

type ReplayRun = (trail: string, count: number, ...more: readonly string[]) => Promise<Measured>;

async function rates(work: string, output: string, replay: ReplayRun): Promise<Row[]> {
  const folder = join(work, 'trail');
  mkdirSync(folder);
  const files = Array.from({ length: FILES }, (_, index) => join(folder, `${String(index).padStart(3, '0')}.json.gz`));
  let bytes = 0;
  for (const [index, file] of files.entries()) {
    bytes += await writeTrail(file, (index * RECORDS) / FILES, RECORDS / FILES);
  }
  const alone = await fastest(3, () => run(process.execPath, ['-e', PARSE_ALONE, ...files], output));
  const one = await fastest(3, () => replay(folder, RECORDS));
  const two = await fastest(3, () => replay(folder, RECORDS, '--threads', '2'));
  const size = `${RECORDS.toLocaleString('en')} records in ${FILES} files, ${megabytes(bytes)}`;
  rmSync(folder, { recursive: true });
  return [
    {
      what: 'replay, rate of decompressing and `JSON.parse` alone',
      size,
      result: `**${((100 * alone.seconds) / one.seconds).toFixed(0)} %** (of processor time ${((100 * alone.processorSeconds!) / one.processorSeconds!).toFixed(0)} %; ${told(one)} against ${told(alone)})`,
      goal: 'at least 50 %',
    },
    {
      what: 'replay in two threads, against one',
      size,
      result: `**${(one.seconds / two.seconds).toFixed(2)} times as fast** (${told(two)})`,
      goal: 'faster on two cores',
    },
  ];
}

async function memory(work: string, replay: ReplayRun): Promise<Row[]> {
  const file = join(work, 'trail.json.gz');
  const measure = async (
    count: number,
  ): Promise<{ readonly bytes: number; readonly size: number; readonly taken: Measured }> => {
    const bytes = await writeTrail(file, 0, count);
    const { size } = statSync(file);
    return { bytes, size, taken: await replay(file, count) };
  };
  const small = await measure(SMALL);
  const large = await measure(LARGE);
  rmSync(file);
  return [
    {
      what: 'replay, peak memory at one large list of records, against a small one',
      size: `${megabytes(large.bytes)} in one file of ${megabytes(large.size)}, against ${megabytes(small.bytes)}`,
      result: `**${(large.taken.peakMegabytes! / small.taken.peakMegabytes!).toFixed(2)} times** (${told(large.taken)}; ${told(small.taken)})`,
      goal: 'at most 1.2 times',
    },
  ];
}
