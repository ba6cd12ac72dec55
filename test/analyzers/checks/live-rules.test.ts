/** Rules on live resources: their verdict is the one of `check` on the same resources in a template. */
import { compareAll, disagreements, EXPECTED } from './agreement.js';

it('judges live resources as check judges the template they come from', async () => {
  const compared = await compareAll(1);
  const wrong = disagreements(compared).filter(({ rule, name }) => !Object.hasOwn(EXPECTED, `${rule}: ${name}`));
  expect(wrong).toStrictEqual([]);
  expect(new Set(compared.map(({ rule }) => rule)).size).toBeGreaterThan(80);
  expect(compared.filter(({ live }) => live === 'FAIL').length).toBeGreaterThan(80);
  expect(compared.filter(({ live }) => live === 'PASS').length).toBeGreaterThan(70);
});
