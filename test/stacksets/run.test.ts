/** Runs of a rollout against a model of StackSets: waves, kills at every call, failures, moves of accounts. */
import { ChangedMeanwhileError, OperationUnderWayError } from '../../stacksets/index.js';
import { Killed, killing, StackSetsModel } from './model.js';
import {
  DECLARATION_TEXT,
  planOf,
  run,
  scenario,
  shortly,
  treeData,
  type RunSetup,
  type Scenario,
} from './scenario.js';

const FIRST = scenario();
/** The next release: another package. */
const SECOND = scenario(DECLARATION_TEXT.replace('1.zip', '2.zip'));

const modelOf = (suspended: readonly string[] = []): StackSetsModel => new StackSetsModel(treeData(suspended));

async function done(of: Scenario, model: StackSetsModel, setup: RunSetup = {}): Promise<void> {
  expect(await run(of, model, setup)).toStrictEqual({ kind: 'finished' });
}

/** Operations of a model before whose nth call something happens. */
function before(model: StackSetsModel, nth: number, happen: () => void): StackSetsModel {
  let calls = 0;
  return new Proxy(model, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        calls += 1;
        if (calls === nth) happen();
        return Reflect.apply(value as (...all: readonly unknown[]) => unknown, target, args);
      };
    },
  });
}

it('plans waves in order, and nothing after they were run', async () => {
  const model = modelOf();
  const plan = await planOf(FIRST, model);
  expect(plan.problems).toStrictEqual([]);
  expect(shortly(plan)).toStrictEqual([
    'wave 1 of 4, canary-warn (the hook: WARN)',
    '  createStackSet stackade-hooks-canary',
    '  createInstances stackade-hooks-canary ou-ab12-11111111 eu-central-1,eu-west-1: 2',
    'wave 2 of 4, canary-fail (the hook: FAIL)',
    '  updateStackSet stackade-hooks-canary parameter FailureMode: 2',
    'wave 3 of 4, production-warn (the hook: WARN)',
    '  createStackSet stackade-hooks-production',
    '  createInstances stackade-hooks-production ou-ab12-22222222 eu-central-1,eu-west-1: 6',
    'wave 4 of 4, production-fail (the hook: FAIL)',
    '  updateStackSet stackade-hooks-production parameter FailureMode: 6',
  ]);
  await done(FIRST, model);
  expect(shortly(await planOf(FIRST, model))).toStrictEqual([]);
  expect(model.inForce()).toMatchObject({
    'stackade-hooks-canary': {
      parameters: { FailureMode: 'FAIL', Package: 'hooks/1.zip' },
      tags: { 'stackade:rollout': 'hooks', 'stackade:ring': 'canary', 'stackade:wave': 'canary-fail' },
    },
    'stackade-hooks-production': {
      parameters: { FailureMode: 'FAIL' },
      targets: [['ou-ab12-22222222', ['eu-central-1', 'eu-west-1']]],
    },
  });
});

it('never makes a hook weaker for a new release, unless that is asked for', async () => {
  const model = modelOf();
  await done(FIRST, model);
  const plan = await planOf(SECOND, model);
  expect(shortly(plan)).toStrictEqual([
    'wave 2 of 4, canary-fail (the hook: FAIL)',
    '  updateStackSet stackade-hooks-canary parameter Package: 2',
    'wave 4 of 4, production-fail (the hook: FAIL)',
    '  updateStackSet stackade-hooks-production parameter Package: 6',
  ]);
  expect(plan.notes.join('\n')).toContain(
    'the wave canary-warn is left out: the hook of the ring canary is FAIL already',
  );
  expect(shortly(await planOf(SECOND, model, { allowWeaker: true }))).toHaveLength(8);
  const weaker = scenario(
    DECLARATION_TEXT.replaceAll('FailureMode: FAIL', 'FailureMode: WARN')
      .replace('- { ring: canary, parameters: { FailureMode: WARN } }\n      ', '')
      .replace('- { ring: production, parameters: { FailureMode: WARN } }\n      ', ''),
  );
  const refused = await planOf(weaker, model);
  expect(refused.stages).toStrictEqual([]);
  expect(refused.problems[0]?.message).toBe(
    'the wave `canary-warn` would make the hook of the ring `canary` weaker: FAIL now, WARN then',
  );
});

