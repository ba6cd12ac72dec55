/** Generated rule files and documents: the engine's statuses are those of cfn-guard 3.1.1. `npm run fuzz` hunts longer. */
import fc from 'fast-check';
import { pair, roughPair } from '../arbitraries/pairs.js';
import { comparePairs, Reached } from '../support/pairs.js';
import { describeWithReference } from '../support/reference.js';

describeWithReference('generated rules on generated documents', () => {
  it('end as they end in the reference, and reach every ending', () => {
    const reached = new Reached();
    const texts = fc.sample(fc.oneof(pair, roughPair), { numRuns: 500, seed: 20_240_611 });
    for (const [index, comparison] of comparePairs(texts).entries()) {
      reached.add(comparison);
      const { reference, engine, agree } = comparison;
      expect(agree ? {} : { ...texts[index], engine }).toStrictEqual(
        agree ? {} : { ...texts[index], engine: reference },
      );
    }
    const least = { PASS: 60, FAIL: 150, SKIP: 80, error: 25, 'parse-error': 10 };
    const rare = Object.entries(least).filter(([name, count]) => reached.of(name) < count);
    expect({ rare, reached: reached.toString() }).toMatchObject({ rare: [] });
  }, 120_000);
});
