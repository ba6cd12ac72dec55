/** What holds for every organization. */
import fc from 'fast-check';
import {
  accountsOf,
  canonicalParameter,
  effectiveGroups,
  effectivePolicies,
  forEachType,
  isSettingType,
  moveAccount,
  policyKey,
  POLICY_TYPES,
  printOrganization,
  readOrganization,
  targetsOf,
} from '../../organization/index.js';
import type {
  EffectivePolicies,
  Organization,
  OrganizationParameter,
  OrganizationPolicyType,
} from '../../organization/index.js';
import { anyOrganization } from './arbitrary.js';
import { runs } from '../support/runs.js';

/** What decides at an account: for each type, the texts of the policies of each level. */
function deciding({ levels }: EffectivePolicies): Readonly<Record<OrganizationPolicyType, unknown>> {
  const of = (type: OrganizationPolicyType): unknown => levels[type]?.map(({ policies }) => policies.map(policyKey));
  return forEachType(of);
}

const all = (organization: Organization): ReadonlyMap<string, unknown> =>
  new Map(accountsOf(organization).map(({ id }) => [id, deciding(effectivePolicies(organization, id))]));

/** An organization as text; a parameter called `constructor` confuses comparisons of objects. */
const plain = (organization: Organization | null): string =>
  canonicalParameter(organization as unknown as OrganizationParameter);

it('printing and reading back gives the same organization', () => {
  fc.assert(
    fc.property(anyOrganization, (organization) => {
      const text = printOrganization(organization);
      const { organization: back, diagnostics } = readOrganization(text, 'org.yaml');
      expect({ text, diagnostics }).toStrictEqual({ text, diagnostics: [] });
      expect(plain(back)).toBe(plain(organization));
    }),
    { numRuns: runs(150, 2_000) },
  );
});

it('moving an account changes what is in effect there, and nowhere else', () => {
  fc.assert(
    fc.property(anyOrganization, fc.nat(), fc.nat(), (organization, which, where) => {
      const accounts = accountsOf(organization);
      const { id } = accounts[which % accounts.length]!;
      const parents = [...targetsOf(organization)]
        .map((path) => path.at(-1)!)
        .filter((each) => each.kind !== 'account');
      const parent = parents[where % parents.length]!;
      const moved = moveAccount(organization, id, parent);
      const before = all(organization);
      const after = all(moved);
      expect([...after.keys()].sort()).toStrictEqual([...before.keys()].sort());
      for (const [each, effective] of before) {
        if (each !== id) expect(after.get(each)).toStrictEqual(effective);
      }
      // At the account it is what the new parent has, and what is chosen at the account itself.
      const path = [...targetsOf(moved)].find((way) => way.at(-1)!.kind === 'account' && way.at(-1)!.id === id)!;
      expect(path.at(-2)!.name).toBe(parent.name);
      const tag = effectivePolicies(moved, id).levels.tag!;
      expect(tag.map(({ target }) => target)).toStrictEqual(path);
    }),
    { numRuns: runs(80, 1_000) },
  );
});

it('groups take in each account once, with all that decide alike for it', () => {
  fc.assert(
    fc.property(anyOrganization, (organization) => {
      const groups = effectiveGroups(organization);
      const ids = groups.flatMap(({ accounts }) => accounts.map(({ id }) => id));
      expect([...ids].sort()).toStrictEqual(
        accountsOf(organization)
          .map(({ id }) => id)
          .sort(),
      );
      const keys = groups.map(({ accounts }) => {
        const forms = new Set(accounts.map(({ id }) => decisionForm(effectivePolicies(organization, id))));
        expect(forms.size).toBe(1);
        return [...forms][0];
      });
      expect(new Set(keys).size).toBe(groups.length);
    }),
    { numRuns: runs(80, 1_000) },
  );
});

/** The same question as that of the groups, answered from the levels alone. */
function decisionForm({ levels }: EffectivePolicies): string {
  return canonicalParameter(
    POLICY_TYPES.map((type) => {
      const texts = levels[type]?.map(({ policies }) => policies.map(policyKey));
      if (texts === undefined) return null;
      if (isSettingType(type)) return texts.filter(({ length }) => length > 0);
      const sets = texts.map((level) => JSON.stringify([...new Set(level)].sort()));
      return [...new Set(sets)].filter((set) => !/^\["managed \w+"\]$/.test(set)).sort();
    }),
  );
}

it('any text gives an organization or an error', () => {
  fc.assert(
    fc.property(anyOrganization, fc.nat(), fc.string({ unit: 'binary', maxLength: 5 }), (organization, at, extra) => {
      const text = printOrganization(organization);
      const cut = at % (text.length + 1);
      const read = readOrganization(`${text.slice(0, cut)}${extra}${text.slice(cut + extra.length)}`, 'org.yaml');
      expect(read.organization === null).toBe(read.diagnostics.some(({ severity }) => severity === 'error'));
      for (const { location, help, code } of read.diagnostics) {
        expect(location).toBeDefined();
        expect(help).toBeTruthy();
        expect(code).toMatch(/^(?:ORG|TPL)\d{4}$/);
      }
    }),
    { numRuns: runs(150, 2_000) },
  );
});
