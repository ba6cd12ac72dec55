import { keySpellings } from '../../../guard/operators/index.js';
import { describeWithReference, validateTexts } from '../../support/reference.js';
import { clause } from './support.js';

/** Keys in every letter case, with digits, marks, other scripts and plurals of every rule. */
const KEYS =
  `SomeKey someKey some_key SOME_KEY some-key Some-Key somekey SOMEKEY Some2Key some2key Key3 key_3_x X509Data
  URLs myURL IAMRole iamRole Fn::Sub a.b.c __lead lead__ x a A Tags Tag tags Policies Statuses Movies Boxes Buses Aliases
  Databases Quizzes Matrices Vertices Indices Oxen Octopi Viruses Axes Crises Tests Shoes Bus Mice Lice Churches Dishes
  Glasses Access Classes Series News Analyses Bases Theses Data Media Potatoes Wolves Knives Hives Natives Queries Species
  SecurityGroupIds IpAddresses Leaves Men women Feet Teeth HTTPSListeners ÉtatsUnis éTats straßeName naïveKey İstanbul
  ключКлюч ǅabc K8sPods k8sPods9x IPv6Cidrs 12monkeys 1a2B3c S3Keys DBs DBSubnetGroups ARNs Arns Ids IDs EBSVolumes
  Health Information Softwares traffic Analysis Diagnoses Parentheses Synopses Prognoses`.split(/\s+/);

describe('keys in other letter cases', () => {
  it.each([
    ['Tags', 'Tag'],
    ['Policies', 'Policy'],
    ['SecurityGroupIds', 'SecurityGroupId'],
    ['IpAddresses', 'IpAddress'],
    ['Boxes', 'Box'],
    ['SOME_KEY', 'SomeKey'],
    ['some_key', 'someKey'],
    ['SomeKey', 'some-key'],
    ['SomeKey', 'some_key'],
    ['some_key', 'Some Key'],
    ['some_key', 'Some-Key'],
  ])('%s finds %s', (key, written) => {
    expect(clause(`'${key}' == 1`, { [written]: 1 })).toBe('PASS');
  });

  it.each([
    ['Statuses', 'Status'],
    ['Movies', 'Movie'],
    ['somekey', 'SomeKey'],
    ['SOMEKEY', 'SomeKey'],
  ])('%s does not find %s', (key, written) => {
    expect(clause(`'${key}' !exists`, { [written]: 1 })).toBe('PASS');
  });

  it('takes the exact key first, then the first conversion that finds one', () => {
    expect(clause('some_key == 1', { someKey: 2, SomeKey: 3, some_key: 1 })).toBe('PASS');
    expect(clause('some_key == 2', { SomeKey: 3, someKey: 2 })).toBe('PASS');
  });

  it('keeps the conversion for the rest of the query, for missing keys only', () => {
    expect(clause('some_key.other_key == 1', { someKey: { otherKey: 1 } })).toBe('PASS');
    expect(clause('some_key.other_key !exists', { someKey: { OtherKey: 1 } })).toBe('PASS');
    expect(clause('some_key.other_key == 1', { someKey: { other_key: 1 } })).toBe('PASS');
  });
});

describeWithReference('keys in other letter cases, held against cfn-guard', () => {
  it('every conversion gives what the reference looks for', () => {
    const spellings = KEYS.flatMap((key) =>
      keySpellings(key).alternatives.map(({ key: written }) => [key, written] as const),
    );
    const document = Object.fromEntries(spellings.map(([, written], index) => [`c${index}`, { [written]: 1 }]));
    const rules = spellings.map(([key], index) => `rule r${index} { c${index}.'${key}' exists }`).join('\n');
    const [report] = validateTexts([rules], [JSON.stringify(document)]).reports;
    expect(spellings.length).toBeGreaterThan(300);
    expect(report?.failed.map((name) => spellings[Number(name.slice(1))])).toEqual([]);
  });

  it('the reference finds nothing else', () => {
    // What a slightly different conversion would give.
    const near = KEYS.flatMap((key) => {
      const known = new Set([key, ...keySpellings(key).converted]);
      const tries = keySpellings(key).converted.flatMap((each) => [
        each.toLowerCase(),
        each.toUpperCase(),
        each.slice(0, -1),
        `${each}s`,
      ]);
      return [...new Set(tries)]
        .filter((each) => each !== '' && !known.has(each))
        .map((written) => [key, written] as const);
    });
    const document = Object.fromEntries(near.map(([, written], index) => [`c${index}`, { [written]: 1 }]));
    const rules = near.map(([key], index) => `rule r${index} { c${index}.'${key}' !exists }`).join('\n');
    const [report] = validateTexts([rules], [JSON.stringify(document)]).reports;
    expect(near.length).toBeGreaterThan(500);
    expect(report?.failed.map((name) => near[Number(name.slice(1))])).toEqual([]);
  });
});
