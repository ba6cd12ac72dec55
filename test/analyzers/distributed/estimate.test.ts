/** What a distributed scan costs and how long it takes. */
import { ASSUMED, estimateScan, priceList } from '../../../analyzers/distributed/index.js';

const USUAL = { regions: 4, perBatch: 20, maxConcurrency: 200, memoryMb: 1769 };

it('every price says where and when it was read', () => {
  expect(priceList.read).toMatch(/^20\d\d-\d\d-\d\d$/);
  for (const { price, unit, source } of Object.values(priceList.prices)) {
    expect(price).toBeGreaterThan(0);
    expect(unit).not.toBe('');
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\/$/);
  }
});

it('counts what is paid for', () => {
  const { parts, batches, seconds, cost, lines } = estimateScan({ ...USUAL, accounts: 10 });
  expect([parts, batches]).toStrictEqual([50, 10]);
  const count = (what: string): number => lines.find((line) => line.what === what)!.count;
  expect(count('state transitions')).toBeCloseTo(3 + 10 + 10.5, 9);
  expect(count('calls of functions')).toBeCloseTo(12.5, 9);
  // Five parts, four at a time, are two rounds of 20 seconds; a start of 3. Begin: 3.5 s, merge: 3.25 s with 3 GB.
  expect(count('GB-seconds of functions')).toBeCloseTo((10.5 * 43 * 1769 + 3.5 * 1769 + 3.25 * 3008) / 1024, 6);
  expect(seconds).toBeCloseTo(3.5 + 43.105 + 3.25, 6);
  expect(cost).toBeCloseTo(
    lines.reduce((sum, line) => sum + line.cost, 0),
    12,
  );
  expect(cost).toBeCloseTo(0.0118, 3);
});

it('grows with accounts; with more at a time it is faster, and not dearer', () => {
  const [ten, thousand, many] = [10, 1000, 10_000].map((accounts) => estimateScan({ ...USUAL, accounts }));
  expect(thousand!.cost).toBeGreaterThan(ten!.cost * 50);
  expect(many!.cost).toBeGreaterThan(thousand!.cost * 9);
  expect(many!.seconds).toBeGreaterThan(thousand!.seconds);
  const wide = estimateScan({ ...USUAL, accounts: 10_000, maxConcurrency: 1000 });
  expect(wide.seconds).toBeLessThan(many!.seconds);
  expect(wide.cost).toBe(many!.cost);
  // Sessions are handed out no faster, however many functions wait.
  const wider = estimateScan({ ...USUAL, accounts: 10_000, maxConcurrency: 10_000 });
  expect(wider.seconds).toBeGreaterThan((10_000 * 1.05) / ASSUMED.sessionsPerSecond);
});

it.each([
  { accounts: 0 },
  { accounts: Number.NaN },
  { regions: -1 },
  { assumed: { secondsPerPart: 0 } },
  { assumed: { retriedPercent: -1 } },
])('%j is refused', (wrong) => {
  expect(() => estimateScan({ ...USUAL, accounts: 1, ...wrong })).toThrow(RangeError);
});