describe('killed at every call, then gone on with', () => {
  it.each([
    ['the first release', null, FIRST],
    ['an update', FIRST, SECOND],
  ] as const)('%s', async (_, before, of) => {
    const start = async (): Promise<StackSetsModel> => {
      const model = modelOf();
      if (before !== null) await done(before, model);
      return model;
    };
    const whole = await start();
    const counting = killing(whole, 0, 'before');
    await done(of, whole, { operations: counting.operations });
    expect(counting.calls()).toBeGreaterThan(30);
    // Killed behind a call is killed before the next one.
    for (let nth = 1; nth <= counting.calls(); nth += 1) {
      const model = await start();
      await expect(run(of, model, { operations: killing(model, nth, 'before').operations })).rejects.toThrow(Killed);
      await done(of, model, { options: { resume: true } });
      expect([nth, model.inForce()]).toStrictEqual([nth, whole.inForce()]);
      expect([nth, shortly(await planOf(of, model))]).toStrictEqual([nth, []]);
    }
  });

  it('twice in one run', async () => {
    const whole = modelOf();
    await done(FIRST, whole);
    for (let nth = 5; nth < 30; nth += 5) {
      const model = modelOf();
      for (const call of [nth, 4]) {
        const { operations } = killing(model, call, 'behind');
        await expect(run(FIRST, model, { operations, options: { resume: true } })).rejects.toThrow(Killed);
      }
      await done(FIRST, model, { options: { resume: true } });
      expect(model.inForce()).toStrictEqual(whole.inForce());
    }
  });
});

it('begins no operation twice: a call whose answer got lost is the same operation', async () => {
  const model = modelOf();
  let lost = 0;
  const operations = new Proxy(model, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (name !== 'createInstances' && name !== 'updateStackSet') {
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      }
      return async (...args: readonly unknown[]): Promise<void> => {
        const call = value as (...all: readonly unknown[]) => Promise<void>;
        await call.apply(target, [...args]);
        lost += 1;
        // What the SDK does when no answer comes: it sends the same again.
        await call.apply(target, [...args]);
      };
    },
  });
  await done(FIRST, model, { operations });
  expect(lost).toBe(4);
  for (const { operations: begun } of model.sets.values()) expect(begun).toHaveLength(2);
});

it('two runs at once: the second stops, and says which operation is under way', async () => {
  const model = modelOf();
  model.pace = 1;
  const begin = (): void => {
    if (model.sets.get('stackade-hooks-canary')?.operations.length === 1) throw new Killed();
  };
  await expect(run(FIRST, model, { hooks: { progress: begin } })).rejects.toThrow(Killed);
  const running = [...model.sets.values()]
    .flatMap((each) => each.operations)
    .find(({ status }) => status === 'RUNNING')!;
  const second = run(FIRST, model);
  await expect(second).rejects.toThrow(OperationUnderWayError);
  await expect(second).rejects.toThrow(
    `the operation \`${running.id}\` is under way on the stack set \`stackade-hooks-canary\``,
  );
});

it('waits for operations of others, such as automatic deployment, and goes on', async () => {
  const model = modelOf();
  await done(FIRST, model);
  await model.createInstances(
    'stackade-hooks-canary',
    { units: ['ou-ab12-11111111'], accounts: null },
    ['eu-west-1'],
    { RegionConcurrencyType: 'PARALLEL', ConcurrencyMode: 'STRICT_FAILURE_TOLERANCE' },
    'automatic-1',
  );
  const plan = await planOf(SECOND, model);
  expect(shortly(plan).slice(0, 2)).toStrictEqual([
    'wait for operations that are running',
    '  awaitOperation stackade-hooks-canary',
  ]);
  await done(SECOND, model);
  expect(shortly(await planOf(SECOND, model))).toStrictEqual([]);
});

it('stops when somebody else puts another content in place of its own', async () => {
  const model = modelOf();
  let spoiled = 0;
  const hooks = {
    done: (): void => {
      const each = model.sets.get('stackade-hooks-canary')!;
      each.set = { ...each.set, parameters: { ...each.set.parameters, Package: 'other.zip' } };
      spoiled += 1;
    },
  };
  await expect(run(FIRST, model, { hooks })).rejects.toThrow(ChangedMeanwhileError);
  expect(spoiled).toBeLessThan(6);
});

