/** Small organizations whose policies are given as they are, for tests of the composer. */
import fc from 'fast-check';
import { NO_POLICIES } from '../../../organization/index.js';
import type { Account, Organization, OrganizationalUnit, Target } from '../../../organization/index.js';
import type { Policy, Statement } from '../../../iam/index.js';
import type { PolicySource } from '../../../scp/compose/index.js';
import { denials } from '../pack/statements.js';

/** What is chosen at one place: statements, and whether `FullAWSAccess` stays. */
export interface Place {
  readonly scp?: readonly Statement[];
  readonly rcp?: readonly Statement[];
  readonly fullAwsAccess?: boolean;
}

export interface UnitPlace extends Place {
  readonly name?: string;
  readonly units?: readonly UnitPlace[];
  /** By account id. */
  readonly accounts?: Readonly<Record<string, Place>>;
}

export const MANAGEMENT = '999999999999';

/** An organization and the source of its policies. */
export function organizationOf(root: UnitPlace): {
  readonly organization: Organization;
  readonly source: PolicySource;
} {
  const policies = new Map<string, readonly Policy[]>();
  const choose = (place: Place): Pick<Target, 'environment' | 'parameters' | 'fullAwsAccess' | 'policies'> => {
    const choices = (['scp', 'rcp'] as const).map((kind) => {
      const statements = place[kind] ?? [];
      if (statements.length === 0) return [];
      const name = `${kind}-${policies.size}`;
      policies.set(name, [{ version: '2012-10-17', statements }]);
      return [{ kind: 'document' as const, name, file: name }];
    });
    return {
      environment: null,
      parameters: {},
      fullAwsAccess: place.fullAwsAccess ?? true,
      policies: { ...NO_POLICIES, scp: choices[0]!, rcp: choices[1]! },
    };
  };
  const accountsOf = ({ accounts = {} }: UnitPlace): readonly Account[] =>
    Object.entries(accounts).map(([id, place]) => ({ kind: 'account', id, name: `a${id}`, ...choose(place) }));
  const unitsOf = ({ units = [] }: UnitPlace): readonly OrganizationalUnit[] =>
    units.map((unit, index) => ({
      ...{ kind: 'unit', id: null, name: unit.name ?? `Unit${index}` },
      ...{ ...choose(unit), accounts: accountsOf(unit), units: unitsOf(unit) },
    }));
  const management: Account = { kind: 'account', id: MANAGEMENT, name: 'management', ...choose({}) };
  const organization: Organization = {
    id: null,
    managementAccount: MANAGEMENT,
    homeRegion: 'eu-central-1',
    governedRegions: ['eu-central-1'],
    delegatedAdministrators: {},
    root: {
      ...{ kind: 'root', id: null, name: 'Root' },
      ...{ ...choose(root), accounts: [management, ...accountsOf(root)], units: unitsOf(root) },
    },
  };
  return {
    organization,
    source: {
      templates: new Map(),
      policies: ({ name }) => policies.get(name)!,
      text: ({ name }) => JSON.stringify({ tags: { name } }),
    },
  };
}

/** What an allow-list would allow. */
export const ALLOW: Statement = {
  effect: 'Allow',
  action: { negated: false, patterns: ['s3:*', 'sqs:*'] },
  resource: { negated: false, patterns: ['*'] },
  conditions: [],
};

const place = fc.record({
  scp: fc.oneof(denials, fc.constant([])),
  allows: fc.constantFrom('beside', 'instead', 'no', 'no', 'no'),
});
const withAllows = ({ scp, allows }: { scp: readonly Statement[]; allows: string }): UnitPlace => ({
  scp: allows === 'no' ? scp : [...scp, ALLOW],
  fullAwsAccess: allows !== 'instead',
});

/** Three units, one in the other, with SCPs of which some allow. */
export const tree: fc.Arbitrary<UnitPlace> = fc
  .record({ root: place, one: place, two: place, inner: place, first: place, second: place })
  .map(({ root, one, two, inner, first, second }) => ({
    ...withAllows(root),
    accounts: { '111111111111': withAllows(first) },
    units: [
      {
        ...withAllows(one),
        accounts: { '222222222222': {} },
        units: [{ ...withAllows(inner), accounts: { '333333333333': {}, '444444444444': {} } }],
      },
      { ...withAllows(two), accounts: { '555555555555': withAllows(second) } },
    ],
  }));
