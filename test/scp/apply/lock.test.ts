/** The lock of a set: one of many runs has it, and what ends a run gives it to the next. */
import fc from 'fast-check';
import {
  ForeignLockError,
  LOCK_LEASE,
  LockedError,
  LockLostError,
  lockName,
  readPolicyState,
  sameBesideLocks,
  SetLock,
} from '../../../scp/apply/index.js';
import type { LockHolder, LockOperations, LockOptions } from '../../../scp/apply/index.js';
import type { OrganizationData } from '../../../sandbox/index.js';
import { runs } from '../../support/runs.js';
import { seeded } from '../../sandbox/organization.js';
import { operationsOn } from './operations.js';
import { SET } from './scenarios.js';

const START = Date.parse('2026-11-22T10:00:00Z');
const WEEK = 7 * 86_400_000;

/** A clock that waiting moves. */
class Clock {
  now = START;
  readonly told: string[] = [];

  around(more: Partial<LockOptions> = {}): LockOptions {
    return {
      now: () => this.now,
      wait: (seconds) => {
        this.now += seconds * 1000;
        // A run that never ends is a fault, not a test that never ends.
        if (this.now - START > WEEK) return Promise.reject(new Error('it waits for ever'));
        return Promise.resolve();
      },
      isDead: () => false,
      patience: 0,
      takeOver: false,
      tell: (what) => this.told.push(what),
      ...more,
    };
  }
}

const run = (name: string): LockHolder => ({ run: name, who: `${name}@ci`, machine: `machine-${name}`, pid: 7 });

let data: OrganizationData;
let clock: Clock;

beforeEach(() => {
  data = seeded();
  clock = new Clock();
});

const take = (name: string, more: Partial<LockOptions> = {}, operations?: LockOperations): Promise<SetLock> =>
  SetLock.take(operations ?? operationsOn(data), SET, run(name), clock.around(more));
const refused = (name: string, more: Partial<LockOptions> = {}): Promise<unknown> =>
  take(name, more).catch((error: unknown) => error);
const locks = (): readonly string[] =>
  [...data.policies.values()].filter(({ name }) => name === lockName(SET)).map(({ id }) => id);

it('is held by one run, and tells by whom', async () => {
  const lock = await take('a');
  const error = await refused('b');
  expect(error).toBeInstanceOf(LockedError);
  expect((error as LockedError).lock).toStrictEqual({
    policyId: locks()[0],
    held: { by: run('a'), since: START, alive: START },
  });
  await lock.release();
  expect(locks()).toStrictEqual([]);
  await (await take('b')).release();
  expect(clock.told).toStrictEqual([]);
});

it('of one set keeps no run of another from going on', async () => {
  await take('a');
  await expect(SetLock.take(operationsOn(data), 'revocations', run('b'), clock.around())).resolves.toBeDefined();
});

it('is a policy that denies nothing and is attached nowhere', async () => {
  const before = await readPolicyState(operationsOn(data));
  await take('a');
  const after = await readPolicyState(operationsOn(data));
  expect(after.attachments).toStrictEqual(before.attachments);
  expect(sameBesideLocks(before, after)).toBe(true);
  const lock = after.policies.find(({ name }) => name === lockName(SET))!;
  expect(JSON.parse(lock.content!)).toMatchObject({
    Statement: [{ Effect: 'Deny', Condition: { DateLessThan: { 'aws:CurrentTime': '2000-01-01T00:00:00Z' } } }],
  });
  // A policy of that name without the tag is no lock, and counts.
  const others = { ...after, tags: {} };
  expect(sameBesideLocks(before, others)).toBe(false);
});

it('is waited for', async () => {
  const lock = await take('a');
  let waits = 0;
  const got = await take('b', {
    patience: 60,
    wait: async (seconds) => {
      clock.now += seconds * 1000;
      waits += 1;
      if (waits === 3) await lock.release();
    },
  });
  expect([waits, clock.told]).toStrictEqual([3, ['waits']]);
  await got.keep();
  expect(await refused('c', { patience: 20 })).toBeInstanceOf(LockedError);
  expect(clock.now).toBe(START + 27_000);
});

it('is taken over from a process of this machine that has ended, and the other learns of it', async () => {
  const lost = await take('a');
  await take('b', { isDead: ({ machine, pid }) => machine === 'machine-a' && pid === 7 });
  expect(clock.told).toStrictEqual(['dead']);
  await expect(lost.keep()).rejects.toBeInstanceOf(LockLostError);
  // What the other no longer has it cannot give back.
  await lost.release();
  expect(locks()).toHaveLength(1);
});

it('is taken over from a holder that gives no sign of life, not from one that does', async () => {
  const holder = await take('a');
  clock.now += LOCK_LEASE * 1000;
  expect(await refused('b')).toBeInstanceOf(LockedError);
  await holder.keep();
  clock.now += LOCK_LEASE * 1000;
  expect(await refused('b')).toBeInstanceOf(LockedError);
  clock.now += 1;
  await take('b');
  expect(clock.told).toStrictEqual(['silent']);
  await expect(holder.keep()).rejects.toBeInstanceOf(LockLostError);
});

