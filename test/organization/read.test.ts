/** Reading of the description: what good ones mean, and for each fault its code and place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineCounter } from '../../findings/index.js';
import {
  accountsOf,
  accountPaths,
  environmentOf,
  parametersFor,
  parametersOf,
  readOrganization,
  shownTarget,
  targetsOf,
} from '../../organization/index.js';
import type {
  Organization,
  OrganizationReading,
  PolicyChoice,
  PolicyTemplateInfo,
  PolicyTemplates,
  Target,
} from '../../organization/index.js';
import { repositoryRoot } from '../support/repository.js';

const TEMPLATES: PolicyTemplates = new Map<string, PolicyTemplateInfo>([
  ['leave', { types: ['scp'], parameters: {} }],
  [
    'regions',
    {
      types: ['scp'],
      parameters: {
        governedRegions: { required: true },
        extra: { required: false, problemOf: (value) => (Array.isArray(value) ? null : 'must be a list') },
        exempt: { required: true },
      },
    },
  ],
  ['perimeter', { types: ['scp', 'rcp'], parameters: { organizationId: { required: true } } }],
]);

const HEAD = `version: 1
organization:
  managementAccount: '111111111111'
  homeRegion: eu-central-1
`;

const withRoot = (root: string): string => `${HEAD}root:\n${root}`;

const read = (text: string): OrganizationReading => readOrganization(text, 'org.yaml', { templates: TEMPLATES });

function good(text: string): Organization {
  const { organization, diagnostics } = read(text);
  expect(diagnostics).toStrictEqual([]);
  return organization!;
}

/** What is told, as `line:column CODE message`. */
function told(text: string): readonly string[] {
  const lines = lineCounter(text);
  return read(text).diagnostics.map(({ code, message, location }) => {
    const { line, column } = lines.positionOf(location!.start);
    return `${line}:${column} ${code} ${message}`;
  });
}

const treeOf = (organization: Organization): readonly string[] => [...targetsOf(organization)].map(shownTarget);

