import { readSettings, type CheckFlags, type CheckSettings } from '../../../cli/check/settings.js';
import { InputError } from '../../../cli/input-error.js';
import { defaultParameters } from '../../../rules/index.js';
import { folderOf, removeFolders } from './support.js';

afterEach(removeFolders);

const settings = (
  folder: string,
  flags: Partial<CheckFlags> = {},
  paths: readonly string[] = [],
): Promise<CheckSettings> => readSettings(paths, { lint: true, format: 'pretty', ...flags }, folder);

it('has defaults', async () => {
  const folder = folderOf({});
  expect(await settings(folder)).toStrictEqual({
    paths: ['.'],
    packs: ['foundation'],
    packsNamed: false,
    rules: [],
    parameters: {},
    ruleParameters: defaultParameters(),
    failOn: 'error',
    allowIncomplete: false,
    lint: { enabled: true, codes: {} },
    knownTypes: new Set(),
    exclude: { folder, patterns: [] },
    listRules: false,
    listSkipped: false,
    format: 'pretty',
  });
});

const CONFIG = `
packs: [tagging]
rules: [own.guard]
parameters: { A: config, B: config, C: config }
ruleParameters: { minPendingDays: 30 }
region: eu-central-1
account: '111122223333'
partition: aws
failOn: never
allowIncomplete: true
lint: { enabled: true, codes: { W9002: on } }
knownTypes: [AWS::New::Thing]
exclude: [out]
`;

it('finds stackade.yaml in the working directory', async () => {
  const folder = folderOf({ 'stackade.yaml': CONFIG });
  expect(await settings(folder)).toMatchObject({
    packs: ['tagging'],
    packsNamed: false,
    rules: [`${folder}/own.guard`],
    parameters: { A: 'config', B: 'config', C: 'config' },
    ruleParameters: { ...defaultParameters(), minPendingDays: 30 },
    region: 'eu-central-1',
    account: '111122223333',
    partition: 'aws',
    failOn: 'never',
    allowIncomplete: true,
    lint: { enabled: true, codes: { W9002: true } },
    knownTypes: new Set(['AWS::New::Thing']),
    exclude: { folder, patterns: ['out'] },
  });
});

it('lets options win over the file', async () => {
  const folder = folderOf({ 'stackade.yaml': CONFIG, 'p.json': '{"B": "file", "C": "file"}' });
  expect(
    await settings(folder, {
      pack: ['encryption'],
      rules: ['other.guard'],
      parameters: ['C=option'],
      parameterFile: ['p.json'],
      region: 'us-east-1',
      account: '444455556666',
      failOn: 'info',
      lint: false,
    }),
  ).toMatchObject({
    packs: ['encryption'],
    packsNamed: true,
    rules: ['other.guard'],
    parameters: { A: 'config', B: 'file', C: 'option' },
    region: 'us-east-1',
    account: '444455556666',
    failOn: 'info',
    lint: { enabled: false },
  });
});

it('reads another file when it is named, and not both', async () => {
  const folder = folderOf({ 'stackade.yaml': 'region: x', 'other.yaml': 'failOn: info' });
  const { region, failOn } = await settings(folder, { config: 'other.yaml' });
  expect([region, failOn]).toStrictEqual([undefined, 'info']);
});

it.each<[Partial<CheckFlags>, string]>([
  [{ region: 'mars' }, 'CLI2002 --region: `mars` is not a Region such as eu-central-1'],
  [{ account: '1' }, 'CLI2002 --account: `1` is not an account id of 12 digits'],
  [
    { ou: 'Root' },
    'CLI2002 --ou: `Root` is not the id of an organizational unit such as ou-ab12-11111111, of a root, or the path from the root to a unit',
  ],
  [{ listRules: true, format: 'sarif' }, 'CLI2002 --list-rules: has no format sarif'],
  [{ config: 'none.yaml' }, 'CLI1001 `none.yaml` cannot be read: it does not exist'],
  [{ parameterFile: ['none.json'] }, 'CLI1001 `none.json` cannot be read: it does not exist'],
])('refuses %j', async (flags, expected) => {
  const error: unknown = await settings(folderOf({}), flags).catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw error;
  expect(error.diagnostics.map(({ code, message }) => `${code} ${message}`)).toStrictEqual([expected]);
});

it.each(['us-gov-west-1', 'cn-north-1', 'us-iso-east-1', 'eusc-de-east-1', 'ap-southeast-5'])(
  'knows the form of %s',
  async (region) => {
    expect((await settings(folderOf({}), { region, account: '012345678901', ou: 'r-ab12' })).region).toBe(region);
  },
);

describe('environments', () => {
  const ENVIRONMENTS = `
parameters: { A: all, B: all }
ruleParameters: { minPendingDays: 20, minLogDays: 365 }
environments:
  production: { parameters: { A: production }, ruleParameters: { minPendingDays: 30 } }
  development: { ruleParameters: { minLogDays: 30 } }
`;
  const of = (environment: string | undefined, parameters: readonly string[] = []): Promise<CheckSettings> => {
    const folder = folderOf({ 'stackade.yaml': ENVIRONMENTS });
    return settings(folder, { ...(environment !== undefined && { environment }), parameters });
  };

  it('win over what the file says for all, and the command line over them', async () => {
    const production = await of('production', ['B=line']);
    expect(production.parameters).toStrictEqual({ A: 'production', B: 'line' });
    expect(production.ruleParameters).toMatchObject({ minPendingDays: 30, minLogDays: 365 });
    const development = await of('development');
    expect(development.parameters).toStrictEqual({ A: 'all', B: 'all' });
    expect(development.ruleParameters).toMatchObject({ minPendingDays: 20, minLogDays: 30 });
  });

  it('count only when one is named', async () => {
    const { parameters, ruleParameters } = await of(undefined);
    expect(parameters).toStrictEqual({ A: 'all', B: 'all' });
    expect(ruleParameters).toMatchObject({ minPendingDays: 20, minLogDays: 365 });
  });

  it.each(['staging', 'constructor'])('refuse %s, which is none of them', async (name) => {
    await expect(of(name)).rejects.toThrow(InputError);
  });

  it('refuse a name where the configuration has none', async () => {
    await expect(settings(folderOf({}), { environment: 'production' })).rejects.toThrow(InputError);
  });
});
