/** What is waited for is waited for with an end: operations that stand still, pages that repeat, questions to many accounts. */
import { inTurn, StalledOperationError } from '../../stacksets/index.js';
import { run, scenario, treeData } from './scenario.js';
import { StackSetsModel } from './model.js';

it('an operation that stands still ends the wait, after hours, and is named', async () => {
  const model = new StackSetsModel(treeData());
  model.pace = 0;
  const began = model.now;
  const running = run(scenario(), model);
  await expect(running).rejects.toThrow(StalledOperationError);
  await expect(running).rejects.toThrow(/is RUNNING, and in 3 hours no account of it came to its end/);
  expect((model.now - began) / 3_600_000).toBeGreaterThan(2.9);
});

it('one that goes on slowly is waited for', async () => {
  const model = new StackSetsModel(treeData());
  model.pace = 0;
  // One account in each hour.
  const hooks = {
    wait: (seconds: number): Promise<void> => {
      const hours = Math.floor(model.now / 3_600_000);
      model.now += seconds * 1_000;
      model.pace = Math.floor(model.now / 3_600_000) > hours ? 1 : 0;
      return Promise.resolve();
    },
  };
  const outcome = await run(scenario(), model, {
    hooks,
    options: { promoted: ['canary-warn', 'canary-fail', 'production-warn'] },
  });
  expect(outcome.kind).toBe('finished');
});

it('accounts are asked a few at a time, and answers stay in order', async () => {
  let [open, most] = [0, 0];
  const answers = await inTurn([...Array(50).keys()], async (item) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return item * 2;
  });
  expect(answers).toStrictEqual([...Array(50).keys()].map((item) => item * 2));
  expect(most).toBe(8);
  await expect(inTurn([1, 2], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inTurn([], () => Promise.resolve(1))).toStrictEqual([]);
});
