/** `stackade scp verify --config` in this process: cases, claims and requests at every account of a description. */
import { join } from 'node:path';
import { verify } from '../../../cli/scp/verify.js';
import type { Terminal } from '../../../cli/terminal.js';
import { folderOf, removeFolders } from '../check/support.js';

afterEach(removeFolders);

const ORG = `version: 1
organization: { id: o-exampleorgid, managementAccount: '111111111111', homeRegion: eu-central-1 }
root:
  policies:
    scp: [deny-root-user]
  units:
    Apps:
      policies:
        scp:
          - { template: protect-cloudtrail, parameters: { auditRoles: ['arn:aws:iam::*:role/trail-admin'] } }
          - file: no-lookup.json
        rcp: [{ file: tls.json }]
      accounts: { shop: '222222222222', search: '333333333333' }
    Sandbox:
      accounts: { anna: '444444444444' }
`;
const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const FILES = {
  'org.yaml': ORG,
  'no-lookup.json': document({ Sid: 'NoLookup', Effect: 'Deny', Action: 'cloudtrail:LookupEvents', Resource: '*' }),
  'tls.json': document({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }),
};

const request = (name: string, account: string, action: string, decision: string, rest = ''): string => `
  - name: ${name}
    principal: arn:aws:iam::${account}:role/developer
    action: ${action}
    resource: '*'
    decision: ${decision}
${rest}`;
const VECTORS = `cases:${[
  request(
    'stops a trail in the shop',
    '222222222222',
    'cloudtrail:StopLogging',
    'EXPLICIT_DENY',
    '    by: KeepTrails\n',
  ),
  request('stops a trail in the sandbox', '444444444444', 'cloudtrail:StopLogging', 'ALLOW'),
  request('stops a trail in the management account', '111111111111', 'cloudtrail:StopLogging', 'ALLOW'),
  request('stops a trail of somebody else', '999999999999', 'cloudtrail:StopLogging', 'ALLOW'),
  request('lists roles everywhere', '*', 'iam:ListRoles', 'ALLOW'),
].join('')}
  - name: reads without TLS from outside
    principal: arn:aws:iam::999999999999:role/outsider
    action: s3:GetObject
    resource: arn:aws:s3:::shop/key
    resourceAccount: '222222222222'
    context: { aws:SecureTransport: 'false' }
    decision: EXPLICIT_DENY
`;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  files: Readonly<Record<string, string>>,
  names: readonly string[] = [],
  rest: Partial<Parameters<typeof verify>[1]> = {},
): Ran {
  const folder = folderOf({ ...FILES, ...files });
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
  const within = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === 'vectors' ? join(folder, String(value)) : value]),
  );
  const flags = { config: join(folder, 'org.yaml'), mutation: true, format: 'pretty' as const, ...within };
  const code = verify(names, flags, terminal);
  return { code, out: out.replaceAll(folder, ''), err: err.replaceAll(folder, '') };
}

it('decides equal accounts once, and says which statement at which level overrules a case', () => {
  const { code, out, err } = run({});
  expect([code, err]).toStrictEqual([0, '']);
  const heads = out.split('\n').filter((line) => line.startsWith('/'));
  expect(heads).toStrictEqual([
    '/management: no SCP and no RCP reaches it',
    '/Apps/shop, /Apps/search: 2 templates',
    '/Sandbox/anna: 1 template',
  ]);
  expect(out).toMatch(/PASS {2}protect-cloudtrail \(\/Apps\): 3 claims, 6 cases, 1 overruled, 1 decided otherwise/);
  expect(out).toContain(
    '    overruled  a developer may cloudtrail:LookupEvents: EXPLICIT_DENY, scp no-lookup at /Apps: NoLookup\n',
  );
  expect(out).toMatch(/PASS {2}deny-root-user \(\/\): \d claims, \d cases, 1 decided otherwise/);
});

