/** From targets to accounts: against a definition by sets on drawn trees, and the cases that are refused. */
import fc from 'fast-check';
import {
  planDestroy,
  planRollout,
  readRollout,
  resolveRings,
  Tree,
  type Rollout,
  type TreeData,
} from '../../stacksets/index.js';
import { StackSetsModel } from './model.js';
import { DECLARATION_TEXT, planOf, run, scenario, shortly, templateOf, treeData } from './scenario.js';

const BASE = scenario().rollout;
const REGION = 'eu-central-1';

/** A tree of few units, accounts in them, and two rings with targets. */
const drawn = fc.record({
  parents: fc.array(fc.nat(), { minLength: 2, maxLength: 6 }),
  accounts: fc.array(fc.record({ unit: fc.nat(), isActive: fc.boolean() }), { minLength: 1, maxLength: 8 }),
  targets: fc.tuple(
    fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
  ),
});

function made({ parents, accounts, targets }: typeof drawn extends fc.Arbitrary<infer T> ? T : never): {
  data: TreeData;
  rollout: Rollout;
} {
  const ids = ['r-ab12', ...parents.map((_, index) => `ou-ab12-0000000${index}`)];
  const data: TreeData = {
    organizationId: 'o-exampleorgid',
    managementAccount: '100000000000',
    rootId: 'r-ab12',
    units: parents.map((parent, index) => ({
      id: ids[index + 1]!,
      name: `Unit${index}`,
      parentId: ids[parent % (index + 1)]!,
    })),
    accounts: accounts.map(({ unit, isActive }, index) => ({
      id: `${100_000_000_000 + index}`,
      name: `account-${index}`,
      parentId: ids[unit % ids.length]!,
      state: isActive ? 'ACTIVE' : 'SUSPENDED',
    })),
  };
  const ring = (name: string, of: readonly number[]): Rollout['rings'][number] => ({
    name,
    stackSet: `set-${name}`,
    targets: of.map((each) => ({ shown: '', id: ids[each % ids.length]! })),
    accounts: { kind: 'all' },
    regions: [REGION],
  });
  const waves = ['one', 'two'].map((name) => ({ ...BASE.waves[0]!, name, ring: name }));
  return { data, rollout: { ...BASE, rings: [ring('one', targets[0]), ring('two', targets[1])], waves } };
}

it('reaches each active account below a target once, in the ring of the first wave, and refuses what units cannot say', () => {
  const seen = { refused: 0, shared: 0, plain: 0 };
  fc.assert(
    fc.property(drawn, (choice) => {
      const { data, rollout } = made(choice);
      const tree = new Tree(data);
      const { rings, problems } = resolveRings(rollout, tree);
      if (problems.length > 0) {
        seen.refused += 1;
        return;
      }
      const isWanted = (index: number, account: string): boolean => {
        const { parentId, state } = tree.accounts.get(account)!;
        const targets = rollout.rings[index]!.targets.map(({ id }) => id!);
        return (
          state === 'ACTIVE' &&
          account !== data.managementAccount &&
          tree.path(parentId).some((unit) => targets.includes(unit))
        );
      };
      const all = data.accounts.map(({ id }) => id);
      const first = all.filter((id) => isWanted(0, id));
      const second = all.filter((id) => isWanted(1, id) && !first.includes(id));
      if (all.some((id) => isWanted(1, id) && first.includes(id))) seen.shared += 1;
      else seen.plain += 1;
      expect(rings.map(({ accounts }) => [...accounts].sort())).toStrictEqual([first, second]);
      // What automatic deployment does by the units alone is the same.
      const byUnits = rings.map(({ units }) =>
        units
          .flatMap((unit) => tree.accountsBelow(unit))
          .filter(({ state }) => state === 'ACTIVE')
          .map(({ id }) => id)
          .sort(),
      );
      expect(byUnits).toStrictEqual([first, second]);
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen.refused, seen.shared, seen.plain)).toBeGreaterThan(0);
});

it('brings drawn trees to where the second plan is empty, and away again', async () => {
  const template = templateOf();
  const property = fc.asyncProperty(drawn, async (choice) => {
    const { data, rollout } = made(choice);
    const model = new StackSetsModel(data);
    const plan = async () => planRollout(rollout, template, new Tree(model.data), await readRollout(rollout, model));
    const first = await plan();
    if (first.problems.length > 0) return;
    expect(await run({ rollout, template }, model)).toStrictEqual({ kind: 'finished' });
    expect(shortly(await plan())).toStrictEqual([]);
    const places = [...model.sets.values()].flatMap(({ instances }) => [...instances.keys()]).sort();
    const wanted = first.rings.flatMap(({ accounts }) => [...accounts].map((id) => `${id} ${REGION}`)).sort();
    expect(places).toStrictEqual(wanted);
    const { stages } = planDestroy(rollout, new Tree(model.data), await readRollout(rollout, model));
    expect(
      stages.flatMap(({ steps }) => steps.map(({ kind }) => kind)).filter((kind) => kind === 'deleteStackSet'),
    ).toHaveLength(2);
  });
  await fc.assert(property, { numRuns: 40 });
});

it('refuses to take a unit out of a ring that holds one that stays, unless a gap is accepted', async () => {
  const model = new StackSetsModel(treeData());
  const wide = scenario();
  await run(wide, model);
  const narrow = scenario(DECLARATION_TEXT.replace('[/Workloads]', '[/Workloads/Production]'));
  const refused = await planOf(narrow, model);
  expect(refused.problems.map(({ message }) => message)).toStrictEqual([
    '`/Workloads` is no target of the ring `production` any more, and `/Workloads/Production` inside of it is: its instances are deleted with it',
  ]);
  expect(await run(narrow, model, { plan: { allowGap: true } })).toStrictEqual({ kind: 'finished' });
  expect(shortly(await planOf(narrow, model))).toStrictEqual([]);
  expect([...model.sets.get('stackade-hooks-production')!.targets.keys()]).toStrictEqual(['ou-ab12-44444444']);
});
