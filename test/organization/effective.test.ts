/** What is in effect where, groups of accounts, slots and quotas. */
import {
  accountsOf,
  attachmentSlots,
  effectiveGroups,
  effectivePolicies,
  moveAccount,
  ORGANIZATION_QUOTAS,
  POLICY_TYPE_QUOTAS,
  quotaProblems,
  readOrganization,
} from '../../organization/index.js';
import type { Organization, PolicyTemplateInfo } from '../../organization/index.js';

function organizationOf(root: string): Organization {
  const head = "version: 1\norganization: { managementAccount: '999999999999', homeRegion: eu-central-1 }\nroot:\n";
  const { organization, diagnostics } = readOrganization(`${head}${root}`, 'org.yaml');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toStrictEqual([]);
  return organization!;
}

const organization = organizationOf(`  policies: { scp: [leave], tag: [tags] }
  accounts: { m: '999999999999' }
  units:
    Open:
      accounts: { a: '111111111111', b: '222222222222' }
    Closed:
      policies: { fullAwsAccess: false, scp: [allowed, { file: x.json }], rcp: [perimeter] }
      accounts:
        c: '333333333333'
        d: { id: '444444444444', policies: { scp: [more], declarativeEc2: [imds] } }
    Empty:
      units: { Inner: { accounts: { e: '555555555555' } } }
`);

const names = (account: string, type: 'scp' | 'rcp' | 'tag' | 'declarativeEc2'): unknown =>
  effectivePolicies(organization, account).levels[type]?.map(
    ({ shown, policies }) => `${shown}: ${policies.map(({ name }) => name).join(' ')}`,
  ) ?? null;

describe('policies in effect', () => {
  it('are those of each level from the root to the account', () => {
    expect(names('444444444444', 'scp')).toStrictEqual([
      '/: FullAWSAccess leave',
      '/Closed: allowed x',
      '/Closed/d: FullAWSAccess more',
    ]);
    expect(names('444444444444', 'rcp')).toStrictEqual([
      '/: RCPFullAWSAccess',
      '/Closed: RCPFullAWSAccess perimeter',
      '/Closed/d: RCPFullAWSAccess',
    ]);
    expect(names('444444444444', 'declarativeEc2')).toStrictEqual(['/: ', '/Closed: ', '/Closed/d: imds']);
  });

  it('at the management account are no SCPs and RCPs, but all others', () => {
    expect(names('999999999999', 'scp')).toBeNull();
    expect(names('999999999999', 'rcp')).toBeNull();
    expect(names('999999999999', 'tag')).toStrictEqual(['/: tags', '/m: ']);
    expect(names('999999999999', 'declarativeEc2')).toStrictEqual(['/: ', '/m: ']);
  });

  it('have the parameters of the place at which they are chosen', () => {
    const template: PolicyTemplateInfo = {
      types: ['scp'],
      parameters: { exempt: { required: false }, environment: { required: false } },
    };
    const own = organizationOf(`  parameters: { exempt: root, other: 1 }
  policies: { scp: [regions] }
  units:
    A:
      environment: test
      parameters: { exempt: unit }
      policies: { scp: [regions] }
      accounts: { a: { id: '111111111111', policies: { scp: [{ template: regions, parameters: { exempt: use } }] } } }
`);
    const { levels } = effectivePolicies(own, '111111111111', new Map([['regions', template]]));
    expect(
      levels.scp!.map(({ policies }) => policies.flatMap((each) => (each.kind === 'template' ? each.parameters : []))),
    ).toStrictEqual([
      [{ exempt: 'root' }],
      [{ exempt: 'unit', environment: 'test' }],
      [{ exempt: 'use', environment: 'test' }],
    ]);
  });

  it('are those of an account of the organization only', () => {
    expect(() => effectivePolicies(organization, '000000000000')).toThrow(RangeError);
    expect(() => moveAccount(organization, '000000000000', organization.root)).toThrow(RangeError);
    const [account] = accountsOf(organization);
    expect(() => moveAccount(organization, account!.id, { ...organization.root })).toThrow(RangeError);
  });
});