describe('a description', () => {
  it('of the examples has 3 units and 12 accounts', () => {
    const path = join(repositoryRoot(), 'examples', 'organization', 'org.yaml');
    const { organization, diagnostics } = readOrganization(readFileSync(path, 'utf8'), path);
    expect(diagnostics).toStrictEqual([]);
    expect(organization!.root.units.map(({ name }) => name)).toStrictEqual(['Platform', 'Workloads', 'Sandbox']);
    expect(accountsOf(organization!)).toHaveLength(12);
    expect(organization!.delegatedAdministrators['guardduty.amazonaws.com']).toStrictEqual(['222222222202']);
  });

  it('needs little', () => {
    const organization = good(withRoot('  {}\n'));
    expect(organization.governedRegions).toStrictEqual(['eu-central-1']);
    expect(organization.id).toBeNull();
    // The management account is in the tree although nothing names it there.
    expect(accountsOf(organization).map(({ id, name }) => `${name} ${id}`)).toStrictEqual(['management 111111111111']);
  });

  it('may be JSON', () => {
    const text = JSON.stringify({
      version: 1,
      organization: { managementAccount: '111111111111', homeRegion: 'eu-central-1' },
      root: { units: { A: null } },
    });
    expect(treeOf(good(text))).toStrictEqual(['/', '/management', '/A']);
  });

  it('hangs what is written flat where its parent is, by name, end of path, path and id', () => {
    const organization = good(
      withRoot(`  units:
    - { name: Production, parent: Workloads }
    - { name: Web, parent: Workloads/Production }
    - { name: Production, parent: ou-ab12-11111111 }
    - { name: Workloads }
    - { name: Platform, id: ou-ab12-11111111 }
  accounts:
    - { name: shop, id: '222222222222', parent: /Workloads/Production/Web }
    - { name: logs, id: '333333333333', parent: Platform }
    - { name: same, id: '444444444444' }
    - { name: same, id: '555555555555' }
`),
    );
    expect(treeOf(organization)).toStrictEqual([
      '/',
      '/management',
      '/same',
      '/same',
      '/Workloads',
      '/Workloads/Production',
      '/Workloads/Production/Web',
      '/Workloads/Production/Web/shop',
      '/Platform',
      '/Platform/logs',
      '/Platform/Production',
    ]);
  });

  it('hands environment and parameters down; the nearest counts, as a whole', () => {
    const organization = good(
      withRoot(`  environment: production
  parameters: { exempt: { a: 1, b: [x] } }
  units:
    A:
      accounts:
        one: { id: '222222222222', environment: development, parameters: { exempt: { a: 2 } } }
        two: '333333333333'
      policies: { scp: [regions] }
    B:
      policies:
        scp:
          - leave
          - { template: regions, parameters: { exempt: null } }
          - { file: own/no-gpu.json }
          - { file: own/b.json, name: other }
`).replace("one: { id: '222222222222', environment: development, parameters: { exempt: { a: 2 } } }", ONE),
    );
    const paths = accountPaths(organization);
    expect(environmentOf(paths.get('222222222222')!)).toBe('development');
    expect(environmentOf(paths.get('333333333333')!)).toBe('production');
    expect(parametersOf(paths.get('222222222222')!)).toStrictEqual({ exempt: { a: 2 } });
    const [a, b] = organization.root.units;
    const choice = a!.policies.scp[0]!;
    if (choice.kind !== 'template') throw new Error('no template');
    const found = parametersFor(organization, [organization.root, a!], choice, TEMPLATES.get('regions'));
    expect(found).toStrictEqual({ governedRegions: ['eu-central-1'], exempt: { a: 1, b: ['x'] } });
    expect(parametersFor(organization, [organization.root, a!], choice)).toMatchObject({
      environment: 'production',
      managementAccount: '111111111111',
    });
    expect(b!.policies.scp).toStrictEqual([
      { kind: 'template', name: 'leave', parameters: {} },
      { kind: 'template', name: 'regions', parameters: { exempt: null } },
      { kind: 'document', name: 'no-gpu', file: 'own/no-gpu.json' },
      { kind: 'document', name: 'other', file: 'own/b.json' },
    ]);
  });

  it('takes other Regions for one use of a template', () => {
    const organization = good(
      withRoot(
        '  policies: { scp: [{ template: regions, parameters: { exempt: 1, governedRegions: [us-east-1] } }] }\n',
      ),
    );
    const [choice] = organization.root.policies.scp;
    if (choice?.kind !== 'template') throw new Error('no template');
    expect(parametersFor(organization, [organization.root], choice)).toMatchObject({ governedRegions: ['us-east-1'] });
  });

  it('tells where its parts are written', () => {
    const text = withRoot(
      "  units:\n    A:\n      policies: { scp: [leave] }\n      accounts: { a: '222222222222' }\n",
    );
    const reading = read(text);
    const { organization } = reading;
    const [unit] = organization!.root.units;
    const at = (part: Target | PolicyChoice): string => {
      const { start, end } = reading.placeOf(part)!;
      return text.slice(start, end);
    };
    expect(at(unit!.policies.scp[0]!)).toBe('leave');
    expect(at(unit!.accounts[0]!)).toBe("'222222222222'");
    expect(reading.placeOf(organization!.root.accounts[0]!)).toBeUndefined();
  });

  it('may hold anchors for its own use', () => {
    const organization = good(
      `x-guards: &guards { scp: [leave] }\n${withRoot('  units:\n    A: { policies: *guards }\n    B: { policies: *guards }\n')}`,
    );
    expect(organization.root.units.map(({ policies }) => policies.scp.length)).toStrictEqual([1, 1]);
  });
});

const ONE = `one:
          id: '222222222222'
          environment: development
          parameters: { exempt: { a: 2 } }
          policies: { scp: [regions] }`;