describe('operations that SUCCEEDED and hide failed instances', () => {
  const TOLERANT = scenario(
    DECLARATION_TEXT.replace('    rings:', '    preferences: { failureTolerance: 1 }\n    rings:'),
  );
  const failing = (account: string) => (each: string) => (each === account ? 'AccessDenied: an SCP denies it' : null);

  it('are told as incomplete, tried again once, and hold up what comes behind', async () => {
    const model = modelOf();
    model.fails = failing('333333333333');
    const outcome = await run(TOLERANT, model);
    expect(outcome).toMatchObject({ kind: 'incomplete', stage: { key: 'repair canary-warn' } });
    expect([...model.sets.get('stackade-hooks-canary')!.operations].map(({ status }) => status)).toContain('SUCCEEDED');
    expect(outcome.kind === 'incomplete' && outcome.failed).toContainEqual({
      account: '333333333333',
      region: 'eu-west-1',
      status: 'FAILED',
      reason: 'AccessDenied: an SCP denies it',
    });
    expect(model.sets.has('stackade-hooks-production')).toBe(false);
    const [stage] = (await planOf(TOLERANT, model)).stages;
    expect(stage?.key).toBe('repair canary-warn');
    // When the reason is gone, the same command goes on to the end.
    model.fails = () => null;
    await done(TOLERANT, model);
  });

  it('hold up nothing when as many may stay unfinished', async () => {
    const text = DECLARATION_TEXT.replace(
      '    rings:',
      '    preferences: { failureTolerance: 1 }\n    promote: { unfinished: 2 }\n    rings:',
    );
    const model = modelOf();
    model.fails = failing('555555555555');
    const of = scenario(text);
    await done(of, model);
    const plan = await planOf(of, model);
    expect(plan.rings.map(({ unfinished }) => unfinished.map(({ account }) => account))).toStrictEqual([
      [],
      ['555555555555', '555555555555'],
    ]);
    expect(plan.stages.map(({ key }) => key)).toStrictEqual(['repair production-fail']);
  });

  it('stop an operation when the tolerance is passed; the rest is cancelled and tried later', async () => {
    const model = modelOf();
    model.fails = failing('444444444444');
    const outcome = await run(FIRST, model);
    expect(outcome.kind).toBe('incomplete');
    const failed = outcome.kind === 'incomplete' ? outcome.failed : [];
    expect(failed.map(({ status }) => status)).toContain('CANCELLED');
    model.fails = () => null;
    await done(FIRST, model);
    expect(shortly(await planOf(FIRST, model))).toStrictEqual([]);
  });
});

describe('accounts', () => {
  it('of the management account and suspended ones get nothing', async () => {
    const model = modelOf(['666666666666']);
    const everywhere = scenario(DECLARATION_TEXT.replace('[/Workloads]', '[/Workloads, /Governance]'));
    const plan = await planOf(everywhere, model);
    expect(plan.notes).toContain('`666666666666` of the ring production is not active and left out');
    await done(everywhere, model);
    const accounts = [...model.sets.values()].flatMap(({ instances }) =>
      [...instances.values()].map(({ account }) => account),
    );
    expect([...new Set(accounts)].sort()).toStrictEqual([
      '222222222222',
      '333333333333',
      '444444444444',
      '555555555555',
    ]);
  });

  it('that join a unit get what their ring has, without a run', async () => {
    const model = modelOf();
    await done(FIRST, model);
    model.move('222222222222', 'ou-ab12-44444444');
    expect(shortly(await planOf(FIRST, model))).toStrictEqual([]);
    expect(model.sets.get('stackade-hooks-production')!.instances.get('222222222222 eu-west-1')).toMatchObject({
      status: 'CURRENT',
    });
  });

  it.each([
    ['with automatic deployment', DECLARATION_TEXT],
    ['without', DECLARATION_TEXT.replace('    rings:', '    autoDeployment: false\n    rings:')],
  ])(
    'may go to another ring before any call of a run, %s: the run ends, the plan behind it is empty',
    async (_, text) => {
      const of = scenario(text);
      const whole = modelOf();
      const calls = killing(whole, 0, 'before');
      await done(of, whole, { operations: calls.operations });
      for (let nth = 1; nth <= calls.calls(); nth += 1) {
        const model = modelOf();
        // One from production to the canary unit, and one the other way.
        const moving = before(model, nth, () => {
          model.move('555555555555', 'ou-ab12-11111111');
          model.move('333333333333', 'ou-ab12-44444444');
        });
        const first = await run(of, model, { operations: moving }).catch((error: unknown) => (error as Error).name);
        // Whatever the run says, the next one brings it to its end.
        if (typeof first === 'string') expect([nth, first]).toStrictEqual([nth, 'Error']);
        await done(of, model, { options: { resume: true } });
        expect([nth, shortly(await planOf(of, model))]).toStrictEqual([nth, []]);
        const ringOf = (account: string): readonly string[] =>
          [...model.sets].flatMap(([name, { instances }]) =>
            [...instances.values()].some((each) => each.account === account) ? [name] : [],
          );
        expect([nth, ringOf('555555555555'), ringOf('333333333333')]).toStrictEqual([
          nth,
          ['stackade-hooks-canary'],
          ['stackade-hooks-production'],
        ]);
      }
    },
  );

  it('that went to another ring lose the old stack before they get the new one', async () => {
    const text = DECLARATION_TEXT.replace('    rings:', '    autoDeployment: false\n    rings:');
    const of = scenario(text);
    const model = modelOf();
    await done(of, model);
    model.move('555555555555', 'ou-ab12-11111111');
    const plan = await planOf(of, model);
    expect(shortly(plan)).toStrictEqual([
      'production: accounts that went to another ring',
      '  deleteInstances stackade-hooks-production ou-ab12-11111111 (555555555555) eu-central-1,eu-west-1: 2',
      'canary-fail: what is missing',
      '  createInstances stackade-hooks-canary ou-ab12-11111111 (555555555555) eu-central-1,eu-west-1: 2',
    ]);
    await done(of, model);
    expect(shortly(await planOf(of, model))).toStrictEqual([]);
  });
});