it('gives signs of life while it waits, and while a command runs', async () => {
  const holder = await take('a');
  await holder.wait(2 * LOCK_LEASE);
  expect(await refused('b')).toBeInstanceOf(LockedError);
  let ticks = 0;
  let finish: (value: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const lock = await SetLock.take(
    operationsOn(data),
    'other',
    run('a'),
    clock.around({
      wait: (seconds) => {
        clock.now += seconds * 1000;
        ticks += 1;
        if (ticks === 40) finish('done');
        return Promise.resolve();
      },
    }),
  );
  await expect(lock.during(work)).resolves.toBe('done');
  const other = SetLock.take(operationsOn(data), 'other', run('b'), clock.around());
  await expect(other).rejects.toBeInstanceOf(LockedError);
  await expect(lock.during(Promise.reject(new Error('check failed')))).rejects.toThrow('check failed');
});

it('ends what runs under it when it is lost meanwhile', async () => {
  const holder = await take('a');
  await take('b', { takeOver: true });
  const work = new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  await expect(holder.during(work)).rejects.toBeInstanceOf(LockLostError);
});

it('is taken when somebody says so, but only the one that was seen', async () => {
  await take('a');
  await take('b', { takeOver: true });
  expect(clock.told).toStrictEqual(['told']);
  // Between the look and the taking somebody else takes it.
  const operations = operationsOn(data);
  let isFirst = true;
  const racing: LockOperations = {
    ...operations,
    deletePolicy: async (id) => {
      await operations.deletePolicy(id);
      if (isFirst) await take('c');
      isFirst = false;
    },
  };
  await expect(take('d', { takeOver: true }, racing)).rejects.toBeInstanceOf(LockedError);
});

it('is never taken from a policy that somebody else made, nor from a description that somebody changed', async () => {
  await take('a');
  const [id] = locks();
  data.policies.set(id!, { ...data.policies.get(id!)!, description: 'mine' });
  clock.now += 100 * LOCK_LEASE * 1000;
  const error = await refused('b', { isDead: () => true });
  expect(error).toMatchObject({ lock: { policyId: id, held: null } });
  data.tags.delete(id!);
  expect(await refused('b', { takeOver: true })).toBeInstanceOf(ForeignLockError);
  expect(locks()).toStrictEqual([id]);
});

it('is known again when the answer to the call that made it got lost', async () => {
  const operations = operationsOn(data);
  const twice: LockOperations = {
    ...operations,
    createPolicy: async (policy) => {
      await operations.createPolicy(policy);
      return operations.createPolicy(policy);
    },
  };
  await (await take('a', {}, twice)).keep();
  expect(locks()).toHaveLength(1);
});

it('is not taken when AWS says that it is there and does not show it', async () => {
  await take('a');
  const blind: LockOperations = { ...operationsOn(data), listPolicies: () => Promise.resolve([]) };
  await expect(take('b', { takeOver: true }, blind)).rejects.toMatchObject({ lock: null });
});

it('waits while another change is under way', async () => {
  const operations = operationsOn(data);
  let busy = 2;
  const refusing: LockOperations = {
    ...operations,
    createPolicy: (policy) => {
      busy -= 1;
      const error = Object.assign(new Error('busy'), { name: 'ConcurrentModificationException' });
      return busy >= 0 ? Promise.reject(error) : operations.createPolicy(policy);
    },
  };
  await (await take('a', {}, refusing)).keep();
});

it('is had by one run only, in whatever order the calls of many come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.constantFrom('free', 'silent', 'dead'), async (scheduler, before) => {
      data = seeded();
      clock = new Clock();
      const isDead = ({ run: name }: LockHolder): boolean => before === 'dead' && name === 'old';
      if (before !== 'free') await take('old');
      if (before === 'silent') clock.now += LOCK_LEASE * 1000 + 1;
      const names = ['a', 'b', 'c'];
      const taking = names.map((name) => {
        const operations = operationsOn(data);
        const scheduled = Object.fromEntries(
          (Object.entries(operations) as readonly [string, (...args: unknown[]) => Promise<unknown>][]).map(
            ([key, call]) => [
              key,
              async (...args: unknown[]) => {
                await scheduler.schedule(Promise.resolve(), `${name} ${key}`);
                return call(...args);
              },
            ],
          ),
        ) as unknown as LockOperations;
        return take(name, { isDead, wait: () => Promise.resolve() }, scheduled);
      });
      const settled = Promise.allSettled(taking);
      await scheduler.waitFor(settled);
      const has = (await settled).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const kept = await scheduler.waitFor(Promise.allSettled(has.map((lock) => lock.keep())));
      expect([before, kept.filter(({ status }) => status === 'fulfilled').length]).toStrictEqual([before, 1]);
      expect(has).toHaveLength(1);
    }),
    { numRuns: runs(20, 500) },
  );
});
