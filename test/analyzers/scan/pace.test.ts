/** The pace of calls, on a clock of the test's own. */
import { errorKind, failureOf, Pace } from '../../../analyzers/scan/index.js';

class Refused extends Error {
  override readonly name = 'ThrottlingException';
}

/** A clock whose sleepers wake in order; nothing waits in truth. */
class Clock {
  time = 0;
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  readonly now = (): number => this.time;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ at: this.time + milliseconds, wake });
    });

  /** Lets time pass until a promise is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      if (state.isSettled) return promise;
      this.sleepers.sort((a, b) => a.at - b.at);
      const next = this.sleepers.shift();
      if (next === undefined) throw new Error('nobody sleeps, and nothing goes on');
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
  }
}

/** A service that takes so many calls a second, each of which takes 10 ms. */
function service(
  clock: Clock,
  perSecond: number,
): { readonly call: () => Promise<void>; refused: number; taken: number } {
  let tokens = perSecond;
  let last = 0;
  const counts = {
    refused: 0,
    taken: 0,
    call: async (): Promise<void> => {
      await clock.sleep(10);
      tokens = Math.min(perSecond, tokens + ((clock.time - last) / 1000) * perSecond);
      last = clock.time;
      if (tokens < 1) {
        counts.refused++;
        throw new Refused();
      }
      tokens--;
      counts.taken++;
    },
  };
  return counts;
}

const paceOn = (clock: Clock, more = {}): Pace =>
  new Pace({ sleep: clock.sleep, now: clock.now, random: () => 0.5, kindOf: errorKind, ...more });

it('finds the rate that a service takes, and stays near it', async () => {
  const clock = new Clock();
  const target = service(clock, 20);
  const pace = paceOn(clock);
  const calls = 1_000;
  await clock.until(Promise.all(Array.from({ length: calls }, () => pace.run('key', target.call))));
  expect(target.taken).toBe(calls);
  // 20 a second, less what the first second had to spare: at best 49 s.
  expect(clock.time).toBeGreaterThan(48_000);
  expect(clock.time).toBeLessThan(80_000);
  // A tenth of the calls at most was made for nothing.
  expect(target.refused).toBeLessThan(calls / 10);
});

it('grows again when a service takes more', async () => {
  const clock = new Clock();
  const [slow, fast] = [service(clock, 2), service(clock, Infinity)];
  const pace = paceOn(clock);
  const calls = Array.from({ length: 200 }, () =>
    pace.run('key', () => (clock.time < 5_000 ? slow.call() : fast.call())),
  );
  await clock.until(Promise.all(calls));
  // At the rate to which it fell, it would take almost two minutes.
  expect(clock.time).toBeLessThan(40_000);
});

it('holds nobody back before the first refusal, and other keys never', async () => {
  const clock = new Clock();
  const pace = paceOn(clock, { most: 4 });
  const slow = service(clock, 1);
  const fast = service(clock, Infinity);
  const held = Promise.all(Array.from({ length: 5 }, () => pace.run('slow', slow.call)));
  const free = Promise.all(Array.from({ length: 40 }, () => pace.run('fast', fast.call)));
  await clock.until(free);
  expect(clock.time).toBeLessThan(150);
  await clock.until(held);
  expect(slow.taken).toBe(5);
});

it('has no more calls under way than it may', async () => {
  const clock = new Clock();
  const pace = paceOn(clock, { most: 3 });
  let [running, most] = [0, 0];
  const call = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await clock.sleep(10);
    running--;
  };
  await clock.until(Promise.all(Array.from({ length: 20 }, () => pace.run('key', call))));
  expect(most).toBe(3);
});

it('throws what is final at once, what is transient after some calls, and goes on with the next', async () => {
  const clock = new Clock();
  const pace = paceOn(clock, { attempts: 3 });
  let calls = 0;
  const failing = (name: string, status: number) => (): Promise<never> => {
    calls++;
    return Promise.reject(Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } }));
  };
  await expect(clock.until(pace.run('key', failing('AccessDeniedException', 400)))).rejects.toThrow('no');
  expect(calls).toBe(1);
  await expect(clock.until(pace.run('key', failing('InternalServerException', 500)))).rejects.toThrow('no');
  expect(calls).toBe(4);
  await expect(clock.until(pace.run('key', failing('ThrottlingException', 400)))).rejects.toThrow('no');
  expect(calls).toBe(7);
  await expect(clock.until(pace.run('key', () => Promise.resolve('answer')))).resolves.toBe('answer');
});

it('slows down once for calls that were under way together', async () => {
  const clock = new Clock();
  const rates: number[] = [];
  const pace = paceOn(clock, { onThrottle: (_: string, rate: number) => rates.push(rate) });
  let round = 0;
  const call = async (): Promise<void> => {
    await clock.sleep(10);
    if (++round <= 8) throw new Refused();
  };
  await clock.until(Promise.all(Array.from({ length: 8 }, () => pace.run('key', call))));
  expect(new Set(rates.slice(0, 8)).size).toBe(1);
});

it('tells errors as what could not be read', () => {
  const denied = Object.assign(new Error('User: x is not authorized\nstack'), { name: 'AccessDenied' });
  expect(failureOf('ListRoles', denied)).toStrictEqual({
    step: 'ListRoles',
    code: 'AccessDenied',
    message: 'User: x is not authorized',
  });
  expect(errorKind(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe('transient');
  expect(errorKind(new Error('fault'))).toBe('final');
});
