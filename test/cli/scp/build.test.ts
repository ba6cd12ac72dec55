/** `stackade scp build` in this process: what is written, and that nothing is when something is wrong. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../../cli/scp/build.js';
import type { Terminal } from '../../../cli/terminal.js';
import { folderOf, removeFolders } from '../check/support.js';

afterEach(removeFolders);

const ORG = `version: 1
organization: { managementAccount: '111111111111', homeRegion: eu-central-1 }
root:
  policies:
    scp: [{ file: first.json }, { file: second.json }]
  units:
    Apps:
      policies: { scp: [{ file: policies/apps.json, name: apps }], rcp: [{ file: tls.json }] }
      accounts: { shop: '222222222222' }
`;
const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const deny = (action: string, rest: object = {}): object => ({
  Effect: 'Deny',
  Action: action,
  Resource: '*',
  ...rest,
});
const FILES = {
  'org.yaml': ORG,
  'first.json': document(deny('s3:DeleteBucket')),
  'second.json': document(deny('sqs:DeleteQueue')),
  'policies/apps.json': document(deny('organizations:LeaveOrganization')),
  'tls.json': document(deny('s3:*', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
};

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(folder: string, rest: Partial<Parameters<typeof build>[0]> = {}): Ran {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      err += text;
    },
  };
  const code = build({ config: join(folder, 'org.yaml'), out: 'build', format: 'pretty', ...rest }, terminal);
  return { code, out, err };
}

const listed = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const BUILT = [
  'attachments.json',
  'certificate.json',
  'rcp/stackade-Apps-1.json',
  'scp/stackade-Apps-1.json',
  'scp/stackade-root-1.json',
];

it('writes documents, attachments and the certificate', () => {
  const folder = folderOf(FILES);
  const { code, out, err } = run(folder);
  expect([code, err]).toStrictEqual([0, '']);
  expect(out).toContain('proven at 1 account');
  expect(listed(join(folder, 'build'))).toStrictEqual(BUILT);
  const text = (name: string): string => readFileSync(join(folder, 'build', name), 'utf8');
  expect(text('scp/stackade-root-1.json')).toBe(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:DeleteBucket","sqs:DeleteQueue"],"Resource":"*"}]}',
  );
  const { attachments, documents } = JSON.parse(text('attachments.json')) as Record<string, readonly object[]>;
  expect(attachments).toMatchObject([
    { target: { kind: 'root', path: '/' }, type: 'scp', documents: ['stackade-root-1'], fullAwsAccess: true },
    { target: { path: '/Apps' }, type: 'scp', documents: ['stackade-Apps-1'] },
    { target: { path: '/Apps' }, type: 'rcp', documents: ['stackade-Apps-1'] },
  ]);
  expect(documents).toHaveLength(3);
  expect(JSON.parse(text('certificate.json'))).toMatchObject({ version: 1, result: 'HOLDS', accounts: [{}, {}] });
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toStrictEqual([]);
});

it('replaces an earlier build as a whole, and the same description gives the same files', () => {
  const folder = folderOf(FILES);
  run(folder);
  const before = BUILT.map((name) => readFileSync(join(folder, 'build', name), 'utf8'));
  run(folder);
  expect(BUILT.map((name) => readFileSync(join(folder, 'build', name), 'utf8'))).toStrictEqual(before);
  writeFileSync(join(folder, 'org.yaml'), ORG.replace(/ {2}units:[^]*/, ''));
  expect(run(folder).code).toBe(0);
  expect(listed(join(folder, 'build'))).toStrictEqual([
    'attachments.json',
    'certificate.json',
    'scp/stackade-root-1.json',
  ]);
});

