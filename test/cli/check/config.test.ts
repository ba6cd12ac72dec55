import { join } from 'node:path';
import { parseConfig, readConfig } from '../../../cli/check/config.js';
import { folderOf, refusals, removeFolders } from './support.js';

afterEach(removeFolders);

const parse = (text: string): unknown => parseConfig(text, 'stackade.yaml', '/srv');

it('reads every setting', () => {
  const text = `
packs: [foundation, tagging]
rules: [policy/own.guard, /abs/x.guard]
parameters: { Stage: prod, Count: 007, Subnets: [a, b] }
ruleParameters:
  minPendingDays: 30
  stages: [dev, prod]
  requiredTags: { owner: { pattern: '@' } }
region: eu-central-1
account: 012345678901
ou: ou-ab12-11111111
partition: aws
failOn: warning
allowIncomplete: yes
lint: { enabled: false, codes: { W9002: on, E3012: off } }
knownTypes: [AWS::New::Thing]
exclude: ['generated/**']
`;
  expect(parse(text)).toStrictEqual({
    folder: '/srv',
    packs: ['foundation', 'tagging'],
    rules: ['/srv/policy/own.guard', '/abs/x.guard'],
    parameters: { Stage: 'prod', Count: '007', Subnets: ['a', 'b'] },
    ruleParameters: { minPendingDays: 30, stages: ['dev', 'prod'], requiredTags: { owner: { pattern: '@' } } },
    region: 'eu-central-1',
    account: '012345678901',
    ou: 'ou-ab12-11111111',
    partition: 'aws',
    failOn: 'warning',
    allowIncomplete: true,
    lint: { enabled: false, codes: { W9002: true, E3012: false } },
    knownTypes: ['AWS::New::Thing'],
    exclude: ['generated/**'],
  });
});

it.each(['', '# nothing\n\n  # more\n', '\ufeff\r\n', '{}'])('%j sets nothing', (text) => {
  expect(parse(text)).toStrictEqual({ folder: '/srv' });
});

it.each(['012345670123', '123456789012', "'012345670123'"])('keeps the digits of account %s', (account) => {
  expect(parse(`account: ${account}`)).toStrictEqual({ folder: '/srv', account: account.replaceAll("'", '') });
});

it('takes no long time over blank lines', () => {
  expect(parse(`${'\n \n'.repeat(5_000)}region: eu-central-1\n`)).toStrictEqual({
    folder: '/srv',
    region: 'eu-central-1',
  });
});

it('reads JSON as well', () => {
  expect(parse('{"packs": ["tagging"]}')).toStrictEqual({ folder: '/srv', packs: ['tagging'] });
});

it.each([
  [
    'pack: [foundation]',
    [
      '1:1 CLI2101 `pack` is not a setting | did you mean `packs`? There are packs, rules, parameters, ruleParameters, environments, region, account, ou, partition, failOn, allowIncomplete, lint, knownTypes, exclude',
    ],
  ],
  [
    'region: eu-central-1\nlint:\n  enable: true\n',
    ['3:3 CLI2101 `enable` is not a setting of `lint` | did you mean `enabled`? There are enabled, codes'],
  ],
  ['packs: foundation', ['1:8 CLI2102 `packs` must be a list of texts']],
  ['packs:\n  - a\n  - 5\n', ['3:5 CLI2102 `packs[1]` must be the name of a pack']],
  ['packs: [""]', ['1:9 CLI2102 `packs[0]` must be the name of a pack']],
  ['failOn: warn', ['1:9 CLI2102 `failOn` must be error, warning, info or never']],
  ['knownTypes: [S3]', ['1:14 CLI2102 `knownTypes[0]` must be a resource type of AWS such as AWS::S3::Bucket']],
  ['allowIncomplete: "yes"', ['1:18 CLI2102 `allowIncomplete` must be true or false']],
  ['account: 12345', ['1:10 CLI2102 `account` must be an account id of 12 digits']],
  ['region: mars', ['1:9 CLI2102 `region` must be a Region such as eu-central-1']],
  ['lint: off', ['1:7 CLI2102 `lint` must be a map with enabled and codes']],
  ['lint: { codes: { w9002: on } }', ['1:18 CLI2102 `w9002` must be a lint code such as W9002']],
  ['lint: { codes: { W9002: maybe } }', ['1:25 CLI2102 `lint.codes.W9002` must be on or off']],
  ['parameters: { A: { B: c } }', ['1:18 CLI2102 `parameters.A` must be text, a number or a list of these']],
  ['parameters: { A: [[x]] }', ['1:19 CLI2102 `parameters.A[0]` must be text, a number or a list of these']],
  ['- packs', ['1:1 CLI2102 the configuration must be a map of settings']],
  [
    'ruleParameters:\n  minPendingDay: 9\n',
    [
      expect.stringMatching(
        /^2:3 CLI2101 there is no rule parameter `minPendingDay` \| did you mean `minPendingDays`\?$/,
      ),
    ],
  ],
  ['ruleParameters: { minPendingDays: 31 }', ['1:35 CLI2102 `minPendingDays` must be a whole number from 7 to 30']],
  [
    'ruleParameters:\n  keyAliasPattern: "("\n  requiredTags: [{ key: a }, { key: b, pattern: "[" }]\n',
    [
      '2:20 CLI2102 `keyAliasPattern` is no regular expression: a parenthesis is not closed',
      '3:49 CLI2102 `requiredTags[1].pattern` is no regular expression: a character class is not closed',
    ],
  ],
  [
    'ruleParameters: { requiredTags: { a: { pattern: "*" } } }',
    [expect.stringMatching(/^1:49 CLI2102 `requiredTags\.a\.pattern` is no regular expression: /)],
  ],
  [
    'failOn: x\nregion: y\npakcs: []\n',
    [expect.stringContaining('1:9 '), expect.stringContaining('2:9 '), expect.stringContaining('3:1 ')],
  ],
  [
    'environments:\n  production: { ruleParameters: { minPendingDays: 31 } }\n',
    ['2:51 CLI2102 `minPendingDays` must be a whole number from 7 to 30'],
  ],
  [
    'environments:\n  production: { ruleParameters: { minPendingDay: 9 } }\n',
    [expect.stringMatching(/^2:35 CLI2101 there is no rule parameter `minPendingDay` /)],
  ],
  [
    'environments: { production: { ruleParameters: { keyAliasPattern: "(" } } }',
    [expect.stringMatching(/^1:66 CLI2102 `keyAliasPattern` is no regular expression: /)],
  ],
  ['environments: { production: { packs: [a] } }', [expect.stringContaining('1:31 ')]],
  ['packs: [a]\npacks: [b]\n', [expect.stringContaining('2:1 TPL1002')]],
  ['packs: [a', [expect.stringContaining('TPL1001')]],
])('refuses %j', (text, expected) => {
  expect(refusals(() => parse(text))).toStrictEqual(expected);
});

it('resolves paths from the folder of the file', () => {
  const folder = folderOf({ 'conf/my.yaml': 'rules: [own.guard]\n' });
  expect(readConfig('conf/my.yaml', folder)).toStrictEqual({
    folder: join(folder, 'conf'),
    rules: [join(folder, 'conf/own.guard')],
  });
});

it('tells of a file that does not exist', () => {
  expect(refusals(() => readConfig('none.yaml', folderOf({})))).toStrictEqual([
    'CLI1001 `none.yaml` cannot be read: it does not exist | check the path and its permissions',
  ]);
});
