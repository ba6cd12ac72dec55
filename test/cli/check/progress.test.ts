import { startProgress } from '../../../cli/check/progress.js';

const calls: string[] = [];

jest.mock('cli-progress', () => ({
  SingleBar: class {
    start(total: number, done: number): void {
      calls.push(`start ${total} ${done}`);
    }
    update(done: number): void {
      calls.push(`update ${done}`);
    }
    stop(): void {
      calls.push('stop');
    }
  },
}));

beforeEach(() => {
  jest.useFakeTimers();
  calls.length = 0;
});
afterEach(() => {
  jest.useRealTimers();
});

const terminal = { isTTY: true };

it('shows nothing for quick work', async () => {
  const progress = startProgress(3, terminal);
  await progress.at(1);
  jest.advanceTimersByTime(900);
  await progress.at(2);
  progress.stop();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(calls).toStrictEqual([]);
});

it('shows a bar after a second, also while nothing comes to its end', async () => {
  const progress = startProgress(3, terminal);
  await jest.advanceTimersByTimeAsync(1_001);
  expect(calls).toStrictEqual(['start 3 0']);
  await progress.at(1);
  progress.stop();
  expect(calls).toStrictEqual(['start 3 0', 'update 1', 'stop']);
});

it('shows a bar when work that lets no timer run takes long', async () => {
  const progress = startProgress(3, terminal);
  jest.setSystemTime(Date.now() + 1_500);
  await progress.at(2);
  progress.stop();
  expect(calls).toStrictEqual(['start 3 2', 'update 2', 'stop']);
});

it('shows nothing where no person looks on', async () => {
  const progress = startProgress(3, { isTTY: false });
  await jest.advanceTimersByTimeAsync(5_000);
  await progress.at(1);
  progress.stop();
  expect(calls).toStrictEqual([]);
});
