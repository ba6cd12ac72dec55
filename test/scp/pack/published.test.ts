/** Published policies and those of the library packed: smaller, each step proven, and the same on a second path. */
import { printPolicy } from '../../../iam/index.js';
import { PathProver } from '../../../scp/compose/index.js';
import { compact } from '../../../scp/pack/index.js';
import { PUBLISHED, readPublished } from '../published/published.js';

it('has forty-five, of both kinds, each with its source', () => {
  expect(PUBLISHED).toHaveLength(45);
  expect(new Set(PUBLISHED.map(({ name }) => name)).size).toBe(45);
  expect(new Set(PUBLISHED.map(({ kind }) => kind)).size).toBe(2);
  for (const { source } of PUBLISHED) {
    expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/aws-samples)\//);
  }
});

describe.each(PUBLISHED.map((each) => [each.name, each] as const))('%s', (_, each) => {
  it('is never larger, and decides the same', () => {
    const policy = readPublished(each);
    const { statements, steps } = compact([policy], { kind: each.kind, wildcards: 'characters' });
    expect(steps.filter(({ proof }) => proof !== 'HOLDS')).toStrictEqual([]);
    const packed = printPolicy({ version: '2012-10-17', statements }, 0);
    expect(packed.length).toBeLessThanOrEqual(JSON.stringify(each.document).length);
    const level = { before: policy.statements, after: statements, allowsEverything: false };
    expect(new PathProver(each.kind).prove([level]).open).toStrictEqual([]);
  });
});

it('makes all of them at least 15 % smaller', () => {
  let [before, after] = [0, 0];
  for (const each of PUBLISHED) {
    before += JSON.stringify(each.document).length;
    const { statements } = compact([readPublished(each)], { kind: each.kind, wildcards: 'characters' });
    after += printPolicy({ version: '2012-10-17', statements }, 0).length;
  }
  expect(after / before).toBeLessThan(0.85);
});
