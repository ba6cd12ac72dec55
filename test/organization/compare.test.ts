/** Reading the organization that there is, and what lies between it and a description. */
import fc from 'fast-check';
import {
  accountsOf,
  compareOrganization,
  describeSnapshot,
  effectivePolicies,
  moveAccount,
  readExports,
  readOrganization,
  readSnapshot,
  targetsOf,
} from '../../organization/index.js';
import type { Organization, OrganizationSnapshot, PlanStep } from '../../organization/index.js';
import { anyOrganization } from './arbitrary.js';
import { FakeOrganizations, snapshotOf } from './fake.js';

function organizationOf(root: string, settings = ''): Organization {
  const head = `version: 1\norganization: { managementAccount: '999999999999', homeRegion: eu-central-1${settings} }\nroot:\n`;
  const { organization, diagnostics } = readOrganization(`${head}${root}`, 'org.yaml');
  expect(diagnostics).toStrictEqual([]);
  return organization!;
}

const before = organizationOf(`  policies: { scp: [leave] }
  accounts: { m: '999999999999', new: '333333333333' }
  units:
    A: { accounts: { a: '111111111111', b: '222222222222' }, policies: { rcp: [old] } }
    B: {}
`);

const shown = (step: PlanStep): string => {
  switch (step.kind) {
    case 'enablePolicyType':
      return `${step.kind} ${step.type}`;
    case 'createUnit':
      return `${step.kind} ${step.shown} in ${step.parent.shown}`;
    case 'renameUnit':
      return `${step.kind} ${step.from} to ${step.to}`;
    case 'createPolicy':
      return `${step.kind} ${step.type} ${step.name}`;
    case 'attachPolicy':
    case 'detachPolicy':
      return `${step.kind} ${step.type} ${step.policy} ${step.target.shown}`;
    case 'moveAccount':
      return `${step.kind} ${step.name} ${step.from.shown} to ${step.to.shown}`;
    case 'registerDelegate':
      return `${step.kind} ${step.service} ${step.accountId}`;
  }
};

