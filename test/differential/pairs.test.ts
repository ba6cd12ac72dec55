/** Generated rule files and documents: the engine's statuses are those of cfn-guard 3.1.1. `npm run fuzz` hunts longer. */
import fc from 'fast-check';
import { pair, roughPair } from '../arbitraries/pairs.js';
import { validate } from '../support/engine.js';
import { comparePairs, engineVerdict, Reached } from '../support/pairs.js';
import { compareRecorded } from '../support/recorded.js';
import { describeWithReference } from '../support/reference.js';

describeWithReference('generated rules on generated documents', () => {
  it('end as they end in the reference, and reach every ending', async () => {
    const reached = new Reached();
    const texts = fc.sample(fc.oneof(pair, roughPair), { numRuns: 1_000, seed: 20_240_611 });
    const { differences, ran } = await compareRecorded('pairs', texts, {
      input: ({ rules, data }) => JSON.stringify([rules, data]),
      ours: ({ rules, data }) => {
        const engine = engineVerdict(validate(rules, data));
        reached.add(engine);
        return JSON.stringify(engine);
      },
      // Where the executable crashes, or reads less than there is, ours stands.
      reference: (asked) =>
        comparePairs(asked).map(({ agree, engine, reference }) => JSON.stringify(agree ? engine : reference)),
    });
    expect(differences).toStrictEqual([]);
    expect(ran).toBeGreaterThanOrEqual(20);
    const least = { PASS: 120, FAIL: 300, SKIP: 160, error: 50, 'parse-error': 20 };
    const rare = Object.entries(least).filter(([name, count]) => reached.of(name) < count);
    expect({ rare, reached: reached.toString() }).toMatchObject({ rare: [] });
  }, 120_000);
});
