/** Changes of realistic templates, with requests decided by the reference on a path of its own beside the proofs. */
import { referenceEvaluate } from '../../../iam/index.js';
import { runs } from '../../support/runs.js';
import { changes, diffOf, firstNew, isTold, randomOf, WORLDS } from './sampled.js';

const ALL = changes();
const REQUESTS = runs(50, 500);
const SOME_WORLDS = runs([WORLDS[1]!], WORLDS);
/** How many of those that are wider were found by samples, too. */
let [seen, wider] = [0, 0];

it('has thirty changes at least', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(30);
});

it.each(ALL)('$title', (change) => {
  const diff = diffOf(change);
  const broadened = diff.changes.filter(({ verdict }) => verdict === 'BROADENED');
  const told = { wider: broadened.length > 0, open: broadened.length === 0 && isTold(diff), none: !isTold(diff) };
  expect({ [change.wants]: told[change.wants], changes: diff.changes }).toMatchObject({ [change.wants]: true });
  for (const { kind, decided, verdict } of diff.changes) {
    if (verdict === 'NOT_EVALUATED') continue;
    expect([kind, decided === null]).toStrictEqual([kind, false]);
    const { request, old, new: now } = decided!;
    const decisions = [old, now].map((policies) => referenceEvaluate(request, policies).decision === 'ALLOW');
    expect(decisions).toStrictEqual(verdict === 'BROADENED' ? [false, true] : [true, false]);
  }
  const random = randomOf(8);
  const found = SOME_WORLDS.map((world) => firstNew(change, world, REQUESTS, random)).find((each) => each);
  // Samples miss what proofs find; they must not find what proofs miss.
  if (!isTold(diff)) expect(found).toBeUndefined();
  if (change.wants === 'none') return;
  wider++;
  if (found !== undefined) seen++;
});

afterAll(() => {
  expect(seen / wider).toBeGreaterThan(0.25);
});
