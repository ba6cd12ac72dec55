/** Pairs of rules and documents on which the engine once differed from cfn-guard 3.1.1, found by the long hunt. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '../support/engine.js';
import { engineVerdict, referenceVerdict, type Verdict } from '../support/pairs.js';
import { describeWithReference, validateTexts } from '../support/reference.js';
import { repositoryRoot } from '../support/repository.js';

interface Find {
  readonly note: string;
  readonly rules: string;
  readonly data: string;
  readonly expected: Verdict;
}

const folder = join(repositoryRoot(), 'test', 'regress', 'guard');
const finds = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Find) }));

describe('pairs that once differed', () => {
  it.each(finds)('$file: $note', ({ rules, data, expected }) => {
    expect(engineVerdict(validate(rules, data))).toStrictEqual(expected);
  });
});

describeWithReference('what the reference says of them', () => {
  it('is what the files say', () => {
    const said = finds.map(({ file, rules, data }) => [file, referenceVerdict(validateTexts([rules], [data]))]);
    expect(said).toStrictEqual(finds.map(({ file, expected }) => [file, expected]));
  });
});