it('decides requests at their own accounts, and those of account * at all', () => {
  const { code, out } = run({ 'requests.yaml': VECTORS }, [], { vectors: 'requests.yaml' });
  expect(code).toBe(0);
  expect(out.slice(out.indexOf('requests of')).split('\n').slice(1, -1)).toStrictEqual([
    '  PASS  stops a trail in the shop [222222222222]: EXPLICIT_DENY, scp protect-cloudtrail at /Apps: KeepTrails',
    '  PASS  stops a trail in the sandbox [444444444444]: ALLOW, scp FullAWSAccess at /: statement 1, scp FullAWSAccess at /Sandbox: statement 1, scp FullAWSAccess at /Sandbox/anna: statement 1',
    '  PASS  stops a trail in the management account [111111111111]: ALLOW',
    '  PASS  stops a trail of somebody else [no account of the organization]: ALLOW',
    expect.stringMatching(/^ {2}PASS {2}lists roles everywhere \[111111111111\]: ALLOW$/),
    expect.stringMatching(
      /^ {2}PASS {2}lists roles everywhere \[222222222222, 333333333333\]: ALLOW, scp FullAWSAccess/,
    ),
    expect.stringMatching(/^ {2}PASS {2}lists roles everywhere \[444444444444\]: ALLOW, scp FullAWSAccess/),
    '  PASS  reads without TLS from outside [222222222222]: EXPLICIT_DENY, rcp tls at /Apps: statement 1',
  ]);
});

it.each<[string, string, number, string]>([
  [
    'a decision',
    VECTORS.replace("'*'\n    decision: EXPLICIT_DENY", "'*'\n    decision: ALLOW"),
    1,
    'the decision is EXPLICIT_DENY, expected is ALLOW',
  ],
  ['a statement', VECTORS.replace('by: KeepTrails', 'by: KeepOthers'), 1, 'KeepTrails decided, expected is KeepOthers'],
])('finds %s that is not as expected', (_, vectors, expected, told) => {
  const { code, out } = run({ 'requests.yaml': vectors }, ['protect-cloudtrail'], { vectors: 'requests.yaml' });
  expect(code).toBe(expected);
  expect(out).toMatch(new RegExp(`FAIL {2}stops a trail in the shop .*\\(${told}\\)`));
  expect(out).not.toContain('deny-root-user (');
});

it('tells that nothing is allowed where no statement of a level does', () => {
  const closed = ORG.replace(
    '    Sandbox:\n',
    '    Sandbox:\n      policies: { fullAwsAccess: false, scp: [{ file: no-lookup.json }] }\n',
  );
  const { out } = run({ 'org.yaml': closed });
  expect(out).toMatch(
    /\/Sandbox\/anna: 1 template\n {2}PASS {2}deny-root-user \(\/\): .* \d overruled.*\n {4}overruled .*: IMPLICIT_DENY, nothing allows it at \/Sandbox\n/,
  );
});

it.each(['json', 'junit', 'sarif'] as const)('reports as %s', (format) => {
  const bad = VECTORS.replace('by: KeepTrails', 'by: KeepOthers');
  const { code, out } = run({ 'requests.yaml': bad }, [], { vectors: 'requests.yaml', format });
  expect(code).toBe(1);
  if (format === 'json') {
    const { sets, vectors } = JSON.parse(out) as Record<string, readonly Record<string, unknown>[]>;
    expect(sets!.map((each) => (each['accounts'] as readonly unknown[]).length)).toStrictEqual([1, 2, 1]);
    expect(vectors![0]).toMatchObject({
      ...{ ok: false, decision: 'EXPLICIT_DENY', accounts: ['222222222222'] },
      by: [
        { policyType: 'scp', level: '/Apps', policy: 'protect-cloudtrail', statement: 'KeepTrails', effect: 'Deny' },
      ],
    });
  } else if (format === 'junit') {
    expect(out).toMatch(/<testsuites [^>]*failures="1"/);
    expect(out).toContain('KeepTrails decided, expected is KeepOthers');
  } else {
    const { runs } = JSON.parse(out) as { readonly runs: readonly [{ readonly results: readonly unknown[] }] };
    expect(runs[0].results).toHaveLength(1);
  }
});

describe('refuses', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[], object, string]>([
    [
      'a template that is chosen nowhere',
      {},
      ['approved-regions'],
      {},
      '`approved-regions` is in effect at no account',
    ],
    ['a name that is not there', {}, ['approved-region'], {}, 'did you mean `approved-regions`'],
    [
      'parameters besides',
      {},
      [],
      { parameters: 'p.yaml' },
      'the parameters of an organization stand in its description',
    ],
    ['requests that are none', { 'r.yaml': 'cases: []' }, [], { vectors: 'r.yaml' }, 'r.yaml'],
    [
      'a description without templates',
      {
        'org.yaml': ORG.replace(/ {2}policies:\n {4}scp: \[deny-root-user\]\n/, '').replace(
          / {10}- \{ template.*\n/,
          '',
        ),
      },
      [],
      {},
      'no template is in effect',
    ],
  ])('%s', (_, files, names, rest, told) => {
    const { code, out, err } = run(files, names, rest);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toContain(told);
  });
});
