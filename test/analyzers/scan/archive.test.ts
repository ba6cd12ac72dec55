/** Archive rules: what they read, what they archive, what they refuse. */
import { Archive, expiredRule, readArchive, unusedRule } from '../../../analyzers/scan/index.js';
import type { ScanFinding } from '../../../analyzers/scan/index.js';

const finding = {
  fingerprint: '',
  checkId: 'external-access-bucket',
  controls: ['IAM-EXT-01'],
  severity: 'error',
  source: 'access-analyzer',
  account: { id: '222222222222', name: 'shop', path: ['Workloads', 'Production'] },
  region: 'eu-central-1',
  resource: { arn: 'arn:aws:s3:::data', type: 'AWS::S3::Bucket' },
  subject: '999999999999',
  title: '',
  message: '',
  help: '',
  reach: { verdict: 'reachable', reason: '' },
  since: null,
  attributes: { 'principal.AWS': '999999999999', isPublic: 'false', findingType: 'ExternalAccess', status: 'ACTIVE' },
} satisfies Omit<ScanFinding, 'archived'> & { attributes: object };

const file = (filter: string, expires = "'2026-11-21'"): string => `version: 1
rules:
  - name: one
    filter: ${filter}
    reason: agreed
    owner: data@example.com
    expires: ${expires}
`;

function archives(filter: string, today = '2026-11-21', expires?: string): boolean {
  const { rules, diagnostics } = readArchive(file(filter, expires), 'archive.yaml');
  expect(diagnostics).toStrictEqual([]);
  return new Archive(rules!, today).of(finding) !== null;
}

it('archives what all keys of a filter fit', () => {
  expect(archives('{ resource: { eq: [arn:aws:s3:::data, other] } }')).toBe(true);
  expect(archives("{ resource: { eq: [arn:aws:s3:::data] }, principal.AWS: { eq: ['1'] } }")).toBe(false);
  expect(archives('{ resource: { contains: [s3] }, reach: { neq: [blocked] }, isPublic: { eq: [false] } }')).toBe(true);
  expect(archives('{ control: { eq: [IAM-EXT-01] }, ou: { contains: [/Workloads] }, account: { eq: [shop] } }')).toBe(
    true,
  );
  expect(archives('{ severity: { neq: [error] } }')).toBe(false);
  expect(archives('{ region: { eq: [EU-CENTRAL-1] } }')).toBe(false);
});

it('a value that is not there fits neither eq nor neq', () => {
  expect(archives('{ condition.aws:SourceVpc: { eq: [vpc-1] } }')).toBe(false);
  expect(archives('{ condition.aws:SourceVpc: { neq: [vpc-1] } }')).toBe(false);
  expect(archives('{ condition.aws:SourceVpc: { exists: false } }')).toBe(true);
  expect(archives('{ principal.AWS: { exists: false } }')).toBe(false);
});

it('acts up to the end of its last day', () => {
  const filter = '{ check: { eq: [external-access-bucket] } }';
  expect(archives(filter, '2026-11-21')).toBe(true);
  expect(archives(filter, '2026-11-22')).toBe(false);
  expect(archives(filter, '2126-11-22', 'never')).toBe(true);
});

it('tells of rules that archive nothing', () => {
  const { rules } = readArchive(file('{ check: { eq: [other] } }'), 'archive.yaml');
  const used = new Archive(rules!, '2026-11-21');
  expect(used.of(finding)).toBeNull();
  expect(used.idle().unused.map(unusedRule)).toMatchObject([
    { code: 'SCN2002', message: 'the archive rule `one` fits no finding' },
  ]);
  const late = new Archive(rules!, '2027-01-01').idle();
  expect(late.unused).toStrictEqual([]);
  expect(late.expired.map(expiredRule)[0]).toMatchObject({ code: 'SCN2001', severity: 'warning' });
  expect(late.expired.map(expiredRule)[0]!.message).toContain('expired on 2026-11-21');
});

it.each([
  ['{}', '`filter` names nothing'],
  ['{ resourceArn: { eq: [a] } }', 'there is no key `resourceArn`'],
  ['{ resource: {} }', 'the criterion asks for nothing'],
  ['{ resource: { eq: [] } }', '`eq` is no list of 1 to 20 texts'],
  ['{ resource: { eq: text } }', '`eq` is no list of 1 to 20 texts'],
  ['{ resource: { like: [a] } }', 'a criterion has no key `like`'],
  ['{ resource: { exists: maybe } }', '`exists` is neither true nor false'],
])('refuses the filter %s', (filter, message) => {
  const { rules, diagnostics } = readArchive(file(filter), 'archive.yaml');
  expect(rules).toBeNull();
  expect(diagnostics.map((each) => [each.code, each.message])).toContainEqual(['SCN1001', message]);
});

it('refuses what is no file of rules, and rules without a day, an owner or a name of their own', () => {
  const one = '{ name: a, filter: { check: { eq: [b] } }, reason: r, owner: o, expires: never }';
  for (const [text, message] of [
    ['[]', 'the file is no map'],
    ['version: 2\nrules: []\n', '`version` is not 1'],
    ['version: 1\n', '`rules` is no list'],
    [file('{ check: { eq: [b] } }', "'2026-02-31'"), '`expires` is no date'],
    [file('{ check: { eq: [b] } }').replace(/ {4}owner.*\n/, ''), '`owner` is missing or no text'],
    [`version: 1\nrules: [${one}, ${one}]\n`, 'the name `a` stands there twice'],
  ] as const) {
    const { rules, diagnostics } = readArchive(text, 'archive.yaml');
    expect(rules).toBeNull();
    expect(diagnostics.map((each) => each.message)).toContain(message);
  }
});
