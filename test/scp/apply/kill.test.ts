/** A run that is killed at any of its calls, then resumed, or undone. */
import { planPolicies, policiesOfSet, readPolicyState } from '../../../scp/apply/index.js';
import type { PolicyState, WantedPolicies } from '../../../scp/apply/index.js';
import type { OrganizationData } from '../../../sandbox/index.js';
import { copyOf, inForce, Killed, operationsOn } from './operations.js';
import { bring, SCENARIOS, SET, started } from './scenarios.js';

/** What to come back to: the set as it was, with `FullAWSAccess` where it was. */
async function before(data: OrganizationData): Promise<WantedPolicies> {
  const state = await readPolicyState(operationsOn(data));
  const targets = [state.root, ...state.units, ...state.accounts].map(({ id }) => id);
  const isAttached = (target: string): boolean =>
    state.attachments.some(({ policyId, targetId }) => policyId === 'p-FullAWSAccess' && targetId === target);
  const isEnabled = state.root.enabledPolicyTypes.includes('SERVICE_CONTROL_POLICY');
  const full = isEnabled ? Object.fromEntries(targets.map((target) => [target, isAttached(target)])) : {};
  return policiesOfSet(state, SET, full);
}

/** Without what enabling a type does: that is not taken back. */
function ofSet(data: OrganizationData): unknown {
  const { policies, attachments } = inForce(data) as {
    readonly policies: unknown;
    readonly attachments: readonly (readonly [string, readonly string[]])[];
  };
  const own = attachments
    .map(([target, names]) => [target, names.filter((name) => !name.endsWith('FullAWSAccess'))] as const)
    .filter(([, names]) => names.length > 0);
  return { policies, own };
}

/** For each account the texts of the statements that deny, of all policies on its way. */
function denials(state: PolicyState): ReadonlyMap<string, ReadonlySet<string>> {
  const parents = new Map([...state.units, ...state.accounts].map(({ id, parentId }) => [id, parentId]));
  return new Map(
    state.accounts.map(({ id }) => {
      const texts = new Set<string>();
      for (let at: string | undefined = id; at !== undefined; at = parents.get(at)) {
        for (const { policyId, targetId } of state.attachments) {
          const policy = state.policies.find((each) => each.id === policyId);
          if (targetId !== at || policy?.type !== 'SERVICE_CONTROL_POLICY') continue;
          const { Statement } = JSON.parse(policy.content!) as { Statement: { Effect: string }[] };
          for (const each of Statement) if (each.Effect === 'Deny') texts.add(JSON.stringify(each));
        }
      }
      return [id, texts];
    }),
  );
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it('is applied, and then there is nothing left to do', async () => {
    const data = await started(scenario);
    const { plan, outcome } = await bring(operationsOn(data), scenario.to, scenario.options);
    expect(plan.problems).toStrictEqual([]);
    expect(outcome.failure).toBeNull();
    expect(outcome.done.length).toBeGreaterThan(0);
    const state = await readPolicyState(operationsOn(data));
    expect(denials(state)).toStrictEqual(denials(plan.after));
    expect(planPolicies(state, scenario.to, { set: SET, ...scenario.options })).toMatchObject({
      stages: [],
      problems: [],
    });
  });

  it('resumes and undoes from wherever it was killed, and is never without a guard that it keeps', async () => {
    const start = await started(scenario);
    const origin = await before(start);
    const whole = copyOf(start);
    const counting = operationsOn(whole);
    await bring(counting, scenario.to, scenario.options);
    const calls = counting.writes();
    expect(calls).toBeGreaterThan(0);
    const [old, final] = await Promise.all([start, whole].map((each) => readPolicyState(operationsOn(each))));
    const [had, has] = [denials(old!), denials(final!)];
    for (let at = 1; at <= calls; at += 1) {
      for (const after of [false, true]) {
        const data = copyOf(start);
        const { outcome } = await bring(operationsOn(data, { at, after }), scenario.to, scenario.options);
        expect(outcome.failure?.error).toBeInstanceOf(Killed);
        const now = denials(await readPolicyState(operationsOn(data)));
        for (const [account, texts] of had) {
          const kept = [...texts].filter((text) => has.get(account)!.has(text));
          expect([account, kept.filter((text) => !now.get(account)!.has(text))]).toStrictEqual([account, []]);
        }
        const undone = copyOf(data);
        const back = await bring(operationsOn(undone), origin, { restoreFullAwsAccess: true });
        expect([at, after, back.plan.problems, back.outcome.failure]).toStrictEqual([at, after, [], null]);
        expect(ofSet(undone)).toStrictEqual(ofSet(start));
        if (start.enabledPolicyTypes.has('SERVICE_CONTROL_POLICY')) {
          expect(inForce(undone)).toStrictEqual(inForce(start));
        }
        const resumed = await bring(operationsOn(data), scenario.to, scenario.options);
        expect([at, after, resumed.plan.problems, resumed.outcome.failure]).toStrictEqual([at, after, [], null]);
        expect(inForce(data)).toStrictEqual(inForce(whole));
      }
    }
  });

  it('is undone when it is finished', async () => {
    const data = await started(scenario);
    const origin = await before(data);
    const as = ofSet(data);
    await bring(operationsOn(data), scenario.to, scenario.options);
    const { plan, outcome } = await bring(operationsOn(data), origin, { restoreFullAwsAccess: true });
    expect([plan.problems, outcome.failure]).toStrictEqual([[], null]);
    expect(ofSet(data)).toStrictEqual(as);
  });
});
