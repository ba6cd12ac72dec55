/** The parts that the checks are made of. */
import fc from 'fast-check';
import { wildcardMatch } from '../../../catalogue/iam/index.js';
import { canApply } from '../../../iam/validate/applies.js';
import { isPrivate, masked, parseRange, printRange } from '../../../iam/validate/checks/ip.js';
import { covers, hasWildcard, intersects, variablesAsWildcards } from '../../../iam/validate/patterns.js';
import { compactLength, isDeeperThan } from '../../../iam/validate/size.js';
import { stableText } from '../../../iam/validate/stable-text.js';
import type { Value } from '../../../template/index.js';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
/** All texts of up to five letters, which decide small patterns. */
const TEXTS = Array.from({ length: 5 }).reduce<string[]>(
  (texts) => ['', ...texts.flatMap((text) => [`${text}a`, `${text}b`]), ...texts],
  [''],
);
const LETTERS = [...new Set(TEXTS)];

describe('covers', () => {
  it('is never wrong when it says yes, and says yes in most true cases', () => {
    const count = { said: 0, true: 0 };
    fc.assert(
      fc.property(pattern, pattern, (wide, narrow) => {
        const texts = LETTERS.filter((text) => wildcardMatch(narrow, text));
        const holds = texts.every((text) => wildcardMatch(wide, text));
        const said = covers(wide, narrow);
        // A pattern that matches none of the short texts is not decided by them.
        if (said) expect(holds).toBe(true);
        if (texts.length > 0 && holds) count.true += 1;
        if (said && texts.length > 0) count.said += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(count.said).toBeGreaterThan(200);
  });

  it.each([
    ['s3:Get*', 's3:GetObject', true],
    ['s3:Get*', 's3:Get*', true],
    ['s3:*', 's3:Get*Tagging', true],
    ['s3:Get*', 's3:*', false],
    ['s3:Get?', 's3:Get*', false],
    ['s3:Get*Tagging', 's3:GetObject*Tagging', true],
    ['*', '', true],
    ['', '*', false],
  ])('%s over %s is %s', (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});

describe('intersects', () => {
  it('is what texts say, and the same both ways round', () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const said = intersects(a, b);
        expect(intersects(b, a)).toBe(said);
        if (LETTERS.some((text) => wildcardMatch(a, text) && wildcardMatch(b, text))) expect(said).toBe(true);
        // Two patterns of up to three signs that meet at all meet in a short text.
        else if (a.length + b.length <= 5) expect(said).toBe(false);
        seen[`${said}`] += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(300);
  });
});

describe('texts with variables', () => {
  it('tells wildcards from characters that are written as variables', () => {
    expect(hasWildcard('a*')).toBe(true);
    expect(hasWildcard('a${*}')).toBe(false);
    expect(hasWildcard('a${?}b')).toBe(false);
    expect(variablesAsWildcards('a${aws:username}b${*}')).toBe('a*b?');
  });
});

describe('canApply', () => {
  it.each([
    ['s3:GetObject', 'arn:aws:s3:::b/*', true],
    ['s3:ListBucket', 'arn:aws:s3:::b/*', false],
    ['s3:ListBucket', 'arn:aws:s3:::b*', true],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::b', false],
    ['s3:ListAllMyBuckets', '*', true],
    ['iam:GetRole', 'arn:aws:iam::111122223333:user/x', false],
    ['iam:GetRole', 'arn:aws:iam::111122223333:*', true],
    ['iam:GetRole', 'arn:aws:*', true],
    ['sqs:SendMessage', 'arn:aws:sns:eu-central-1:111122223333:x', false],
    ['nope:Nope', 'arn:aws:sns:eu-central-1:111122223333:x', true],
  ])('%s on %s is %s', (action, resource, expected) => {
    expect(canApply(action, [resource])).toBe(expected);
  });
});

describe('addresses', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['::', '::/128'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8/128'],
    ['1:0:0:4:0:0:0:8', '1::4:0:0:0:8/128'],
    ['::ffff:192.0.2.1', '::ffff:c000:201/128'],
    ['fe80::/10', 'fe80::/10'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%s is %s', (text, printed) => {
    const range = parseRange(text)!;
    expect(printRange(range)).toBe(printed);
    expect(masked(parseRange(printed)!)).toBe(masked(range));
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3.4/33',
    '::/129',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '1.2.3.4/',
    'abc',
    '12345::',
  ])('`%s` is none', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it.each([
    ['10.1.2.3', true],
    ['10.0.0.0/7', false],
    ['172.16.0.0/12', true],
    ['172.32.0.0/16', false],
    ['192.168.0.0/16', true],
    ['100.64.0.0/10', true],
    ['8.8.8.8', false],
    ['fd00::1', true],
    ['2001:db8::', false],
    ['::/0', false],
  ])('%s is private: %s', (text, expected) => {
    expect(isPrivate(parseRange(text)!)).toBe(expected);
  });
});

describe('documents', () => {
  it('has the length of its shortest JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        // Floats and the sign of zero are written in other ways by other writers.
        fc.pre(!JSON.stringify(value).includes('-0'));
        expect(compactLength(value as Value)).toBe(JSON.stringify(value).length);
      }),
      { numRuns: 300 },
    );
  });

  it('knows its depth', () => {
    expect(isDeeperThan('x', 0)).toBe(false);
    expect(isDeeperThan([], 1)).toBe(false);
    expect(isDeeperThan([[]], 1)).toBe(true);
    expect(isDeeperThan({ a: { b: [1] } }, 3)).toBe(false);
    expect(isDeeperThan({ a: { b: [1] } }, 2)).toBe(true);
  });

  it('has one text for what says the same', () => {
    const text = stableText({ Sid: 'x', Action: ['b', 'a'], Resource: ['*'] }, ['Sid']);
    expect(stableText({ Resource: '*', Action: ['a', 'b'] })).toBe(text);
    expect(stableText({ Resource: '*', Action: ['a', 'c'] })).not.toBe(text);
    expect(stableText({ Resource: '*', Action: ['a,b'] })).not.toBe(text);
  });
});
