/** Making the calls: answers that got lost, collisions, changes by others, pauses. */
import { applyPlan, planPolicies, readPolicyState } from '../../../scp/apply/index.js';
import type { ApplyHooks, ApplyOutcome, PolicyOperations } from '../../../scp/apply/index.js';
import type { OrganizationData } from '../../../sandbox/index.js';
import { seeded } from '../../sandbox/organization.js';
import { inForce, operationsOn } from './operations.js';
import { policy, ROOT, SANDBOX, SET, wanted } from './scenarios.js';

const TO = wanted({ a: policy('s3:*'), b: policy('ec2:*') }, { [ROOT]: ['a'], [SANDBOX]: ['b'] });

type Write = 'createPolicy' | 'attachPolicy' | 'updatePolicy' | 'detachPolicy' | 'deletePolicy';

/** Operations that throw, before or after they are made. */
function failing(
  operations: PolicyOperations,
  write: Write,
  failures: (string | null)[],
  isMade: boolean,
): PolicyOperations {
  const replaced = async (...args: unknown[]): Promise<unknown> => {
    const name = failures.shift() ?? null;
    if (name !== null && !isMade) throw Object.assign(new Error(name), { name });
    const answer = await (operations[write] as (...given: unknown[]) => Promise<unknown>)(...args);
    if (name !== null) throw Object.assign(new Error(name), { name });
    return answer;
  };
  return { ...operations, [write]: replaced };
}

async function execute(
  data: OrganizationData,
  operations: PolicyOperations,
  hooks: Partial<ApplyHooks> = {},
): Promise<ApplyOutcome> {
  const state = await readPolicyState(operationsOn(data));
  return applyPlan(planPolicies(state, TO, { set: SET }), state, operations, {
    wait: () => Promise.resolve(),
    ...hooks,
  });
}

/** A client tries again when an answer is lost; then AWS says that the work is done. */
function retrying(operations: PolicyOperations): PolicyOperations {
  const twice = <T extends unknown[], U>(call: (...args: T) => Promise<U>): ((...args: T) => Promise<U>) => {
    return async (...args) => {
      await call(...args);
      return call(...args);
    };
  };
  return {
    ...operations,
    createPolicy: twice((each) => operations.createPolicy(each)),
    attachPolicy: twice((id, target) => operations.attachPolicy(id, target)),
    detachPolicy: twice((id, target) => operations.detachPolicy(id, target)),
    deletePolicy: twice((id) => operations.deletePolicy(id)),
    enablePolicyType: twice((root, type) => operations.enablePolicyType(root, type)),
  };
}

it('counts a call as made whose work is done already', async () => {
  const data = seeded([]);
  const outcome = await execute(data, retrying(operationsOn(data)));
  expect(outcome.failure).toBeNull();
  const plain = seeded([]);
  await execute(plain, operationsOn(plain));
  expect(inForce(data)).toStrictEqual(inForce(plain));
  const state = await readPolicyState(operationsOn(data));
  const gone = planPolicies(state, wanted({}, {}), { set: SET });
  const end = await applyPlan(gone, state, retrying(operationsOn(data)), { wait: () => Promise.resolve() });
  expect(end.failure).toBeNull();
});

it('does not take a policy of somebody else for the one that it made', async () => {
  const data = seeded();
  const state = await readPolicyState(operationsOn(data));
  const plan = planPolicies(state, TO, { set: SET });
  const operations = operationsOn(data);
  await operations.createPolicy({
    name: 'a',
    type: 'SERVICE_CONTROL_POLICY',
    description: '',
    content: policy('s3:*'),
    tags: {},
  });
  const outcome = await applyPlan(plan, state, operations, { wait: () => Promise.resolve() });
  expect(outcome.failure?.error).toMatchObject({ name: 'DuplicatePolicyException' });
  expect(outcome.done).toStrictEqual([]);
});

it.each(['ConcurrentModificationException', 'PolicyChangesInProgressException'])(
  'tries again on %s, longer each time, and gives up',
  async (name) => {
    const waits: number[] = [];
    const wait = (seconds: number): Promise<void> => {
      waits.push(seconds);
      return Promise.resolve();
    };
    const data = seeded();
    const some = failing(operationsOn(data), 'attachPolicy', [name, name], false);
    expect((await execute(data, some, { wait })).failure).toBeNull();
    expect(waits).toStrictEqual([1, 2]);
    const other = seeded();
    const always = failing(operationsOn(other), 'attachPolicy', Array<string>(99).fill(name), false);
    const outcome = await execute(other, always, { wait });
    expect(outcome.failure).toMatchObject({ error: { name }, step: { kind: 'attachPolicy' } });
    expect(waits).toStrictEqual([1, 2, 1, 2, 4, 8, 16]);
    expect(outcome.done).toHaveLength(2);
    expect(outcome.pending).toHaveLength(2);
  },
);

it('stops at other errors, and says which call it was', async () => {
  const data = seeded();
  const outcome = await execute(
    data,
    failing(operationsOn(data), 'attachPolicy', [null, 'AccessDeniedException'], false),
  );
  expect(outcome.failure).toMatchObject({ error: { name: 'AccessDeniedException' }, step: { kind: 'attachPolicy' } });
  expect(outcome.pending).toHaveLength(1);
});

it('pauses between stages, and stops when a policy was changed meanwhile', async () => {
  const data = seeded();
  const seen: string[] = [];
  const outcome = await execute(data, operationsOn(data), {
    between: (finished, next) => {
      seen.push(`${finished.title} > ${next.title}`);
      return Promise.resolve();
    },
  });
  expect(outcome.failure).toBeNull();
  expect(seen).toStrictEqual([
    'prepare > put in force, wave 1 of 2: /Sandbox',
    'put in force, wave 1 of 2: /Sandbox > put in force, wave 2 of 2: the root',
  ]);
});

it.each<readonly [what: string, act: (data: OrganizationData, id: string) => Promise<unknown>, message: RegExp]>([
  [
    'text',
    (data, id) => operationsOn(data).updatePolicy(id, { description: '', content: policy('sqs:*') }),
    /the text of the policy `a`/,
  ],
  ['attachments', (data, id) => operationsOn(data).attachPolicy(id, '444444444444'), /is attached at 444444444444/],
])('stops when the %s of its policies change under way', async (_, act, message) => {
  const data = seeded();
  const outcome = await execute(data, operationsOn(data), {
    between: async () => {
      const { id } = [...data.policies.values()].find(({ name }) => name === 'a')!;
      await act(data, id);
    },
  });
  expect(outcome.failure?.step).toBeNull();
  expect(String(outcome.failure?.error)).toMatch(message);
  expect(outcome.done).toHaveLength(2);
});