describe('settings of services', () => {
  const chosen = (text: string): Readonly<Record<string, string>> => ({
    'org.yaml': `version: 1
organization: { managementAccount: '111111111111', homeRegion: eu-central-1 }
root:
  parameters: { requiredTags: [{ key: CostCenter, values: ['100', '200'] }], hopLimit: 1 }
  policies: { ${text} }
  accounts: { shop: '222222222222' }
`,
  });

  it('are made from templates, with the parameters of their place', () => {
    const folder = folderOf(
      chosen(
        'tag: [required-tags-reported], declarativeEc2: [ec2-account-settings], aiServicesOptOut: [ai-services-opt-out]',
      ),
    );
    const { code, err } = run(folder);
    expect([code, err]).toStrictEqual([0, '']);
    const document = (name: string): unknown =>
      JSON.parse(readFileSync(join(folder, 'build', name), 'utf8')) as unknown;
    expect(document('tag/stackade-root-1.json')).toMatchObject({
      tags: { costcenter: { tag_key: { '@@assign': 'CostCenter' }, tag_value: { '@@assign': ['100', '200'] } } },
    });
    expect(document('aiServicesOptOut/stackade-root-1.json')).toMatchObject({
      services: { default: { opt_out_policy: { '@@assign': 'optOut' } } },
    });
    expect(document('declarativeEc2/stackade-root-1.json')).toMatchObject({
      ec2_attributes: { instance_metadata_defaults: { http_put_response_hop_limit: { '@@assign': '1' } } },
    });
  });

  it('are taken from documents of the organization', () => {
    const files = chosen('backup: [{ file: backup.json, name: daily }]');
    const backup = { plans: { daily: { '@@operators_allowed_for_child_policies': ['@@none'], rules: {} } } };
    const { code, err } = run(folderOf({ ...files, 'backup.json': JSON.stringify(backup, null, 2) }));
    expect([code, err]).toStrictEqual([0, '']);
  });

  it.each<[string, object, RegExp]>([
    ['backup', { plan: {} }, /`\/plan` is no key of a backup policy, which has `plans` at the top/],
    ['backup', {}, /`\/` has no `plans`/],
    ['backup', { plans: { daily: { regions: ['eu-central-1'] } } }, /`\/plans\/daily\/regions` has its value without/],
    [
      'tag',
      { tags: { owner: { tag_key: { '@@assing': 'Owner' } } } },
      /`\/tags\/owner\/tag_key\/@@assing` is no operator/,
    ],
    ['tag', { tags: { owner: { tag_key: { '@@assign': { a: 'b' } } } } }, /is no value and no list of values/],
    ['securityHub', { securityhub: { '@@operators_allowed_for_child_policies': '@@none' } }, /is no list of/],
  ])('are refused when AWS would not take the document: %s %j', (type, document, expected) => {
    const files = chosen(`${type}: [{ file: own.json, name: own }]`);
    const folder = folderOf({ ...files, 'own.json': JSON.stringify(document) });
    const { code, err } = run(folder);
    expect(code).toBe(2);
    expect(err).toContain('ORG2010');
    expect(err).toMatch(expected);
    expect(listed(folder)).not.toContain('build');
  });

  it.each<[string, RegExp]>([
    ['tag: [ec2-account-settings]', /makes no tag policy[^]*under `declarativeEc2`/],
    ['scp: [required-tags-reported]', /makes no service control policy[^]*under `tag`/],
    ['tag: [ai-services-opt-out]', /makes no tag policy[^]*under `aiServicesOptOut`/],
    ['inspector: [{ file: a.json, name: a }]', /INSPECTOR_POLICY[^]*cannot be chosen[^]*CloudFormation/],
    ['tag: [{ template: required-tags-reported, parameters: { requiredTags: [] } }]', /`requiredTags`/],
    ['tag: [{ template: required-tags-reported, parameters: { tags: [] } }]', /`tags`/],
    [
      'tag: [{ template: required-tags-reported, parameters: { requiredTags: [{ key: a }, { key: A }] } }]',
      /the parameter `requiredTags`/,
    ],
  ])('are refused where they do not belong, or without what they need: %s', (text, expected) => {
    const folder = folderOf(chosen(text));
    const { code, out, err } = run(folder);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toMatch(expected);
  });
});

it('prints JSON', () => {
  const { out } = run(folderOf(FILES), { format: 'json' });
  expect(JSON.parse(out)).toMatchObject({
    ...{ version: 1, written: true, doesNotFit: [] },
    certificate: { result: 'HOLDS' },
    documents: [{ name: 'stackade-root-1', type: 'scp' }, {}, {}],
  });
});

it('says by how much policies do not fit and what is largest, and writes nothing', () => {
  const resources = (index: number): readonly string[] =>
    Array.from({ length: 60 }, (_, key) => `arn:aws:s3:::${'x'.repeat(60)}-${index}-${key}/*`);
  const long = Array.from({ length: 45 }, (_, index) =>
    deny('s3:*', {
      Resource: resources(index),
      Condition: { StringEquals: { 'aws:RequestedRegion': `region-${index}` } },
    }),
  );
  const folder = folderOf({ ...FILES, 'policies/apps.json': document(...long) });
  const { code, out } = run(folder);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^does not fit: \/Apps\/shop has 9 slots of 10240 characters for policies of type scp; \d+ documents and \d+ characters too many, and an account is the last level\n {2}\d+ characters came from above/,
  );
  expect(out).toContain('nothing was written');
  expect(existsSync(join(folder, 'build'))).toBe(false);
});

describe('refuses', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a document that does not exist', { 'org.yaml': ORG.replace('first.json', 'none.json') }, /CLI1001.*none\.json/],
    ['a document that AWS would refuse', { 'tls.json': document(deny('*', { Principal: '*' })) }, /RCP/],
    ['a template that is not there', { 'org.yaml': ORG.replace('{ file: first.json }', 'nope') }, /ORG2001|ORG/],
    ['a document that is no policy', { 'first.json': '[1]' }, /first\.json/],
    [
      'plain variables',
      {
        'first.json':
          '{"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:username}"}]}',
      },
      /Version/,
    ],
  ])('%s', (_, files, expected) => {
    const folder = folderOf({ ...FILES, ...files });
    const { code, out, err } = run(folder);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toMatch(expected);
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });

  it('a folder that holds something else, or is none, or is nowhere', () => {
    const folder = folderOf({ ...FILES, 'other/notes.txt': 'mine', file: '' });
    expect(run(folder, { out: 'other' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('`notes.txt`') as string,
    });
    expect(run(folder, { out: 'file' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('no folder') as string,
    });
    expect(run(folder, { out: 'no/where' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not exist') as string,
    });
    run(folder);
    mkdirSync(join(folder, 'build', 'scp', 'deeper'));
    writeFileSync(join(folder, 'build', 'scp', 'deeper', 'mine.json'), '{}');
    expect(run(folder)).toMatchObject({ code: 2, err: expect.stringContaining('scp/deeper/mine.json') as string });
    expect(listed(join(folder, 'build'))).toContain('scp/deeper/mine.json');
  });
});
