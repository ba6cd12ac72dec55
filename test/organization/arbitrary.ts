/** Generated organizations: trees with awkward names, every kind of choice, parameters of every kind of value. */
import fc from 'fast-check';
import { forEachType, NO_POLICIES } from '../../organization/index.js';
import type {
  Account,
  Organization,
  OrganizationParameter,
  OrganizationParameters,
  OrganizationRoot,
  OrganizationalUnit,
  PolicyChoice,
  Target,
} from '../../organization/index.js';

/** Types that a generated organization chooses from: of the others one is as good as these. */
const DRAWN: ReadonlySet<string> = new Set(['scp', 'rcp', 'tag', 'backup']);

const NAMES = [
  'Workloads',
  'Sandbox',
  'yes',
  'null',
  '1.0',
  '0123',
  'a/b',
  'it’s: # {x}',
  '- "',
  ' ',
  'x-y',
  '<<',
  '__proto__',
];

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES.filter((each) => each.trim() !== '')) },
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => /\S/.test(text)),
);

const value: fc.Arbitrary<OrganizationParameter> = fc.letrec<{ value: OrganizationParameter }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<OrganizationParameter>(
      null,
      true,
      false,
      0,
      17,
      -3,
      0.25,
      1e21,
      1e-9,
      '',
      'off',
      '12',
      '~',
      '0x1f',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(name, fc.constantFrom('2', '10')), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const parameters: fc.Arbitrary<OrganizationParameters> = fc.dictionary(
  fc.constantFrom('exempt', 'tags', 'constructor', 'yes'),
  value,
  { maxKeys: 3, noNullPrototype: true },
);

const choice: fc.Arbitrary<PolicyChoice> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('template' as const),
      name: fc.constantFrom('leave', 'regions', 'on', 'x: y'),
      parameters,
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('document' as const),
      name: fc.constantFrom('a', 'own', 'b c'),
      file: fc.constantFrom('a.json', 'own/a.JSON', 'policies/b c.json', './x'),
    },
    { noNullPrototype: true },
  ),
);

const choices = fc.uniqueArray(choice, { maxLength: 3, selector: ({ name: each }) => each });

const shared: fc.Arbitrary<Omit<Target, 'kind' | 'id' | 'name' | 'units' | 'accounts'>> = fc
  .record(
    {
      environment: fc.option(fc.constantFrom('production', 'development', 'no')),
      parameters,
      denyAll: fc.boolean(),
      policies: fc.oneof(
        { weight: 2, arbitrary: fc.constant(NO_POLICIES) },
        {
          weight: 1,
          arbitrary: fc.record<Target['policies']>(
            forEachType((type) => (DRAWN.has(type) ? choices : fc.constant([]))),
          ),
        },
      ),
    },
    { noNullPrototype: true },
  )
  .map(({ denyAll, ...rest }) => ({ ...rest, fullAwsAccess: !denyAll || rest.policies.scp.length === 0 }));

const account: fc.Arbitrary<Account> = fc
  .tuple(shared, name)
  .map(([rest, own]) => ({ kind: 'account', id: '', name: own, ...rest }));

const unit = (depth: number): fc.Arbitrary<OrganizationalUnit> =>
  fc
    .tuple(shared, name, fc.array(account, { maxLength: 3 }), depth === 0 ? fc.constant([]) : units(depth - 1))
    .map(([rest, own, accounts, inner]) => ({ kind: 'unit', id: null, name: own, ...rest, accounts, units: inner }));

const units = (depth: number): fc.Arbitrary<OrganizationalUnit[]> =>
  fc.uniqueArray(unit(depth), { maxLength: 2, selector: ({ name: own }) => own });

/** Gives accounts and some units ids, each its own. */
function numbered(root: OrganizationRoot): OrganizationRoot {
  let count = 0;
  const next = (): number => (count += 1);
  const number = (each: OrganizationalUnit): OrganizationalUnit => ({
    ...each,
    id: next() % 3 === 0 ? null : `ou-ab12-${String(count).padStart(8, '0')}`,
    accounts: each.accounts.map(accountId),
    units: each.units.map(number),
  });
  const accountId = (each: Account): Account => ({ ...each, id: String(next()).padStart(12, '0') });
  return { ...root, accounts: root.accounts.map(accountId), units: root.units.map(number) };
}

/** Organizations that `readOrganization` accepts. The management account is in the tree and has no policies. */
export const anyOrganization: fc.Arbitrary<Organization> = fc
  .record(
    {
      id: fc.option(fc.constant('o-exampleorgid')),
      rootId: fc.option(fc.constant('r-ab12')),
      shared,
      accounts: fc.array(account, { maxLength: 3 }),
      units: units(3),
      delegates: fc.array(fc.nat(), { maxLength: 3 }),
      governed: fc.constantFrom(['eu-central-1'], ['us-east-1', 'eu-central-1']),
    },
    { noNullPrototype: true },
  )
  .map(({ id, rootId, shared: rest, accounts, units: inner, delegates, governed }) => {
    const management: Account = {
      kind: 'account',
      id: '999999999999',
      name: 'management',
      environment: null,
      parameters: {},
      fullAwsAccess: true,
      policies: NO_POLICIES,
    };
    const top = numbered({ kind: 'root', id: rootId, name: 'Root', ...rest, accounts, units: inner });
    const root = { ...top, accounts: [management, ...top.accounts] };
    const members = accountIds(root).slice(1);
    const chosen = members.length === 0 ? [] : delegates.map((index) => members[index % members.length]!);
    return {
      id,
      managementAccount: management.id,
      homeRegion: 'eu-central-1',
      governedRegions: governed,
      delegatedAdministrators: Object.fromEntries(
        chosen.map((each, index) => [`s${index}.amazonaws.com`, [...new Set([each, members[0]!])]]),
      ),
      root,
    };
  });

function accountIds(target: OrganizationRoot | OrganizationalUnit): readonly string[] {
  return [...target.accounts.map(({ id }) => id), ...target.units.flatMap(accountIds)];
}
