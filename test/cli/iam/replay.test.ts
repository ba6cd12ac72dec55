/** `stackade iam replay` with files, without a process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { replayed, runReplay } from '../../../cli/iam/replay.js';
import type { ReplayFlags } from '../../../cli/iam/replay.js';
import type { Terminal } from '../../../cli/terminal.js';
import { NearIds } from '../../../scp/replay/index.js';
import { record, ROLE_SESSION, USER } from '../../iam/cloudtrail/records.js';

const folder = mkdtempSync(join(tmpdir(), 'stackade-replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const stop = (eventID: string, over: object = {}): object =>
  record(
    'cloudtrail.amazonaws.com',
    'StopLogging',
    { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/t' },
    { eventID, userIdentity: USER, ...over },
  );
const trail = (...records: readonly object[]): string => JSON.stringify({ Records: records });
const scp = file(
  'scp.json',
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Sid: '=No', Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' },
  }),
);

async function run(flags: Partial<ReplayFlags>): Promise<{ code: number; printed: string; told: string }> {
  let [printed, told] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (printed += text),
    tell: (text) => void (told += text),
  };
  const code = await runReplay({ trail: [], format: 'json', ...flags }, terminal);
  return { code, printed, told: told.replaceAll(folder, '') };
}

it('reads the folders of an organization trail, compressed or not, and leaves out digests', async () => {
  const path = 'bucket/AWSLogs/o-exampleorgid/111122223333';
  file(`${path}/CloudTrail/eu-central-1/2026/11/21/a.json.gz`, gzipSync(trail(stop('1'), stop('2'))));
  file(
    `${path}/CloudTrail/eu-central-1/2026/11/21/b.json`,
    trail(stop('2'), stop('3', { userIdentity: ROLE_SESSION })),
  );
  file(`${path}/CloudTrail-Digest/eu-central-1/2026/11/21/d.json.gz`, gzipSync('{"digest":1}'));
  file(`${path}/CloudTrail/notes.txt`, 'no trail');
  const { code, printed } = await run({ trail: [join(folder, 'bucket')], scps: [scp] });
  expect(code).toBe(1);
  expect(JSON.parse(printed)).toMatchObject({
    files: 2,
    records: 3,
    duplicates: 1,
    summary: { newlyDenied: 3, newlyAllowed: 0, unchanged: 0, cannotTell: 0 },
    groups: [
      { principal: 'arn:aws:iam::111122223333:user/people/bob', account: '111122223333', count: 2, events: ['1', '2'] },
      { principal: 'arn:aws:iam::111122223333:role/team/Deploy', count: 1, events: ['3'] },
    ],
  });
});

it('takes the policies of each account from the description of the organization', async () => {
  file(
    'org/scp.json',
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' } }),
  );
  const config = file(
    'org/org.yaml',
    [
      'version: 1',
      'organization: { id: o-exampleorgid, managementAccount: "999999999999", homeRegion: eu-central-1 }',
      'root:',
      '  id: r-ab12',
      '  accounts: { management: "999999999999" }',
      '  units:',
      '    Closed: { id: ou-ab12-11111111, policies: { scp: [{ file: scp.json }] }, accounts: { one: "111122223333" } }',
      '    Open: { id: ou-ab12-22222222, accounts: { two: "444455556666" } }',
      '',
    ].join('\n'),
  );
  const other = {
    type: 'IAMUser',
    arn: 'arn:aws:iam::444455556666:user/eve',
    accountId: '444455556666',
    userName: 'eve',
  };
  const path = file('org-trail.json', trail(stop('1'), stop('2', { userIdentity: other })));
  const { code, printed, told } = await run({ trail: [path], config });
  expect([code, told]).toStrictEqual([1, '']);
  expect(JSON.parse(printed)).toMatchObject({
    summary: { newlyDenied: 1, unchanged: 1 },
    groups: [{ account: '111122223333', unit: expect.stringContaining('Closed') as string }],
  });
});

it('exits 0 when nothing changes, 3 when something cannot be told', async () => {
  const path = file('one.json', trail(stop('1')));
  const harmless = file(
    'harmless.json',
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'sqs:*', Resource: '*' } }),
  );
  expect((await run({ trail: [path], scps: [harmless] })).code).toBe(0);
  const condition = { StringEquals: { 'aws:PrincipalTag/team': 'x' } };
  const hangs = file(
    'hangs.json',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition: condition },
    }),
  );
  const { code, printed } = await run({ trail: [path], scps: [hangs], format: 'pretty' });
  expect(code).toBe(3);
  expect(printed).toContain('hangs on aws:PrincipalTag/team');
});

it('prints a table for spreadsheets in which no text is taken for a formula', async () => {
  const path = file('csv.json', trail(stop('=1+1')));
  const { printed } = await run({ trail: [path], scps: [scp], format: 'csv' });
  expect(printed.split('\r\n')).toStrictEqual([
    'verdict,principal,account,unit,service,action,count,events,resources,by,missing',
    'newlyDenied,arn:aws:iam::111122223333:user/people/bob,111122223333,,cloudtrail,cloudtrail:StopLogging,1,"\'=1+1",arn:aws:cloudtrail:eu-central-1:111122223333:trail/t,scp level 0 policy 1 =No,',
    '',
  ]);
});

it('reads a trail once more when records come again far from where they came first, and then counts each once', async () => {
  const path = file('far.json', trail(...['a', 'b', 'c', 'd', 'e', 'a', 'b', 'e'].map((id) => stop(id))));
  const flags = { trail: [path], scps: [scp], format: 'json' };
  let told = '';
  const terminal = { cwd: folder, env: {}, tell: (text: string) => (told += text) } as unknown as Terminal;
  const counts = async (near: NearIds): Promise<readonly number[]> => {
    const { report } = await replayed(flags, [path], [[path]], terminal, near);
    return [report.records, report.duplicates, report.counts.newlyDenied];
  };
  expect([await counts(new NearIds(100, 1)), told]).toStrictEqual([[5, 3, 5], '']);
  expect(await counts(new NearIds(1, 1))).toStrictEqual([5, 3, 5]);
  expect(told).toContain('the trail is read once more');
});

describe('in threads', () => {
  const many = (part: number): string =>
    trail(
      ...Array.from({ length: 40 }, (_, index) =>
        stop(`${part}-${index}`, index % 3 === 0 ? { userIdentity: ROLE_SESSION } : { eventVersion: `${index % 2}.1` }),
      ),
    );
  const report = async (threads: string, folderName: string): Promise<unknown> =>
    JSON.parse((await run({ trail: [join(folder, folderName)], scps: [scp], threads })).printed);

  it('the report is that of one', async () => {
    for (const part of [1, 2, 3, 4, 5]) file(`parts/${part}.json.gz`, gzipSync(many(part)));
    expect(await report('2', 'parts')).toStrictEqual(await report('1', 'parts'));
  });

  it('a record that is in files of two threads counts once', async () => {
    for (const part of [1, 2, 3, 4]) file(`twice/${part}.json`, many(part % 2));
    const one = await report('1', 'twice');
    expect(one).toMatchObject({ records: 80, duplicates: 80 });
    expect(await report('2', 'twice')).toStrictEqual(one);
  });

  it('a file that is cut off is told', async () => {
    file('cut/1.json', many(1));
    file('cut/2.json', many(2).slice(0, -20));
    const { code, told, printed } = await run({ trail: [join(folder, 'cut')], scps: [scp], threads: '2' });
    expect([code, printed]).toStrictEqual([2, '']);
    expect(told).toContain('`/cut/2.json` is no file of a trail: the file ends inside of a record');
  });
});

describe('bad input', () => {
  const whole = gzipSync(trail(stop('1')));
  it.each([
    ['data that is cut off', 'cut.json.gz', whole.subarray(0, whole.length - 12), 'its compressed data is cut off'],
    [
      'damaged data',
      'bad.json.gz',
      Buffer.concat([whole.subarray(0, 10), Buffer.from([255, 255, 255]), whole.subarray(13)]),
      'its compressed data is damaged',
    ],
    ['a list', 'list.json', '[]', 'the file does not begin with a map'],
    ['no records', 'other.json', '{"a":1}', 'the file has no list `Records`'],
    ['a record that is no JSON', 'broken.json', '{"Records":[{x}]}', ''],
  ])('%s', async (_name, name, content, message) => {
    const path = file(name, content);
    const { code, printed, told } = await run({ trail: [path], scps: [scp] });
    expect([code, printed]).toStrictEqual([2, '']);
    expect(told).toContain(`error[IAM1401]: \`/${name}\` is no file of a trail: ${message}`);
  });

  it('a folder without files, and a path that does not exist', async () => {
    mkdirSync(join(folder, 'empty'));
    expect((await run({ trail: [join(folder, 'empty')], scps: [scp] })).told).toContain(
      'it holds no `.json` or `.json.gz` file',
    );
    expect((await run({ trail: [join(folder, 'nowhere')], scps: [scp] })).told).toContain('it does not exist');
  });
});

it.each(['pretty', 'json', 'csv'] as const)('%s: what callers chose steers no terminal', async (format) => {
  const evil = 'x\u001b[31m\u001b]0;t\u0007\u202e\u009b2J\r\u2028=1';
  const identity = { ...USER, userName: evil, arn: `arn:aws:iam::111122223333:user/${evil}` };
  const path = file('evil.json', trail(stop(evil, { userIdentity: identity })));
  const { printed } = await run({ trail: [path], scps: [scp], format });
  expect(printed).toContain('\\u202e');
  // eslint-disable-next-line no-control-regex -- these are the characters looked for
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u202e]|\r(?!\n)/);
});