describe('a fault', () => {
  it.each<[name: string, text: string, expected: readonly string[]]>([
    ['no map', '- a\n', ['1:1 ORG1001 the description is not a map with version, organization, root']],
    ['nothing', '', ['1:1 TPL1008 the file holds no document']],
    ['syntax', 'version: [1\n', ['2:1 TPL1001 `]` is missing']],
    [
      'alias of nothing',
      withRoot('  units: *all\n'),
      ['6:10 TPL1004 no value before this alias has the anchor `&all`'],
    ],
    [
      'alias inside its own anchor',
      withRoot('  units: &all\n    A: { units: *all }\n'),
      ['7:17 TPL1004 no value before this alias has the anchor `&all`'],
    ],
    [
      'a key twice',
      withRoot('  units:\n    A:\n    A:\n'),
      ['8:5 TPL1002 the key `A` stands in the map twice, and only one of the two values would count'],
    ],
    ['a version', withRoot('  {}\n').replace('1', '2'), ['1:10 ORG1001 `version` is not 1']],
    [
      'nothing needed',
      'x-a: 1\n',
      [
        '1:1 ORG1003 the description has no `version`',
        '1:1 ORG1003 the description has no `organization`',
        '1:1 ORG1003 the description has no `root`',
      ],
    ],
    [
      'settings missing',
      'version: 1\norganization: {}\nroot: {}\n',
      ['2:1 ORG1003 `organization` has no `managementAccount`', '2:1 ORG1003 `organization` has no `homeRegion`'],
    ],
    [
      'unknown keys',
      `${withRoot('  units:\n    A: { account: {} }\n  ous: {}\n')}roots: {}\n`,
      [
        '7:10 ORG1002 the organizational unit `A` has no key `account`',
        '8:3 ORG1002 `root` has no key `ous`',
        '9:1 ORG1002 the description has no key `roots`',
      ],
    ],
    [
      'bad account ids',
      withRoot("  accounts: { a: '123', b: 222222222222, c: 012345670123, d: [], e: { id: true }, f: {} }\n"),
      [
        '6:18 ORG1004 `123` is no account id',
        '6:28 ORG1004 the account id 222222222222 is a number here',
        '6:45 ORG1004 the account id 012345670123 is a number here',
        '6:62 ORG1004 `[]` is no account id',
        '6:75 ORG1004 `true` is no account id',
        '6:83 ORG1003 the account `f` has no `id`',
      ],
    ],
    [
      'an account twice',
      withRoot("  accounts: { a: '222222222222' }\n  units: { A: { accounts: { b: { id: '222222222222' } } } }\n"),
      ['7:38 ORG1005 the account `222222222222` is in the tree twice'],
    ],
    [
      'unknown parents',
      withRoot(
        "  units: { Workloads: {}, B: { parent: Workload } }\n  accounts: { a: { id: '222222222222', parent: X/Workloads } }\n",
      ),
      [
        '6:40 ORG1006 there is no organizational unit `Workload`',
        '7:48 ORG1006 there is no organizational unit `X/Workloads`',
      ],
    ],
    [
      'a path from the root that is the end of one',
      withRoot("  units: { A: { units: { B: {} } } }\n  accounts: { a: { id: '222222222222', parent: /B } }\n"),
      ['7:48 ORG1006 there is no organizational unit `/B`'],
    ],
    [
      'units below each other',
      withRoot('  units:\n    A: { parent: B }\n    B: { parent: C }\n    C: { parent: A }\n    D: { parent: A }\n'),
      ['7:18 ORG1007 organizational units hang below each other in a circle: `A` below `B` below `C` below `A`'],
    ],
    [
      'a unit below one that it holds',
      withRoot('  units:\n    A: { parent: B, units: { B: { units: { C: {} } } } }\n'),
      ['7:18 ORG1007 organizational units hang below each other in a circle: `A` below `B` below `A`'],
    ],
    [
      'a unit below itself',
      withRoot('  units:\n    A: { parent: A }\n'),
      ['7:18 ORG1007 the organizational unit `A` is its own parent'],
    ],
    [
      'siblings alike',
      withRoot(
        '  units:\n    - { name: A }\n    - { name: B, units: [{ name: C }] }\n    - { name: C, parent: B }\n    - { name: A }\n',
      ),
      [
        '9:15 ORG1008 two organizational units of one parent are called `C`',
        '10:15 ORG1008 two organizational units of one parent are called `A`',
      ],
    ],
    [
      'a unit too deep',
      withRoot(
        '  units: { A: { units: { B: { units: { C: { units: { D: { units: { E: { units: { F: {}, G: } } } } } } } } } } }\n',
      ),
      [
        '6:82 ORG1009 the organizational unit `/A/B/C/D/E/F` is 6 levels below the root; AWS Organizations takes 5',
        '6:89 ORG1009 the organizational unit `/A/B/C/D/E/G` is 6 levels below the root; AWS Organizations takes 5',
      ],
    ],
    [
      'a name of two units',
      withRoot("  units: { A: { units: { P: {} } }, P: {} }\n  accounts: { a: { id: '222222222222', parent: P } }\n"),
      ['7:48 ORG1010 `P` can be more than one organizational unit'],
    ],
    [
      'an id that is another unit’s name',
      withRoot(
        "  units: { A: { id: ou-ab12-11111111 }, ou-ab12-11111111: {} }\n  accounts: { a: { id: '222222222222', parent: ou-ab12-11111111 } }\n",
      ),
      ['7:48 ORG1010 `ou-ab12-11111111` can be more than one organizational unit'],
    ],
    [
      'delegates',
      withRoot(
        "  accounts: [{ name: a, id: '222222222222' }, { name: b, id: '333333333333' }, { name: b, id: '444444444444' }]\n",
      ).replace(
        'root:',
        "  delegatedAdministrators:\n    config.amazonaws.com: [a, c, b]\n    guardduty: a\n    sso.amazonaws.com: '111111111111'\n    a.amazonaws.com: '999999999999'\n    b.amazonaws.com: 333333333333\nroot:",
      ),
      [
        '6:31 ORG1011 there is no account `c` in the tree',
        '6:34 ORG1010 `b` can be more than one account',
        '7:5 ORG1002 `delegatedAdministrators` has no key `guardduty`',
        '8:24 ORG1013 the management account cannot be a delegated administrator of `sso.amazonaws.com`',
        '9:22 ORG1011 there is no account `999999999999` in the tree',
        '10:22 ORG1004 the account id 333333333333 is a number here',
      ],
    ],
    [
      'a management account by a name that is none',
      withRoot('  {}\n').replace("'111111111111'", 'management'),
      ['3:22 ORG1011 there is no account `management` in the tree'],
    ],
    [
      'Regions',
      withRoot('  {}\n').replace('eu-central-1', 'eu-centrall-1\n  governedRegions: [EU, us-east-1]'),
      ['4:15 ORG1012 there is no Region `eu-centrall-1`', '5:21 ORG1001 `EU` is not a Region, such as eu-central-1'],
    ],
    [
      'governed Regions without the home Region, and one of another partition',
      withRoot('  {}\n').replace('eu-central-1', 'eu-central-1\n  governedRegions: [eu-west-1, cn-north-1]'),
      [
        '5:20 ORG1012 the home Region `eu-central-1` is not among the governed Regions',
        '5:32 ORG1012 the Region `cn-north-1` is in another partition than the home Region `eu-central-1`',
      ],
    ],
    [
      'an id of two units',
      withRoot('  units: { A: { id: ou-ab12-11111111 }, B: { id: ou-ab12-11111111 }, C: { id: x } }\n'),
      [
        '6:50 ORG1014 the id `ou-ab12-11111111` is written at two organizational units',
        '6:79 ORG1001 `x` is not the id of an organizational unit, such as ou-ab12-11111111',
      ],
    ],
    [
      'a parent of what is nested',
      withRoot("  units: { A: { units: { B: { parent: A } }, accounts: { a: { id: '222222222222', parent: A } } } }\n"),
      [
        '6:39 ORG1015 the organizational unit `B` is written below a unit and has a `parent` as well',
        '6:91 ORG1015 the account `a` is written below a unit and has a `parent` as well',
      ],
    ],
    [
      'values of other forms',
      withRoot(
        '  environment: 1\n  parameters: { a-b: 1, big: 12345678901234567890, c: .inf }\n  units: [1]\n  accounts: 2\n  policies: { fullAwsAccess: no thing, scp: leave, rcp: [1, {}, { file: x, template: y }] }\n',
      ),
      [
        '6:16 ORG1001 `environment` is not a text, such as production',
        '7:17 ORG1001 `a-b` is not the name of a parameter, letters and digits',
        '7:30 ORG1001 this number is not a number of up to 15 digits, or a text in quotes',
        '7:55 ORG1001 this number is not a number of up to 15 digits, or a text in quotes',
        '8:11 ORG1001 an organizational unit is not a map with name, id, parent, environment',
        '9:13 ORG1001 `accounts` is not a map from name to content',
        '10:30 ORG1001 `fullAwsAccess` is not true or false',
        '10:45 ORG1001 `scp` is not a list of policy templates and documents',
        '10:58 ORG1001 this policy is not the name of a policy template, or a map with `template` or `file`',
        '10:61 ORG1001 this policy is not a map with one of `template` and `file`',
        '10:65 ORG1001 this policy is not a map with one of `template` and `file`',
      ],
    ],
    [
      'unknown template, and one of another type',
      withRoot('  policies: { scp: [leav], rcp: [leave] }\n'),
      [
        '6:21 ORG2001 there is no policy template `leav`',
        '6:34 ORG2009 the template `leave` makes no resource control policy',
      ],
    ],
    [
      'parameters missing',
      withRoot('  policies: { scp: [regions, perimeter] }\n'),
      [
        '6:21 ORG2002 `regions` at `/` needs the parameter `exempt`, which nothing sets',
        '6:30 ORG2002 `perimeter` at `/` needs the parameter `organizationId`, which nothing sets',
      ],
    ],
    [
      'parameters that nothing reads, or nobody may set',
      withRoot(
        '  parameters: { exemt: 1, governedRegions: [] }\n  policies: { scp: [{ template: leave, parameters: { exempt: 1 } }] }\n',
      ),
      [
        '6:17 ORG2003 the parameter `exemt` is one of no policy template',
        '6:27 ORG2003 the parameter `governedRegions` follows from the description and cannot be set',
        '7:54 ORG2003 the parameter `exempt` is none of `leave`',
      ],
    ],
    [
      'an override that changes nothing',
      withRoot(
        '  parameters: { exempt: 1 }\n  policies: { scp: [regions] }\n  units:\n    A: { parameters: { exempt: 2 } }\n    B: { parameters: { exempt: 2 }, policies: { scp: [regions] } }\n    C: { parameters: { exempt: 1 } }\n',
      ),
      ['9:24 ORG2004 `exempt` at `/A` has no effect on `regions`, which is attached above, at `/`'],
    ],
    [
      'a bad value of a parameter',
      withRoot(
        '  parameters: { exempt: 1, extra: 2 }\n  policies: { scp: [regions] }\n  units: { A: { policies: { scp: [{ template: regions, parameters: { extra: 3 } }] } } }\n',
      ),
      [
        '6:35 ORG2005 the parameter `extra` of `regions` must be a list',
        '8:77 ORG2005 the parameter `extra` of `regions` must be a list',
      ],
    ],
    [
      'a policy twice',
      withRoot('  policies: { scp: [leave, { file: a/leave.json }, leave] }\n'),
      [
        '6:28 ORG2006 the policy `leave` is chosen twice at one place',
        '6:52 ORG2006 the policy `leave` is chosen twice at one place',
      ],
    ],
    [
      'nothing that allows',
      withRoot('  units: { A: { policies: { fullAwsAccess: false, scp: [] } } }\n'),
      ['6:44 ORG2007 no service control policy is attached at `/A`, so that nothing is allowed there and below'],
    ],
    [
      'a guard of the management account',
      withRoot("  accounts: { m: { id: '111111111111', policies: { scp: [leave], tag: [] } } }\n"),
      ['6:58 ORG2008 a service control policy at the management account restrains nobody'],
    ],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toStrictEqual(expected);
  });

  it('that is only a warning leaves an organization', () => {
    const { organization, diagnostics } = read(
      withRoot("  accounts: { m: { id: '111111111111', policies: { scp: [leave] } } }\n"),
    );
    expect(diagnostics.map(({ severity }) => severity)).toStrictEqual(['warning']);
    expect(organization).not.toBeNull();
  });

  it('is told with the remedy', () => {
    for (const { help } of read(withRoot('  units: { A: { parent: B }, Bb: { acounts: {} } }\n')).diagnostics) {
      expect(help).toMatch(/did you mean|change|name a unit/);
    }
  });

  it('of far too many units is told once', () => {
    const units = Array.from({ length: 2_001 }, (_, index) => `    - { name: U${index}, parent: U${index + 1} }\n`);
    expect(told(withRoot(`  units:\n${units.join('')}`))).toStrictEqual([
      '6:3 ORG1016 the tree has 2001 organizational units; AWS Organizations takes 2000',
    ]);
  });

  it('of a long chain of parents ends', () => {
    const units = Array.from({ length: 2_000 }, (_, index) => `    - { name: U${index}, parent: U${index + 1} }\n`);
    expect(told(withRoot(`  units:\n${units.join('')}`))).toStrictEqual([
      '2006:30 ORG1006 there is no organizational unit `U2000`',
    ]);
  });

  it('without templates, names are taken as they are', () => {
    const text = withRoot('  parameters: { any: 1 }\n  policies: { scp: [anything] }\n');
    expect(readOrganization(text, 'org.yaml').diagnostics).toStrictEqual([]);
  });
});