describe('a plan', () => {
  it('for what agrees is empty', () => {
    expect(compareOrganization(before, snapshotOf(before))).toStrictEqual({ steps: [], problems: [] });
  });

  it('makes units, guards them, moves accounts, and takes away last', () => {
    const after = organizationOf(
      `  policies: { scp: [leave, more] }
  accounts: { m: '999999999999' }
  units:
    A: { accounts: { a: '111111111111' } }
    B: { units: { C: { policies: { scp: [allowed], fullAwsAccess: false }, accounts: { b: '222222222222', new: '333333333333' } } } }
`,
      ", delegatedAdministrators: { guardduty.amazonaws.com: '111111111111' }",
    );
    const { steps, problems } = compareOrganization(after, snapshotOf(before));
    expect(problems).toStrictEqual([]);
    expect(steps.map(shown)).toStrictEqual([
      'createUnit /B/C in /B',
      'createPolicy scp more',
      'createPolicy scp allowed',
      'attachPolicy scp more /',
      'attachPolicy scp allowed /B/C',
      'moveAccount b /A to /B/C',
      'moveAccount new / to /B/C',
      'detachPolicy scp FullAWSAccess /B/C',
      'detachPolicy rcp old /A',
      'registerDelegate guardduty.amazonaws.com 111111111111',
    ]);
  });

  it('enables the types that are used, and no others', () => {
    const { steps } = compareOrganization(before, snapshotOf(before, []));
    expect(steps.map(shown)).toStrictEqual([
      'enablePolicyType scp',
      'enablePolicyType rcp',
      'createPolicy scp leave',
      'createPolicy rcp old',
      'attachPolicy scp leave /',
      'attachPolicy rcp old /A',
    ]);
  });

  it('takes the attachments that it is given, such as packed documents', () => {
    const attachments = (target: { readonly kind: string }, type: string): readonly string[] =>
      target.kind === 'root' && type === 'scp' ? ['packed-1', 'packed-2'] : [];
    const { steps } = compareOrganization(before, snapshotOf(before), { attachments });
    expect(steps.map(shown)).toStrictEqual([
      'createPolicy scp packed-1',
      'createPolicy scp packed-2',
      'attachPolicy scp packed-1 /',
      'attachPolicy scp packed-2 /',
      'detachPolicy scp leave /',
      'detachPolicy rcp old /A',
    ]);
  });

  it('renames a unit that is described by its id, and tells of one that stands elsewhere', () => {
    const snapshot = snapshotOf(before);
    const [a, b] = snapshot.units;
    const renamed = organizationOf(`  policies: { scp: [leave] }
  accounts: { m: '999999999999', new: '333333333333' }
  units:
    B: { units: { Renamed: { id: ${a!.id}, accounts: { a: '111111111111', b: '222222222222' }, policies: { rcp: [old] } } } }
`);
    const { steps, problems } = compareOrganization(renamed, snapshot);
    expect(steps.map(shown)).toStrictEqual(['renameUnit A to Renamed']);
    expect(problems).toStrictEqual([
      { kind: 'unitElsewhere', id: a!.id, shown: '/B/Renamed', parentId: snapshot.root.id },
    ]);
    expect(b!.name).toBe('B');
  });

  it('tells what no call mends', () => {
    const snapshot = snapshotOf(before);
    const [a] = snapshot.units;
    const { accounts } = snapshot;
    const other: OrganizationSnapshot = {
      ...snapshot,
      accounts: [
        ...accounts
          .filter(({ id }) => id !== '333333333333')
          .map((each) => ({ ...each, state: each.id === '222222222222' ? 'SUSPENDED' : null })),
        { id: '444444444444', name: 'shadow', state: 'ACTIVE', parentId: a!.id },
      ],
      units: [...snapshot.units, { id: 'ou-ab12-99999999', name: 'Z', parentId: a!.id }],
      delegatedAdministrators: { 'sso.amazonaws.com': ['111111111111'] },
    };
    const described = organizationOf(`  policies: { scp: [leave] }
  accounts: { m: '999999999999', new: '333333333333' }
  units:
    A: { accounts: { a: '111111111111', b: '222222222222' }, policies: { rcp: [old] } }
    B: {}
    C: { id: ou-ab12-77777777 }
`);
    expect(compareOrganization(described, other)).toStrictEqual({
      steps: [],
      problems: [
        { kind: 'missingUnit', id: 'ou-ab12-77777777', shown: '/C' },
        { kind: 'undescribedUnit', id: 'ou-ab12-99999999', name: 'Z', parentId: a!.id },
        { kind: 'missingAccount', id: '333333333333', shown: '/new' },
        { kind: 'inactiveAccount', id: '222222222222', state: 'SUSPENDED' },
        { kind: 'undescribedAccount', id: '444444444444', name: 'shadow', parentId: a!.id },
        { kind: 'undescribedDelegate', service: 'sso.amazonaws.com', accountId: '111111111111' },
      ],
    });
  });

  it('of another organization has no steps', () => {
    const snapshot = snapshotOf(before);
    const other = { ...snapshot, organization: { ...snapshot.organization, managementAccountId: '888888888888' } };
    expect(compareOrganization(before, other)).toStrictEqual({
      steps: [],
      problems: [{ kind: 'otherOrganization', described: '999999999999', found: '888888888888' }],
    });
  });

  it('that is carried out leaves nothing to do, and each account what is described', () => {
    fc.assert(
      fc.property(
        anyOrganization,
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
        fc.boolean(),
        (start, moves, bare) => {
          const described = moves.reduce((organization, [which, where]) => {
            const accounts = accountsOf(organization);
            const parents = [...targetsOf(organization)].map((path) => path.at(-1)!);
            const parent = parents[where % parents.length]!;
            if (parent.kind === 'account') return organization;
            return moveAccount(organization, accounts[which % accounts.length]!.id, parent);
          }, start);
          // Without policies, delegates and units that are new, as far as there are such.
          const empty = { ...snapshotOf(start, []), delegatedAdministrators: {} };
          const known = new Set(start.root.units.map(({ id }) => id));
          const stripped = { ...empty, units: empty.units.filter(({ id }) => known.has(id)) };
          const orphans = new Set(empty.units.filter((unit) => !stripped.units.includes(unit)).map(({ id }) => id));
          const accounts = empty.accounts.map((each) =>
            orphans.has(each.parentId) ? { ...each, parentId: empty.root.id } : each,
          );
          const fake = new FakeOrganizations(bare ? empty : { ...stripped, accounts });
          const plan = compareOrganization(described, fake.snapshot());
          // Units that are described by an id that is gone cannot be made again with it.
          if (plan.problems.some(({ kind }) => kind === 'missingUnit')) return;
          expect(plan.problems).toStrictEqual([]);
          for (const step of plan.steps) fake.apply(step);
          expect(compareOrganization(described, fake.snapshot())).toStrictEqual({ steps: [], problems: [] });
          const real = describeSnapshot(fake.snapshot(), 'eu-central-1');
          for (const { id } of accountsOf(described)) {
            const names = (organization: Organization): unknown =>
              Object.values(effectivePolicies(organization, id).levels).map((levels) =>
                levels?.map(({ policies }) => policies.map(({ name }) => name).sort()),
              );
            expect(names(real)).toStrictEqual(names(described));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the organization that there is', () => {
  it('is read through the interface', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrganization, async (organization) => {
        const snapshot = snapshotOf(organization);
        const read = await readSnapshot(new FakeOrganizations(snapshot).reader());
        expect(compareOrganization(organization, read)).toStrictEqual({ steps: [], problems: [] });
        expect(read.units).toHaveLength(snapshot.units.length);
      }),
      { numRuns: 40 },
    );
  });

  it('has one root', async () => {
    const reader = new FakeOrganizations(snapshotOf(before)).reader();
    await expect(readSnapshot({ ...reader, listRoots: () => Promise.resolve([]) })).rejects.toThrow('lists 0 roots');
    const [root] = await reader.listRoots();
    await expect(readSnapshot({ ...reader, listRoots: () => Promise.resolve([root!, root!]) })).rejects.toThrow(
      '2 roots',
    );
  });

  it('is read from exports of the AWS CLI', () => {
    fc.assert(
      fc.property(anyOrganization, (organization) => {
        const snapshot = snapshotOf(organization);
        const { snapshot: read, diagnostics } = readExports(new FakeOrganizations(snapshot).exports());
        expect(diagnostics).toStrictEqual([]);
        expect(compareOrganization(organization, read!)).toStrictEqual({ steps: [], problems: [] });
        expect(read!.policies).toStrictEqual(expect.arrayContaining([...snapshot.policies]));
      }),
      { numRuns: 40 },
    );
  });

  const files = new FakeOrganizations(
    snapshotOf(
      organizationOf(
        "  units: { A: { accounts: { a: '111111111111' } } }\n",
        ', delegatedAdministrators: { a.amazonaws.com: a }',
      ),
    ),
  ).exports();

  it('is not taken from exports that lack a part', () => {
    for (const { name } of files.filter((file) => !/policy-p|TAG|DECLARATIVE/.test(file.name))) {
      const { snapshot, diagnostics } = readExports(files.filter((file) => file.name !== name));
      expect({ name, snapshot }).toStrictEqual({ name, snapshot: null });
      expect(diagnostics.length).toBeGreaterThan(0);
      for (const { code, message } of diagnostics) expect(`${code} ${message}`).toMatch(/^ORG3001 the exports lack/);
    }
  });

  it.each([
    ['list-roots', '{"Roots": [{"Id": "r-ab12", "Name": 1}]}', '`Name` is not a text'],
    ['list-roots', '[]', 'the file holds no output of the AWS CLI'],
    ['accounts-r-ab12', '{"Accounts": [], "NextToken": "x"}', 'the output is cut off: it has a `NextToken`'],
    ['accounts-r-ab12', '{"Accounts": [{"Id": "1"}]}', 'an entry has no `Name`'],
    ['accounts', '{"Accounts": [{"Id": "1", "Name": "x"}]}', 'nothing says of which parent this is the output'],
    ['targets', '{"Targets": []}', 'nothing says of which policy this is the output'],
  ])('is not taken from a malformed export: %s %s', (name, text, message) => {
    const changed = [
      ...files.filter((file) => file.name !== `exports/${name}.json`),
      { name: `exports/${name}.json`, text },
    ];
    const { snapshot, diagnostics } = readExports(changed);
    expect(snapshot).toBeNull();
    expect(diagnostics.map((each) => each.message).join('\n')).toContain(message);
  });

  it('is taken from one list of all accounts where it tells paths', () => {
    const rest = files.filter(({ name }) => !name.includes('/accounts-'));
    const account = (Id: string, path: string): object => ({ Id, Name: Id, Status: 'ACTIVE', Paths: [path] });
    const unit = /ou-[a-z0-9-]+(?=\.json)/.exec(files.map(({ name }) => name).join(' '))![0];
    const Accounts = [
      account('999999999999', 'o-exampleorgid/r-ab12/999999999999/'),
      account('111111111111', `o-exampleorgid/r-ab12/${unit}/111111111111/`),
    ];
    const { snapshot } = readExports([...rest, { name: 'list-accounts.json', text: JSON.stringify({ Accounts }) }]);
    expect(snapshot!.accounts.map(({ parentId, state }) => `${parentId} ${state!}`)).toStrictEqual([
      'r-ab12 ACTIVE',
      `${unit} ACTIVE`,
    ]);
  });
});
