import { preparePair, readCorpus } from '../../../bench/iam-prove-corpus.js';
import { repositoryRoot } from '../../support/repository.js';

const pairs = readCorpus(repositoryRoot());

describe('policies re-expressed from published ones', () => {
  it('are at least 200 pairs from at least 50 pages, of which three in ten fail', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(200);
    expect(new Set(pairs.map(({ source }) => source)).size).toBeGreaterThanOrEqual(50);
    expect(pairs.filter(({ expected }) => expected === 'FAILS').length / pairs.length).toBeGreaterThanOrEqual(0.3);
    expect(new Set(pairs.map(({ id }) => id)).size).toBe(pairs.length);
    expect(pairs.every(({ source }) => source.startsWith('https://docs.aws.amazon.com/'))).toBe(true);
  });

  it('have the verdicts that follow from how each pair was made', () => {
    const found = pairs.map((pair) => ({ id: pair.id, kind: preparePair(pair)().kind }));
    const unknown = found.filter(({ kind }) => kind === 'UNKNOWN');
    expect(unknown.length / pairs.length).toBeLessThan(0.02);
    const known = found.filter(({ kind }) => kind !== 'UNKNOWN');
    const expected = new Map(pairs.map((pair) => [pair.id, pair.expected]));
    expect(known).toStrictEqual(known.map(({ id }) => ({ id, kind: expected.get(id) })));
  });
});