describe('groups', () => {
  const shown = (types?: Parameters<typeof effectiveGroups>[2]): readonly string[] =>
    effectiveGroups(organization, undefined, types).map(({ accounts }) => accounts.map(({ name }) => name).join(' '));

  it('join accounts for which the same policies decide, whatever their units are called', () => {
    expect(shown()).toStrictEqual(['m', 'a b e', 'c', 'd']);
    expect(shown(['tag'])).toStrictEqual(['m a b c d e']);
    expect(shown(['rcp'])).toStrictEqual(['m', 'a b e', 'c d']);
  });

  it('do not join what an allow-list apart from a deny-list decides', () => {
    const own = organizationOf(`  units:
    A: { policies: { scp: [x] }, accounts: { a: '111111111111' } }
    B: { policies: { scp: [x], fullAwsAccess: false }, accounts: { b: '222222222222' } }
    C: { policies: { scp: [{ file: x.json, name: x }] }, accounts: { c: '333333333333' } }
    D: { policies: { scp: [{ template: x, parameters: { p: 1 } }] }, accounts: { d: '444444444444' } }
`);
    expect(effectiveGroups(own)).toHaveLength(5);
  });

  it('keep the order of levels for types in which a lower level changes a higher one', () => {
    const own = organizationOf(`  units:
    A: { policies: { tag: [x], rcp: [x] }, units: { A: { policies: { tag: [y], rcp: [y] }, accounts: { a: '111111111111' } } } }
    B: { policies: { tag: [y], rcp: [y] }, units: { B: { policies: { tag: [x], rcp: [x] }, accounts: { b: '222222222222' } } } }
`);
    expect(effectiveGroups(own, undefined, ['rcp'])).toHaveLength(2);
    expect(effectiveGroups(own, undefined, ['tag'])).toHaveLength(3);
  });
});

describe('quotas', () => {
  const [open, closed] = organization.root.units;

  it('leave slots for the policies of AWS', () => {
    expect(attachmentSlots(open!, 'scp')).toStrictEqual({ limit: 10, managed: ['FullAWSAccess'], own: 9 });
    expect(attachmentSlots(closed!, 'scp')).toStrictEqual({ limit: 10, managed: [], own: 10 });
    expect(attachmentSlots(closed!, 'rcp')).toStrictEqual({ limit: 5, managed: ['RCPFullAWSAccess'], own: 4 });
    expect(attachmentSlots(open!, 'tag')).toStrictEqual({ limit: 10, managed: [], own: 10 });
  });

  it('are dated, and those of AWS at that date', () => {
    expect(ORGANIZATION_QUOTAS).toStrictEqual({ date: '2026-11-21', unitDepth: 5, units: 2_000 });
    expect(POLICY_TYPE_QUOTAS.scp).toStrictEqual({
      documentCharacters: 10_240,
      perTarget: 10,
      perOrganization: 10_000,
    });
    expect(POLICY_TYPE_QUOTAS.rcp).toStrictEqual({ documentCharacters: 5_120, perTarget: 5, perOrganization: 2_000 });
  });

  it('that are not kept are told with what is largest', () => {
    const rcp = (name: string, characters: number) => ({ name, type: 'rcp' as const, characters, targets: [open!] });
    const fitting = [rcp('a', 5_120), rcp('b', 1), rcp('c', 1), rcp('d', 1)];
    expect(quotaProblems(organization, fitting)).toStrictEqual([]);
    expect(quotaProblems(organization, [...fitting, rcp('e', 5_121)])).toStrictEqual([
      { kind: 'characters', type: 'rcp', of: 'e', value: 5_121, limit: 5_120, documents: ['e'] },
      { kind: 'attachments', type: 'rcp', of: '/Open', value: 6, limit: 5, documents: ['e', 'a', 'b', 'c', 'd'] },
    ]);
    const tags = Array.from({ length: 1_001 }, (_, index) => ({
      ...{ name: `t${index}`, type: 'tag' as const, characters: 1, targets: [] },
    }));
    expect(quotaProblems(organization, tags)).toMatchObject([
      { kind: 'policies', of: null, value: 1_001, limit: 1_000 },
    ]);
  });
});
